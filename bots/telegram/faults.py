"""What Telegram refuses or fails at, as the errors that everybody here knows.

TelegramError
├── FloodWait ──────────────▶ Unreachable, with the time that Telegram named
├── ChatMigrated ───────────▶ Moved: once more, to the new id
├── Forbidden ──────────────▶ Undeliverable: blocked, shown out, left
├── BadRequest ─────────────▶ Unacceptable: a file that is too large, a closed topic …
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
NO_TEXT = "there is no text in the message"
OF_FILES = (  # what is said of a file, in lower case, where it is not the message's fault
    *("too large", "too big", "file must be", "wrong file", "wrong type", "can't use file"),
    *("image_process_failed", "photo_", "video_", "audio_", "media_empty", "media_invalid"),
)


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


class Unacceptable(Undeliverable):
    """A message that is refused as it is; another, with less in it, may not be.

    Telegram's words for why are many and change: it may be the file, a group where pictures are
    not allowed, or a chat that is gone. The next message shows.
    """


class Unchangeable(Exception):
    """A message that cannot be edited: it is gone, too old, or of another kind."""


class Captioned(Unchangeable):
    """A message whose words stand below a file: they are changed in another way."""


@contextmanager
def of_sending(*, may_repeat: bool = False) -> Iterator[None]:
    """Translate what a sending raises.

    With `may_repeat` a torn connection asks for another try, although the message may have
    arrived: for what is better seen twice than never.

    Raises:
        Moved: see the class.
        Unacceptable: see the class.
        Undeliverable: when trying again is of no use.
        Unreachable: when it is.
    """
    try:
        yield
    except FloodWait as wait:
        raise Unreachable(str(wait), retry_after_s=wait.retry_after_s) from None
    except ChatMigrated as moved:
        raise Moved(moved.new_chat_id) from None
    except BadRequest as refusal:
        raise Unacceptable(str(refusal)) from None
    except Forbidden as refusal:
        raise Undeliverable(str(refusal)) from None
    except TelegramError as error:
        is_torn = isinstance(error, NetworkError) and not isinstance(error, TimedOut)
        again_s = SOON_S if may_repeat and is_torn else None
        raise Unreachable(str(error), retry_after_s=again_s) from None


@contextmanager
def of_editing() -> Iterator[None]:
    """Translate what an edit raises; that nothing had to be changed is no fault.

    Raises:
        Unacceptable: when it is the file that is refused.
        Captioned: see the class.
        Unchangeable: see the class; all else as in `of_sending`.
    """
    with of_sending():
        try:
            yield
        except (BadRequest, ChatMigrated) as refusal:
            told = str(refusal).lower()
            if any(words in told for words in OF_FILES):
                raise Unacceptable(str(refusal)) from None
            if NO_TEXT in told:
                raise Captioned(str(refusal)) from None
            if UNCHANGED not in told:
                raise Unchangeable(str(refusal)) from None
