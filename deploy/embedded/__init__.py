"""The embedded default: the same services as plain processes, with both servers, under one supervisor.

For trying Wiredesk out, developing and testing on one machine. `python -m deploy.embedded up` is what
`make up` runs where no container engine answers; docs/decisions/0003-embedded-servers.md says why these
parts were chosen and what they can be trusted with.
"""
