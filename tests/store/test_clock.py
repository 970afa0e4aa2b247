"""A wall clock without backward steps."""

from audiogroove.store.clock import SteadyClock
from tests.store.builders import Clock


def test_time_is_told_in_microseconds() -> None:
    """As the wall has it."""
    wall = Clock()
    wall.now_s = 1_800_000_000.25
    assert SteadyClock(wall).now_us() == 1_800_000_000_250_000


def test_a_step_back_is_taken_out() -> None:
    """Time goes on from the latest that was told, no slower than the wall's."""
    wall = Clock()
    steady = SteadyClock(wall)
    told = [steady.now_us()]
    for seconds in (-3600, 10, -5, 1, 0):
        wall.step(seconds)
        told.append(steady.now_us())
    assert [time - told[0] for time in told] == [0, 0, 10_000_000, 10_000_000, 11e6, 11e6]


def test_a_step_forward_is_time_gone_by() -> None:
    """Nobody can tell it from a long sleep."""
    wall = Clock()
    steady = SteadyClock(wall)
    before = steady.now_us()
    wall.step(3600)
    assert steady.now_us() - before == 3_600_000_000
