"""The desk: what is accepted is composed, kept and delivered, whatever happens on the way."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from audiogroove.errors import Busy, Gone, Lost, RequestRefused
from audiogroove.render.product import Product
from audiogroove.service.job import Waiting, Writing
from audiogroove.store import Store
from audiogroove.store.rows import JobState
from bots.chat import Medium, Undeliverable, Unreachable
from bots.desk import MAX_ATTEMPTS, TRIES_WITH_PREVIEWS, Desk, Room, World
from bots.doors import Doors
from bots.patience import patient_s
from bots.previews import Previews
from bots.replies import stopped
from tests.bots.desk_stage import END, Clock, Slot, Strings, job
from tests.bots.easel import Easel


class House:
    """A desk and everything around it."""

    def __init__(self, store: Store, stack: AsyncExitStack) -> None:
        """Open the door, and clear the desk."""
        self.store, self.engine, self.slot, self.clock = store, Strings(), Slot(), Clock()
        self.doors, self.easel = Doors(), Easel()
        stack.enter_context(self.doors.held_open(self.slot))
        self.desk = self.new_desk()

    def new_desk(self) -> Desk:
        """Make a desk as a new process would."""
        room = Room(person=2, all=3)
        world = World(sleep=self.clock.sleep)
        return Desk(
            self.store, self.engine, self.doors, Previews(self.easel), room=room, world=world
        )

    async def take(self, name: str = "stage.1", person: str = "stage:ann") -> None:
        """Accept a job and begin with it."""
        accepted = await self.store.accept(job(name, person))
        assert accepted
        self.desk.take(accepted, self.slot.open)

    async def state(self, name: str = "stage.1") -> JobState:
        """Tell how far a job has come in the store."""
        return (await self.store.job(name)).state

    async def becomes(self, state: JobState, *, hurried: bool = False) -> None:
        """Wait until the first job is in a state; hurried, no pause is waited out."""
        while await self.state() is not state:
            if hurried:
                self.clock.ring()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Build a house over an empty store.

    Yields:
        The house.
    """
    async with AsyncExitStack() as stack:
        store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}")
        await stack.enter_async_context(store)
        built = House(store, stack)
        yield built
        await built.desk.close(0.0)


async def test_a_piece_is_opened_told_and_delivered(house: House) -> None:
    """First words, one edit when the pause is over, and the piece in the same place."""
    house.engine.tell("stage.1", Waiting(2))
    await house.take()
    await house.slot.passed.acquire()
    house.engine.tell("stage.1", Writing(1, 4))
    await house.clock.sleeping.acquire()
    house.clock.ring()
    await house.slot.passed.acquire()
    house.engine.tell("stage.1", END)
    await house.desk.settled()
    assert [words.partition(" <")[0] for words in house.slot.said] == [
        "open: 🎼 Composing 4 bars: 2 pieces are before it",
        "show 1: 🎼 Composing 4 bars: ▰▰▱▱▱▱▱▱ 1 of 4 bars",
        "deliver 1 stage.1: 🎼 Folk in C major · 1 bar of 4/4 at 120 bpm · Piano · seed 1",
    ]
    assert house.clock.slept[:2] == [1.0, 2.0]  # the first news soon, then at the door's pace
    assert await house.state() is JobState.DELIVERED


async def test_only_the_newest_is_told(house: House) -> None:
    """Bars that were written during a pause are one edit."""
    house.engine.tell("stage.1", *(Writing(bars, 4) for bars in range(4)))
    await house.take()
    await house.clock.sleeping.acquire()
    house.clock.ring()
    await house.slot.passed.acquire()
    await house.slot.passed.acquire()
    house.engine.tell("stage.1", END)
    await house.desk.settled()
    assert len([words for words in house.slot.said if "show" in words]) == 1
    assert "3 of 4 bars" in house.slot.said[1]


def test_whoever_waits_long_is_told_seldom() -> None:
    """Four hundred places that change are not told each time."""
    assert [
        patient_s(2.0, event) for event in (Writing(3, 4), Waiting(0), Waiting(40), Waiting(400))
    ] == [2.0, 2.0, 4.0, 22.0]


