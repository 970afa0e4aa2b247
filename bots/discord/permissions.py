"""What the bot must be allowed before it takes on work in a server's channel."""

from contextlib import suppress

import discord

from bots.chat import Ask, Reply, Verb
from bots.commands import split_action
from bots.discord import words

COMPOSING = frozenset({Verb.COMPOSE, Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY, Verb.AGAIN})
WORK = COMPOSING | {Verb.LISTEN, Verb.SCORE, Verb.VIDEO}  # what ends in a file
SHOWING = frozenset({"", "start", "onward", "card", "show"})  # of a jam: what shows its files
THREADING = ("create_public_threads", "send_messages_in_threads")


def objection(ask: Ask, granted: discord.Permissions, channel: object) -> Reply | None:
    """Say which permission a file needs that is not granted; None when nothing is lacking.

    An interaction can be answered without the right to send; but that is how a server says that
    it wants no music there, and a late piece could not be sent. Embeds are asked of nobody: where
    they are not granted, pictures come without a frame.
    """
    send = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    needed = ("view_channel", send, "attach_files") if _ends_in_files(ask) else ()
    lacking = next((name for name in needed if not getattr(granted, name)), None)
    return words.not_permitted(lacking) if lacking else None


def _ends_in_files(ask: Ask) -> bool:
    if ask.verb is Verb.JAM:
        return (ask.argument.partition(".")[0] or split_action(ask.text)[0]) in SHOWING
    return ask.verb in WORK


def can_thread(channel: object, granted: discord.Permissions) -> bool:
    """Tell whether a thread may be started in a channel.

    It can in plain text channels. Threads of news are news themselves, threads and direct
    messages have none, and beside a call everybody is in one place already.
    """
    is_plain = isinstance(channel, discord.TextChannel) and not channel.is_news()
    return is_plain and all(getattr(granted, name) for name in THREADING)


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
