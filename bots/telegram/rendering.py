"""Replies as Telegram shows them: HTML, captions, keyboards, documents.

Telegram counts text in UTF-16 units, after the markup is read.
"""

import html
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
from telegram.constants import KeyboardButtonStyle, ParseMode

from bots.chat import Button, File, Reply
from bots.telegram import words

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
TOAST_CHARS = 200
GLANCE_CHARS = 60  # what can be read in the two seconds that a toast stays
LEAST_KEPT = 0.8  # of the room, when a long word would otherwise be dropped whole
ELLIPSIS = "…"
BACK_TO = "back:"  # and a piece: what the button out of a menu says, to us and not to the ear

Rows = tuple[tuple[Button, ...], ...]


def text_of(reply: Reply) -> str:
    """Write a reply's words as HTML that fits a message."""
    return html.escape(cut(reply.text, TEXT_UNITS), quote=False)


def caption_of(reply: Reply) -> str:
    """Write a reply's words as HTML that fits under a file."""
    return html.escape(cut(reply.text, CAPTION_UNITS), quote=False)


def one_file_each(reply: Reply) -> tuple[Reply, ...]:
    """Split a reply into messages: the first has the words and the buttons, each has one file."""
    first = replace(reply, files=reply.files[:1])
    return (first, *(Reply("", files=(file,)) for file in reply.files[1:]))


def document_of(reply: Reply, file: File) -> InputMediaDocument:
    """Turn a reply into the file that a message becomes, its words below."""
    return InputMediaDocument(
        file.data,
        filename=file.name,
        caption=caption_of(reply),
        parse_mode=ParseMode.HTML,
        disable_content_type_detection=True,
    )


def keyboard_of(rows: Rows) -> InlineKeyboardMarkup | None:
    """Lay out buttons, or nothing where there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_key(button) for button in row] for row in rows])


def menu_of(rows: Rows, subject: str) -> InlineKeyboardMarkup:
    """Lay out the choices of a menu, and the way back to the piece's own buttons."""
    back = InlineKeyboardButton(words.BACK, callback_data=f"{BACK_TO}{subject}")
    return InlineKeyboardMarkup([*([_key(button) for button in row] for row in rows), [back]])


def piece_of_menu(keyboard: InlineKeyboardMarkup | None) -> str | None:
    """Tell whose choice a keyboard is; None where it is no menu. The inverse of `menu_of`."""
    for row in keyboard.inline_keyboard if keyboard else ():
        for key in row:
            if str(key.callback_data).startswith(BACK_TO):
                return str(key.callback_data).removeprefix(BACK_TO)
    return None


def cut(text: str, room: int) -> str:
    """Shorten a text to so many UTF-16 units, at a word where one ends near, and mark the cut."""
    if _units(text) <= room:
        return text
    kept = text.encode("utf-16-le")[: 2 * (room - 1)].decode("utf-16-le", errors="ignore")
    words_end = max(kept.rfind(" "), kept.rfind("\n"))
    if words_end >= LEAST_KEPT * len(kept) and not text[len(kept)].isspace():
        kept = kept[:words_end]
    return kept.rstrip() + ELLIPSIS


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _key(button: Button) -> InlineKeyboardButton:
    style = KeyboardButtonStyle.DANGER if button.is_grave else None
    return InlineKeyboardButton(button.label, callback_data=button.encoded, style=style)
