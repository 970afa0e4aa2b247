"""Coming and going: connecting, outages, other pollers, the end; and what is never told."""

import asyncio
import logging

import pytest
from structlog.testing import capture_logs

from bots.chat import Ask, Line, Refused, Reply, Unreachable
from tests.bots.telegram.stage import PATIENCE_S, SONG, Gate, ScriptedEar, Stage, deliver
from tests.fakes.telegram import TelegramFake


async def test_a_wrong_token_is_refused_and_not_told(stage: Stage) -> None:
    """The library would quote it."""
    with pytest.raises(Refused) as refused:
        await stage.front(token="4242:wrong_and_secret").run()  # noqa: S106

    assert "secret" not in str(refused.value)


async def test_without_telegram_there_is_no_front_end(stage: Stage, fake: TelegramFake) -> None:
    """Whoever supervises it will try again."""
    with fake.outage(), pytest.raises(Unreachable):
        await stage.front().run()

    assert not stage.doors.is_open("telegram")


async def test_the_token_is_not_told_where_a_server_quotes_it(
    stage: Stage, fake: TelegramFake
) -> None:
    """Pages that say what was not found say the address, and the token is part of it."""
    ann = fake.user("Ann")
    async with stage.running() as door:
        fake.fail("sendDocument", code=502, description=f"no /bot{fake.token}/sendDocument here")
        with pytest.raises(Unreachable) as unreachable:
            await deliver(door, {"chat": str(ann.id)}, SONG)

    assert "here" in str(unreachable.value)
    assert fake.token.partition(":")[2] not in str(unreachable.value)


# Menus of commands.


async def test_the_commands_are_suggested(stage: Stage, fake: TelegramFake) -> None:
    """All of them in private, in groups those that concern a group."""
    async with stage.running():
        await stage.notebook.written.wait()

    shown = {
        scope: [each["command"] for each in commands]
        for (scope, _), commands in fake.world.commands.items()
    }
    assert {"compose", "styles", "forget"} <= set(shown["all_private_chats"])
    assert {"compose", "queue", "settings"} <= set(shown["all_group_chats"])
    assert "forget" not in shown["all_group_chats"]


