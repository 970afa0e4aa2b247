"""The methods that change or take away what is in a chat."""

from tests.fakes.telegram import payloads, rules
from tests.fakes.telegram.chats import Button, Json, Message
from tests.fakes.telegram.entities import Formatted
from tests.fakes.telegram.files import Media
from tests.fakes.telegram.query import Query
from tests.fakes.telegram.rules import refuse
from tests.fakes.telegram.sending import GROUPED_APART, PHOTO_LIKE, read_media
from tests.fakes.telegram.world import World

EDITABLE = GROUPED_APART | PHOTO_LIKE | {"animation"}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


def _own_message(world: World, query: Query) -> Message:
    """Find the message to edit."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    found = chat.find(query.params.get("message_id", 0))
    if found is None:
        refuse("message to edit not found")
    if found.sender is not world.bot or found.service:
        refuse("message can't be edited")
    return found


def _put(
    world: World,
    message: Message,
    said: Formatted,
    buttons: list[list[Button]],
    media: Media | None,
) -> Json:
    """Give a message other content, all of it at once."""
    before = (message.words, message.entities, message.keyboard, message.media)
    if before == (said.text, said.entities, buttons, media):
        refuse(NOT_MODIFIED)
    message.text, message.caption = ("", said.text) if media else (said.text, "")
    message.entities, message.keyboard, message.media = said.entities, buttons, media
    message.edit_date = world.today
    if message.words != message.shown[-1]:
        message.shown.append(message.words)
    world.record.note("edited", message)
    return payloads.message(world, message)


def edit_message_text(world: World, query: Query) -> Json:
    """Change the words of a text message; buttons that are not sent again go away."""
    said = rules.text(query.params)
    message = _own_message(world, query)
    buttons = rules.keyboard(query.params, message.chat, is_edit=True)
    if message.media:
        refuse("there is no text in the message to edit")
    return _put(world, message, said, buttons, None)


def edit_message_caption(world: World, query: Query) -> Json:
    """Change the words under a file."""
    said = rules.caption(query.params)
    message = _own_message(world, query)
    buttons = rules.keyboard(query.params, message.chat, is_edit=True)
    if not message.media:
        refuse("there is no caption in the message to edit")
    return _put(world, message, said, buttons, message.media)


def edit_message_media(world: World, query: Query) -> Json:
    """Put another file, or a first one, into a message."""
    message = _own_message(world, query)
    wished = query.params.get("media")
    if not isinstance(wished, dict) or wished.get("type") not in EDITABLE:
        refuse("can't parse input media JSON object")
    said = rules.caption(wished)
    buttons = rules.keyboard(query.params, message.chat, is_edit=True)
    if message.album and message.media:
        kinds = {message.media.kind, wished["type"]}
        if len(kinds) > 1 and kinds != PHOTO_LIKE:
            refuse("can't use the media of the specified type in the album")
    media = read_media(world, query, wished["type"], wished)
    return _put(world, message, said, buttons, media)


def edit_message_reply_markup(world: World, query: Query) -> Json:
    """Change the buttons and nothing else."""
    message = _own_message(world, query)
    buttons = rules.keyboard(query.params, message.chat, is_edit=True)
    said = Formatted(message.words, message.entities)
    if buttons == message.keyboard:
        refuse(NOT_MODIFIED)
    edit_date = message.edit_date
    _put(world, message, said, buttons, message.media)
    message.edit_date = edit_date  # nobody is shown "edited" for that
    return payloads.message(world, message)


def delete_message(world: World, query: Query) -> bool:
    """Take a message away: the bot's own, any in a private chat, or any as an administrator."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    found = chat.find(query.params.get("message_id", 0))
    if found is None:
        refuse("message to delete not found")
    _check_deletable(world, found)
    remove(world, found)
    return True


def delete_messages(world: World, query: Query) -> bool:
    """Take several away, passing over those that are gone; all of the others, or none."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    message_ids = query.params.get("message_ids") or []
    if not message_ids:
        refuse("message identifiers are not specified")
    if len(message_ids) > rules.DELETED_AT_ONCE:
        refuse("too many message identifiers specified")
    found = [message for each in message_ids if (message := chat.find(each))]
    for message in found:
        _check_deletable(world, message)
    for message in found:
        remove(world, message)
    return True


def _check_deletable(world: World, message: Message) -> None:
    chat = message.chat
    is_allowed = message.sender is world.bot or chat.is_private
    is_old = world.today - message.date > rules.DELETE_WINDOW_S
    if chat.bot_status != "administrator" and (is_old or not is_allowed):
        refuse("message can't be deleted")


def remove(world: World, message: Message) -> None:
    """Take a message away from everybody."""
    message.is_deleted = True
    world.record.note("deleted", message)


def set_message_reaction(world: World, query: Query) -> bool:
    """Put one reaction under a message, or take it away."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    found = chat.find(query.params.get("message_id", 0))
    if found is None:
        refuse("message to react not found")
    wished = query.params.get("reaction") or []
    if len(wished) > 1:
        refuse("REACTIONS_TOO_MANY")
    if wished and (not chat.has_reactions or wished[0].get("emoji") not in rules.REACTIONS):
        refuse("REACTION_INVALID")
    found.reaction = wished[0]["emoji"] if wished else ""
    world.record.note("reaction", found)
    return True


def pin_chat_message(world: World, query: Query) -> bool:
    """Pin a message."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    found = chat.find(query.params.get("message_id", 0))
    if found is None:
        refuse("message to pin not found")
    if not chat.is_private and chat.bot_status != "administrator":
        refuse("not enough rights to manage pinned messages in the chat")
    if found not in chat.pinned:
        chat.pinned.append(found)
    world.record.note("pinned", found)
    return True


def unpin_chat_message(world: World, query: Query) -> bool:
    """Unpin a message, by default the newest of those that are pinned."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    if not chat.is_private and chat.bot_status != "administrator":
        refuse("not enough rights to manage pinned messages in the chat")
    wished = query.params.get("message_id")
    found = [each for each in chat.pinned if wished in {None, each.id}]
    if not found:
        refuse("message to unpin not found")
    chat.pinned.remove(found[-1])
    return True
