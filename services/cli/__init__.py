"""The `wiredesk` command: push stories, follow what is published, see how the wire is doing."""
