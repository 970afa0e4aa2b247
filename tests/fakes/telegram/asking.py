"""The methods that ask, answer a press, or set what the bot tells of itself."""

from tests.fakes.telegram import payloads, rules
from tests.fakes.telegram.chats import Chat, Json, User
from tests.fakes.telegram.entities import units
from tests.fakes.telegram.presses import Answer
from tests.fakes.telegram.query import Query
from tests.fakes.telegram.rules import refuse
from tests.fakes.telegram.world import World

CALLBACK_TEXT_CHARS = 200
COMMANDS = 100
DESCRIPTION_CHARS = 256
PROFILE_CHARS = {"description": 512, "short_description": 120, "name": 64}
SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


def get_me(world: World, _: Query) -> Json:
    """Tell who the bot is."""
    return payloads.me(world)


def get_file(world: World, query: Query) -> Json:
    """Tell where a file can be downloaded."""
    stored = world.files.get(str(query.params.get("file_id")))
    if stored is None:
        refuse("wrong file_id or the file is temporarily unavailable")
    if stored.size_bytes > rules.DOWNLOAD_BYTES:
        refuse("file is too big")
    return payloads.file(stored)


def get_chat(world: World, query: Query) -> Json:
    """Tell all about a chat."""
    return payloads.full_chat(rules.find_chat(world, query.params.get("chat_id")))


def status_of(world: World, chat: Chat, someone: User) -> str:
    """Tell what somebody is in a chat."""
    if someone is world.bot:
        return chat.bot_status
    return "member" if chat.user is someone else chat.members.get(someone, "left")


def get_chat_member(world: World, query: Query) -> Json:
    """Tell what somebody is in a chat."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    someone = world.users.get(query.params.get("user_id", 0))
    if someone is None:
        refuse("PARTICIPANT_ID_INVALID")
    return payloads.member(someone, status_of(world, chat, someone))


def get_chat_administrators(world: World, query: Query) -> list[Json]:
    """Tell who leads a group; bots other than this one are left out."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    if chat.is_private:
        refuse("there are no administrators in the private chat")
    statuses = chat.members | {world.bot: chat.bot_status}
    return [
        payloads.member(someone, status)
        for someone, status in statuses.items()
        if status in {"creator", "administrator"}
    ]


def get_chat_member_count(world: World, query: Query) -> int:
    """Count who is there, the bot too."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    return 2 if chat.is_private else len(chat.members) + 1


def leave_chat(world: World, query: Query) -> bool:
    """Go."""
    chat = rules.find_chat(world, query.params.get("chat_id"))
    if chat.is_private:
        refuse("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    world.record.note("left", chat)
    return True


def answer_callback_query(world: World, query: Query) -> bool:
    """Answer a press, once and in time."""
    press = world.presses.get(str(query.params.get("callback_query_id")))
    is_open = press and not press.given
    if not press or not is_open or world.clock() - press.at_s > rules.CALLBACK_WINDOW_S:
        refuse("query is too old and response timeout expired or query ID is invalid")
    text = query.params.get("text") or ""
    if units(text) > CALLBACK_TEXT_CHARS:
        refuse("MESSAGE_TOO_LONG")
    press.given = Answer(text, bool(query.params.get("show_alert")))
    world.record.note("answered", press)
    return True


def _scope(query: Query) -> tuple[str, str]:
    """Name a scope, such as "chat:-100"; and the language."""
    scope = query.params.get("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        refuse("can't parse BotCommandScope: Unsupported type specified")
    fields = [scope["type"], *(str(scope[key]) for key in ("chat_id", "user_id") if key in scope)]
    return ":".join(fields), query.params.get("language_code") or ""


def set_my_commands(world: World, query: Query) -> bool:
    """Set what the menu of commands shows."""
    commands = query.params.get("commands") or []
    if len(commands) > COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not rules.COMMAND.fullmatch(str(each.get("command"))):
            refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(str(each.get("description", ""))) <= DESCRIPTION_CHARS:
            refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(query)] = commands
    return True


def delete_my_commands(world: World, query: Query) -> bool:
    """Empty the menu of commands."""
    world.commands.pop(_scope(query), None)
    return True


def get_my_commands(world: World, query: Query) -> list[Json]:
    """Tell the menu of commands."""
    return world.commands.get(_scope(query), [])


def set_profile(world: World, query: Query) -> bool:
    """Set a text that people see of the bot: setMyDescription and the like."""
    field, limit = _profile_field(query.method)
    text = query.params.get(field) or ""
    if len(text) > limit:
        refuse(f"BOT_{field.upper()}_TOO_LONG")
    world.profile[field + ":" + (query.params.get("language_code") or "")] = text
    return True


def get_profile(world: World, query: Query) -> Json:
    """Tell a text that people see of the bot."""
    field, _ = _profile_field(query.method)
    return {field: world.profile.get(field + ":" + (query.params.get("language_code") or ""), "")}


def _profile_field(method: str) -> tuple[str, int]:
    field = {"description": "description", "shortdescription": "short_description", "name": "name"}
    name = field[method[len("setMy") :].lower()]
    return name, PROFILE_CHARS[name]


def set_webhook(world: World, query: Query) -> bool:
    """Ask for updates by webhook; this fake never calls one, but refuses to be polled then."""
    if query.params.get("drop_pending_updates"):
        world.updates.drop()
    world.webhook = query.params.get("url") or "" if query.method == "setWebhook" else ""
    return True


def get_webhook_info(world: World, _: Query) -> Json:
    """Tell whether there is a webhook, and how much waits."""
    return {
        "url": world.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }


def do_nothing(_: World, __: Query) -> bool:
    """Say yes: close and logOut."""
    return True
