"""What comes after the first words: how it goes, and the piece, whatever happens meanwhile."""

import json
from typing import cast

import pytest

from bots.chat import Address, Undeliverable, Unreachable
from tests.bots.discord.stage import AGAIN, JOB, LATER, MIDI, PIECE, STATUS, Stage
from tests.fakes.discord import BOT_PERMISSIONS, DiscordFake, Permission, Setup

HOOK = r"/webhooks/.*"
MESSAGE = r"/channels/.*/messages/.*"
SEND = r"/channels/[^/]*/messages"
TOKEN_LIFE_S = 15 * 60.0


async def opened(stage: Stage) -> Address:
    """Let ann ask for a piece, and say the first words."""
    _, line = await stage.asked()
    return await line.open(STATUS)


def kept(address: Address) -> Address:
    """Give an address back as the store does after a restart."""
    return cast("Address", json.loads(json.dumps(address)))


async def test_status_changes_in_place(stage: Stage) -> None:
    """One message, nothing new."""
    address = await opened(stage)
    door = await stage.doors.reach("discord")
    await door.show(address, LATER)
    (message,) = stage.channel.messages
    assert message.content == LATER.text
    assert [each.label for each in message.buttons] == ["Cancel"]


async def test_piece_takes_the_place_of_the_status(stage: Stage) -> None:
    """With file and buttons."""
    address = await opened(stage)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    (message,) = stage.channel.messages
    assert message.content == PIECE.text
    assert message.file(".mid").data == MIDI
    assert message.buttons[0].custom_id == AGAIN.encoded


async def test_piece_after_the_token_has_died(stage: Stage) -> None:
    """The bot changes its message as a member of the channel."""
    address = await opened(stage)
    stage.fake.clock.advance(TOKEN_LIFE_S)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    (message,) = stage.channel.messages
    assert message.file(".mid").data == MIDI
    assert not stage.fake.record.refused(50027)


async def test_piece_after_the_token_has_died_before_its_time(stage: Stage) -> None:
    """Discord has the last word on that."""
    asked, line = await stage.asked()
    address = await line.open(STATUS)
    stage.fake.expire(asked)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert stage.fake.record.refused(50027)
    (message,) = stage.channel.messages
    assert message.file(".mid").data == MIDI


async def test_piece_after_a_restart(quiet: Stage) -> None:
    """The address is all that is left, and enough."""
    async with quiet.on_air():
        address = kept(await opened(quiet))
    async with quiet.on_air() as door:
        await door.deliver(address, PIECE, nonce=JOB, placed=quiet.keep)
    (message,) = quiet.channel.messages
    assert message.file(".mid").data == MIDI


async def test_piece_after_a_restart_before_any_word(quiet: Stage) -> None:
    """What is thinking still, stops."""
    async with quiet.on_air():
        asked, line = await quiet.asked()
        await line.hold()
        address = kept(line.address)
    quiet.ear.lines.clear()
    del line
    async with quiet.on_air() as door:
        await door.deliver(address, PIECE, nonce=JOB, placed=quiet.keep)
    assert (await asked.original()).file(".mid").data == MIDI
    assert len(quiet.channel.messages) == 1


async def test_piece_after_a_restart_that_left_the_command_unanswered(quiet: Stage) -> None:
    """It goes to the channel then."""
    async with quiet.on_air():
        asked, line = await quiet.asked()
        address = kept(line.address)
    quiet.ear.lines.clear()
    del line
    async with quiet.on_air() as door:
        await door.deliver(address, PIECE, nonce=JOB, placed=quiet.keep)
    assert asked.response is None
    (message,) = quiet.channel.messages
    assert message.file(".mid").data == MIDI


async def test_piece_whose_status_was_deleted(stage: Stage) -> None:
    """It was asked for, so it comes."""
    address = await opened(stage)
    await stage.fake.delete(stage.channel.messages[0])
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert stage.channel.messages[-1].file(".mid").data == MIDI


async def test_flood_is_waited_out(stage: Stage) -> None:
    """However often Discord says later."""
    address = await opened(stage)
    stage.fake.fail("PATCH", HOOK, times=3, status=429, retry_after_s=0.01)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert stage.channel.messages[0].file(".mid").data == MIDI


