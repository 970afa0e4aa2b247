"""Every method that the fake can do, by its name in the Bot API."""

from collections.abc import Callable

from tests.fakes.telegram import asking, editing, sending
from tests.fakes.telegram.query import Query
from tests.fakes.telegram.world import World

METHODS: dict[str, Callable[[World, Query], object]] = {
    "answerCallbackQuery": asking.answer_callback_query,
    "close": asking.do_nothing,
    "createForumTopic": sending.create_forum_topic,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "deleteMyCommands": asking.delete_my_commands,
    "deleteWebhook": asking.set_webhook,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageText": editing.edit_message_text,
    "getChat": asking.get_chat,
    "getChatAdministrators": asking.get_chat_administrators,
    "getChatMember": asking.get_chat_member,
    "getChatMemberCount": asking.get_chat_member_count,
    "getFile": asking.get_file,
    "getMe": asking.get_me,
    "getMyCommands": asking.get_my_commands,
    "getMyDescription": asking.get_profile,
    "getMyName": asking.get_profile,
    "getMyShortDescription": asking.get_profile,
    "getWebhookInfo": asking.get_webhook_info,
    "leaveChat": asking.leave_chat,
    "logOut": asking.do_nothing,
    "pinChatMessage": editing.pin_chat_message,
    "sendAnimation": sending.send_file("animation"),
    "sendAudio": sending.send_file("audio"),
    "sendChatAction": sending.send_chat_action,
    "sendDocument": sending.send_file("document"),
    "sendMediaGroup": sending.send_media_group,
    "sendMessage": sending.send_message,
    "sendMessageDraft": sending.send_message_draft,
    "sendPhoto": sending.send_file("photo"),
    "sendVideo": sending.send_file("video"),
    "sendVoice": sending.send_file("voice"),
    "setMessageReaction": editing.set_message_reaction,
    "setMyCommands": asking.set_my_commands,
    "setMyDescription": asking.set_profile,
    "setMyName": asking.set_profile,
    "setMyShortDescription": asking.set_profile,
    "setWebhook": asking.set_webhook,
    "unpinChatMessage": editing.unpin_chat_message,
}
EDITS = {
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "editMessageText",
}
SENDS = {
    "sendAnimation",
    "sendAudio",
    "sendDocument",
    "sendMediaGroup",
    "sendMessage",
    "sendPhoto",
    "sendVideo",
    "sendVoice",
}


def weight(query: Query) -> int:
    """Count the messages that a request sends or edits."""
    if query.method == "sendMediaGroup":
        media = query.params.get("media")
        return len(media) if isinstance(media, list) else 1
    return int(query.method in SENDS | EDITS)