async def test_an_edit_on_its_way_arrives_before_the_piece(house: House) -> None:
    """Or it would write over it."""
    house.engine.tell("stage.1", Writing(0, 4))
    await house.take()
    await house.slot.passed.acquire()
    house.engine.tell("stage.1", Writing(1, 4))
    await house.clock.sleeping.acquire()
    house.slot.gate.clear()
    for _ in range(house.slot.passing._value):
        await house.slot.passing.acquire()
    house.clock.ring()
    await house.slot.passing.acquire()  # the edit waits at the door
    house.engine.tell("stage.1", END)
    await house.becomes(JobState.DONE)
    assert len(house.slot.said) == 1
    house.slot.gate.set()
    await house.desk.settled()
    assert [words.split()[0] for words in house.slot.said] == ["open:", "show", "deliver"]


async def test_a_delivery_is_tried_until_it_arrives(house: House) -> None:
    """After what the platform asks for, or after growing pauses."""
    house.slot.faults = [
        Unreachable("reset"),
        Unreachable("flood", retry_after_s=7.0),
        Unreachable("reset"),
    ]
    house.engine.tell("stage.1", Waiting(0), END)
    await house.take()
    await house.becomes(JobState.DELIVERED, hurried=True)
    await house.desk.settled()
    assert house.clock.slept[-3:] == [1.0, 7.0, 4.0]
    assert len([words for words in house.slot.said if "deliver" in words]) == 1
    assert await house.state() is JobState.DELIVERED


async def test_a_piece_brings_its_previews_along(house: House) -> None:
    """Those that the door shows, and as long as they can be made."""
    house.slot.previews = frozenset({Medium.PICTURE, Medium.SOUND})
    house.easel.breaking.add(Product.PICTURE)
    house.engine.tell("stage.1", END)
    await house.take()
    await house.desk.settled()
    assert house.slot.said[-1].endswith(" <folk-c-major-1.mp3> <folk-c-major-1.mid>")


async def test_what_never_arrives_with_its_previews_is_tried_without(house: House) -> None:
    """A line that is too slow for a sound may still carry the notes."""
    house.slot.previews = frozenset({Medium.SOUND})
    house.slot.faults = [Unreachable("timed out")] * TRIES_WITH_PREVIEWS
    house.engine.tell("stage.1", END)
    await house.take()
    await house.becomes(JobState.DELIVERED, hurried=True)
    await house.desk.settled()
    assert house.slot.said[-1].endswith(" seed 1 <folk-c-major-1.mid>")


async def test_how_far_a_delivery_has_come_is_kept(house: House) -> None:
    """The next process goes on from there."""
    house.slot.places = {"said": 1, "sent": 2}
    house.engine.tell("stage.1", END)
    await house.take()
    await house.desk.settled()
    assert (await house.store.job("stage.1")).address == {"said": 1, "sent": 2}


async def test_what_never_will_arrive_is_given_up(house: House) -> None:
    """And the store knows."""
    house.slot.faults = [Undeliverable("shown out")]
    house.engine.tell("stage.1", END)
    await house.take()
    await house.desk.settled()
    assert await house.state() is JobState.FAILED


async def test_lost_work_is_begun_anew(house: House) -> None:
    """The piece comes all the same."""
    house.engine.tell("stage.1", Writing(1, 4), Lost("a broken step"), END)
    await house.take()
    await house.becomes(JobState.DELIVERED, hurried=True)
    assert house.engine.ended == ["stage.1", "stage.1"]


async def test_work_that_is_always_lost_is_given_up(house: House) -> None:
    """After a few attempts, with a sentence."""
    house.engine.tell("stage.1", *(Lost("a broken step") for _ in range(MAX_ATTEMPTS)))
    await house.take()
    await house.becomes(JobState.FAILED, hurried=True)
    await house.desk.settled()
    assert len(house.engine.ended) == MAX_ATTEMPTS
    assert house.slot.said[-1].endswith("(stage.1)")


async def test_an_engine_without_room_is_asked_again(house: House) -> None:
    """When it says."""
    busy = Busy(own=False, waiting=9, retry_after_s=12.0)
    house.engine.tell("stage.1", busy, END)
    await house.take()
    await house.clock.sleeping.acquire()
    house.clock.ring()
    await house.desk.settled()
    assert house.clock.slept[0] == 12.0
    assert await house.state() is JobState.DELIVERED


