"""What people write and press, as asks; whatever is not meant for us is None.

    in a private chat   a command · a file, with words or without · words
    in a group          a command, in a text or below a file · a .mid in reply to a message of ours
    anywhere            a button of ours

What is written in reply to a .mid has it for a seed; in reply to a piece of ours, for a subject.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram import Chat as TelegramChat
from telegram.constants import ChatType

from bots.chat import Ask, Attachment, Chat, Person, Verb, decode_button
from bots.commands import COMMAND_TABLE, split_command
from bots.telegram.attachments import SentFile, file_in, is_midi
from bots.telegram.place import Place, noted

COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?: (.*))?")
NAMES = {str(command.verb): command.verb for command in COMMAND_TABLE} | {"start": Verb.HELP}
FROM_SEEDS = {command.verb for command in COMMAND_TABLE if command.takes_seed}
OF_PIECES = {
    *(Verb.AGAIN, Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY),
    *(Verb.LISTEN, Verb.SCORE, Verb.VIDEO, Verb.DETAILS, Verb.DELETE),
}


@dataclass(frozen=True, slots=True)
class Listener:
    """What it takes to understand: who we are, and how files are fetched."""

    bot_id: int
    username: str
    attach: Callable[[SentFile], Attachment]


def ask_of_message(message: Message, listener: Listener) -> Ask | None:
    """Understand a message."""
    person = _person(message)
    said = _said(message, listener) if person else None
    if person is None or said is None:
        return None
    verb, text = said
    subject = "" if file_in(message) else _subject(message, verb, listener)
    is_needed = verb in FROM_SEEDS and not subject  # a piece of ours is kept: nothing to fetch
    seed = _seed(message) if is_needed else None
    return Ask(
        id=f"telegram.{message.chat.id}.{message.message_id}",
        verb=verb,
        person=person,
        chat=_chat(message.chat),
        text=text,
        seed=listener.attach(seed) if seed else None,
        subject=subject,
        answers=_answered(message, listener) if is_needed and not seed else "",
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
        chat=_chat(query.message.chat),
        subject=subject,
        argument=argument,
        is_press=True,
    )


def place_of(message: MaybeInaccessibleMessage) -> Place:
    """Tell where a message is answered.

    A thread is named only where it is a topic: chains of replies have one too, and sending
    there is refused.
    """
    thread_id = None
    if isinstance(message, Message) and message.is_topic_message:
        thread_id = message.message_thread_id
    return Place(message.chat.id, thread_id, reply_to=message.message_id)


def _chat(chat: TelegramChat) -> Chat:
    return Chat(f"telegram:{chat.id}", is_private=chat.type == ChatType.PRIVATE)


def _person(message: Message) -> Person | None:
    """Tell who writes: a person, or one who speaks as a chat, such as a hidden administrator."""
    chat, user = message.sender_chat, message.from_user
    if message.is_automatic_forward:
        return None  # of a channel's post, into the group where it is talked about
    if chat:
        return Person(f"telegram:{chat.id}", chat.effective_name or "")
    return Person(f"telegram:{user.id}", user.full_name) if user and not user.is_bot else None


def _said(message: Message, listener: Listener) -> tuple[Verb, str] | None:
    """Read the words of a message as a verb and wishes; None where we are not spoken to."""
    words = " ".join((message.text or message.caption or "").split())
    is_private = message.chat.type == ChatType.PRIVATE
    if command := COMMAND.fullmatch(words):
        name, addressee, wishes = command.groups(default="")
        if addressee and addressee.lower() != listener.username.lower():
            return None
        verb = NAMES.get(name.lower(), Verb.HELP if is_private else None)
        return (verb, wishes) if verb else None
    if not is_private and not _is_offered(message, listener):
        return None
    named, wishes = split_command(words)
    verb = named or _verb_unsaid(message, words)
    return (verb, wishes) if verb else None


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
    return file is not None and is_midi(file) and _is_ours(message.reply_to_message, listener)


def _seed(message: Message) -> SentFile | None:
    """Find the file that is meant: the message's own, or the MIDI file that it answers."""
    answered = file_in(message.reply_to_message)
    return file_in(message) or (answered if answered and is_midi(answered) else None)


def _subject(message: Message, verb: Verb, listener: Listener) -> str:
    """Find the piece of ours, or for CANCEL the job, that a message answers, by its buttons."""
    wanted = OF_PIECES if verb in FROM_SEEDS else {verb} & {Verb.CANCEL}
    answered = message.reply_to_message
    if answered is None or answered.reply_markup is None or not _is_ours(answered, listener):
        return ""
    for row in answered.reply_markup.inline_keyboard:
        for key in row:
            button = decode_button(str(key.callback_data))
            if button and button[0] in wanted:
                return button[1]
    return ""


def _answered(message: Message, listener: Listener) -> str:
    """Name the message of ours that is replied to as the address of its piece does."""
    answered = message.reply_to_message
    return noted(answered.message_id) if answered and _is_ours(answered, listener) else ""


def _is_ours(message: Message | None, listener: Listener) -> bool:
    sender = message.from_user if message else None
    return sender is not None and sender.id == listener.bot_id
