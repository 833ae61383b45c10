"""How Wiredesk is run: containers, the embedded default, and the checks before either starts."""
