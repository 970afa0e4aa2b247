"""What the tests of the store put into it."""

from dataclasses import replace

from audiogroove.jam.jam import Jam, Kind, Phase, Player, Spot, Take, Turn
from audiogroove.jam.settings import Settings, Way
from audiogroove.music.credits import Credits
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.store import Store
from audiogroove.store.rows import NewJob, NewPiece, jam_person

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


def new_piece(credited: Credits = ()) -> NewPiece:
    """Make what comes of a job."""
    return NewPiece(TUNE, style="waltz", seconds=1.25, credits=credited)


def new_jam(
    jam_id: str = "k3v9x2m4qa",
    *,
    chat: str = "discord:parlour",
    topic: str = "",
    created_s: float = 1_800_000_000.0,
) -> Jam:
    """Make a jam to open, in which Ada and Bob are."""
    return Jam(
        id=jam_id,
        spot=Spot("discord", chat, topic),
        settings=Settings(Way.SECTIONS, "ragtime", Key(9, "minor"), 96.5, Meter(3, 4)),
        host="discord:ada",
        players=(Player("discord:ada", "Ada"), Player("discord:bob", "Bob")),
        created_s=created_s,
        deadline_s=created_s + 180,
        ends_s=created_s + 7_200,
    )


def voted_on(jam: Jam) -> Jam:
    """Move a jam on to where all of it names Ada: a take laid down, another put to the vote."""
    laid = Take(1, 1, 1, "discord:ada", Kind.PLAYED, "m4qak3v9x2", 0, 4)
    return replace(
        moved(jam, Phase.VOTING),
        turns=3,
        turn=Turn(3, 2, "discord:ada", roll=1),
        take=replace(laid, turn=3, round=2, first_bar=4, past_bar=8),
        takes=(laid,),
        votes=(("discord:bob", True), ("discord:ada", False)),
    )


def moved(jam: Jam, phase: Phase = Phase.LOBBY) -> Jam:
    """Move a jam on to its next version."""
    return replace(jam, phase=phase, version=jam.version + 1)


def jam_job(jam_id: str, job_id: str) -> NewJob:
    """Make a take of a jam to accept."""
    return NewJob(job_id, "jam", "discord:parlour", jam_person(jam_id), WALTZ, ADDRESS)


async def opened(store: Store, jam: Jam) -> Jam:
    """Open a jam where there is none."""
    kept = await store.jams.open(jam, ADDRESS)
    assert kept is not None
    return kept


async def ended(store: Store, jam: Jam, phase: Phase = Phase.FINISHED) -> Jam:
    """Open a jam and end it."""
    over = moved(await opened(store, jam), phase)
    await store.jams.keep(over)
    return over
