"""What people do on Discord, as asks and places: plain readings, nothing is done here."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from audiogroove.errors import Gone, SeedFault, SeedRejected
from bots.chat import Ask, Chat, Person, Verb, decode_button
from bots.commands import split_command
from bots.discord.attachments import attached, find_midi
from bots.discord.options import FILE, RESET
from bots.discord.place import Grants, Pass, Place

PLATFORM = "discord"
ON_MATERIAL = frozenset({Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY})
PERMANENT = ON_MATERIAL | {Verb.AGAIN, Verb.LISTEN, Verb.SCORE, Verb.VIDEO, Verb.DETAILS}
OF_THE_PAST = frozenset({"onward", "show"})  # what can be done about a jam that is over

Interaction = discord.Interaction[Any]


# Interactions.


def ask_of_command(
    interaction: Interaction, verb: Verb, options: Mapping[str, object], argument: str = ""
) -> Ask:
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
        argument=RESET if options.get(RESET) else argument,
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
        parent=_parent_of(interaction.channel),
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
    is_direct = interaction.context.dm_channel
    return _chat(interaction.channel, interaction.channel_id or 0, is_private=is_direct)


# Messages.


def ask_of_message(message: discord.Message, me: discord.ClientUser) -> Ask | None:
    """Read a message, when it speaks to us; None when it does not.

    It does with a MIDI file in a direct message, in a reply to us or beside our name; without a
    file in a direct message, after our name, or as a command in a reply to us. A bare file in
    reply to a jam's card is a take.
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
    jam = jam_in(before, me.id) if before else ""
    ask = Ask(
        _id(message.id),
        verb or Verb.COMPOSE,
        person_of(message.author),
        _chat(message.channel, message.channel.id, is_private=is_direct),
        text=text,
        seed=seed,
    )
    if verb is Verb.JAM or (jam and seed and not verb):
        return _about_jam(ask, before, jam)
    return _about_material(ask, before, me.id, is_open=verb is None)


def _about_jam(ask: Ask, before: discord.Message | None, jam: str) -> Ask:
    """Complete an ask about a jam: words tell what to do, and a file alone is a take."""
    if ask.verb is Verb.JAM:
        seed = ask.seed or (find_midi(before) if before and not jam else None)
        return replace(ask, seed=seed, subject=jam)
    # What is said beside a file that is complete in itself are no wishes.
    return replace(ask, verb=Verb.JAM, argument="take", text="", subject=jam)


def _about_material(ask: Ask, before: discord.Message | None, me: int, *, is_open: bool) -> Ask:
    """Complete an ask by what it replies to; with material it goes on, unless a verb was said."""
    subject = piece_in(before, me) if before and not ask.seed else ""
    seed = find_midi(before) if before and not (ask.seed or subject) else ask.seed
    verb = Verb.CONTINUE if is_open and (seed or subject) else ask.verb
    return replace(ask, verb=verb, seed=seed, subject=subject)


def is_hidden(message: discord.Message, ask: Ask) -> bool:
    """Tell whether an ask in reply to somebody's message may mean a file there that we cannot see.

    What other people say to each other comes to us empty.
    """
    before = _replied_to(message)
    if before is None or ask.seed or ask.subject or ask.verb is Verb.JAM:
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
        parent=_parent_of(message.channel),
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
    ours = _buttons_in(message, me)
    return next((subject for verb, subject, _ in ours if verb in PERMANENT), "")


def jam_in(message: discord.Message, me: int) -> str:
    """Find which jam a message is the card of, by its buttons; "" when none, or it is over."""
    for verb, subject, argument in _buttons_in(message, me):
        if verb is Verb.JAM and argument.partition(".")[0] not in OF_THE_PAST:
            return subject
    return ""


def _buttons_in(message: discord.Message, me: int) -> list[tuple[Verb, str, str]]:
    if message.author.id != me:
        return []
    buttons = [each for row in message.components for each in getattr(row, "children", ())]
    decoded = (decode_button(getattr(each, "custom_id", None) or "") for each in buttons)
    return [each for each in decoded if each]


def _chat(channel: object, channel_id: int, *, is_private: bool) -> Chat:
    """Name a chat; a thread is a topic of its channel."""
    parent = _parent_of(channel)
    topic = str(channel_id) if parent else ""
    return Chat(f"{PLATFORM}:{parent or channel_id}", is_private, topic)


def _parent_of(channel: object) -> int | None:
    return channel.parent_id if isinstance(channel, discord.Thread) else None


def _id(event: int) -> str:
    return f"{PLATFORM}.{event}"
