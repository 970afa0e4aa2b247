"""Which messages of a group a bot gets to see (core.telegram.org/bots/features#privacy-mode).

Commands for it, replies to its messages and service messages; not mentions, not files. Whether
a command in a caption counts is not documented: here it does not, the harder case.
"""

from tests.fakes.telegram.chats import Message
from tests.fakes.telegram.world import World


def is_heard(world: World, message: Message) -> bool:
    """Tell whether the bot is told of a message."""
    chat = message.chat
    if chat.bot_status in {"left", "kicked"}:
        return False
    if chat.is_private or world.reads_all or chat.bot_status == "administrator" or message.service:
        return True
    is_reply = message.reply_to is not None and message.reply_to.sender is world.bot
    return is_reply or _is_command_for_it(world, message)


def _is_command_for_it(world: World, message: Message) -> bool:
    first = message.entities[0] if message.entities and message.text else {}
    if first.get("type") != "bot_command" or first["offset"]:
        return False
    command = message.text[: first["length"]]
    _, at, whose = command.partition("@")
    if at:
        return whose.lower() == world.bot.username.lower()
    return message.chat.was_bot_last or not message.chat.has_other_bots
