"""What the tests of the store put into it."""

from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.store.rows import NewJob, NewPiece

TUNE = Piece((Part((Note(0, 60, 12), Note(12, 62, 12))),), bars=2, title="A tune")
WALTZ = ComposeRequest(seed=7, style="waltz")
ONWARD = ComposeRequest(seed=8, mode=Mode.CONTINUE, material=TUNE)
ADDRESS = {"channel": 42, "message": None, "path": ["a", 1.5, True]}


class Clock:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now_s

    def step(self, seconds: float) -> None:
        """Go forward, or back."""
        self.now_s += seconds


def new_job(
    job_id: str = "discord:1",
    *,
    person: str = "discord:ada",
    chat: str = "discord:parlour",
    request: ComposeRequest = WALTZ,
    parent: str | None = None,
) -> NewJob:
    """Make a request to accept."""
    return NewJob(job_id, "discord", chat, person, request, ADDRESS, parent)


def new_piece() -> NewPiece:
    """Make what comes of a job."""
    return NewPiece(TUNE, style="waltz", seconds=1.25)
