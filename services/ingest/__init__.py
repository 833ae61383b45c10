"""The first stage: takes raw stories in, cleans them, and gives them an identity."""