@pytest.mark.parametrize("is_applied", [False, True])
async def test_torn_delivery_is_made_again(stage: Stage, is_applied: bool) -> None:  # noqa: FBT001
    """With its files whole, and seen once."""
    address = await opened(stage)
    stage.fake.fail("PATCH", HOOK, is_reset=True, is_applied=is_applied)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    (message,) = stage.channel.messages
    assert [each.data for each in message.files] == [each.data for each in PIECE.files]


async def test_torn_delivery_of_a_new_message_is_seen_once(stage: Stage) -> None:
    """Discord knows it again."""
    address = await opened(stage)
    await stage.fake.delete(stage.channel.messages[0])
    stage.fake.fail("POST", SEND, is_reset=True, is_applied=True)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert len(stage.channel.messages) == 2


async def test_delivery_told_twice_is_seen_once(stage: Stage) -> None:
    """A crash between sending and noting it is no reason for two."""
    address = await opened(stage)
    await stage.fake.delete(stage.channel.messages[0])
    door = await stage.doors.reach("discord")
    for _ in range(2):
        await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert len(stage.channel.messages) == 2


async def test_other_words_for_the_same_job_are_seen(stage: Stage) -> None:
    """To be told of a restart must not stand in the piece's way."""
    address = await opened(stage)
    await stage.fake.delete(stage.channel.messages[0])
    door = await stage.doors.reach("discord")
    await door.deliver(address, LATER, nonce=JOB, placed=stage.keep)
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert [each.content for each in stage.channel.messages[1:]] == [LATER.text, PIECE.text]


async def test_failing_discord_is_unreachable(stage: Stage) -> None:
    """Nothing is lost: whoever delivers tries again later."""
    address = await opened(stage)
    stage.fake.fail("PATCH", HOOK, times=100, is_reset=True)
    door = await stage.doors.reach("discord")
    with pytest.raises(Unreachable):
        await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)


async def test_bot_that_was_shown_out_delivers_nothing(stage: Stage) -> None:
    """And does not try again: Discord counts that."""
    address = await opened(stage)
    stage.fake.clock.advance(TOKEN_LIFE_S)
    stage.fake.remove_bot(stage.guild)
    door = await stage.doors.reach("discord")
    with pytest.raises(Undeliverable):
        await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert [call.status for call in stage.fake.record.calls].count(403) == 1


async def test_deleted_channel_takes_nothing(stage: Stage) -> None:
    """Nor does it come back."""
    address = await opened(stage)
    stage.fake.clock.advance(TOKEN_LIFE_S)
    stage.fake.delete_channel(stage.channel)
    door = await stage.doors.reach("discord")
    with pytest.raises(Undeliverable):
        await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)


async def test_place_without_the_bot_is_closed_with_the_token(stage: Stage) -> None:
    """There is no other way in."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    await stage.fake.slash(stage.ann, abroad, "compose")
    _, line = await stage.ear.next()
    address = await line.open(STATUS)
    stage.fake.clock.advance(TOKEN_LIFE_S)
    door = await stage.doors.reach("discord")
    with pytest.raises(Undeliverable):
        await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)


async def test_piece_reaches_a_place_without_the_bot(stage: Stage) -> None:
    """While the token lives."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    await stage.fake.slash(stage.ann, abroad, "compose")
    _, line = await stage.ear.next()
    door = await stage.doors.reach("discord")
    await door.deliver(await line.open(STATUS), PIECE, nonce=JOB, placed=stage.keep)
    assert abroad.messages[0].file(".mid").data == MIDI


async def test_failed_status_is_left_out(stage: Stage) -> None:
    """The next one says more, and the piece most."""
    address = await opened(stage)
    door = await stage.doors.reach("discord")
    stage.fake.fail("PATCH", HOOK, is_reset=True)
    await door.show(address, LATER)
    await door.show(address, LATER)
    assert stage.channel.messages[0].content == LATER.text