async def test_commands_that_have_not_changed_are_not_told_again(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Telegram limits how often that may be done."""
    ann = fake.user("Ann")
    async with stage.running():
        await stage.notebook.written.wait()
    told = len(fake.called("setMyCommands"))
    async with stage.running():
        await fake.say(ann, fake.private(ann), "/help")
        await ear.ask()

    assert len(fake.called("setMyCommands")) == told


async def test_commands_that_telegram_refuses_hinder_nothing(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """They can be typed all the same."""
    ann = fake.user("Ann")
    fake.fail("setMyCommands", code=400, description="Bad Request: no")
    async with stage.running():
        await fake.wait_for(lambda: fake.called("setMyCommands"))
        await fake.say(ann, fake.private(ann), "/compose jazz")

        assert (await ear.ask()).text == "jazz"


# Trouble.


async def test_polling_goes_on_after_an_outage(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """By itself: nothing is restarted."""
    ann = fake.user("Ann")
    async with stage.running():
        with fake.outage():
            await fake.say(ann, fake.private(ann), "/compose jazz")

        assert (await ear.ask()).text == "jazz"


async def test_silence_for_too_long_ends_the_run(stage: Stage, fake: TelegramFake) -> None:
    """The library's loop may hang for good; a new client does not."""
    fake.fail("getUpdates", times=99, gate=asyncio.Event())

    with pytest.raises(Unreachable):
        await stage.front(silence_s=0.1).run()


async def test_a_token_that_is_taken_back_ends_the_run(stage: Stage, fake: TelegramFake) -> None:
    """The library would stop polling without a word."""
    running = asyncio.create_task(stage.front().run())
    await stage.doors.reach("telegram")
    await fake.wait_for(lambda: fake.world.updates.is_polled)
    fake.fail("getUpdates", times=9, code=401, description="Unauthorized")
    ann = fake.user("Ann")
    await fake.say(ann, fake.private(ann), "/help")

    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(Unreachable):
            await running


async def test_another_poller_is_told_of_once(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """And does not end us: it may only be slow to leave."""
    ann = fake.user("Ann")
    with capture_logs() as logs:
        async with stage.running():
            fake.fail("getUpdates", times=2, code=409, description="Conflict: another getUpdates")
            await fake.say(ann, fake.private(ann), "/compose jazz")

            assert (await ear.ask()).text == "jazz"

    assert [log["log_level"] for log in logs if "another program" in log["event"]] == ["error"]


async def test_an_update_that_cannot_be_read_is_passed_over(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The library would ask for it for ever."""
    ann = fake.user("Ann")
    async with stage.running():
        await fake.update("message", {"message_id": "of another kind"})
        fake.violations.clear()
        await fake.say(ann, fake.private(ann), "/compose jazz")

        assert (await ear.ask()).text == "jazz"


async def test_an_ear_that_breaks_breaks_alone(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The next is heard, in the same chat as well."""
    ann = fake.user("Ann")

    async def break_at_jazz(ask: Ask, _line: Line) -> None:
        if ask.text == "jazz":
            raise LookupError

    ear.script = break_at_jazz
    async with stage.running():
        await fake.say(ann, fake.private(ann), "/compose jazz")
        await fake.say(ann, fake.private(ann), "/compose blues")

        assert (await ear.ask()).text == "blues"


# The end.


async def test_what_was_heard_is_not_heard_again_after_a_restart(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """It is confirmed on leaving."""
    ann = fake.user("Ann")
    async with stage.running():
        await fake.say(ann, fake.private(ann), "/compose jazz")
        await ear.ask()
    await fake.say(ann, fake.private(ann), "/compose blues")
    async with stage.running():
        assert (await ear.ask()).text == "blues"


async def test_what_is_being_heard_at_the_end_is_heard_out(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """A command that was taken from Telegram is not dropped on the way to the ear."""
    ann = fake.user("Ann")
    hearing, leaving = asyncio.Event(), asyncio.Event()

    async def take_time(_ask: Ask, line: Line) -> None:
        hearing.set()
        await leaving.wait()
        await line.say(Reply("Heard."))

    ear.script = take_time
    async with stage.running():
        asked = await fake.say(ann, fake.private(ann), "/queue")
        await hearing.wait()
        fake.fail("getUpdates", gate=leaving)  # the last poll, which confirms: we are leaving
        asyncio.get_running_loop().call_soon(leaving.set)

    assert [message.text for message in asked.replies] == ["Heard."]


async def test_an_ear_that_never_ends_does_not_hold_up_the_end(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """It is cancelled in the end."""
    ann = fake.user("Ann")
    ended = asyncio.Event()

    async def never_end(_ask: Ask, _line: Line) -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.set()

    ear.script = never_end
    async with asyncio.timeout(PATIENCE_S), stage.running():
        await (await fake.say(ann, fake.private(ann), "/queue")).heard()

    assert ended.is_set()


async def test_the_end_is_quiet(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing that a host would have to look at is logged when all went well."""
    ann = fake.user("Ann")
    with capture_logs() as logs:
        async with stage.running():
            await fake.say(ann, fake.private(ann), "/help")
            await ear.ask()

    assert [record.message for record in caplog.records if record.levelno > logging.INFO] == []
    assert logs == []


async def test_the_end_comes_while_telegram_is_away(stage: Stage, fake: TelegramFake) -> None:
    """Nobody waits for it to come back."""
    async with asyncio.timeout(PATIENCE_S), stage.running():
        fake.set_down(is_down=True)

    assert not stage.doors.is_open("telegram")


@pytest.mark.parametrize("step", ["getMe", "deleteWebhook", "setMyCommands", "getUpdates"])
async def test_the_end_may_come_at_any_step_of_the_beginning(
    stage: Stage, fake: TelegramFake, step: str
) -> None:
    """All that was taken up is taken down."""
    gate = Gate()
    fake.fail(step, gate=gate)
    running = asyncio.create_task(stage.front().run())
    await gate.reached.wait()

    running.cancel()
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(asyncio.CancelledError):
            await running

    assert not stage.doors.is_open("telegram")
