"""What the command tells its user when it cannot go on."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How the command ends."""

    OK = 0
    FAILED = 1
    """Something did not go well: a story was dead-lettered, a service is unhealthy, nothing was found."""
    USAGE = 2
    INTERRUPTED = 130


class Problem(Exception):
    """Raised to end the command with one clear sentence and, where there is one, the way out."""

    def __init__(self, sentence: str, fix: str = "", code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix
        self.code = code