async def test_no_status_is_shown_where_none_is_left(stage: Stage) -> None:
    """A deleted message is not asked for twice."""
    address = await opened(stage)
    await stage.fake.delete(stage.channel.messages[0])
    door = await stage.doors.reach("discord")
    for _ in range(3):
        await door.show(address, LATER)
    assert len(stage.fake.record.refused(10008)) == 1


async def test_slow_status_does_not_hold_up_the_piece(stage: Stage) -> None:
    """The library would sit out a limit in silence; the piece goes by."""
    address = await opened(stage)
    door = await stage.doors.reach("discord")
    stage.fake.fail("PATCH", HOOK, status=429, retry_after_s=600)
    await door.show(address, LATER)
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert stage.channel.messages[0].content == PIECE.text


async def test_statuses_leave_room_for_pieces_in_a_channel(stage: Stage) -> None:
    """All that a channel's messages share is five changes in five seconds."""
    addresses = []
    for _ in range(4):
        await stage.fake.say(stage.ann, stage.channel, "waltz", mention_bot=True)
        _, line = await stage.ear.next()
        addresses.append(await line.open(STATUS))
    door = await stage.doors.reach("discord")
    for address in addresses:
        await door.show(address, LATER)
    shown = [each.content == LATER.text for each in stage.channel.messages if each.content]
    assert shown.count(True) == 2


async def test_file_that_is_too_large_is_named() -> None:
    """The words come nevertheless."""
    async with DiscordFake(Setup(upload_limit_bytes=10)) as fake:
        guild = fake.add_guild()
        small = Stage(fake, guild, fake.add_channel(guild), fake.add_user("ann"))
        async with small.on_air() as door:
            await door.deliver(await opened(small), PIECE, nonce=JOB, placed=small.keep)
    (message,) = small.channel.messages
    assert "rag.mid" in message.content
    assert not message.files


async def test_permission_that_was_taken_away(stage: Stage) -> None:
    """A late piece that may not be sent any more is given up."""
    address = await opened(stage)
    await stage.fake.delete(stage.channel.messages[0])
    stage.channel.bot_permissions = BOT_PERMISSIONS & ~Permission.SEND_MESSAGES
    door = await stage.doors.reach("discord")
    with pytest.raises(Undeliverable):
        await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)


async def test_silent_place_without_the_bot_gets_a_new_message(quiet: Stage) -> None:
    """After a restart that left a button there unanswered, while the token lives."""
    abroad = quiet.fake.add_channel(quiet.fake.add_guild("Abroad", has_bot=False))
    async with quiet.on_air() as door:
        asked = await quiet.fake.slash(quiet.ann, abroad, "compose")
        _, line = await quiet.ear.next()
        await door.deliver(await line.open(STATUS), PIECE, nonce=JOB, placed=quiet.keep)
        pressed, line = await quiet.press(await asked.original(), AGAIN.label)
        await line.hold()
        address = kept(line.address)
    quiet.ear.lines.clear()
    del line
    async with quiet.on_air() as door:
        await door.deliver(address, PIECE, nonce="discord.8", placed=quiet.keep)
    assert (await pressed.followup()).file(".mid").data == MIDI


async def test_statuses_keep_their_distance(stage: Stage) -> None:
    """So that the limit is never what holds up a piece."""
    door = await stage.doors.reach("discord")
    assert door.pause_s(await opened(stage)) == 2.0


async def test_leaving_ends_what_is_being_shown(quiet: Stage) -> None:
    """Nothing of a run outlives it, not even a long wait of the library's."""
    async with quiet.on_air() as door:
        address = await opened(quiet)
        quiet.fake.fail("PATCH", HOOK, status=429, retry_after_s=600)
        await door.show(address, LATER)
    assert quiet.channel.messages[0].content == STATUS.text


async def test_door_that_has_closed_says_so(quiet: Stage) -> None:
    """Whoever delivers waits for it to open again."""
    async with quiet.on_air() as door:
        asked, line = await quiet.asked()
        said = await line.open(STATUS)
        _, silent = await quiet.asked()
    for address in (said, silent.address):
        with pytest.raises(Unreachable):
            await door.deliver(address, PIECE, nonce=JOB, placed=quiet.keep)
    assert asked.response
    assert asked.response.content == STATUS.text
