"""Settings of enrichment, from the environment."""

from pydantic import Field

from shared.runtime import ServiceSettings


class EnrichmentSettings(ServiceSettings):
    """What every service has, and how the models are run."""

    health_port: int = Field(8002, ge=0, le=65535)
    enrichment_batch: int = Field(16, ge=1, le=256)
    """Stories that go to the models at once. More is hardly faster, and the first waits for the last."""
    enrichment_max_chars: int = Field(50_000, ge=100, le=1_048_576)
    """Of a longer body only this much is read; its tags say so."""
    enrichment_time_limit: float = Field(10.0, gt=0, le=600)
    """Seconds that a batch may take, beside one second for every 5,000 characters of it."""
    enrichment_memory_mb: int = Field(3_072, ge=512)
    """Address space of the model process, in MiB. A story that wants more costs only itself."""
    enrichment_faults: bool = False
    """For tests only: a body that holds `[[fault:hang]]` and the like breaks the model process."""
