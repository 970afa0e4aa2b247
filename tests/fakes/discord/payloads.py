"""The world as Discord's JSON."""

from datetime import UTC, datetime
from typing import Any

from tests.fakes.discord.record import Json
from tests.fakes.discord.world import (
    Channel,
    ChannelKind,
    Guild,
    Member,
    Permission,
    User,
    World,
)

NOTHING = (  # what a guild of this fake has none of
    "presences",
    "voice_states",
    "stage_instances",
    "guild_scheduled_events",
    "soundboard_sounds",
    "emojis",
    "stickers",
    "features",
)
COUNTS = (
    "approximate_guild_count",
    "approximate_user_install_count",
    "approximate_user_authorization_count",
)


def moment(seconds: float) -> str:
    """Write a time of day as Discord does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def user(who: User) -> Json:
    """Describe somebody."""
    payload = {
        "id": str(who.id),
        "username": who.name,
        "discriminator": "0",
        "global_name": None if who.is_bot else who.name.title(),
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    return payload | ({"bot": True} if who.is_bot else {})


def member(who: Member, permissions: Permission | None = None) -> Json:
    """Describe somebody in a guild; with `permissions` as in an interaction."""
    payload: Json = {
        "user": user(who.user),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(who.role_id)],
        "joined_at": moment(who.joined_s),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    return payload if permissions is None else payload | {"permissions": str(int(permissions))}


def role(role_id: int, name: str, permissions: Permission, position: int) -> Json:
    """Describe a role."""
    return {
        "id": str(role_id),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(int(permissions)),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(place: Channel, world: World) -> Json:
    """Describe a channel, thread or direct conversation."""
    last = place.all_messages[-1].id if place.all_messages else None
    payload: Json = {
        "id": str(place.id),
        "type": int(place.kind),
        "last_message_id": str(last) if last else None,
        "flags": 0,
    }
    if place.kind is ChannelKind.DIRECT:
        assert place.recipient is not None
        return payload | {"recipients": [user(place.recipient)]}
    assert place.guild is not None
    payload |= {
        "guild_id": str(place.guild.id),
        "name": place.name,
        "parent_id": str(place.parent.id) if place.parent else None,
        "rate_limit_per_user": 0,
    }
    if place.kind is ChannelKind.THREAD:
        return payload | thread(place, world)
    if place.kind is ChannelKind.VOICE:
        payload |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    return payload | {
        "topic": None,
        "nsfw": False,
        "position": place.guild.channels.index(place),
        "permission_overwrites": overwrites(place, world),
    }


def thread(place: Channel, world: World) -> Json:
    """Describe what only a thread has."""
    began = moment(world.clock.wall_s())
    return {
        "owner_id": str(world.bot.id),
        "message_count": len(place.all_messages),
        "member_count": 1,
        "total_message_sent": len(place.all_messages),
        "thread_metadata": {
            "archived": world.is_archived(place),
            "auto_archive_duration": place.quiet_min,
            "archive_timestamp": began,
            "locked": place.is_locked,
            "create_timestamp": began,
        },
        "member": {
            "id": str(place.id),
            "user_id": str(world.bot.id),
            "join_timestamp": began,
            "flags": 0,
        },
    }


def overwrites(place: Channel, world: World) -> list[Json]:
    """Tell by which bits the bot's permissions here differ from the guild's."""
    assert place.guild is not None
    me = place.guild.members.get(world.bot.id)
    if me is None or place.bot_permissions is None:
        return []
    allow = place.bot_permissions & ~me.permissions
    deny = me.permissions & ~place.bot_permissions
    return [{"id": str(me.role_id), "type": 0, "allow": str(int(allow)), "deny": str(int(deny))}]


def guild(place: Guild, world: World) -> Json:
    """Describe a guild as GUILD_CREATE does."""
    roles = [role(place.id, "@everyone", Permission(0), 0)]
    roles += [
        role(each.role_id, each.user.name, each.permissions, number)
        for number, each in enumerate(place.members.values(), start=1)
    ]
    spaces = [each for each in place.channels if not each.is_deleted]
    return {
        "id": str(place.id),
        "name": place.name,
        "icon": None,
        "owner_id": str(place.owner.id),
        "joined_at": moment(world.clock.wall_s()),
        "member_count": len(place.members),
        "large": False,
        "unavailable": False,
        "preferred_locale": "en-US",
        "premium_tier": 0,
        "system_channel_flags": 0,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "roles": roles,
        "members": [member(each) for each in place.members.values()],
        "channels": [channel(each, world) for each in spaces if each.parent is None],
        "threads": [channel(each, world) for each in spaces if each.parent is not None],
        **{key: [] for key in NOTHING},
    }


def application(world: World, flags: int) -> Json:
    """Describe the bot's application."""
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(world.bot),
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "owner": user(User(id=world.application_id + 1, name="host")),
        "team": None,
        "tags": [],
        "rpc_origins": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}, "1": {}},
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        **dict.fromkeys(COUNTS, 1),
    }


def error(text: str, code: int, errors: dict[str, Any] | None = None) -> Json:
    """Describe why a request was refused."""
    payload: Json = {"message": text, "code": code}
    return payload | ({"errors": errors} if errors else {})
