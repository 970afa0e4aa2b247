"""The fake's people, chats and messages as the objects that the Bot API sends."""

from typing import Any

from tests.fakes.telegram.chats import Chat, Json, Message, User
from tests.fakes.telegram.files import Media, StoredFile
from tests.fakes.telegram.presses import Press
from tests.fakes.telegram.world import World

MEDIA_KEYS = {
    "document": (),
    "audio": ("duration", "title", "performer"),
    "voice": ("duration",),
    "video": ("width", "height", "duration"),
    "animation": ("width", "height", "duration"),
}
TEXTS = ("title", "performer")
NO_GIFTS = dict.fromkeys(
    (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ),
    False,
)
RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
NOT_GIVEN = {"can_be_edited", "is_anonymous", "can_promote_members"}


def user(each: User) -> Json:
    """Show a User."""
    shown: Json = {"id": each.id, "is_bot": each.is_bot, "first_name": each.first_name}
    return shown | ({"username": each.username} if each.username else {})


def me(world: World) -> Json:
    """Show the bot to itself."""
    return user(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def chat(each: Chat) -> Json:
    """Show a Chat."""
    shown: Json = {"id": each.id, "type": str(each.kind)}
    if each.user:
        shown["first_name"] = each.user.first_name
        return shown | ({"username": each.user.username} if each.user.username else {})
    shown["title"] = each.title
    return shown | ({"is_forum": True} if each.is_forum else {})


def full_chat(each: Chat) -> Json:
    """Show a ChatFullInfo."""
    shown = chat(each) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": NO_GIFTS,
    }
    if each.is_private:
        return shown
    return shown | {"permissions": {"can_send_messages": not each.is_muted}}


def member(someone: User, status: str) -> Json:
    """Show a ChatMember of a status such as "creator" or "kicked"."""
    shown: Json = {"user": user(someone), "status": status}
    if status == "creator":
        shown["is_anonymous"] = False
    elif status == "administrator":
        shown |= {right: right not in NOT_GIVEN for right in RIGHTS}
    elif status == "kicked":
        shown["until_date"] = 0
    return shown


def message(world: World, each: Message, *, with_reply: bool = True) -> Json:
    """Show a Message; what it replies to is shown without what that replied to."""
    shown: Json = {
        "message_id": each.id,
        "from": user(each.sender),
        "chat": chat(each.chat),
        "date": each.date,
        **_place(each),
        **_content(each),
        **each.service,
    }
    if each.edit_date:
        shown["edit_date"] = each.edit_date
    if each.keyboard and each.sender is world.bot:
        rows = [[button.raw for button in row] for row in each.keyboard]
        shown["reply_markup"] = {"inline_keyboard": rows}
    replied = each.reply_to or _opening(each)
    if with_reply and replied and not replied.is_deleted:
        shown["reply_to_message"] = message(world, replied, with_reply=False)
    return shown


def _place(each: Message) -> Json:
    """Tell the thread: a topic of a forum, or the chain of replies of another supergroup."""
    if each.topic:
        return {"message_thread_id": each.topic.id, "is_topic_message": True}
    if each.chat.kind == "supergroup" and not each.chat.is_forum and each.reply_to:
        first = each.reply_to
        while first.reply_to:
            first = first.reply_to
        return {"message_thread_id": first.id}
    return {}


def _opening(each: Message) -> Message | None:
    """Find what a plain message in a topic replies to: the one that opened the topic."""
    return each.chat.find(each.topic.id) if each.topic and each.topic.id != each.id else None


def _content(each: Message) -> Json:
    shown: Json = {}
    key = "caption" if each.media else "text"
    if each.words:
        shown[key] = each.words
    if each.words and each.entities:
        shown["caption_entities" if each.media else "entities"] = each.entities
    if each.media:
        shown |= media(each.media)
    return shown | ({"media_group_id": each.album} if each.album else {})


def media(each: Media) -> Json:
    """Show the file of a message under the key of its kind."""
    if each.kind == "photo":
        return {"photo": [_picture(each.file, each.width, each.height)]}
    shown = _file(each.file) | {"file_name": each.name, "mime_type": each.file.mime}
    if each.kind == "voice":
        del shown["file_name"]
    for key in MEDIA_KEYS[each.kind]:
        value = getattr(each, key)
        if value or key not in TEXTS:
            shown[key] = value
    if each.thumbnail:
        shown["thumbnail"] = _picture(each.thumbnail, 320, 320)
    both = {"animation": shown, "document": _file(each.file)}
    return both if each.kind == "animation" else {each.kind: shown}


def file(each: StoredFile) -> Json:
    """Show a File that can be downloaded."""
    return _file(each) | {"file_path": each.path}


def _file(each: StoredFile) -> Json:
    return {
        "file_id": each.file_id,
        "file_unique_id": each.unique_id,
        "file_size": each.size_bytes,
    }


def _picture(each: StoredFile, width: int, height: int) -> Json:
    return _file(each) | {"width": width, "height": height}


def callback_query(world: World, press: Press) -> Json:
    """Show a CallbackQuery."""
    return {
        "id": press.id,
        "from": user(press.user),
        "message": message(world, press.message),
        "chat_instance": str(abs(press.message.chat.id) * 7919),
        "data": press.button.data,
    }


def membership(each: Chat, by: User, date: int, change: tuple[Json, Json]) -> dict[str, Any]:
    """Show a ChatMemberUpdated from an old to a new ChatMember."""
    old, new = change
    return {
        "chat": chat(each),
        "from": user(by),
        "date": date,
        "old_chat_member": old,
        "new_chat_member": new,
    }