async def test_what_the_model_cannot_do_is_said(house: House) -> None:
    """Once, where the piece would have been."""
    refusal = RequestRefused("style", asked="polka", possible="folk or jazz")
    house.engine.tell("stage.1", Waiting(0), refusal)
    await house.take()
    await house.desk.settled()
    assert "I cannot do style “polka”" in house.slot.said[-1]
    assert await house.state() is JobState.FAILED


async def test_a_cancelled_piece_is_stopped_and_said_so(house: House) -> None:
    """The engine is told, too."""
    house.engine.tell("stage.1", Writing(1, 4))
    await house.take()
    await house.slot.passed.acquire()
    assert await house.desk.cancel("stage.1", stopped())
    assert not await house.desk.cancel("stage.1", stopped())
    await house.desk.settled()
    assert house.slot.said[-1] == "deliver 1 stage.1: Cancelled."
    assert house.engine.ended == ["stage.1"]
    assert await house.state() is JobState.CANCELLED


async def test_a_pile_has_a_height(house: House) -> None:
    """One's own, and that of all."""
    await house.take("stage.1")
    with house.desk.room_for("stage:ann"):
        pass
    await house.take("stage.2")
    with pytest.raises(Busy) as own, house.desk.room_for("stage:ann"):
        pass
    await house.take("stage.3", "stage:bob")
    with pytest.raises(Busy) as everybody, house.desk.room_for("stage:cid"):
        pass
    assert (own.value.own, own.value.waiting) == (True, 2)
    assert (everybody.value.own, everybody.value.waiting) == (False, 3)


async def test_room_is_kept_for_what_is_being_accepted(house: House) -> None:
    """Or a crowd that comes at once would find room for all of it."""
    ann, bob, cid = (f"stage:{name}" for name in ("ann", "bob", "cid"))
    room_for = house.desk.room_for
    with room_for(ann), room_for(ann), pytest.raises(Busy) as own, room_for(ann):
        pass
    with (
        room_for(ann),
        room_for(ann),
        room_for(bob),
        pytest.raises(Busy) as everybody,
        room_for(cid),
    ):
        pass
    with room_for(cid):
        pass
    assert (own.value.own, everybody.value.own) == (True, False)


async def test_leaving_keeps_what_is_not_done(house: House) -> None:
    """The chat is told, and the next desk goes on."""
    house.engine.tell("stage.1", Writing(1, 4))
    await house.take()
    await house.slot.passed.acquire()
    await house.desk.close(0.0)
    assert "I am restarting" in house.slot.said[-1]
    house.engine.tell("stage.1", END)
    desk = house.new_desk()
    await desk.resume()
    await desk.settled()
    assert house.slot.said[-1].startswith("deliver 1 stage.1: 🎼 Folk")
    assert await house.state() is JobState.DELIVERED


async def test_whoever_asks_while_we_leave_is_kept(house: House) -> None:
    """And told that it comes later."""
    await house.desk.close(0.0)
    await house.take()
    await house.desk.settled()
    assert house.slot.said == [
        "open: 🎼 Composing 4 bars: I am restarting; your piece is kept and comes after that."
    ]
    assert await house.state() is JobState.QUEUED


async def test_a_piece_that_was_done_is_delivered_after_a_restart(house: House) -> None:
    """Not composed again."""
    house.slot.faults = [Unreachable("outage")]
    house.engine.tell("stage.1", END)
    await house.take()
    await house.clock.sleeping.acquire()  # before the next try
    await house.desk.close(0.0)
    desk = house.new_desk()
    await desk.resume()
    await desk.settled()
    assert house.engine.ended == ["stage.1"]
    assert await house.state() is JobState.DELIVERED


async def test_a_forgotten_piece_is_not_delivered(house: House) -> None:
    """Even when it was nearly done."""
    await house.take()
    await house.engine.begun.acquire()
    await house.store.forget("stage:ann")
    house.engine.tell("stage.1", END)
    await house.desk.settled()
    assert not house.slot.said
    with pytest.raises(Gone):
        await house.state()
