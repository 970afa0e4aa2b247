"""The methods that put something new into a chat."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.telegram import payloads, rules
from tests.fakes.telegram.chats import Chat, Json, Message, Topic, User
from tests.fakes.telegram.entities import Formatted, units
from tests.fakes.telegram.files import Media
from tests.fakes.telegram.query import (
    Query,
    check_playable,
    picture_size,
    take_file,
    take_thumbnail,
)
from tests.fakes.telegram.rules import refuse
from tests.fakes.telegram.world import World

GROUPED_APART = {"document", "audio"}  # go into albums of their own kind only
PHOTO_LIKE = {"photo", "video"}
TOPIC_COLOUR = 0x6FB9F0


@dataclass(frozen=True)
class Place:
    """Where a message goes."""

    chat: Chat
    topic: Topic | None
    reply_to: Message | None


def find_place(world: World, query: Query, what: str) -> Place:
    """Find chat, topic and replied message of a request to send."""
    params = query.params
    chat = rules.find_chat(world, params.get("chat_id"))
    rules.check_writable(world, chat, what)
    topic = rules.find_topic(chat, params.get("message_thread_id"))
    reply_to = _replied(chat, params.get("reply_parameters") or {})
    if topic is None and reply_to:
        topic = reply_to.topic
    rules.check_open(topic, chat)
    return Place(chat, topic, reply_to)


def _replied(chat: Chat, wished: Json) -> Message | None:
    if not wished:
        return None
    found = chat.find(wished.get("message_id", 0))
    if found is None and not wished.get("allow_sending_without_reply"):
        refuse("message to be replied not found")
    return found


def place_message(world: World, place: Place, said: Formatted, query: Query) -> Message:
    """Make a message of the bot, without file, buttons and album, not yet in its chat."""
    place.chat.was_bot_last = True
    place.chat.drafts.clear()
    return Message(
        chat=place.chat,
        id=world.message_id(place.chat),
        sender=world.bot,
        date=world.today,
        entities=said.entities,
        reply_to=place.reply_to,
        topic=place.topic,
        is_silent=bool(query.params.get("disable_notification")),
    )


def send_message(world: World, query: Query) -> Json:
    """Send text."""
    said = rules.text(query.params)
    place = find_place(world, query, "text messages")
    buttons = rules.keyboard(query.params, place.chat)
    sent = place_message(world, place, said, query)
    sent.text, sent.keyboard = said.text, buttons
    return payloads.message(world, world.add(sent))


def send_file(kind: str) -> Callable[[World, Query], Json]:
    """Make the method that sends one file of a kind."""

    def send(world: World, query: Query) -> Json:
        place = find_place(world, query, f"{kind}s")
        said = rules.caption(query.params)
        buttons = rules.keyboard(query.params, place.chat)
        media = read_media(world, query, kind, query.params | {"media": query.params.get(kind)})
        sent = place_message(world, place, said, query)
        sent.caption, sent.media, sent.keyboard = said.text, media, buttons
        return payloads.message(world, world.add(sent))

    return send


def read_media(world: World, query: Query, kind: str, wished: Json) -> Media:
    """Read a file and what is told of it, from parameters or an InputMedia."""
    stored = take_file(world, query, wished.get("media"), kind)
    check_playable(world, query, stored)
    width, height = picture_size(stored.data) or (wished.get("width", 0), wished.get("height", 0))
    return Media(
        kind=kind,
        file=stored,
        title=wished.get("title", ""),
        performer=wished.get("performer", ""),
        duration=wished.get("duration", 0),
        width=width,
        height=height,
        thumbnail=take_thumbnail(world, query, wished.get("thumbnail")),
    )


def send_media_group(world: World, query: Query) -> list[Json]:
    """Send two to ten files that are shown together."""
    wished = query.params.get("media") or []
    if not 2 <= len(wished) <= 10:
        refuse("media group must contain from 2 to 10 items")
    kinds = {each.get("type") for each in wished}
    for kind in sorted(GROUPED_APART & kinds):
        if len(kinds) > 1:
            refuse(f"{kind} can't be mixed with other media types")
    if not kinds <= GROUPED_APART | PHOTO_LIKE:
        refuse("can't use the media of the specified type in the album")
    place = find_place(world, query, "media")
    for kind in sorted(kinds):
        rules.check_writable(world, place.chat, f"{kind}s")
    album = str(world.number())
    read = [(rules.caption(each), read_media(world, query, each["type"], each)) for each in wished]
    sent = []
    for said, media in read:
        message = place_message(world, place, said, query)
        message.caption, message.media, message.album = said.text, media, album
        sent.append(world.add(message))
    return [payloads.message(world, each) for each in sent]


def send_chat_action(world: World, query: Query) -> bool:
    """Show that the bot is at work."""
    action = str(query.params.get("action")).lower()
    if action not in rules.ACTIONS:
        refuse("wrong parameter action in request")
    chat = rules.find_chat(world, query.params.get("chat_id"))
    rules.check_writable(world, chat, "chat actions")
    rules.find_topic(chat, query.params.get("message_thread_id"))
    chat.actions.append(action)
    world.record.note("action", action)
    return True


def send_message_draft(world: World, query: Query) -> bool:
    """Show words that are not a message yet; private chats only."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    if not chat.is_private:
        refuse("method is available for private chats only")
    rules.check_writable(world, chat, "text messages")
    draft_id = query.params.get("draft_id")
    if not isinstance(draft_id, int) or not draft_id:
        refuse("RANDOM_ID_INVALID")
    said = rules.formatted(query.params, "text", "entities")
    if units(said.text) > rules.TEXT_UNITS:
        refuse("message is too long")
    chat.drafts[draft_id] = said.text
    world.record.note("draft", chat.drafts[draft_id])
    return True


def create_forum_topic(world: World, query: Query) -> Json:
    """Open a topic in a forum."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    if not chat.is_forum:
        refuse("the chat is not a forum")
    if chat.bot_status != "administrator":
        refuse("not enough rights to create a topic")
    opening = open_topic(world, chat, world.bot, str(query.params.get("name")))
    world.updates.push("message", payloads.message(world, opening))
    return {"message_thread_id": opening.id, **opening.service["forum_topic_created"]}


def open_topic(world: World, chat: Chat, by: User, name: str) -> Message:
    """Open a topic and tell the service message that does so."""
    message_id = world.message_id(chat)
    topic = chat.topics[message_id] = Topic(chat, message_id, name)
    created = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOUR}}
    return world.add(Message(chat, message_id, by, world.today, topic=topic, service=created))
