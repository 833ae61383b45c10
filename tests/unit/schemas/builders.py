"""Valid messages of the fewest words, to change one field at a time."""

from typing import Any

MENTION = {"start": 0, "end": 1}
REMOVED = {"text": "", "start": 0, "end": 0, "rule": "r", "confidence": 0}
REPAIRED = {"rule": "r", "count": 1}
SUBJECT = {"code": "16000000", "name": "n", "confidence": 0, "creator": "c"}
ENTITY = {"kind": "place", "name": "n", "creator": "c"}
HOP = {"stage": "s", "stream": "s", "entry_id": "1-0", "time": "2026-01-01", "duration_ms": 0, "outcome": "o"}
RAW = {"body": "b"}
STORY: dict[str, Any] = {
    "uri": "u",
    "version": 1,
    "headline": "",
    "body_text": "",
    "provider": "p",
    "version_created": "2026-01-01T00:00:00Z",
    "digest": "0" * 64,
}
EVENT: dict[str, Any] = {
    "id": "i",
    "type": "wiredesk.story.published.v1",
    "subject": "u",
    "time": "2026-01-01T00:00:00Z",
    "data": {"story": STORY, "tags": {}},
}
DEAD: dict[str, Any] = {
    "reason": "failed",
    "error": "E",
    "message": "m",
    "stage": "s",
    "stream": "s",
    "entry_id": "1-0",
    "deliveries": 1,
    "time": "2026-01-01T00:00:00Z",
}
