"""README.md and the command line tell the same story.

Each command has a section whose heading names it, such as ``### audiogroove train``.
"""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from audiogroove.commands.parser import build_parser
from bots.commands import COMMAND_TABLE, Command
from bots.settings import SETTINGS, Setting

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PARSER = build_parser()


def commands(parser: argparse.ArgumentParser = PARSER) -> dict[str, argparse.ArgumentParser]:
    """List the subcommands and the parser of each."""
    branches = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return {name: parser for branch in branches for name, parser in branch.choices.items()}


def measures() -> dict[str, argparse.ArgumentParser]:
    """List what can be evaluated."""
    return commands(commands()["evaluate"])


def options(parser: argparse.ArgumentParser) -> set[str]:
    """List the long options, without ``--help``, those of its own subcommands among them."""
    own = {name for name in parser._option_string_actions if name.startswith("--")} - {"--help"}
    return own.union(*map(options, commands(parser).values()))


def section(command: str) -> str:
    """Return what README says under the heading of a command, or nothing."""
    found = re.search(
        rf"^#+ .*\baudiogroove {command}\b.*\n((?:(?!#+ ).*\n)*)", README, re.MULTILINE
    )
    return found[1] if found else ""


def command_lines() -> list[str]:
    """List the command lines that README shows in its code blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith("audiogroove ")]


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_shown_is_understood(line: str) -> None:
    """What a reader copies from README works as it stands."""
    PARSER.parse_args(shlex.split(line, comments=True)[1:])


@pytest.mark.parametrize("command", commands())
def test_every_command_is_shown_at_work(command: str) -> None:
    """A command that no example shows will not be found."""
    assert any(line.startswith(f"audiogroove {command}") for line in command_lines())


@pytest.mark.parametrize("measure", measures())
def test_every_measure_is_shown_at_work(measure: str) -> None:
    """Beside each other: whoever trains a model looks for the right one."""
    assert any(line.startswith(f"audiogroove evaluate {measure} ") for line in command_lines())


@pytest.mark.parametrize("command", commands())
def test_options_and_their_descriptions_are_the_same_set(command: str) -> None:
    """Nothing is hidden and nothing promised."""
    described = set(re.findall(r"^\| `(--[a-z0-9-]+)", section(command), re.MULTILINE))
    assert options(commands()[command]) == described


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_described_as_it_is(setting: Setting) -> None:
    """Its name, what it is when nobody sets it, and what it is for."""
    assert f"| `{setting.name}` | {setting.default} | {setting.about}. |" in README


def test_no_setting_is_described_that_is_none() -> None:
    """A host would set it in vain."""
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert {setting.name for setting in SETTINGS} == named


@pytest.mark.parametrize("command", COMMAND_TABLE, ids=lambda command: str(command.verb))
def test_every_command_of_the_chats_is_told(command: Command) -> None:
    """As it is typed there."""
    assert f"| `/{command.verb}` |" in README
