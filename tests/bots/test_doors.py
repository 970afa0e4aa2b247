"""Doors: open while their platform can be spoken to, waited for while it cannot."""

import asyncio

from bots.doors import Doors
from tests.bots.desk_stage import Slot


async def test_whoever_comes_early_waits_for_the_door() -> None:
    """And goes through when it opens."""
    doors, slot = Doors(), Slot()
    waiting = asyncio.create_task(doors.reach("stage"))
    await asyncio.sleep(0)
    assert not waiting.done()
    with doors.held_open(slot):
        assert await waiting is slot
        assert doors.is_open("stage")
    assert not doors.is_open("stage")


async def test_a_new_door_takes_the_place_of_the_old() -> None:
    """A front end that was started anew may be there before the old one has gone."""
    doors, old, new = Doors(), Slot(), Slot()
    with doors.held_open(new):
        with doors.held_open(old), doors.held_open(new):
            pass
        assert not doors.is_open("stage") or await doors.reach("stage") is new
