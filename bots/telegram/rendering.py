"""Replies as Telegram shows them: HTML, captions, keyboards.

Telegram counts text in UTF-16 units, after the markup is read.
"""

import html
from collections.abc import Collection

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bots.chat import Button, Reply, Verb, clock_time, decode_button, with_moments
from bots.telegram import words

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
TOAST_CHARS = 200
GLANCE_CHARS = 60  # what can be read in the two seconds that a toast stays
LEAST_KEPT = 0.8  # of the room, when a long word would otherwise be dropped whole
ELLIPSIS = "…"
BACK_TO = "back:"  # a piece, ":", its offers: of the button out of a menu, not for the ear
OFFERS = (Verb.LISTEN, Verb.SCORE, Verb.VIDEO)  # that not every piece makes

Rows = tuple[tuple[Button, ...], ...]


def text_of(reply: Reply) -> str:
    """Write a reply's words as HTML that fits a message."""
    return _html_of(reply.text, TEXT_UNITS)


def caption_of(reply: Reply) -> str:
    """Write a reply's words as HTML that fits under a file."""
    return _html_of(reply.text, CAPTION_UNITS)


def _html_of(text: str, room: int) -> str:
    times = len(with_moments(text, clock_time)) - len(text)  # by which they grow
    words = html.escape(cut(text, room - times), quote=False)
    return with_moments(words, _countdown)


def _countdown(at_s: int) -> str:
    """Show a time as "in 2 minutes", whenever it is looked at, where an app can do that.

    https://core.telegram.org/bots/api#date-time-entity-formatting
    """
    return f'<tg-time unix="{at_s}" format="r">{clock_time(at_s)}</tg-time>'


def keyboard_of(rows: Rows) -> InlineKeyboardMarkup | None:
    """Lay out buttons, or nothing where there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_key(button) for button in row] for row in rows])


def menu_of(
    rows: Rows, subject: str, offers: Collection[Verb] = frozenset()
) -> InlineKeyboardMarkup:
    """Lay out the choices of a menu, and the way back to the piece's own buttons."""
    told = ",".join(verb for verb in OFFERS if verb in offers)
    back = InlineKeyboardButton(words.BACK, callback_data=f"{BACK_TO}{subject}:{told}")
    return InlineKeyboardMarkup([*([_key(button) for button in row] for row in rows), [back]])


def piece_of_menu(keyboard: InlineKeyboardMarkup | None) -> tuple[str, frozenset[Verb]] | None:
    """Tell whose choice a keyboard is, and what that piece offers; None where it is no menu.

    The inverse of `menu_of`; earlier versions told no offers.
    """
    for data in _data_of(keyboard):
        if data.startswith(BACK_TO):
            subject, _, told = data.removeprefix(BACK_TO).partition(":")
            return subject, frozenset(verb for verb in OFFERS if verb in told.split(","))
    return None


def offers_in(keyboard: InlineKeyboardMarkup | None) -> frozenset[Verb]:
    """Tell what the piece offers whose buttons, or whose menu, these are."""
    if menu := piece_of_menu(keyboard):
        return menu[1]
    verbs = {button[0] for button in map(decode_button, _data_of(keyboard)) if button}
    return frozenset(verbs & set(OFFERS))


def _data_of(keyboard: InlineKeyboardMarkup | None) -> list[str]:
    rows = keyboard.inline_keyboard if keyboard else ()
    return [str(key.callback_data) for row in rows for key in row]


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
