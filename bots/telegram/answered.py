"""What a message answers: a piece of ours, a jam of ours, or just something that we said.

Telegram tells the answered message with its file and its buttons, and those name what it is of.
"""

from telegram import Message

from bots.chat import Verb, decode_button
from bots.telegram.place import noted

OF_PIECES = {
    *(Verb.AGAIN, Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY),
    *(Verb.LISTEN, Verb.SCORE, Verb.VIDEO, Verb.DETAILS, Verb.DELETE),
}


def is_ours(message: Message | None, bot_id: int) -> bool:
    """Tell whether we have said something."""
    sender = message.from_user if message else None
    return sender is not None and sender.id == bot_id


def piece_answered(message: Message, bot_id: int) -> str:
    """Find the piece of ours that a message answers, by its buttons; "" where there is none."""
    return next((subject for verb, subject in _offers(message, bot_id) if verb in OF_PIECES), "")


def job_answered(message: Message, bot_id: int) -> str:
    """Find the job whose status a message answers, by its button; "" where there is none."""
    return next((subject for verb, subject in _offers(message, bot_id) if verb is Verb.CANCEL), "")


def jam_answered(message: Message, bot_id: int) -> str:
    """Find the jam whose card or sound a message answers, by its buttons; "" where there is none.

    A piece may offer a jam as well; what answers it is for the piece.
    """
    offers = _offers(message, bot_id)
    if any(verb in OF_PIECES for verb, _ in offers):
        return ""
    return next((subject for verb, subject in offers if verb is Verb.JAM), "")


def note_answered(message: Message, bot_id: int) -> str:
    """Name the message of ours that is replied to as the address of its piece does."""
    answered = message.reply_to_message
    return noted(answered.message_id) if answered and is_ours(answered, bot_id) else ""


def _offers(message: Message, bot_id: int) -> list[tuple[Verb, str]]:
    """List what the buttons of the answered message are for: verbs and subjects."""
    answered = message.reply_to_message
    if answered is None or answered.reply_markup is None or not is_ours(answered, bot_id):
        return []
    keys = (key for row in answered.reply_markup.inline_keyboard for key in row)
    buttons = (decode_button(str(key.callback_data)) for key in keys)
    return [button[:2] for button in buttons if button]
