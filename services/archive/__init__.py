"""Archive: keeps every published event and every dead letter in MongoDB."""
