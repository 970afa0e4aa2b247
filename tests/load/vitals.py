"""How the processes did while something went on."""

import asyncio
import os
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from tests.load.house import House, Memory, cpu_s


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the process under test used, and how it ended."""

    memory: Memory
    cpu_s: Mapping[str, float]  # by process
    lag_ms: tuple[int, int]  # of the event loop: p99 and most; -1 where it was not told
    load: tuple[float, float]  # of the machine, before and after: processes that want a core
    status: int  # with which the process ended
    complaints: Counter[str]


async def watched(
    house: House, pids: Mapping[str, int], doing: Coroutine[Any, Any, None]
) -> Vitals:
    """Watch the process and others while something is done, then stop it; `pids` are by name."""
    every = {**pids, "bots": house.pid}
    used_s = {name: cpu_s(pid) for name, pid in every.items()}
    load = os.getloadavg()[0]
    watching = asyncio.create_task(house.watch())
    await doing
    used_s = {name: cpu_s(pid) - used_s[name] for name, pid in every.items()}
    watching.cancel()
    status = await house.stop()
    return Vitals(
        memory=house.memory,
        cpu_s=used_s,
        lag_ms=_lag_ms(house),
        load=(load, os.getloadavg()[0]),
        status=status,
        complaints=house.complaints(),
    )


def _lag_ms(house: House) -> tuple[int, int]:
    told = next((line for line in house.log() if line["event"] == "left in order"), {})
    return told.get("lag_p99_ms", -1), told.get("lag_max_ms", -1)
