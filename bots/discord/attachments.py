"""Files that were sent on Discord: which of them is meant, and how to get it."""

import asyncio
from collections.abc import Iterable

import aiohttp
import discord

from audiogroove.errors import FileUnreachable
from bots.chat import Attachment

ENDINGS = (".mid", ".midi")
FETCH_S = 20.0


def find_midi(message: discord.Message) -> Attachment | None:
    """Find the first MIDI file of a message or, where it was forwarded, of its original."""
    forwarded = (each for snapshot in message.message_snapshots for each in snapshot.attachments)
    return _first([*message.attachments, *forwarded])


def _first(attachments: Iterable[discord.Attachment]) -> Attachment | None:
    midi = (each for each in attachments if each.filename.lower().endswith(ENDINGS))
    found = next(midi, None)
    return attached(found) if found else None


def attached(attachment: discord.Attachment) -> Attachment:
    """Wrap a file of Discord's: its link dies after a day, so it is fetched while it is asked."""

    async def fetch() -> bytes:
        name = attachment.filename
        try:
            async with asyncio.timeout(FETCH_S):
                data = await attachment.read()
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise FileUnreachable(name, fault=type(error).__name__) from error
        if len(data) != attachment.size:
            fault = f"{len(data)} of {attachment.size} bytes came"
            raise FileUnreachable(name, fault=fault)
        return data

    return Attachment(attachment.filename, attachment.size, fetch)
