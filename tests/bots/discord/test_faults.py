from dataclasses import dataclass, field
from typing import Any, cast

import discord
import pytest

from bots.chat import Undeliverable, Unreachable
from bots.discord.faults import MessageGone, TooLarge, TooLate, reaching


@dataclass
class Answer:
    """What the library keeps of an HTTP answer."""

    status: int
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)


async def refused(status: int, code: int = 0, headers: dict[str, str] | None = None) -> None:
    """Fail as the library does.

    Raises:
        HTTPException: always.
    """
    answer = cast("Any", Answer(status, headers=headers or {}))
    raise discord.HTTPException(answer, {"code": code, "message": "no"})


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, 50027, TooLate),
        (404, 10062, TooLate),
        (404, 10015, TooLate),
        (404, 10008, MessageGone),
        (413, 0, TooLarge),
        (400, 40005, TooLarge),
        (403, 50013, Undeliverable),
        (404, 10003, Undeliverable),
        (400, 50035, Undeliverable),
    ],
)
async def test_refusals_are_of_their_kind(
    status: int, code: int, kind: type[Undeliverable]
) -> None:
    """What to do next depends on it."""
    with pytest.raises(Undeliverable) as caught:
        await reaching(refused(status, code))
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("status", "headers", "retry_after_s"),
    [
        (429, {"Retry-After": "3.5"}, 3.5),
        (429, {}, 60.0),  # Cloudflare's names no time
        (503, {}, 2.0),
        (401, {}, None),  # our own token: a login will tell
    ],
)
async def test_weather_passes(
    status: int, headers: dict[str, str], retry_after_s: float | None
) -> None:
    """And it is known when to look again."""
    with pytest.raises(Unreachable) as caught:
        await reaching(refused(status, headers=headers))
    assert caught.value.retry_after_s == retry_after_s


@pytest.mark.parametrize(("once", "retry_after_s"), [(False, 0.25), (True, None)])
async def test_torn_connections(once: bool, retry_after_s: float | None) -> None:  # noqa: FBT001
    """What must not be said twice is not tried again by itself."""

    async def torn() -> None:
        raise ConnectionResetError

    with pytest.raises(Unreachable) as caught:
        await reaching(torn(), once=once)
    assert caught.value.retry_after_s == retry_after_s
