"""What people do on Discord, as asks and places: plain readings, nothing is done here."""

import re
from collections.abc import Mapping
from typing import Any

import discord

from audiogroove.errors import Gone, SeedFault, SeedRejected
from bots.chat import Ask, Chat, Person, Verb, decode_button
from bots.commands import split_command
from bots.discord.attachments import attached, find_midi
from bots.discord.commands import FILE, RESET
from bots.discord.place import Grants, Pass, Place

PLATFORM = "discord"
ON_MATERIAL = frozenset({Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY})
PERMANENT = ON_MATERIAL | {Verb.AGAIN, Verb.LISTEN, Verb.SCORE, Verb.VIDEO, Verb.DETAILS}

Interaction = discord.Interaction[Any]


# Interactions.


def ask_of_command(interaction: Interaction, verb: Verb, options: Mapping[str, object]) -> Ask:
    """Read a command with the options that were filled in."""
    file = options.get(FILE)
    wishes = {name: str(value) for name, value in options.items() if name not in {FILE, RESET}}
    return Ask(
        _id(interaction.id),
        verb,
        person_of(interaction.user),
        chat_of(interaction),
        wishes=wishes,
        seed=attached(file) if isinstance(file, discord.Attachment) else None,
        argument=RESET if options.get(RESET) else "",
    )


def ask_of_press(interaction: Interaction) -> Ask:
    """Read a button that was pressed.

    Raises:
        Gone: when it is none of ours, or of a time that is past.
    """
    decoded = decode_button(interaction.custom_id or "")
    if decoded is None:
        raise Gone("button")
    verb, subject, argument = decoded
    return Ask(
        _id(interaction.id),
        verb,
        person_of(interaction.user),
        chat_of(interaction),
        subject=subject,
        argument=argument,
        is_press=True,
    )


def ask_of_menu(interaction: Interaction, message: discord.Message) -> Ask:
    """Read "Continue this MIDI" on a message: a piece of ours, or a file of anybody's.

    Raises:
        SeedRejected: when it is neither.
    """
    subject = piece_in(message, interaction.application_id)
    seed = None if subject else find_midi(message)
    if not subject and not seed:
        raise SeedRejected(SeedFault.NOT_MIDI)
    return Ask(
        _id(interaction.id),
        Verb.CONTINUE,
        person_of(interaction.user),
        chat_of(interaction),
        seed=seed,
        subject=subject,
    )


def place_of(interaction: Interaction, given_s: float) -> Place:
    """Tell where the answer to an interaction goes; `given_s` is when it came, time of day."""
    is_ours = interaction.context.dm_channel or interaction.is_guild_integration()
    return Place(
        born=interaction.id,
        channel=interaction.channel_id or 0,
        person=interaction.user.id,
        guild=interaction.guild_id,
        is_foreign=not is_ours,
        passed=Pass(
            application=interaction.application_id,
            token=interaction.token,
            given_s=given_s,
            is_press=interaction.type is discord.InteractionType.component,
        ),
        grants=Grants(interaction.filesize_limit, embeds=interaction.app_permissions.embed_links),
    )


def chat_of(interaction: Interaction) -> Chat:
    """Name the chat of an interaction; alone with us is a person only in direct messages."""
    channel = interaction.channel
    is_direct = interaction.context.dm_channel
    return Chat(_chat_key(channel, interaction.channel_id or 0), is_private=is_direct)


# Messages.


def ask_of_message(message: discord.Message, me: discord.ClientUser) -> Ask | None:
    """Read a message, when it speaks to us; None when it does not.

    It does with a MIDI file in a direct message, in a reply to us or beside our name; without a
    file in a direct message, after our name, or as a command in a reply to us.
    """
    before = _replied_to(message)
    is_reply = before is not None and before.author.id == me.id
    named = re.compile(rf"<@!?{me.id}>")
    is_named = bool(named.search(message.content))
    is_direct = isinstance(message.channel, discord.DMChannel)
    words = " ".join(named.sub(" ", message.content).split())
    verb, text = split_command(words)
    seed = find_midi(message)
    if not (is_named or is_direct or (is_reply and (seed or verb))):
        return None
    subject = piece_in(before, me.id) if before and not seed else ""
    if before and not seed and not subject:
        seed = find_midi(before)
    return Ask(
        _id(message.id),
        verb or (Verb.CONTINUE if seed or subject else Verb.COMPOSE),
        person_of(message.author),
        Chat(_chat_key(message.channel, message.channel.id), is_private=is_direct),
        text=text,
        seed=seed,
        subject=subject,
    )


def is_hidden(message: discord.Message, ask: Ask) -> bool:
    """Tell whether an ask in reply to somebody's message may mean a file there that we cannot see.

    What other people say to each other comes to us empty.
    """
    before = _replied_to(message)
    if before is None or ask.seed or ask.subject:
        return False
    is_blank = not (before.content or before.attachments or before.embeds)
    return is_blank and (ask.verb in ON_MATERIAL or not ask.text)


def place_of_message(message: discord.Message, granted: discord.Permissions) -> Place:
    """Tell where the answer to a message goes; `granted` is what we may do there.

    How large files may be is not told with messages.
    """
    return Place(
        born=message.id,
        channel=message.channel.id,
        person=message.author.id,
        guild=message.guild.id if message.guild else None,
        is_reply=granted.read_message_history,  # else we may not refer to anything
        grants=Grants(embeds=granted.embed_links),
    )


def _replied_to(message: discord.Message) -> discord.Message | None:
    resolved = message.reference.resolved if message.reference else None
    return resolved if isinstance(resolved, discord.Message) else None


# Both.


def person_of(user: discord.abc.User) -> Person:
    """Name a person."""
    return Person(f"{PLATFORM}:{user.id}", user.display_name)


def piece_in(message: discord.Message, me: int) -> str:
    """Find which piece of ours a message holds, by its buttons; "" when none."""
    if message.author.id != me:
        return ""
    for row in message.components:
        for each in getattr(row, "children", ()):
            decoded = decode_button(getattr(each, "custom_id", None) or "")
            if decoded and decoded[0] in PERMANENT:
                return decoded[1]
    return ""


def _chat_key(channel: object, channel_id: int) -> str:
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return f"{PLATFORM}:{parent or channel_id}"


def _id(event: int) -> str:
    return f"{PLATFORM}.{event}"
