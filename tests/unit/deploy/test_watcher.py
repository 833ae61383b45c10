import io
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import crashes
from deploy.embedded.control import NotRunningError, ProcessState
from deploy.embedded.watcher import PAUSE_SECONDS, due, watch


def event(name: str, payload: str) -> str:
    head = "ver:3.0 server:supervisor serial:1 pool:watcher poolserial:1"
    return f"{head} eventname:{name} len:{len(payload)}\n{payload}"


def state(name: str, word: str, seconds: float) -> ProcessState:
    return ProcessState(name, "stages", word, pid=0, since=1000.0 - seconds, now=1000.0, problem="")


@dataclass
class FakeSupervisor:
    states: list[ProcessState] = field(default_factory=list)
    silent: bool = False
    started: list[str] = field(default_factory=list)

    def processes(self) -> list[ProcessState]:
        if self.silent:
            raise NotRunningError("it is shutting down")
        return self.states

    def start(self, process: ProcessState) -> None:
        self.started.append(process.name)


def run(supervisor: FakeSupervisor, record: Path, *sent: str) -> str:
    answers = io.StringIO()
    watch(io.StringIO("".join(sent)), answers, supervisor, record, now=lambda: 77.0)
    return answers.getvalue()


def test_only_what_was_given_up_long_enough_ago_is_due() -> None:
    states = [
        state("ingest", "FATAL", PAUSE_SECONDS),
        state("archive", "FATAL", PAUSE_SECONDS - 1),
        state("publisher", "BACKOFF", 500),
        state("enrichment", "RUNNING", 500),
    ]
    assert [process.name for process in due(states)] == ["ingest"]


def test_a_tick_starts_again_what_was_given_up(tmp_path: Path) -> None:
    supervisor = FakeSupervisor([state("ingest", "FATAL", 60), state("archive", "RUNNING", 60)])
    run(supervisor, tmp_path / "crashes.json", event("TICK_5", "when:1000"))
    assert supervisor.started == ["ingest"]


def test_each_end_is_noted(tmp_path: Path) -> None:
    record = tmp_path / "crashes.json"
    payload = "processname:ingest groupname:stages from_state:RUNNING expected:0 pid:12"
    run(
        FakeSupervisor(),
        record,
        event("PROCESS_STATE_EXITED", payload),
        event("PROCESS_STATE_BACKOFF", "processname:ingest groupname:stages from_state:STARTING tries:1"),
        event("PROCESS_STATE_FATAL", "processname:ingest groupname:stages from_state:BACKOFF"),
    )
    assert crashes.load(record).ends == {"ingest": (77.0, 77.0)}


def test_each_event_is_answered_in_turn(tmp_path: Path) -> None:
    tick = event("TICK_5", "when:1000")
    assert (
        run(FakeSupervisor(), tmp_path / "c", tick, tick) == "READY\nRESULT 2\nOKREADY\nRESULT 2\nOKREADY\n"
    )


def test_a_supervisor_that_is_busy_does_not_end_the_watcher(tmp_path: Path) -> None:
    answers = run(FakeSupervisor(silent=True), tmp_path / "c", event("TICK_5", "when:1000"))
    assert answers.endswith("OKREADY\n")
