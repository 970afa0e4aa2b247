"""The commands that a bot registered: what Discord demands of them, and how people use them."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.record import Json
from tests.fakes.discord.rules import Faults
from tests.fakes.discord.spec import spec
from tests.fakes.discord.world import Channel, User

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
AT_MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
SUBCOMMAND, GROUP = 1, 2
NAME = re.compile(r"^[-_'\w]{1,32}$")
CHARACTERS = 8000  # of all names, descriptions and values of one command
CREATES_A_DAY = 200


def command_set_faults(commands: list[Json]) -> Faults:
    """Judge all commands of one place together."""
    faults: Faults = []
    for kind, limit in AT_MOST.items():
        names = [each["name"] for each in commands if each.get("type", CHAT_INPUT) == kind]
        if len(names) > limit:
            faults.append(("commands", f"more than {limit} commands of type {kind}"))
        if len(names) != len(set(names)):
            faults.append(("commands", f"a name twice among {sorted(names)}"))
    for number, command in enumerate(commands):
        faults += [(f"{number}.{where}", what) for where, what in command_faults(command)]
    return faults


def command_faults(command: Json) -> Faults:
    """Judge one command."""
    faults = locale_faults(command)
    if command.get("type", CHAT_INPUT) != CHAT_INPUT:
        if command.get("description") or command.get("options"):
            faults.append(("description", "a context menu has neither description nor options"))
        return faults
    faults += name_faults(command) + option_faults(command)
    if not command.get("description"):
        faults.append(("description", "This field is required"))
    if character_count(command) > CHARACTERS:
        faults.append(("name", f"more than {CHARACTERS} characters in all"))
    return faults


def name_faults(named: Json) -> Faults:
    """Judge the name of a chat command or option: lower case, no blank."""
    name = named["name"]
    if NAME.match(name) and name == name.lower():
        return []
    return [("name", f"Command name is invalid: {name!r}")]


def locale_faults(named: Json) -> Faults:
    """Judge translations."""
    used = {**(named.get("name_localizations") or {})}
    used |= named.get("description_localizations") or {}
    return [
        ("name_localizations", f"unknown locale {each!r}")
        for each in sorted(set(used) - spec().locales)
    ]


def option_faults(command: Json) -> Faults:
    """Judge options: names, order, and all of it within subcommands."""
    options = command.get("options") or []
    faults: Faults = []
    if len({each["name"] for each in options}) != len(options):
        faults.append(("options", "a name twice"))
    required = [bool(each.get("required")) for each in options]
    if required != sorted(required, reverse=True):
        faults.append(("options", "Required options must be placed before non-required options"))
    nested = [each["type"] in {SUBCOMMAND, GROUP} for each in options]
    if any(nested) and not all(nested):
        faults.append(("options", "subcommands and options side by side"))
    for number, option in enumerate(options):
        inner = name_faults(option) + locale_faults(option) + option_faults(option)
        if option.get("choices") and option.get("autocomplete"):
            inner.append(("autocomplete", "choices and autocomplete exclude each other"))
        faults += [(f"options.{number}.{where}", what) for where, what in inner]
    return faults


def character_count(named: Json) -> int:
    """Count the characters of names, descriptions and choices."""
    own = len(named["name"]) + len(named.get("description") or "")
    own += sum(len(each["name"]) + len(str(each["value"])) for each in named.get("choices") or [])
    return own + sum(character_count(each) for each in named.get("options") or [])


def choice_faults(choices: list[Json]) -> Faults:
    """Judge the suggestions of an autocomplete."""
    faults: Faults = []
    if len(choices) > 25:
        faults.append(("data.choices", "Must be 25 or fewer in length."))
    for number, each in enumerate(choices):
        if not 1 <= len(str(each["name"])) <= 100 or len(str(each["value"])) > 100:
            faults.append((f"data.choices.{number}", "Must be between 1 and 100 in length."))
    return faults


@dataclass(slots=True)
class CommandBook:
    """The registered commands, for everywhere (guild None) and for single guilds."""

    by_guild: dict[int | None, list[Json]] = field(default_factory=dict)
    created: dict[int | None, int] = field(default_factory=dict)

    def replace(self, guild_id: int | None, commands: list[Json], new_id: str) -> list[Json] | None:
        """Put these commands in place of all others there; None beyond the creates of a day.

        Ids derive from `new_id`; a command that was there keeps its own.
        """
        old = {(each["type"], each["name"]): each for each in self.by_guild.get(guild_id, [])}
        stored = []
        for number, command in enumerate(commands):
            kind = command.get("type", CHAT_INPUT)
            before = old.get((kind, command["name"]))
            own_id = before["id"] if before else str(int(new_id) + number)
            stored.append(stored_command(command, own_id, new_id, guild_id))
        fresh = sum((each["type"], each["name"]) not in old for each in stored)
        self.created[guild_id] = self.created.get(guild_id, 0) + fresh
        if self.created[guild_id] > CREATES_A_DAY:
            return None
        self.by_guild[guild_id] = stored
        return stored

    def find(self, guild_id: int | None, name: str, kind: int) -> Json | None:
        """Find what people call by this name there."""
        for place in {guild_id, None} if guild_id is None else (guild_id, None):
            for each in self.by_guild.get(place, []):
                if (each["name"], each["type"]) == (name, kind):
                    return each
        return None


def stored_command(sent: Json, own_id: str, version: str, guild_id: int | None) -> Json:
    """Tell a command as Discord gives it back."""
    kept = {key: value for key, value in sent.items() if value is not None}
    permissions = sent.get("default_member_permissions")
    stored: Json = {
        "dm_permission": True,
        "contexts": None,
        "integration_types": [0],
        "nsfw": False,
        "description": "",
        "type": CHAT_INPUT,
        **kept,
        "id": own_id,
        "version": version,
        "default_member_permissions": None if permissions is None else str(permissions),
    }
    return stored | ({"guild_id": str(guild_id)} if guild_id is not None else {})


class Impossible(Exception):
    """Discord's app would not let a person do this: the test, or what the bot shows, is wrong."""


