"""The fake refuses what Discord refuses: plain requests, no bot."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.discord import Impossible
from tests.fakes.discord.record import Json
from tests.fakes.discord_wire import Wire, button, text_row, wired


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a Discord, and a wire to it.

    Yields:
        The wire.
    """
    async with wired() as made:
        yield made


def option(number: int, **more: Any) -> Json:
    """Make an option."""
    return {"name": f"option{number}", "type": 3, "description": "One."} | more


def command(**more: Any) -> Json:
    """Make a command."""
    return {"name": "styles", "description": "List styles.", "type": 1} | more


CHOICES = [{"name": str(number), "value": str(number)} for number in range(26)]
WRONG_COMMANDS = {
    "name too long": [command(name="x" * 33)],
    "upper case": [command(name="Styles")],
    "blank in name": [command(name="list styles")],
    "description too long": [command(description="x" * 101)],
    "no description": [{"name": "styles", "type": 1}],
    "26 choices": [command(options=[option(1, choices=CHOICES)])],
    "26 options": [command(options=[option(number) for number in range(26)])],
    "no such type of option": [command(options=[option(1, type=99)])],
    "required after optional": [command(options=[option(1), option(2, required=True)])],
    "option twice": [command(options=[option(1), option(1)])],
    "no such context": [command(contexts=[9])],
    "no such locale": [command(name_localizations={"tlh": "styles"})],
    "unknown field": [command(colour="red")],
    "menu with description": [command(type=3)],
    "16 entries in a menu": [{"name": str(number), "type": 3} for number in range(16)],
    "subcommand beside option": [command(options=[option(1, type=1), option(2)])],
    "choices and suggestions": [
        command(options=[option(1, choices=CHOICES[:1], autocomplete=True)])
    ],
    "name twice": [command(), command()],
    "101 commands": [command(name=f"c{number}") for number in range(101)],
    "9000 characters": [
        command(
            options=[
                option(
                    number, choices=[{"name": "x" * 90, "value": str(each)} for each in range(9)]
                )
                for number in range(11)
            ]
        )
    ],
}
LINK = "https://example.org"
SELECT: Json = {"type": 3, "options": [{"label": "x", "value": "x"}]}
NAMED = SELECT | {"custom_id": "style"}
FIELDS = [{"name": "x" * 200, "value": "x" * 1000}] * 3
WRONG_MESSAGES: dict[str, Json] = {
    "2001 characters": {"content": "x" * 2001},
    "6 buttons in a row": {"components": [text_row(*"abcdef")]},
    "6 rows": {"components": [text_row(each) for each in "abcdef"]},
    "empty row": {"components": [text_row()]},
    "custom_id twice": {"components": [text_row("a"), text_row("a")]},
    "custom_id of 101": {"components": [text_row("a" * 101)]},
    "label of 81": {"components": [{"type": 1, "components": [button("x", label="x" * 81)]}]},
    "no such style": {"components": [{"type": 1, "components": [button("x", style=9)]}]},
    "button without row": {"components": [button("x")]},
    "button without name": {"components": [{"type": 1, "components": [button("x", label="")]}]},
    "link without url": {"components": [{"type": 1, "components": [button("x", style=5)]}]},
    "link that calls": {"components": [{"type": 1, "components": [button("x", url=LINK)]}]},
    "select without name": {"components": [{"type": 1, "components": [SELECT]}]},
    "two selects in a row": {"components": [{"type": 1, "components": [NAMED, NAMED]}]},
    "select beside button": {"components": [{"type": 1, "components": [NAMED, button("x")]}]},
    "id twice": {"components": [{"type": 1, "components": [button(x, id=1) for x in "ab"]}]},
    "11 embeds": {"embeds": [{"title": "x"}] * 11},
    "title of 257": {"embeds": [{"title": "x" * 257}]},
    "6001 characters of embeds": {"embeds": [{"description": "x" * 2001}] * 3},
    "6001 characters in fields": {"embeds": [{"fields": FIELDS}] * 2},
    "11 attachments": {"content": "x", "attachments": [{"id": number} for number in range(11)]},
    "a file that is not there": {"content": "x", "attachments": [{"id": 0, "filename": "a.mid"}]},
    "flags of others": {"content": "x", "flags": 1 << 4},
    "unknown field": {"content": "x", "colour": "red"},
    "V2 with content": {"content": "x", "flags": 1 << 15, "components": [{"type": 10}]},
    "V2 without its flag": {"components": [{"type": 10, "content": "x"}]},
    "V2 with 41 components": {
        "flags": 1 << 15,
        "components": [
            {"type": 17, "components": [{"type": 10, "content": "x"}] * 10} for _ in range(4)
        ],
    },
    "V2 with 4001 characters": {
        "flags": 1 << 15,
        "components": [{"type": 10, "content": "x" * 2001}] * 2,
    },
    "V2 with a file from elsewhere": {
        "flags": 1 << 15,
        "components": [{"type": 13, "file": {"url": "https://example.org/a.mid"}}],
    },
    "V2 with a file that is not there": {
        "flags": 1 << 15,
        "components": [{"type": 13, "file": {"url": "attachment://a.mid"}}],
    },
}


