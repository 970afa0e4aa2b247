"""What most tests of the fake Telegram begin with; the others bring their own."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.fakes.telegram import Chat, TelegramFake
from tests.fakes.telegram.client import bot_at


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let python-telegram-bot tell times as timedelta, and go around any proxy."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
async def fake() -> AsyncIterator[TelegramFake]:
    """Start a Telegram; whoever uses it keeps to the Bot API.

    Yields:
        The Telegram, people and server.
    """
    async with TelegramFake() as fake:
        yield fake
    fake.check()


@pytest.fixture
async def bot(fake: TelegramFake) -> AsyncIterator[Bot]:
    """Start a bot that only speaks.

    Yields:
        The bot, ready to be used.
    """
    async with bot_at(fake.origin, fake.token) as bot:
        yield bot


@pytest.fixture
def chat(fake: TelegramFake) -> Chat:
    """Give the chat of somebody who has written to the bot."""
    return fake.private(fake.user("Ann"), is_open=True)
