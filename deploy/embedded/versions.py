"""Which versions of Redis, Valkey and MongoDB are good enough: the first fixed release of each line.

Redis and Valkey: CVE-2025-49844 (a script can run code in the server; we allow scripts). Before Redis 7.2 the
lag of a consumer group is missing or wrong too. MongoDB: CVE-2025-14847 (memory is shown to strangers).
"""

import re
from collections.abc import Mapping

Version = tuple[int, int, int]

FIXED: Mapping[str, tuple[Version, ...]] = {
    "redis": ((7, 2, 11), (7, 4, 6), (8, 0, 4), (8, 2, 2)),
    "valkey": ((7, 2, 11), (8, 0, 6), (8, 1, 4)),
    "mongod": ((7, 0, 28), (8, 0, 17), (8, 2, 3)),
}


def parse(text: str) -> Version | None:
    """The first x.y.z in what a server prints for --version, or None."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def is_fixed(kind: str, version: Version) -> bool:
    """Is `version` at or above the fixed release of its own line, or of a line newer than all known ones?"""
    lines = {(major, minor): patch for major, minor, patch in FIXED[kind]}
    line = version[:2]
    return version[2] >= lines[line] if line in lines else line > max(lines)


def wanted(kind: str) -> str:
    """The acceptable versions in words, for messages."""
    return ", ".join(f"{a}.{b}.{c}" for a, b, c in FIXED[kind]) + " or newer in the same line"
