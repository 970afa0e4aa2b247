"""What the bot must be allowed before it takes on work in a server's channel."""

from contextlib import suppress

import discord

from bots.chat import Ask, Reply, Verb
from bots.discord import words

COMPOSING = frozenset({Verb.COMPOSE, Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY, Verb.AGAIN})
WORK = COMPOSING | {Verb.LISTEN, Verb.SCORE, Verb.VIDEO}  # what ends in a file


def objection(ask: Ask, granted: discord.Permissions, channel: object) -> Reply | None:
    """Say which permission a file needs that is not granted; None when nothing is lacking.

    An interaction can be answered without the right to send; but that is how a server says that
    it wants no music there, and a late piece could not be sent. Embeds are asked of nobody: where
    they are not granted, pictures come without a frame.
    """
    send = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    needed = ("view_channel", send, "attach_files") if ask.verb in WORK else ()
    lacking = next((name for name in needed if not getattr(granted, name)), None)
    return words.not_permitted(lacking) if lacking else None


def granted_to(
    member: discord.Member, message: discord.Message, *, unknown: discord.Permissions
) -> discord.Permissions:
    """Tell what a member may do where a message was written; `unknown` where that is not known."""
    channel = message.channel
    if isinstance(channel, discord.PartialMessageable):
        return unknown
    with suppress(discord.ClientException):  # of a thread whose channel we do not see
        return channel.permissions_for(member)
    return unknown
