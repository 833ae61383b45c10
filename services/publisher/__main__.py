"""`python -m services.publisher` runs the service."""

from services.publisher.app import main

main()
