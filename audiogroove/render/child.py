"""The inside of a process that renders: its manners, and the limits of each job."""

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from typing import Any, TypeVar

MEMORY_BYTES = 3 * 2**30  # of address space, of which little is ever touched
NICENESS = 5  # who composes, and who answers, goes first

T = TypeVar("T")


def settle_in() -> None:
    """Behave as a child: stay as long as the parent does, and no longer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from the keyboard: the parent tidies up
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    os.nice(NICENESS)


def limited(cpu_s: int, work: Callable[..., T], *args: Any) -> T:
    """Work within so much processor time; the system ends the process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, round(used.ru_utime + used.ru_stime) + cpu_s)
    return work(*args)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()  # a parent that was killed says nothing, and the pipe to it stays open
        os._exit(0)


def _limit(which: int, most: int) -> None:
    _, hardest = resource.getrlimit(which)
    allowed = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
    resource.setrlimit(which, (allowed, hardest))
