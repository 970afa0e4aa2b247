"""From events to the ear: each event opens a line, becomes an ask, and is heard.

Whatever breaks on the way is told to the person, privately, and logged with the number they see.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import discord
import structlog
from discord import app_commands

from audiogroove.errors import AudioGrooveError
from bots import replies
from bots.chat import Ask, Ear, Line, Reply, Verb
from bots.discord import words
from bots.discord.commands import MENU_NAME
from bots.discord.events import (
    ask_of_command,
    ask_of_menu,
    ask_of_message,
    ask_of_press,
    is_hidden,
    place_of,
    place_of_message,
)
from bots.discord.line import InteractionLine
from bots.discord.message_line import MessageLine
from bots.discord.permissions import granted_to, objection
from bots.discord.voice import Voice
from bots.sender import Sender

ERROR_BYTES = 3
PATIENCE_S = 0.5  # of a person who sees nothing happen; Discord's is 3
CROWD = 16  # tasks: two for each who is being heard

Interaction = discord.Interaction[Any]
_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timing:
    """What the time of day is, in seconds, and how long nobody minds silence."""

    now_s: Callable[[], float] = time.time
    patience_s: float = PATIENCE_S


USUAL = Timing()


class Listener:
    """Hears what a client is told, for as long as it is connected."""

    def __init__(
        self,
        ear: Ear,
        voice: Voice,
        sender: Sender,
        timing: Timing = USUAL,
    ) -> None:
        """Set up a listener."""
        self._ear, self._voice, self._sender = ear, voice, sender
        self._timing = timing
        self._tasks: set[asyncio.Task[Any]] = set()
        self.lines: WeakValueDictionary[int, InteractionLine] = WeakValueDictionary()

    async def close(self) -> None:
        """Hear nothing more; what is being answered at this moment is broken off."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    # What the client tells.

    async def command(
        self,
        interaction: Interaction,
        verb: Verb,
        options: Mapping[str, object],
        *,
        argument: str = "",
    ) -> None:
        """Hear a command."""
        await self._on_interaction(
            interaction, lambda: ask_of_command(interaction, verb, options, argument)
        )

    async def press(self, interaction: Interaction) -> None:
        """Hear a button."""
        await self._on_interaction(interaction, lambda: ask_of_press(interaction))

    async def menu(self, interaction: Interaction, message: discord.Message) -> None:
        """Hear "Continue this MIDI"."""
        await self._on_interaction(interaction, lambda: ask_of_menu(interaction, message))

    async def message(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Hear a message, if it speaks to us."""
        if message.author.bot or message.webhook_id:
            return
        ask = ask_of_message(message, me)
        if ask is None:
            return
        everything = discord.Permissions.all()
        guild, granted = message.guild, everything
        if guild:
            granted = granted_to(guild.me, message, unknown=everything)
        place = place_of_message(message, granted)
        line = MessageLine(message, place, self._voice, self._sender)
        against = objection(ask, granted, message.channel)
        if is_hidden(message, ask):
            against = words.hidden(MENU_NAME)
        await self._kept(self._hear(line, lambda: (ask, against)))

    async def broken(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Tell of a command that did not get as far as being heard."""
        if interaction.type is discord.InteractionType.autocomplete:
            return  # nobody waits for words there
        line = self._line(interaction)
        stale = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
        if isinstance(error, stale):
            await line.say(words.outdated())
        else:
            await self._say_broken(line, error)

    # How it goes on.

    def _line(self, interaction: Interaction) -> InteractionLine:
        place = place_of(interaction, self._timing.now_s())
        # In a crowd nobody is heard in time: all are acknowledged first, and then heard.
        patience_s = 0.0 if len(self._tasks) > CROWD else self._timing.patience_s
        line = InteractionLine(interaction, place, self._voice, self._sender, patience_s=patience_s)
        self._keep(line.guard)
        self.lines[interaction.id] = line
        return line

    async def _on_interaction(self, interaction: Interaction, read: Callable[[], Ask]) -> None:
        line = self._line(interaction)

        def make() -> tuple[Ask, Reply | None]:
            ask = read()
            if line.place.is_foreign and ask.verb is Verb.JAM:  # it outlives every pass
                return ask, words.no_member()
            if not interaction.is_guild_integration():  # there Discord grants what it must
                return ask, None
            return ask, objection(ask, interaction.app_permissions, interaction.channel)

        await self._kept(self._hear(line, make))

    async def _hear(self, line: Line, make: Callable[[], tuple[Ask, Reply | None]]) -> None:
        """Let the ear hear what `make` reads, unless there is something against it."""
        try:
            ask, against = make()
            if against:
                await line.say(against)
            else:
                await self._ear.hear(ask, line)
        except AudioGrooveError as error:
            error_id = secrets.token_hex(ERROR_BYTES)
            _LOG.info("refused", error=repr(error), error_id=error_id)
            await line.say(replies.sorry(error, error_id))
        except Exception as error:  # noqa: BLE001  (the border: the person is told, the log knows why)
            await self._say_broken(line, error)

    async def _say_broken(self, line: Line, error: Exception) -> None:
        error_id = secrets.token_hex(ERROR_BYTES)
        _LOG.error("broke", exc_info=error, error_id=error_id)
        await line.say(replies.broken(error_id))

    async def _kept(self, hearing: Coroutine[Any, Any, None]) -> None:
        """Await a hearing in a task of our own, so that `close` can end it."""
        task = asyncio.create_task(hearing)
        self._keep(task)
        await asyncio.wait({task})

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
