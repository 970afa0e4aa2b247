"""How late the loop is, measured on a loop that is held up on purpose."""

import asyncio
import time

from bots.lag import TICK_S, LoopLag


async def test_a_loop_that_is_held_up_is_late() -> None:
    """By as much as it was held up."""
    with LoopLag() as lag:
        until = time.monotonic() + 3 * TICK_S
        while time.monotonic() < until:
            pass
        ticked = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(TICK_S, ticked.set_result, None)
        await ticked
    assert lag.quantile_ms(1.0) >= 1000 * TICK_S


def test_nothing_measured_is_no_lateness() -> None:
    """Before the first tick."""
    assert LoopLag().quantile_ms(0.99) == 0
