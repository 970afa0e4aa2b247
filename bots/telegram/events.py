"""What people write and press, as asks; whatever is not meant for us is None.

    in a private chat   a command · a file, with words or without · words
    in a group          a command, in a text or below a file · a .mid in reply to a message of ours
    anywhere            a button of ours

What is written in reply to a .mid has it for a seed; in reply to a piece of ours, for a subject.
A file in reply to the card of a jam, or to its sound, is a take of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.constants import ChatType

from bots.chat import Ask, Attachment, Chat, Person, Verb, decode_button
from bots.commands import COMMAND_TABLE, split_command
from bots.telegram.answered import (
    is_ours,
    jam_answered,
    job_answered,
    note_answered,
    piece_answered,
)
from bots.telegram.attachments import SentFile, file_in, is_midi
from bots.telegram.place import Place

COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?: (.*))?")
NAMES = {str(command.verb): command.verb for command in COMMAND_TABLE} | {"start": Verb.HELP}
FROM_SEEDS = {command.verb for command in COMMAND_TABLE if command.takes_seed}
TAKE = "take"  # what to do about a jam, as `bots.commands.JAM_TABLE` names it


@dataclass(frozen=True, slots=True)
class Listener:
    """What it takes to understand: who we are, and how files are fetched."""

    bot_id: int
    username: str
    attach: Callable[[SentFile], Attachment]


@dataclass(frozen=True, slots=True)
class _Said:
    """What the words of a message say, and the jam that it is a take of."""

    verb: Verb
    text: str = ""
    jam: str = ""


def ask_of_message(message: Message, listener: Listener) -> Ask | None:
    """Understand a message."""
    person = _person(message)
    said = _said(message, listener) if person else None
    if person is None or said is None:
        return None
    subject = said.jam or _subject(message, said.verb, listener)
    is_from_piece = said.verb in FROM_SEEDS and bool(subject)  # it is kept: nothing to fetch
    takes_seed = said.verb in FROM_SEEDS or said.verb is Verb.JAM
    seed = _seed(message) if takes_seed and not is_from_piece else None
    is_of_unknown = said.verb in FROM_SEEDS and not subject and not seed
    return Ask(
        id=f"telegram.{message.chat.id}.{message.message_id}",
        verb=said.verb,
        person=person,
        chat=_chat(message),
        text=said.text,
        seed=listener.attach(seed) if seed else None,
        subject=subject,
        answers=note_answered(message, listener.bot_id) if is_of_unknown else "",
        argument=TAKE if said.jam else "",
    )


def ask_of_press(query: CallbackQuery) -> Ask | None:
    """Understand a pressed button."""
    button = decode_button(query.data or "")
    if button is None or query.message is None:
        return None
    verb, subject, argument = button
    return Ask(
        id=f"telegram.{query.id}",
        verb=verb,
        person=Person(f"telegram:{query.from_user.id}", query.from_user.full_name),
        chat=_chat(query.message),
        subject=subject,
        argument=argument,
        is_press=True,
    )


def place_of(message: MaybeInaccessibleMessage) -> Place:
    """Tell where a message is answered."""
    return Place(message.chat.id, _topic(message), reply_to=message.message_id)


def _topic(message: MaybeInaccessibleMessage) -> int | None:
    """Tell the thread of a message, only where it is a topic.

    Chains of replies have one too, and sending there is refused.
    """
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id
    return None


def _chat(message: MaybeInaccessibleMessage) -> Chat:
    is_private = message.chat.type == ChatType.PRIVATE
    return Chat(f"telegram:{message.chat.id}", is_private, topic=str(_topic(message) or ""))


def _person(message: Message) -> Person | None:
    """Tell who writes: a person, or one who speaks as a chat, such as a hidden administrator."""
    chat, user = message.sender_chat, message.from_user
    if message.is_automatic_forward:
        return None  # of a channel's post, into the group where it is talked about
    if chat:
        return Person(f"telegram:{chat.id}", chat.effective_name or "")
    return Person(f"telegram:{user.id}", user.full_name) if user and not user.is_bot else None


def _said(message: Message, listener: Listener) -> _Said | None:
    """Read the words of a message; None where we are not spoken to."""
    words = " ".join((message.text or message.caption or "").split())
    is_private = message.chat.type == ChatType.PRIVATE
    if command := COMMAND.fullmatch(words):
        return _commanded(command, listener, is_private=is_private)
    if not is_private and not _is_offered(message, listener):
        return None
    if file_in(message) and (jam := jam_answered(message, listener.bot_id)):
        return _Said(Verb.JAM, words, jam)
    named, wishes = split_command(words)
    verb = named or _verb_unsaid(message, words)
    return _Said(verb, wishes) if verb else None


def _commanded(command: re.Match[str], listener: Listener, *, is_private: bool) -> _Said | None:
    """Read a command; None where it is another bot's, or nobody's."""
    name, addressee, wishes = command.groups(default="")
    if addressee and addressee.lower() != listener.username.lower():
        return None
    verb = NAMES.get(name.lower(), Verb.HELP if is_private else None)
    return _Said(verb, wishes) if verb else None


def _verb_unsaid(message: Message, words: str) -> Verb | None:
    """Guess what is meant where no command is named; nothing by what Telegram itself tells."""
    if file_in(message):
        return Verb.CONTINUE
    if words:
        return Verb.COMPOSE
    return Verb.HELP if message.effective_attachment else None


def _is_offered(message: Message, listener: Listener) -> bool:
    """Tell whether a MIDI file is sent in reply to us: all that we see in a group, uncalled."""
    file = file_in(message)
    return file is not None and is_midi(file) and is_ours(message.reply_to_message, listener.bot_id)


def _seed(message: Message) -> SentFile | None:
    """Find the file that is meant: the message's own, or the MIDI file that it answers."""
    answered = file_in(message.reply_to_message)
    return file_in(message) or (answered if answered and is_midi(answered) else None)


def _subject(message: Message, verb: Verb, listener: Listener) -> str:
    """Find the piece of ours, or for CANCEL the job, that a message without a file answers."""
    if file_in(message):
        return ""
    if verb in FROM_SEEDS:
        return piece_answered(message, listener.bot_id)
    return job_answered(message, listener.bot_id) if verb is Verb.CANCEL else ""
