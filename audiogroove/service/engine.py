"""What can compose for many askers at once, wherever it runs.

    stream(job) ──▶ Waiting(ahead) … Writing(bars, total) … Done(composition)

The chats know nothing else of the model. `audiogroove.service.composer` is the engine that lives
in this process; another may live on other machines, and one suite of tests holds for all.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from audiogroove.service.job import Event, Job


@dataclass(frozen=True, slots=True)
class Health:
    """How an engine is."""

    ready: bool
    waiting: int  # jobs not begun
    running: int
    notes_per_second: float  # lately, all jobs together; 0.0 when nothing is written


class Engine(Protocol):
    """Composes; the same job gives the same notes on every engine and in any company."""

    async def start(self) -> None:
        """Get ready: load the model, warm up."""

    def stream(self, job: Job) -> AsyncGenerator[Event]:
        """Compose a job and tell how it goes: first `Waiting` or `Writing`, last `Done`.

        Progress may be left out when the listener is slow, `Done` never. Closing the generator,
        or cancelling the task that listens, cancels the job at any moment.

        Raises:
            Busy: before anything is told, when there is no room.
            RequestRefused: when the model cannot do what is asked; it never will.
            Lost: when the work came to nothing; it may be tried again.
        """

    def health(self) -> Health:
        """Tell how the engine is."""

    async def close(self, *, drain_s: float = 0.0) -> None:
        """Take nothing more, give what is under way so much time, and end; the rest is `Lost`."""
