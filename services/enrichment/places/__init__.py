"""Where a story happens. Countries and capitals so far; a gazetteer takes their place later."""

from services.enrichment.places.countries import Place, Places

__all__ = ["Place", "Places"]
