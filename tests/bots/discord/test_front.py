"""Coming to Discord, staying there, and leaving."""

import asyncio
import json

import pytest

from bots.chat import Refused
from bots.discord.place import Grants, Pass, Place, read, write
from tests.bots.discord.stage import STATUS, Stage
from tests.fakes.discord import Callback


async def test_wrong_token_is_refused_for_good(quiet: Stage) -> None:
    """Trying again would be of no use."""
    with pytest.raises(Refused):
        await quiet.front(token="of another bot").run()  # noqa: S106  (no secret)


async def test_token_that_the_gateway_refuses(quiet: Stage) -> None:
    """As when it was changed between login and connection."""
    running = asyncio.create_task(quiet.front().run())
    await quiet.fake.bot_ready()
    quiet.fake.gateway.drop(4004)
    with pytest.raises(Refused):
        await running


async def test_unreachable_discord_breaks_the_run(quiet: Stage) -> None:
    """Whoever supervises it starts it again."""
    front = quiet.front()
    await quiet.fake.stop()
    with pytest.raises(OSError, match="Cannot connect"):
        await front.run()


async def test_leaving_is_clean(quiet: Stage) -> None:
    """Cancelled, it hangs up; and it can come again."""
    for _ in range(2):
        async with quiet.on_air():
            assert quiet.doors.is_open("discord")
        await quiet.fake.wait_for(lambda: not quiet.fake.gateway.is_connected)
        assert not quiet.doors.is_open("discord")


async def test_leaving_breaks_off_what_is_heard(quiet: Stage) -> None:
    """Nothing of a run outlives it."""
    never = asyncio.Event()
    ended = asyncio.Event()

    async def dawdle(_ask: object, _line: object) -> None:
        try:
            await never.wait()
        finally:
            ended.set()

    quiet.ear.answer = dawdle
    async with quiet.on_air():
        await quiet.asked()
    assert ended.is_set()


async def test_command_during_a_broken_connection(stage: Stage) -> None:
    """It is told when the connection is back, and answered as usual."""
    stage.fake.gateway.drop(4000)
    asked = await stage.fake.slash(stage.ann, stage.channel, "compose")
    _, line = await stage.ear.next()
    await line.open(STATUS)
    assert asked.callback is Callback.MESSAGE
    assert stage.fake.gateway.resumed == 1


async def test_command_that_was_told_too_late(stage: Stage) -> None:
    """The answer goes to the channel."""
    stage.fake.gateway.drop(4000)
    asked = await stage.fake.slash(stage.ann, stage.channel, "compose")
    stage.fake.clock.advance(5)
    _, line = await stage.ear.next()
    await line.open(STATUS)
    assert asked.callback is None
    assert stage.channel.messages[-1].content == STATUS.text


def test_place_survives_as_json() -> None:
    """What is written is read again."""
    passed = Pass(1, "token", 1_700_000_000.5, is_press=True)
    whole = Place(
        born=2,
        channel=3,
        person=4,
        guild=5,
        message=6,
        is_original=True,
        is_foreign=True,
        passed=passed,
        grants=Grants(25_000_000, embeds=False),
    )
    for place in (whole, Place(born=2, channel=3, person=4, is_reply=True)):
        assert read(json.loads(json.dumps(write(place)))) == place
