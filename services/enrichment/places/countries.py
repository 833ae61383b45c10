"""Countries and their capitals, by name: GeoNames ids, ISO codes and coordinates.

The table is GeoNames' (CC BY 4.0; `services/enrichment/training/countries.py` makes it), the other names
that news uses for a country are ours.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

COUNTRIES_FILE = Path(__file__).with_name("countries.tsv")
COLUMNS = ("kind", "name", "geonames", "country", "latitude", "longitude")

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "US": "US", "U.S.": "US", "USA": "US", "U.S.A.": "US", "United States of America": "US",
        "America": "US", "UK": "GB", "U.K.": "GB", "Britain": "GB", "Great Britain": "GB",
        "UAE": "AE", "Emirates": "AE", "DRC": "CD", "DR Congo": "CD", "Democratic Republic of Congo": "CD",
        "Cote d'Ivoire": "CI", "Côte d'Ivoire": "CI", "Burma": "MM",
        "Swaziland": "SZ", "Macedonia": "MK", "Holland": "NL", "Czech Republic": "CZ", "Cape Verde": "CV",
        "East Timor": "TL", "Türkiye": "TR", "Palestine": "PS", "Palestinian Territories": "PS", "KSA": "SA",
        "Russian Federation": "RU", "People's Republic of China": "CN", "Vatican City": "VA", "PNG": "PG",
        "Republic of Ireland": "IE", "Bosnia": "BA",
    }
)  # fmt: skip

CAPITALS: Mapping[str, str] = MappingProxyType(
    {"Kyiv": "UA", "Kiev": "UA", "Washington, D.C.": "US", "Washington DC": "US", "Washington D.C.": "US"}
)

DOUBTFUL = frozenset(
    {
        "Adamstown", "Chad", "Douglas", "George Town", "Georgetown", "Georgia", "Guernsey", "Hamilton",
        "Jamestown", "Jersey", "Jordan", "Kingston", "Kingstown", "Male", "Nassau", "Plymouth", "Reunion",
        "Road Town", "Saint Martin", "Saint-Denis", "San Jose", "San Juan", "Santiago", "Sofia", "Stanley",
        "The Valley", "Victoria", "Washington", "Wellington", "West Island",
    }
)  # fmt: skip
"""Names that people, states and other towns bear as well, or plain words: only the model tells that they are
places, and none is resolved."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a name stands for. Coordinates in degrees, absent where the table has none."""

    name: str
    geonames: int
    country: str
    latitude: float | None
    longitude: float | None

    @property
    def uri(self) -> str:
        """GeoNames' own identifier."""
        return f"https://sws.geonames.org/{self.geonames}/"


class Places:
    """Finds a place by one of its names, written as news writes it."""

    def __init__(self, by_name: Mapping[str, Place]) -> None:
        self._by_name = by_name

    @classmethod
    def read(cls, file: Path = COUNTRIES_FILE) -> "Places":
        """Countries win over capitals of the same name."""
        countries: dict[str, Place] = {}
        capitals: dict[str, Place] = {}
        with file.open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table, delimiter="\t"):
                (countries if row["kind"] == "country" else capitals)[row["country"]] = _place(row)
        named = {place.name: place for place in (*capitals.values(), *countries.values())}
        named |= {alias: countries[code] for alias, code in ALIASES.items()}
        named |= {alias: capitals[code] for alias, code in CAPITALS.items()}
        return cls({name: place for name, place in named.items() if name not in DOUBTFUL})

    def find(self, name: str) -> Place | None:
        """The place, or None where the name is unknown or could be another. Capitals as written, or all."""
        return self._by_name.get(name)

    def names(self) -> tuple[str, ...]:
        """Every name that `find` answers to."""
        return tuple(self._by_name)


def _place(row: Mapping[str, str]) -> Place:
    return Place(
        name=row["name"],
        geonames=int(row["geonames"]),
        country=row["country"],
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
    )
