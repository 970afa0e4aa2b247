"""The commands as Discord shows them, made from the one table of all chats."""

import inspect
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import discord
from discord import AppCommandOptionType, app_commands
from typing_extensions import override

from audiogroove.wishes import BY_NAME, Wish, suggestions
from bots.chat import Verb
from bots.commands import COMMAND_TABLE, Command

MENU_NAME = "Continue this MIDI"
FILE, RESET = "file", "reset"  # options that are no wishes
ABOUT_FILE = "A MIDI file (.mid) to start from"
ABOUT_RESET = "Forget what was set here"
LARGEST_WHOLE = 2**53  # Discord's numbers are those of JavaScript
OF_THE_CHAT = frozenset({Verb.SETTINGS})  # of no use where only one person has installed us

Interaction = discord.Interaction[Any]
Choice = app_commands.Choice[str | int | float]
Heard = Callable[[Interaction, Verb, dict[str, object]], Coroutine[Any, Any, None]]
Pointed = Callable[[Interaction, discord.Message], Coroutine[Any, Any, None]]

_OPTION_TYPES = {
    "number": AppCommandOptionType.number,
    "whole": AppCommandOptionType.integer,
    "flag": AppCommandOptionType.boolean,
}
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_ANYBODY = app_commands.AppInstallationType(guild=True, user=True)
_OURS = app_commands.AppCommandContext(guild=True, dm_channel=True)
_SERVERS = app_commands.AppInstallationType(guild=True)


class WishOption(app_commands.Transformer):
    """A wish as an option; its value arrives as it would be typed."""

    def __init__(self, wish: Wish) -> None:
        """Make an option of a wish."""
        self._wish = wish

    @property
    @override
    def type(self) -> AppCommandOptionType:
        if self._wish.high is not None and self._wish.high > LARGEST_WHOLE:
            return AppCommandOptionType.string
        return _OPTION_TYPES.get(self._wish.kind, AppCommandOptionType.string)

    @property
    @override
    def min_value(self) -> float | None:
        return self._bound(self._wish.low)

    @property
    @override
    def max_value(self) -> float | None:
        return self._bound(self._wish.high)

    def _bound(self, value: float | None) -> float | None:
        match self.type:
            case AppCommandOptionType.integer if value is not None:
                return int(value)
            case AppCommandOptionType.number:
                return value
            case _:
                return None

    @property
    @override
    def choices(self) -> list[Choice] | None:
        return _choices(self._wish.choices) or None

    @override
    async def transform(self, _interaction: Interaction, value: Any, /) -> str:
        match value:
            case bool():
                return "yes" if value else "no"
            case float():
                return f"{value:.12g}"
            case _:
                return str(value)


class SuggestingOption(WishOption):
    """A wish that is typed freely, with suggestions."""

    @override
    async def autocomplete(self, _interaction: Interaction, value: float | str, /) -> list[Choice]:
        return _choices(suggestions(self._wish.name, str(value)))


def _choices(texts: Iterable[str]) -> list[Choice]:
    return [app_commands.Choice(name=text, value=text) for text in texts]


def add_commands(tree: app_commands.CommandTree[Any], heard: Heard, pointed: Pointed) -> None:
    """Put all commands on a tree: `heard` is told of commands, `pointed` of messages."""
    for command in COMMAND_TABLE:
        tree.add_command(_command(command, heard))

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


def _command(command: Command, heard: Heard) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: Interaction, **options: object) -> None:
        filled = {name: value for name, value in options.items() if value is not None}
        await heard(interaction, command.verb, filled)

    # The library reads the options off the signature; this one is made of the table.
    callback.__signature__ = _signature(command)  # type: ignore[attr-defined]
    is_personal = command.verb not in OF_THE_CHAT
    return app_commands.Command(
        name=str(command.verb),
        description=command.about,
        callback=app_commands.describe(**_descriptions(command))(callback),
        allowed_contexts=_EVERYWHERE if is_personal else _OURS,
        allowed_installs=_ANYBODY if is_personal else _SERVERS,
    )


def _signature(command: Command) -> inspect.Signature:
    options: dict[str, Any] = {name: _option(BY_NAME[name]) for name in command.wishes}
    if command.takes_seed:
        options[FILE] = discord.Attachment
    if command.verb is Verb.SETTINGS:
        options[RESET] = bool
    by_name = inspect.Parameter.KEYWORD_ONLY
    return inspect.Signature(
        [
            inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            *(
                inspect.Parameter(name, by_name, default=None, annotation=kind)
                for name, kind in options.items()
            ),
        ]
    )


def _option(wish: Wish) -> WishOption:
    is_free = wish.kind == "text"
    return SuggestingOption(wish) if is_free else WishOption(wish)


def _descriptions(command: Command) -> dict[str, str]:
    told = {name: BY_NAME[name].about for name in command.wishes}
    if command.takes_seed:
        told[FILE] = ABOUT_FILE
    if command.verb is Verb.SETTINGS:
        told[RESET] = ABOUT_RESET
    return told