# what a person fills in, by type of option
OPTION_TYPES: dict[int, tuple[type, ...]] = {
    3: (str,),
    4: (int,),
    5: (bool,),
    6: (User,),
    7: (Channel,),
    10: (int, float),
    11: (tuple,),  # a file: name and bytes
}


def resolve_path(command: Json, steps: list[str]) -> tuple[list[Json], list[int]]:
    """Follow "group sub" down: the options that can be filled in there, and the kinds passed.

    Raises:
        Impossible: where the command has no such subcommand, or needs one.
    """
    options: list[Json] = command.get("options") or []
    kinds = []
    for step in steps:
        found = next((each for each in options if each["name"] == step), None)
        if found is None or found["type"] not in {SUBCOMMAND, GROUP}:
            why = f"/{command['name']} has no subcommand {step!r}"
            raise Impossible(why)
        kinds.append(found["type"])
        options = found.get("options") or []
    if any(each["type"] in {SUBCOMMAND, GROUP} for each in options):
        why = f"/{command['name']} needs a subcommand"
        raise Impossible(why)
    return options, kinds


def check_value(option: Json, value: Any) -> None:
    """Check what a person fills in for an option as the app does.

    Raises:
        Impossible: where it would not take it.
    """
    fits = isinstance(value, OPTION_TYPES[option["type"]])
    if not fits or (type(value) is bool) != (option["type"] == 5):
        raise Impossible(f"{option['name']} cannot be {value!r}")
    if option.get("choices") and value not in [each["value"] for each in option["choices"]]:
        raise Impossible(f"{option['name']}: {value!r} is not among the choices")
    size = len(value) if option["type"] == 3 else value
    if option["type"] in {3, 4, 10} and not in_range(option, size):
        raise Impossible(f"{option['name']}: {value!r} is out of range")


def in_range(option: Json, size: float) -> bool:
    """Tell whether a number, or the length of a text, is within an option's bounds."""
    low = option.get("min_value", option.get("min_length"))
    high = option.get("max_value", option.get("max_length"))
    return (low is None or size >= low) and (high is None or size <= high)
