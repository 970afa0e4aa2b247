"""What Telegram refuses, in its words. They are not in the description, only in its prose.

Texts follow the reference server (tdlib/telegram-bot-api, Client.cpp) and tdlib.
"""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from tests.fakes.telegram.chats import Button, Chat, Kind, Topic
from tests.fakes.telegram.entities import CannotParse, Formatted, parse_html, trimmed, units
from tests.fakes.telegram.world import World

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
SOURCE_BYTES = 1 << 15
CALLBACK_DATA_BYTES = 64
COPY_TEXT_CHARS = 256
BUTTONS = 100
UPLOAD_BYTES = 50 << 20
DOWNLOAD_BYTES = 20 << 20
PHOTO_BYTES = 10 << 20
CALLBACK_WINDOW_S = 15
DELETE_WINDOW_S = 48 * 3600
DELETED_AT_ONCE = 100
ACTIONS = {
    "cancel",
    "choose_sticker",
    "find_location",
    "record_video",
    "record_video_note",
    "record_voice",
    "typing",
    "upload_document",
    "upload_photo",
    "upload_video",
    "upload_video_note",
    "upload_voice",
}
BUTTON_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
STYLES = {"", "danger", "success", "primary"}
# fmt: off
REACTIONS = {  # that a bot may put under a message
    "❤", "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢",
    "🎉", "🤩", "🤮", "💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳",
    "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓",
    "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻", "👀", "🎃", "🙈",
    "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅", "🤪", "🗿",
    "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀",
    "😡",
}
# fmt: on
COMMAND = re.compile(r"[a-z0-9_]{1,32}")


@dataclass
class Refused(Exception):
    """An answer other than the one that was asked for."""

    description: str
    code: int = 400
    parameters: dict[str, int] | None = None

    @property
    def told(self) -> str:
        """The description with the words that belong before it."""
        before = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
        words = before.get(self.code, "")
        is_said = not words or self.description.startswith(words)
        return self.description if is_said else f"{words}: {self.description}".removesuffix(": ")


def refuse(description: str, code: int = 400) -> NoReturn:
    """Answer with an error.

    Raises:
        Refused: always.
    """
    raise Refused(description, code)


def find_chat(world: World, chat_id: object) -> Chat:
    """Find a chat that the bot may write to.

    Raises:
        Refused: when it is unknown, was left, or has become another.
    """
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        refuse("chat_id is empty" if chat_id in {None, ""} else "chat not found")
    if chat.migrated_to:
        raise Refused(
            "group chat was upgraded to a supergroup chat",
            parameters={"migrate_to_chat_id": chat.migrated_to.id},
        )
    if chat.bot_status == "kicked":
        refuse(f"bot was kicked from the {chat.kind} chat", 403)
    if chat.bot_status == "left":
        refuse(f"bot is not a member of the {chat.kind} chat", 403)
    return chat


def check_writable(world: World, chat: Chat, what: str) -> None:
    """Check that the bot may send something new there."""
    if chat.user and chat.user in world.blocked_by:
        refuse("bot was blocked by the user", 403)
    if chat.is_private and not chat.is_open:
        refuse("bot can't initiate conversation with a user", 403)
    is_barred = chat.is_muted or what.removesuffix("s") in chat.barred
    if is_barred and chat.bot_status != "administrator":
        refuse(f"not enough rights to send {what} to the chat")


def find_topic(chat: Chat, thread_id: object) -> Topic | None:
    """Find the topic that a thread id names."""
    if not thread_id:
        return None
    topic = chat.topics.get(thread_id) if isinstance(thread_id, int) else None
    if topic is None or topic.is_deleted:
        refuse("message thread not found")
    return topic


def check_open(topic: Topic | None, chat: Chat) -> None:
    """Check that a topic takes messages."""
    if topic and topic.is_closed and chat.bot_status != "administrator":
        refuse("TOPIC_CLOSED")


def formatted(params: dict[str, Any], key: str, entities_key: str) -> Formatted:
    """Read a text or caption with its markup."""
    source = params.get(key) or ""
    mode = (params.get("parse_mode") or "").lower()
    if not isinstance(source, str) or len(source.encode()) > SOURCE_BYTES:
        refuse("text is too long")
    if not mode or mode == "none":
        return trimmed(source, params.get(entities_key) or [])
    if mode != "html":
        refuse(
            "this fake reads HTML only" if mode.startswith("markdown") else "unsupported parse_mode"
        )
    try:
        return parse_html(source)
    except CannotParse as fault:
        refuse(f"can't parse entities: {fault}")


def text(params: dict[str, Any]) -> Formatted:
    """Read the text of a message."""
    said = formatted(params, "text", "entities")
    if not said.text:
        refuse("message text is empty")
    if units(said.text) > TEXT_UNITS:
        refuse("message is too long")
    return said


def caption(params: dict[str, Any]) -> Formatted:
    """Read a caption, which may be empty."""
    said = formatted(params, "caption", "caption_entities")
    if units(said.text) > CAPTION_UNITS:
        refuse("message caption is too long")
    return said


def keyboard(params: dict[str, Any], chat: Chat, *, is_edit: bool = False) -> list[list[Button]]:
    """Read the buttons under a message; other keyboards are nobody's message's and left out."""
    markup = params.get("reply_markup") or {}
    if not isinstance(markup, dict):
        refuse("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if is_edit and markup:
            refuse("inline keyboard expected")
        return []
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        refuse('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    read = [[_button(each, chat) for each in row] for row in rows if row]
    if sum(map(len, read)) > BUTTONS:
        refuse("reply markup is too long")
    return read


def _button(raw: object, chat: Chat) -> Button:
    if not isinstance(raw, dict):
        refuse("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    actions = [key for key in BUTTON_ACTIONS if raw.get(key)]
    if len(actions) != 1 or not str(raw.get("text", "")).strip():
        refuse(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    button = Button(
        label=str(raw["text"]),
        data=str(raw.get("callback_data", "")),
        url=str(raw.get("url", "")),
        copy_text=str((raw.get("copy_text") or {}).get("text", "")),
        raw=raw,
    )
    if len(button.data.encode()) > CALLBACK_DATA_BYTES:
        refuse("BUTTON_DATA_INVALID")
    if len(button.copy_text) > COPY_TEXT_CHARS:
        refuse("BUTTON_COPY_TEXT_INVALID")
    if raw.get("style", "") not in STYLES:
        refuse("can't parse inline keyboard button: invalid button style specified")
    if "web_app" in actions and chat.kind is not Kind.PRIVATE:
        refuse("BUTTON_TYPE_INVALID")
    if button.url and not re.match(r"(https?|tg)://\S+$", button.url):
        refuse(f"inline keyboard button URL '{button.url}' is invalid: unsupported URL protocol")
    return button
