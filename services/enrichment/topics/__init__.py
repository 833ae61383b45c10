"""What a story is about: the 17 topics at the top of the IPTC Media Topics."""

from services.enrichment.topics.tagger import TopicTagger

__all__ = ["TopicTagger"]
