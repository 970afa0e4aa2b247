"""What the tests let a child process do."""

import os
import signal
from itertools import count


def add(one: int, two: int) -> int:
    """Add."""
    return one + two


def who() -> int:
    """Tell the process that does it."""
    return os.getpid()


def burn() -> int:
    """Count for ever."""
    return sum(1 for _ in count())


def swallow() -> int:
    """Take more memory than anything should."""
    return len(bytearray(64 * 2**30))


def vanish() -> None:
    """End the process that does it."""
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> None:
    """Complain.

    Raises:
        ValueError: always.
    """
    raise ValueError("no")
