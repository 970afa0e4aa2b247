"""What can be filled in with a command, as Discord knows it: each arrives as it would be typed."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import discord
from discord import AppCommandOptionType, app_commands
from typing_extensions import override

from audiogroove.wishes import BY_NAME, Wish, suggestions
from audiogroove.wishes.table import NO_GLOSSES, Kind
from bots.chat import Verb
from bots.commands import Action, Command, Option

FILE, RESET = "file", "reset"  # options that are no wishes
ABOUT_FILE = "A MIDI file (.mid) to start from"
ABOUT_TAKE = "A MIDI file (.mid) that is your turn"
ABOUT_RESET = "Forget what was set here"
LARGEST_WHOLE = 2**53  # Discord's numbers are those of JavaScript
SUGGESTED_AS = MappingProxyType({"instrument": "parts"})  # of a jam, by the wish it is like

Interaction = discord.Interaction[Any]
Choice = app_commands.Choice[str | int | float]

_OPTION_TYPES = {
    "number": AppCommandOptionType.number,
    "whole": AppCommandOptionType.integer,
    "flag": AppCommandOptionType.boolean,
}


@dataclass(frozen=True, slots=True)
class Filled:
    """One thing to fill in: how the library reads it, and what it is for."""

    kind: Any  # an annotation that the library knows
    about: str


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
        return _choices(self._wish.choices, self._wish.glosses) or None

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
        name = SUGGESTED_AS.get(self._wish.name, self._wish.name)
        return _choices(suggestions(name, str(value)))


def _choices(texts: Iterable[str], glosses: Mapping[str, str] = NO_GLOSSES) -> list[Choice]:
    shown = ((f"{text} – {glosses[text]}" if text in glosses else text, text) for text in texts)
    return [app_commands.Choice(name=name, value=text) for name, text in shown]


def options_of(command: Command) -> dict[str, Filled]:
    """List what can be filled in with a command, by name."""
    options = {name: _wished(BY_NAME[name]) for name in command.wishes}
    if command.takes_seed:
        options[FILE] = Filled(discord.Attachment, ABOUT_FILE)
    if command.verb is Verb.SETTINGS:
        options[RESET] = Filled(bool, ABOUT_RESET)
    return options


def options_of_action(action: Action) -> dict[str, Filled]:
    """List what can be filled in with a command about a jam, by name."""
    options = {name: _wished(BY_NAME[name]) for name in action.wishes}
    options |= {option.name: _wished(_as_wish(option)) for option in action.options}
    if action.takes_seed:
        options[FILE] = Filled(discord.Attachment, ABOUT_TAKE)
    return options


def signature_of(options: Mapping[str, Filled]) -> inspect.Signature:
    """Make the signature off which the library reads these options: each may be left out."""
    by_name = inspect.Parameter.KEYWORD_ONLY
    return inspect.Signature(
        [
            inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            *(
                inspect.Parameter(name, by_name, default=None, annotation=option.kind)
                for name, option in options.items()
            ),
        ]
    )


def _wished(wish: Wish) -> Filled:
    option = SuggestingOption(wish) if wish.kind == "text" else WishOption(wish)
    return Filled(option, wish.about)


def _as_wish(option: Option) -> Wish:
    """Describe what only a jam asks in the words of the other wishes."""
    low, high = option.whole or (None, None)
    choices = tuple(str(choice) for choice in option.choices)
    kind: Kind = "choice" if choices else "whole" if option.whole else "text"
    return Wish(option.name, option.about, kind, "", low, high, choices)
