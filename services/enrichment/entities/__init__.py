"""Whom and what a story names: people, organisations, places, events."""

from services.enrichment.entities.tagger import EntityTagger

__all__ = ["EntityTagger"]
