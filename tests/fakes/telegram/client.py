"""A bot of python-telegram-bot that talks to a fake; the fake itself never imports it."""

import re

import pytest

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest


def bot_at(origin: str, token: str) -> Bot:
    """Make a bot that only speaks; it is to be entered or initialised.

    There is no TLS, so its clients load no certificates: that would take 30 ms each.
    """
    sending, polling = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    return Bot(
        token,
        f"{origin}/bot",
        f"{origin}/file/bot",
        request=sending,
        get_updates_request=polling,
    )


def refused(kind: type[TelegramError], words: str) -> pytest.RaisesExc[TelegramError]:
    """Expect an error; python-telegram-bot changes its capitals."""
    return pytest.raises(kind, match=f"(?i){re.escape(words)}")
