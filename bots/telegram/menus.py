"""The commands as Telegram suggests them while people type, told again only when they changed."""

import hashlib
import json

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from audiogroove.errors import StoreFailed
from bots.chat import Notes, Verb
from bots.commands import COMMAND_TABLE

IN_GROUPS = {
    *(Verb.COMPOSE, Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY),
    *(Verb.JAM, Verb.QUEUE, Verb.CANCEL, Verb.SETTINGS, Verb.HELP),
}
_LOG = structlog.get_logger()


def menus() -> tuple[tuple[BotCommandScope, tuple[BotCommand, ...]], ...]:
    """Tell which commands are suggested where; all others can be typed there just as well."""
    every = {command.verb: BotCommand(command.verb, command.about) for command in COMMAND_TABLE}
    in_groups = tuple(shown for verb, shown in every.items() if verb in IN_GROUPS)
    return (
        (BotCommandScopeAllPrivateChats(), tuple(every.values())),
        (BotCommandScopeAllGroupChats(), in_groups),
    )


async def tell_menus(bot: Bot, notes: Notes) -> None:
    """Let Telegram know the commands, unless it does; when it will not hear, try next time."""
    wanted = menus()
    spelled = [[scope.type, [each.to_dict() for each in shown]] for scope, shown in wanted]
    digest = hashlib.sha256(json.dumps(spelled).encode()).hexdigest()
    name = f"telegram.menus.{bot.base_url.removesuffix(bot.token)}{bot.id}"
    try:
        if await notes.note(name) == digest:
            return
        for scope, shown in wanted:
            await bot.set_my_commands(shown, scope=scope)
        await notes.set_note(name, digest)
    except (TelegramError, StoreFailed) as fault:
        _LOG.warning("the commands are not suggested", fault=str(fault))
