"""Messages and interactions as Discord's JSON."""

from typing import Any

from tests.fakes.discord.payloads import channel, member, moment, user
from tests.fakes.discord.record import Json
from tests.fakes.discord.rules import FILE, embedded
from tests.fakes.discord.world import (
    Flag,
    Interaction,
    InteractionKind,
    Message,
    Permission,
    SentFile,
    World,
)

GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15
ALL_INTENTS = (1 << 32) - 1
ALWAYS = Permission.ATTACH_FILES | Permission.EMBED_LINKS  # where the bot itself is not


def attachment(sent: SentFile) -> Json:
    """Describe a file of a message or of a command."""
    payload: Json = {
        "id": str(sent.id),
        "filename": sent.name,
        "size": len(sent.data),
        "url": sent.url,
        "proxy_url": sent.url,
        "content_type": sent.content_type,
    }
    if sent.description is not None:
        payload["description"] = sent.description
    return payload | ({"ephemeral": True} if sent.is_ephemeral else {})


def message(said: Message, world: World, *, intents: int = ALL_INTENTS) -> Json:
    """Describe a message as a bot with these intents may see it."""
    shown = sees_content(said, world, intents)
    payload: Json = {
        "id": str(said.id),
        "channel_id": str(said.channel.id),
        "author": user(said.author),
        "content": said.content if shown else "",
        "timestamp": moment(said.created_s),
        "edited_timestamp": moment(said.edited_s) if said.edited_s else None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [user(each) for each in said.mentions],
        "mention_roles": [],
        "attachments": [attachment(each) for each in unframed(said)] if shown else [],
        "embeds": [embed(each, said) for each in said.embeds] if shown else [],
        "components": resolved(said.components, said) if shown else [],
        "pinned": False,
        "type": int(said.kind),
        "flags": said.flags | (Flag.HAS_THREAD if said.thread else 0),
    }
    if said.thread is not None:
        payload["thread"] = channel(said.thread, world)
    if said.nonce is not None:
        payload["nonce"] = said.nonce
    if said.poll is not None and shown:
        payload["poll"] = poll(said.poll, said)
    if said.interaction is not None:
        payload |= answer_marks(said.interaction, world)
    if said.reply_to is not None:
        payload |= reply_marks(said, said.reply_to, world, intents)
    return payload


def unframed(said: Message) -> list[SentFile]:
    """List the files that no embed shows: Discord tells of a file in one place only."""
    framed = {name for each in said.embeds for _, name in embedded(each)}
    return [each for each in said.files if each.name not in framed]


def embed(sent: Json, said: Message) -> Json:
    """Describe an embed, attachment:// as links to the files."""
    links = {part: said.file(name).url for part, name in embedded(sent)}
    return sent | {part: sent[part] | {"url": url, "proxy_url": url} for part, url in links.items()}


# What Discord adds to a component that was sent without it, by type.
COMPONENT_DEFAULTS: dict[int, Json] = {
    3: {"min_values": 1, "max_values": 1},
    13: {"spoiler": False},
    14: {"divider": True, "spacing": 1},
    17: {"accent_color": None, "spoiler": False},
}


def resolved(node: Any, said: Message) -> Any:
    """Copy components as Discord gives them back, attachment:// as links to the files."""
    if isinstance(node, list):
        return [resolved(each, said) for each in node]
    if not isinstance(node, dict):
        return node
    url = node.get("url")
    if isinstance(url, str) and url.startswith("attachment://"):
        sent = said.file(url.removeprefix("attachment://"))
        where = {"url": sent.url, "proxy_url": sent.url}
        return where | {"id": str(sent.id), "attachment_id": str(sent.id)}
    given = {key: resolved(value, said) for key, value in node.items() if value is not None}
    if node.get("type") == FILE:
        sent = said.file(node["file"]["url"].removeprefix("attachment://"))
        given |= {"name": sent.name, "size": len(sent.data)}
    shown = {"description": None, "spoiler": False} if "media" in node else {}
    return shown | COMPONENT_DEFAULTS.get(node.get("type", 0), {}) | given


