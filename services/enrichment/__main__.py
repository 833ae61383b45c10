"""`python -m services.enrichment` runs the service."""

if __name__ == "__main__":  # the model process imports this module under another name
    from services.enrichment.app import main

    main()
