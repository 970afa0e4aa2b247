"""What people do reaches the bot as Discord would tell it, and what they cannot do fails."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.discord import MEMBER_PERMISSIONS, Impossible, Permission, Setup
from tests.fakes.discord.record import Json
from tests.fakes.discord_wire import COMPOSE, Wire, button, text_row, wired

INVITE: Json = {
    "name": "invite",
    "description": "Ask somebody in.",
    "options": [
        {"name": "who", "type": 6, "description": "Whom", "required": True},
        {"name": "where", "type": 7, "description": "Where to"},
        {"name": "style", "type": 3, "description": "For what", "autocomplete": True},
    ],
    "contexts": [0],
    "default_member_permissions": int(Permission.MANAGE_MESSAGES),
}
LABEL, TEXT_INPUT, FILE_UPLOAD = 18, 4, 19
FORM: Json = {
    "custom_id": "form",
    "title": "Compose",
    "components": [
        {
            "type": LABEL,
            "id": 1,
            "label": "Style",
            "component": {"type": TEXT_INPUT, "id": 2, "custom_id": "style", "style": 1},
        },
        {
            "type": LABEL,
            "id": 3,
            "label": "Seed",
            "component": {"type": FILE_UPLOAD, "id": 4, "custom_id": "seed", "required": False},
        },
    ],
}


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a Discord, and a wire to it.

    Yields:
        The wire.
    """
    async with wired() as made:
        yield made


async def test_people_and_places_are_resolved(wire: Wire) -> None:
    """An option holds an id; who and what that is stands beside it."""
    await wire.sync(INVITE)
    boss, ben = wire.fake.add_user("boss"), wire.fake.add_user("ben")
    assert wire.channel.guild is not None
    wire.fake.add_member(wire.channel.guild, boss, Permission.ADMINISTRATOR)
    wire.fake.add_member(wire.channel.guild, ben)
    filled = {"who": ben, "where": wire.channel}
    asked = await wire.fake.slash(boss, wire.channel, "invite", filled)
    assert [each["value"] for each in asked.data["options"]] == [str(ben.id), str(wire.channel.id)]
    assert set(asked.data["resolved"]) == {"users", "members", "channels"}


async def test_command_is_offered_where_and_to_whom_it_is_meant(wire: Wire) -> None:
    """Not in a direct conversation, not to somebody without the permission."""
    await wire.sync(INVITE)
    with pytest.raises(Impossible, match="permissions"):
        await wire.fake.slash(wire.ann, wire.channel, "invite", {"who": wire.ann})
    with pytest.raises(Impossible, match="such a place"):
        await wire.fake.slash(wire.ann, wire.fake.direct(wire.ann), "invite", {"who": wire.ann})
    assert wire.channel.guild is not None
    may = MEMBER_PERMISSIONS | Permission.MANAGE_MESSAGES
    wire.fake.add_member(wire.channel.guild, wire.ann, may)
    with pytest.raises(Impossible, match="lacks"):
        await wire.fake.slash(wire.ann, wire.channel, "invite")
    await wire.fake.slash(wire.ann, wire.channel, "invite", {"who": wire.ann})


async def test_only_what_suggests_is_completed(wire: Wire) -> None:
    """What is typed is marked; an option without suggestions takes none."""
    await wire.sync(COMPOSE, INVITE | {"default_member_permissions": None})
    asked = await wire.fake.autocomplete(wire.ann, wire.channel, "invite", ("style", "rag"))
    assert asked.data["options"][0]["focused"]
    choices = [{"name": "x" * 101, "value": "x"}]
    assert await wire.answer(asked, 8, {"choices": choices}) == (400, 50035)
    with pytest.raises(Impossible, match="suggests nothing"):
        await wire.fake.autocomplete(wire.ann, wire.channel, "compose", ("bars", 1))


async def test_menu_of_a_person_and_of_a_message(wire: Wire) -> None:
    """Each menu has its own commands."""
    await wire.sync({"name": "Greet", "type": 2}, {"name": "Continue this MIDI", "type": 3})
    greeted = await wire.fake.context_menu(wire.ann, wire.fake.bot, "Greet")
    assert greeted.data["target_id"] == str(wire.fake.bot.id)
    said = await wire.fake.say(wire.ann, wire.channel, "listen", files=[("a.mid", b"MThd")])
    pointed = await wire.fake.context_menu(wire.ann, said, "Continue this MIDI")
    (shown,) = pointed.data["resolved"]["messages"].values()
    assert [each["filename"] for each in shown["attachments"]] == ["a.mid"]
    await wire.fake.delete(said)
    with pytest.raises(Impossible, match="do not see"):
        await wire.fake.context_menu(wire.ann, said, "Continue this MIDI")


