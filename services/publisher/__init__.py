"""Publisher: decides which enriched stories go out, when, and as what; keeps their versions in order."""
