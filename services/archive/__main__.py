"""`python -m services.archive` runs the service."""

from services.archive.app import main

main()