def poll(asked: Json, said: Message) -> Json:
    """Describe a poll that was asked."""
    answers = [
        {"answer_id": number, "poll_media": each["poll_media"]}
        for number, each in enumerate(asked["answers"], start=1)
    ]
    return {
        "question": asked["question"],
        "answers": answers,
        "expiry": moment(said.created_s + 3600 * (asked.get("duration") or 24)),
        "allow_multiselect": bool(asked.get("allow_multiselect")),
        "layout_type": asked.get("layout_type") or 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }


def sees_content(said: Message, world: World, intents: int) -> bool:
    """Tell whether a bot gets the content: its own, direct, mentioning it, or with the intent."""
    return (
        bool(intents & MESSAGE_CONTENT)
        or said.author is world.bot
        or said.channel.guild is None
        or world.bot in said.mentions
    )


def answer_marks(asked: Interaction, world: World) -> Json:
    """Tell which interaction a message answers."""
    return {
        "application_id": str(world.application_id),
        "webhook_id": str(world.application_id),
        "interaction_metadata": metadata(asked),
    }


def metadata(asked: Interaction) -> Json:
    """Describe an interaction beside its answer; a form's also with what opened the form."""
    described: Json = {
        "id": str(asked.id),
        "type": int(asked.kind),
        "user": user(asked.user),
        "authorizing_integration_owners": install(asked),
    }
    if asked.kind is InteractionKind.COMPONENT and asked.message is not None:
        described["interacted_message_id"] = str(asked.message.id)
    if asked.opener is not None:
        described["triggering_interaction_metadata"] = metadata(asked.opener)
    return described


def reply_marks(said: Message, first: Message, world: World, intents: int) -> Json:
    """Tell which message a message replies to; None where that is deleted."""
    reference = {
        "type": 0,
        "message_id": str(first.id),
        "channel_id": str(first.channel.id),
    }
    if said.channel.guild is not None:
        reference["guild_id"] = str(said.channel.guild.id)
    shown = None
    if not first.is_deleted:
        shown = message(first, world, intents=intents)
        shown.pop("referenced_message", None)
    return {"message_reference": reference, "referenced_message": shown}


def gateway_message(said: Message, world: World, intents: int) -> Json | None:
    """Describe a message as the gateway tells of it, or None where the intents hide it."""
    place = said.channel.guild
    if not intents & (GUILD_MESSAGES if place else DIRECT_MESSAGES):
        return None
    payload = message(said, world, intents=intents)
    if place is not None:
        payload["guild_id"] = str(place.id)
        if said.author.id in place.members:
            payload["member"] = member(place.members[said.author.id])
            del payload["member"]["user"]
    return payload


def install(asked: Interaction) -> Json:
    """Tell by whose installation the bot is there: of a guild ("0") or of a user ("1")."""
    if asked.is_user_install:
        return {"1": str(asked.user.id)}
    return {"0": str(asked.channel.guild.id if asked.channel.guild else 0)}


def interaction(asked: Interaction, world: World, *, upload_limit_bytes: int) -> Json:
    """Describe an interaction as INTERACTION_CREATE does."""
    place = asked.channel.guild
    granted = world.bot_permissions(asked.channel) | (ALWAYS if asked.is_user_install else 0)
    payload: Json = {
        "id": str(asked.id),
        "application_id": str(world.application_id),
        "type": int(asked.kind),
        "token": asked.token,
        "version": 1,
        "channel_id": str(asked.channel.id),
        "channel": channel(asked.channel, world),
        "locale": asked.user.locale,
        "app_permissions": str(int(granted)),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": install(asked),
        "context": 0 if place else 1,
        "attachment_size_limit": upload_limit_bytes,
        "data": asked.data,
    }
    if asked.message is not None:
        payload["message"] = message(asked.message, world)
    if place is None:
        return payload | {"user": user(asked.user)}
    inside = place.members[asked.user.id]
    return payload | {
        "guild_id": str(place.id),
        "guild": {"id": str(place.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "member": member(inside, inside.permissions),
    }
