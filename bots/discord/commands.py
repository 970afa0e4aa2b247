"""The commands as Discord shows them, made from the tables of all chats."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

import discord
from discord import app_commands

from bots.chat import Verb
from bots.commands import COMMAND_TABLE, JAM_TABLE, Command
from bots.discord.options import Filled, options_of, options_of_action, signature_of

MENU_NAME = "Continue this MIDI"
OF_THE_CHAT = frozenset({Verb.SETTINGS})  # of no use where only one person has installed us

Interaction = discord.Interaction[Any]

_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ANYBODY = app_commands.AppInstallationType(guild=True, user=True)
_OURS = app_commands.AppCommandContext(guild=True, dm_channel=True)
_AMONG_OTHERS = app_commands.AppCommandContext(guild=True)
_SERVERS = app_commands.AppInstallationType(guild=True)


class Heard(Protocol):
    """Whoever is told of commands."""

    async def __call__(
        self,
        interaction: Interaction,
        verb: Verb,
        options: Mapping[str, object],
        *,
        argument: str = "",
    ) -> None:
        """Be told of one: of a jam's with what to do as `argument`."""


class Pointed(Protocol):
    """Whoever is told of messages that somebody pointed at."""

    async def __call__(self, interaction: Interaction, message: discord.Message) -> None:
        """Be told of one."""


def add_commands(tree: app_commands.CommandTree[Any], heard: Heard, pointed: Pointed) -> None:
    """Put all commands on a tree: `heard` is told of commands, `pointed` of messages."""
    for command in COMMAND_TABLE:
        made = _jam(command, heard) if command.verb is Verb.JAM else _flat(command, heard)
        tree.add_command(made)

    async def continue_this(interaction: Interaction, message: discord.Message) -> None:
        await pointed(interaction, message)

    tree.add_command(
        app_commands.ContextMenu(
            name=MENU_NAME,
            callback=continue_this,
            allowed_contexts=_EVERYWHERE,
            allowed_installs=_ANYBODY,
        )
    )


def _flat(command: Command, heard: Heard) -> app_commands.Command[Any, ..., None]:
    options = options_of(command)
    is_personal = command.verb not in OF_THE_CHAT
    return app_commands.Command(
        name=str(command.verb),
        description=command.about,
        callback=_callback(options, heard, command.verb),
        allowed_contexts=_EVERYWHERE if is_personal else _OURS,
        allowed_installs=_ANYBODY if is_personal else _SERVERS,
    )


def _jam(command: Command, heard: Heard) -> app_commands.Group:
    """Make the command with all that can be done about a jam: it takes a group, in a server."""
    group = app_commands.Group(
        name=str(command.verb),
        description=command.about,
        allowed_contexts=_AMONG_OTHERS,
        allowed_installs=_SERVERS,
    )
    for action in JAM_TABLE:
        callback = _callback(options_of_action(action), heard, command.verb, action.name)
        group.add_command(
            app_commands.Command(name=action.name, description=action.about, callback=callback)
        )
    return group


def _callback(
    options: Mapping[str, Filled], heard: Heard, verb: Verb, argument: str = ""
) -> Callable[..., Coroutine[Any, Any, None]]:
    async def callback(interaction: Interaction, **filled: object) -> None:
        given = {name: value for name, value in filled.items() if value is not None}
        await heard(interaction, verb, given, argument=argument)

    # The library reads the options off the signature; this one is made of the table.
    callback.__signature__ = signature_of(options)  # type: ignore[attr-defined]
    about = {name: option.about for name, option in options.items()}
    return app_commands.describe(**about)(callback)
