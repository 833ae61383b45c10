"""The settings of the three services that keep stories, and how they are wired."""

import pytest
from pydantic import ValidationError

from services.archive.app import build as build_archive
from services.archive.settings import ArchiveSettings
from services.ingest.app import build as build_ingest
from services.ingest.settings import IngestSettings
from services.publisher.app import build as build_publisher
from services.publisher.settings import PublisherSettings


def test_each_service_has_a_port_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEALTH_PORT", raising=False)
    assert [kind().health_port for kind in (IngestSettings, PublisherSettings, ArchiveSettings)] == [
        8001,
        8003,
        8004,
    ]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (IngestSettings, "MAX_STORY_BYTES", "99999999"),
        (IngestSettings, "MAX_STORY_BYTES", "much"),
        (PublisherSettings, "GUARD_DAYS", "0"),
        (ArchiveSettings, "PUBLISHED_RETENTION_HOURS", "-1"),
    ],
)
def test_a_wrong_setting_is_named_at_the_start(
    monkeypatch: pytest.MonkeyPatch, kind: type, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.lower()):
        kind()


async def test_services_are_built_without_any_server() -> None:
    ingest = build_ingest(IngestSettings())
    publisher = build_publisher(PublisherSettings(guard_days=7))
    archive = build_archive(ArchiveSettings(published_retention_hours=2, published_retention_entries=10))

    stages = {
        name: stage
        for service in (ingest, publisher, archive)
        for name, (stage, _) in service.health.stages.items()
    }
    assert {name: (stage.source, stage.group) for name, stage in stages.items()} == {
        "ingest": ("stories.ingest", "ingest"),
        "publisher": ("stories.enriched", "publisher"),
        "archive": ("stories.published", "archive"),
        "archive-dead": ("stories.dead", "archive-dead"),
    }
    assert stages["ingest"].outside
    assert not stages["publisher"].outside
    assert stages["publisher"].guard_seconds == 7 * 86_400
    retention = stages["archive"].retention
    assert (retention.group, retention.seconds, retention.entries) == ("archive", 7_200, 10)