async def test_form_is_filled_in(wire: Wire) -> None:
    """A text and a file; a field that must be filled is."""
    opened = await wire.ask()
    with pytest.raises(Impossible, match="no form"):
        await wire.fake.submit_modal(opened, {})
    await wire.answer(opened, 9, FORM)
    with pytest.raises(Impossible, match="must be filled in"):
        await wire.fake.submit_modal(opened, {})
    with pytest.raises(Impossible, match="the form has no"):
        await wire.fake.submit_modal(opened, {"style": "waltz", "bars": "8"})
    filled: dict[str, Any] = {"style": "waltz", "seed": ("a.mid", b"MThd")}
    sent = await wire.fake.submit_modal(opened, filled)
    (uploaded,) = sent.data["components"][1]["component"]["values"]
    assert sent.data["resolved"]["attachments"][uploaded]["filename"] == "a.mid"
    assert await wire.answer(sent, 4, {"content": "thanks"}) == (204, 0)
    assert await wire.code("GET", wire.hook(sent) + "/messages/@original") == (200, 0)


@pytest.mark.parametrize(
    "components",
    [[], FORM["components"] * 2, FORM["components"] * 3],
    ids=["empty", "a name twice", "six parts"],
)
async def test_wrong_form_is_refused(wire: Wire, components: list[Json]) -> None:
    """A form has one to five parts, each name once."""
    asked = await wire.ask()
    assert await wire.answer(asked, 9, FORM | {"components": components}) == (400, 50035)


async def test_list_can_be_chosen_from(wire: Wire) -> None:
    """From what it offers."""
    options = [{"label": each, "value": each} for each in ("waltz", "tango")]
    select = {"type": 3, "custom_id": "style", "options": options}
    asked = await wire.ask()
    await wire.answer(asked, 4, {"components": [{"type": 1, "components": [select]}]})
    message = await asked.original()
    chosen = await wire.fake.select(wire.ann, message, "style", ["tango"])
    assert chosen.data["values"] == ["tango"]
    for custom_id, values in (("style", ["polka"]), ("key", ["c"])):
        with pytest.raises(Impossible):
            await wire.fake.select(wire.ann, message, custom_id, values)


async def test_places_that_are_closed_cannot_be_entered(wire: Wire) -> None:
    """Neither another's conversation nor a channel that is gone."""
    ben = wire.fake.add_user("ben")
    with pytest.raises(Impossible, match="somebody else's"):
        await wire.fake.say(ben, wire.fake.direct(wire.ann), "hi")
    wire.fake.delete_channel(wire.channel)
    with pytest.raises(Impossible, match="gone"):
        await wire.fake.say(ben, wire.channel, "hi")


async def test_attachment_needs_one_place_to_go(wire: Wire) -> None:
    """A file given without an option's name goes to the only option that takes one."""
    await wire.sync(INVITE | {"default_member_permissions": None})
    with pytest.raises(Impossible, match="kind 11"):
        await wire.fake.slash(wire.ann, wire.channel, "invite", attachment=("a.mid", b""))


async def test_waiting_in_vain_tells_what_happened() -> None:
    """A test that waits for what never comes fails with the last calls."""
    async with wired(Setup()) as wire:
        asked = await wire.ask()
        await wire.answer(asked, 5)
        with pytest.raises(AssertionError, match="204 POST /interactions"):
            await asked.original(within_s=0.01)
        assert wire.fake.record.matching("GET", "/users/@me") == []
        await wire.answer(asked, 5)
        assert [call.status for call in wire.fake.record.refused(40060)] == [400]


async def test_answer_is_delivered_when_it_carries_a_file(wire: Wire) -> None:
    """Words alone are not the piece."""
    asked = await wire.ask()
    await wire.answer(asked, 4, {"content": "composing", "components": [text_row("Cancel")]})
    with pytest.raises(AssertionError, match="nothing of the kind"):
        await asked.delivered(within_s=0.01)
    assert [each.label for each in (await asked.original()).buttons] == ["Cancel"]


async def test_picture_and_words_share_a_section(wire: Wire) -> None:
    """A section of a V2 message holds words and a button beside them, that can be pressed."""
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "A waltz"}],
        "accessory": button("Again"),
    }
    asked = await wire.ask()
    await wire.answer(asked, 4, {"flags": 1 << 15, "components": [section]})
    await wire.fake.press(wire.ann, await asked.original(), "Again")
