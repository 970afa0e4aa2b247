"""What Discord answers instead of doing what it was asked: its codes as errors of ours.

    Unreachable                it may go later
    Undeliverable              it never will
    ├── TooLate                not with this pass: it has expired, or opened nothing yet
    ├── MessageGone            not there: somebody deleted that message
    ├── AlreadyAnswered        not again: the interaction has had its first answer
    ├── AlreadyThreaded        not again: the message has its thread
    ├── ThreadArchived         not while nobody has spoken there for long
    └── TooLarge               not with these files

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
import discord

from bots.chat import Undeliverable, Unreachable

TORN_PAUSE_S = 0.25  # before the same is said again after a connection broke
FAILING_PAUSE_S = 2.0  # while Discord fails; the library has tried for longer by then
BANNED_PAUSE_S = 60.0  # where a limit names no time: that one is not Discord's but Cloudflare's

FAULT_CHARS = 100
HUNG_UP = "Session is closed"  # aiohttp's words, when we were leaving
UNAUTHORIZED, TOO_LARGE, TOO_MANY, FAILING = 401, 413, 429, 500

T = TypeVar("T")


class TooLate(Undeliverable):
    """The interaction no longer lets us speak, or does not yet."""


class MessageGone(Undeliverable):
    """The message that was to be changed is not there."""


class AlreadyAnswered(Undeliverable):
    """The interaction has had its one first answer."""


class AlreadyThreaded(Undeliverable):
    """The message has the one thread that can start from it."""


class ThreadArchived(Undeliverable):
    """The thread sleeps: what is said in it can be read, and not changed."""


class TooLarge(Undeliverable):
    """The files are larger than may be sent there."""


KINDS: dict[int, type[Undeliverable]] = {
    10008: MessageGone,  # unknown message
    10015: TooLate,  # unknown webhook: before the first answer, or long after
    10062: TooLate,  # unknown interaction
    40005: TooLarge,  # request entity too large
    40060: AlreadyAnswered,  # already acknowledged
    50027: TooLate,  # invalid webhook token
    50083: ThreadArchived,
    160004: AlreadyThreaded,  # a thread has already been created for this message
}


async def reaching(call: Awaitable[T], *, once: bool = False) -> T:
    """Await a call to Discord; with `once` it must not be made again when nobody knows its fate.

    Raises:
        Unreachable: with a time when the same may be tried again; else it is Undeliverable, as
            one of its kinds above where that matters.
        RuntimeError: when that is not about Discord.
    """
    try:
        return await call
    except discord.HTTPException as error:
        fault = f"{error.status} {error.code} {error.text[:FAULT_CHARS]}"
        kind, pause_s = _kind_of(error), _pause_s(error)
        if kind is Undeliverable and (pause_s or error.status == UNAUTHORIZED):
            # Unauthorized is our own token: the next login will tell.
            raise Unreachable(fault, retry_after_s=pause_s) from error
        raise kind(fault) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        fault = f"the connection broke: {type(error).__name__}"
        raise Unreachable(fault, retry_after_s=None if once else TORN_PAUSE_S) from error
    except RuntimeError as error:
        if str(error) != HUNG_UP:
            raise
        raise Unreachable("this front end has stopped") from error


def _kind_of(error: discord.HTTPException) -> type[Undeliverable]:
    return TooLarge if error.status == TOO_LARGE else KINDS.get(error.code, Undeliverable)


def _pause_s(error: discord.HTTPException) -> float | None:
    """Tell after how many seconds Discord may be asked the same again; None for never."""
    if error.status == TOO_MANY:
        try:
            return float(error.response.headers["Retry-After"])
        except (KeyError, ValueError):
            return BANNED_PAUSE_S
    return FAILING_PAUSE_S if error.status >= FAILING else None
