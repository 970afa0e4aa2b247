"""The Discord front end: one run is one connected client, from login to the end."""

import discord
from asyncio_throttle.throttler import Throttler

from bots.chat import Ear, Notes, Refused, Unreachable
from bots.discord.client import PUBLIC_API, Client, point_at
from bots.discord.door import DiscordDoor
from bots.discord.listening import USUAL, Listener, Timing
from bots.discord.voice import Voice
from bots.doors import Doors
from bots.pace import Pace
from bots.sender import Sender

# Calls of all kinds: Discord allows a bot 50 a second and counts them as they arrive, so they are
# sent evenly, and by a fifth fewer: what left late may arrive together with what did not.
RATE, RATE_S = 4, 0.1
REFUSED_CODES = frozenset({4004, 4012, 4013, 4014})  # token, version, intents: closed for good


class DiscordFront:
    """AudioGroove on Discord."""

    platform = "discord"

    def __init__(
        self,
        *,
        token: str,
        ear: Ear,
        doors: Doors,
        notes: Notes,
        api_url: str = PUBLIC_API,
        timing: Timing = USUAL,
    ) -> None:
        """Set up the front end; `api_url` names the version that the library speaks, 10."""
        self._token, self._api_url = token, api_url
        self._ear, self._doors, self._notes = ear, doors, notes
        self._timing = timing

    async def run(self) -> None:
        """Be on Discord until the connection breaks for good or this is cancelled.

        Raises:
            Refused: when Discord will not have this token or these intents.
            ConnectionClosed: when it broke.
            Unreachable: when it ended without an error.
        """
        point_at(self._api_url)
        try:
            await self._run()
        except (discord.LoginFailure, discord.PrivilegedIntentsRequired) as error:
            raise Refused(str(error)) from error
        except discord.ConnectionClosed as error:
            if error.code in REFUSED_CODES:
                raise Refused(str(error)) from error
            raise
        raise Unreachable("Discord ended the connection")

    async def _run(self) -> None:
        client = Client(self._notes, self._api_url)
        throttler, pace = Throttler(RATE, RATE_S), Pace(lambda _chat: ())
        async with client, Sender(throttler, pace) as sender:
            voice = Voice(client, self._timing.now_s)
            client.listener = listener = Listener(self._ear, voice, sender, self._timing)
            door = DiscordDoor(voice, sender, listener.lines)
            try:
                await client.login(self._token)
                with self._doors.held_open(door):
                    await client.connect()
            finally:
                await listener.close()
                await door.close()
