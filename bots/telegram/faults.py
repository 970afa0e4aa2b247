"""What Telegram refuses or fails at, as the errors that everybody here knows.

TelegramError
├── FloodWait ──────────────▶ Unreachable, with the time that Telegram named
├── ChatMigrated ───────────▶ Moved: once more, to the new id
├── Forbidden ──────────────▶ Undeliverable: blocked, shown out, left
├── BadRequest ─────────────▶ Undeliverable: no such chat, a closed topic …
└── NetworkError and others ▶ Unreachable; `TimedOut` among them may have arrived
"""

from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bots.chat import Undeliverable, Unreachable

SOON_S = 1.0
UNCHANGED = "message is not modified"


class FloodWait(TelegramError):
    """Telegram's 429: nothing more to this chat for so many seconds.

    In place of the library's own `RetryAfter`, which reads an attribute of itself that it
    has deprecated, and so warns whenever it is made.
    """

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"too many messages, again in {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class Moved(Exception):
    """The group is a supergroup now and has another id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"moved to {chat_id}")
        self.chat_id = chat_id


class Unchangeable(Exception):
    """A message that cannot be edited: it is gone, too old, or of another kind."""


@contextmanager
def of_sending(*, may_repeat: bool = False) -> Iterator[None]:
    """Translate what a sending raises.

    With `may_repeat` a torn connection asks for another try, although the message may have
    arrived: for what is better seen twice than never.

    Raises:
        Moved: see the class.
        Undeliverable: when trying again is of no use.
        Unreachable: when it is.
    """
    try:
        yield
    except FloodWait as wait:
        raise Unreachable(str(wait), retry_after_s=wait.retry_after_s) from None
    except ChatMigrated as moved:
        raise Moved(moved.new_chat_id) from None
    except (Forbidden, BadRequest) as refusal:
        raise Undeliverable(str(refusal)) from None
    except TelegramError as error:
        is_torn = isinstance(error, NetworkError) and not isinstance(error, TimedOut)
        again_s = SOON_S if may_repeat and is_torn else None
        raise Unreachable(str(error), retry_after_s=again_s) from None


@contextmanager
def of_editing() -> Iterator[None]:
    """Translate what an edit raises; that nothing had to be changed is no fault.

    Raises:
        Unchangeable: see the class; all else as in `of_sending`.
    """
    with of_sending():
        try:
            yield
        except (BadRequest, ChatMigrated) as refusal:
            if UNCHANGED not in str(refusal).lower():
                raise Unchangeable(str(refusal)) from None