@pytest.mark.parametrize("commands", WRONG_COMMANDS.values(), ids=WRONG_COMMANDS.keys())
async def test_wrong_commands_are_refused(wire: Wire, commands: list[Json]) -> None:
    """Each is 50035, and a violation."""
    assert await wire.sync(*commands) == (400, 50035)
    assert len(wire.fake.violations) == 1


@pytest.mark.parametrize("said", WRONG_MESSAGES.values(), ids=WRONG_MESSAGES.keys())
async def test_wrong_messages_are_refused(wire: Wire, said: Json) -> None:
    """Each is 50035 and a violation, and nobody sees it."""
    path = f"/channels/{wire.channel.id}/messages"
    assert await wire.code("POST", path, said) == (400, 50035)
    assert len(wire.fake.violations) == 1
    assert wire.channel.messages == []


@pytest.mark.parametrize(
    "body",
    [
        {"type": 99},
        {"data": {}},
        {"type": 8, "data": {"choices": []}},
        {"type": 7, "data": {"content": "x"}},
        {"type": 5, "data": {"flags": 1 << 15}},
    ],
    ids=["no such type", "no type", "choices", "update of nothing", "defer with another flag"],
)
async def test_wrong_first_answers_are_refused(wire: Wire, body: Json) -> None:
    """Each is 50035, and the interaction still waits."""
    asked = await wire.ask()
    path = f"/interactions/{asked.id}/{asked.token}/callback"
    assert await wire.code("POST", path, body) == (400, 50035)
    assert asked.callback is None


async def test_what_is_no_json_is_refused(wire: Wire) -> None:
    """50109, and a violation."""
    url = f"{wire.fake.url}/channels/{wire.channel.id}/messages"
    async with wire.session.post(url, data="{", headers={"Content-Type": "text/x"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)
    assert len(wire.fake.violations) == 1


async def test_empty_message_is_refused(wire: Wire) -> None:
    """A message says something."""
    path = f"/channels/{wire.channel.id}/messages"
    assert await wire.code("POST", path, {"content": ""}) == (400, 50006)


async def test_good_message_is_taken(wire: Wire) -> None:
    """What is within all limits passes, and the fake's answer fits Discord's description."""
    rows = [text_row(*(f"{row}{each}" for each in "abcde")) for row in range(5)]
    said = {"content": "x" * 2000, "components": rows, "embeds": [{"title": "x" * 256}]}
    assert await wire.code("POST", f"/channels/{wire.channel.id}/messages", said) == (200, 0)
    assert len(wire.channel.messages[0].buttons) == 25
    wire.fake.check()


async def test_unknown_route_is_a_violation(wire: Wire) -> None:
    """What is not implemented fails the test that needs it."""
    assert await wire.code("GET", "/voice/regions") == (404, 0)
    with pytest.raises(AssertionError, match="unimplemented: GET"):
        wire.fake.check()


async def test_unknown_option_fails_in_the_test(wire: Wire) -> None:
    """People can only fill in what was synced, within its bounds."""
    for options in ({"tempo": 90}, {"bars": 65}, {"bars": "8"}, {"bars": True}, {"seed": "a.mid"}):
        with pytest.raises(Impossible):
            await wire.fake.slash(wire.ann, wire.channel, "compose", options)
    with pytest.raises(Impossible, match="no command"):
        await wire.fake.slash(wire.ann, wire.channel, "decompose")
    with pytest.raises(Impossible, match="needs a subcommand"):
        await wire.fake.slash(wire.ann, wire.channel, "jam")


async def test_subcommand_is_found(wire: Wire) -> None:
    """The path of a subcommand is written with blanks."""
    asked = await wire.fake.slash(wire.ann, wire.channel, "jam start")
    assert asked.data["options"] == [{"name": "start", "type": 1, "options": []}]


async def test_button_that_is_not_there_cannot_be_pressed(wire: Wire) -> None:
    """Nor a disabled one, nor one in another's message."""
    asked = await wire.ask()
    rows = [{"type": 1, "components": [button("a"), button("b", disabled=True)]}]
    await wire.answer(asked, 4, {"content": "x", "components": rows, "flags": 64})
    message = await asked.original()
    for who, what in ((wire.ann, "c"), (wire.ann, "b"), (wire.fake.add_user("ben"), "a")):
        with pytest.raises(Impossible):
            await wire.fake.press(who, message, what)
