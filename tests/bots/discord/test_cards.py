"""A card over the hours: brought up to date, put up anew, moved down, and what comes beside it."""

import asyncio
import json
from dataclasses import replace
from typing import cast

import pytest

from bots.chat import Address, File, Medium, Reply, Undeliverable, Unreachable
from bots.discord.place import read
from tests.bots.discord.stage import (
    CARD,
    JOB,
    KEEP,
    MIDI,
    PIECE,
    PNG,
    SOUND,
    STATUS,
    TAKE,
    Stage,
)
from tests.fakes.discord import BOT_PERMISSIONS, Message, Permission

EDIT = r"/channels/.*/messages/[^/]*"
SEND = r"/channels/[^/]*/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
HOURS_S = 3 * 3600.0
DAYS_S = 3 * 24 * 3600.0
TURN = Reply("Bob, it is your turn", buttons=((KEEP,),))
OVER = Reply("🏁 Finished.")
NEXT_ROLL = File("next.png", PNG + b"2", Medium.PICTURE, about="Eight bars more")
NEXT = Reply("Bob, do you keep it?", (SOUND, NEXT_ROLL), ((KEEP,),))


def kept(address: Address) -> Address:
    """Give an address back as the store does after a restart."""
    return cast("Address", json.loads(json.dumps(address)))


def shown(message: Message) -> list[str]:
    """List what a message has attached."""
    return [each.name for each in message.files]


def left(message: Message) -> list[Message]:
    """List what is still there where a message was put."""
    return [each for each in message.channel.messages if not each.is_deleted]


# Brought up to date.


async def test_words_leave_the_picture(stage: Stage) -> None:
    """And the sound; only words and buttons change."""
    _, address = await stage.gathered(card=TAKE)
    door = await stage.door()
    assert await door.revise(address, TURN, nonce="1") == address
    card = stage.message(address)
    assert (card.content, [each.label for each in card.buttons]) == (TURN.text, [KEEP.label])
    assert shown(card) == ["rag.mp3", "rag.png"]
    assert card.framed
    assert card.framed.data == PNG
    (call,) = stage.fake.record.matching("PATCH", MESSAGE)
    assert not {"attachments", "embeds"} & set(call.body)


async def test_files_take_the_place_of_all_that_was_shown(stage: Stage) -> None:
    """The new picture is in the frame, the new sound can be played."""
    _, address = await stage.gathered(card=TAKE)
    door = await stage.door()
    await door.revise(address, NEXT, nonce="1")
    card = stage.message(address)
    assert shown(card) == ["rag.mp3", "next.png"]
    assert card.framed
    assert card.framed.data == NEXT_ROLL.data


async def test_picture_of_the_same_name_is_replaced(stage: Stage) -> None:
    """What people see is another file."""
    _, address = await stage.gathered(card=TAKE)
    before = stage.message(address).file(".png")
    door = await stage.door()
    same_name = replace(NEXT_ROLL, name=before.name)
    await door.revise(address, replace(NEXT, files=(same_name,)), nonce="1")
    card = stage.message(address)
    assert card.framed
    assert (card.framed.data, shown(card)) == (NEXT_ROLL.data, ["rag.png"])
    assert card.framed.url != before.url


async def test_finished_card_loses_its_buttons(stage: Stage) -> None:
    """Nothing can be pressed any more."""
    _, address = await stage.gathered()
    door = await stage.door()
    await door.revise(address, OVER, nonce="1")
    assert stage.message(address).buttons == []


async def test_card_changes_for_hours(quiet: Stage) -> None:
    """By no pass, and after a restart."""
    async with quiet.on_air():
        _, address = await quiet.gathered()
    assert address["pass"] is None
    quiet.fake.clock.advance(HOURS_S)
    async with quiet.on_air() as door:
        await door.revise(kept(address), TURN, nonce="1")
    assert quiet.message(address).content == TURN.text


async def test_card_in_the_channel_changes_for_hours(quiet: Stage) -> None:
    """The answer to a command is the bot's own message, too."""
    place = quiet.fake.add_channel(
        quiet.guild, "plain", bot_permissions=BOT_PERMISSIONS & ~Permission.CREATE_PUBLIC_THREADS
    )
    async with quiet.on_air() as door:
        asked, address = await quiet.gathered(place)
        quiet.fake.clock.advance(HOURS_S)
        await door.revise(address, TURN, nonce="1")
        assert (await asked.original()).content == TURN.text
    assert not quiet.fake.record.refused(50027)


async def test_changes_in_a_row_are_within_the_limit(stage: Stage) -> None:
    """Five in five seconds are granted; at our pace half of them are left to others."""
    _, address = await stage.gathered()
    door = await stage.door()
    for number in range(2):
        await door.revise(address, TURN, nonce=str(number))
    assert stage.fake.flood.total == 0
    assert 5.0 / door.card_pause_s(address) <= 5 / 2


async def test_jams_do_not_wait_for_each_other(stage: Stage) -> None:
    """Each has its own lane and, in threads, its own limit."""
    cards = [(await stage.gathered())[1] for _ in range(2)]
    door = await stage.door()
    slow, quick = cards
    gate = asyncio.Event()
    held = stage.fake.fail("PATCH", EDIT, gate=gate)
    waiting = asyncio.create_task(door.revise(slow, TURN, nonce="1"))
    await stage.fake.wait_for(lambda: held.hits)
    await door.revise(quick, TURN, nonce="1")
    assert not waiting.done()
    gate.set()
    await waiting
    assert stage.message(slow).content == TURN.text


async def test_failing_discord_is_tried_again_later(stage: Stage) -> None:
    """With what is true then."""
    _, address = await stage.gathered()
    door = await stage.door()
    stage.fake.fail("PATCH", EDIT, times=100, is_reset=True)
    with pytest.raises(Unreachable):
        await door.revise(address, TURN, nonce="1")


async def test_sound_that_is_too_large_is_left_out(stage: Stage) -> None:
    """The picture comes, in its frame."""
    _, address = await stage.gathered()
    stage.fake.limit_uploads(500)
    door = await stage.door()
    await door.revise(address, TAKE, nonce="1")
    card = stage.message(address)
    assert (shown(card), card.content) == (["rag.png"], TAKE.text)
    assert card.framed


# Asleep.


async def test_thread_that_sleeps_is_woken(stage: Stage) -> None:
    """A slow jam has days without a message."""
    _, address = await stage.gathered()
    stage.fake.clock.advance(DAYS_S)
    door = await stage.door()
    assert await door.revise(address, TAKE, nonce="1") == address
    card = stage.message(address)
    assert (card.content, shown(card)) == (TAKE.text, ["rag.mp3", "rag.png"])
    assert len(stage.fake.record.refused(50083)) == 1


async def test_thread_that_was_closed_for_good(stage: Stage) -> None:
    """Who locks a thread wants nothing more in it."""
    _, address = await stage.gathered()
    thread = stage.message(address).channel
    thread.is_archived = thread.is_locked = True
    door = await stage.door()
    with pytest.raises(Undeliverable):
        await door.revise(address, TURN, nonce="1")
    with pytest.raises(Undeliverable):
        await door.renew(address, TURN, nonce="2")


# Gone.


async def test_deleted_card_comes_back(stage: Stage) -> None:
    """With all that it shows, and from then on it is that one."""
    _, address = await stage.gathered()
    await stage.fake.delete(stage.message(address))
    door = await stage.door()
    now = await door.revise(address, TAKE, nonce="1")
    card = stage.message(now)
    assert left(card) == [card]
    assert (card.content, shown(card)) == (TAKE.text, ["rag.mp3", "rag.png"])
    assert await door.revise(now, TURN, nonce="2") == now
    assert card.content == TURN.text


async def test_deleted_card_comes_back_once(stage: Stage) -> None:
    """Whoever did not hear that it is there tries again, with what is true then."""
    _, address = await stage.gathered()
    await stage.fake.delete(stage.message(address))
    door = await stage.door()
    first = await door.revise(address, TURN, nonce="1")
    again = await door.revise(address, TAKE, nonce="1")
    card = stage.message(again)
    assert (first, left(card)) == (again, [card])
    assert (card.content, shown(card)) == (TAKE.text, ["rag.mp3", "rag.png"])


async def test_card_that_is_deleted_time_and_again(stage: Stage) -> None:
    """Each time it is another that comes back, although nothing else has changed."""
    _, address = await stage.gathered()
    door = await stage.door()
    for _ in range(2):
        await stage.fake.delete(stage.message(address))
        address = await door.revise(address, TURN, nonce="1")
    assert not stage.message(address).is_deleted


async def test_torn_return_of_a_card_is_seen_once(stage: Stage) -> None:
    """Discord knows it by its nonce."""
    _, address = await stage.gathered()
    await stage.fake.delete(stage.message(address))
    door = await stage.door()
    stage.fake.fail("POST", SEND, is_reset=True, is_applied=True)
    now = await door.revise(address, TURN, nonce="1")
    assert left(stage.message(now)) == [stage.message(now)]


async def test_card_of_a_deleted_thread(stage: Stage) -> None:
    """There is nowhere to put it."""
    _, address = await stage.gathered()
    stage.fake.delete_channel(stage.message(address).channel)
    door = await stage.door()
    with pytest.raises(Undeliverable):
        await door.revise(address, TURN, nonce="1")


async def test_card_of_a_bot_that_was_shown_out(stage: Stage) -> None:
    """Discord counts who knocks there again."""
    _, address = await stage.gathered()
    stage.fake.remove_bot(stage.guild)
    door = await stage.door()
    with pytest.raises(Undeliverable):
        await door.revise(address, TURN, nonce="1")
    assert [call.status for call in stage.fake.record.calls].count(403) == 1


# Moved.


async def test_renewed_card_is_the_last_message(stage: Stage) -> None:
    """And the only card."""
    _, address = await stage.gathered(card=TAKE)
    old = stage.message(address)
    await stage.fake.say(stage.ann, old.channel, "where is it?")
    door = await stage.door()
    now = await door.renew(address, TAKE, nonce="1")
    card = stage.message(now)
    assert old.is_deleted
    assert left(card)[-1] is card
    assert (card.content, shown(card)) == (TAKE.text, ["rag.mp3", "rag.png"])
    assert door.topic_of(now) == door.topic_of(address)


async def test_renewed_card_whose_old_one_is_gone(stage: Stage) -> None:
    """What is gone is gone."""
    _, address = await stage.gathered()
    await stage.fake.delete(stage.message(address))
    door = await stage.door()
    now = await door.renew(address, TURN, nonce="1")
    assert left(stage.message(now)) == [stage.message(now)]


async def test_old_card_that_will_not_go(stage: Stage) -> None:
    """The new one counts."""
    _, address = await stage.gathered()
    stage.fake.fail("DELETE", EDIT, status=403)
    door = await stage.door()
    now = await door.renew(address, TURN, nonce="1")
    assert [each.content for each in left(stage.message(now))] == [CARD.text, TURN.text]


async def test_torn_renewal_is_one_card(stage: Stage) -> None:
    """Neither of its requests is seen twice."""
    _, address = await stage.gathered()
    stage.fake.fail("POST", SEND, is_reset=True, is_applied=True)
    stage.fake.fail("DELETE", EDIT, is_reset=True, is_applied=True)
    door = await stage.door()
    now = await door.renew(address, TURN, nonce="1")
    assert left(stage.message(now)) == [stage.message(now)]


async def test_renewed_card_in_a_thread_that_sleeps(stage: Stage) -> None:
    """A new message wakes it."""
    _, address = await stage.gathered()
    stage.fake.clock.advance(DAYS_S)
    door = await stage.door()
    now = await door.renew(address, TURN, nonce="1")
    assert left(stage.message(now)) == [stage.message(now)]


async def test_renewed_card_is_no_reply(stage: Stage) -> None:
    """What somebody wrote hours ago has nothing to do with it."""
    place = stage.fake.add_thread(stage.channel)
    await stage.fake.say(stage.ann, place, "jam start", mention_bot=True)
    _, line = await stage.ear.next()
    address = await line.gather(CARD, "Jam")
    door = await stage.door()
    now = await door.renew(address, TURN, nonce="1")
    assert stage.message(address).reply_to
    assert not stage.message(now).reply_to


# Beside.


async def test_piece_is_delivered_beside_the_card(stage: Stage) -> None:
    """As something new in the same thread, although the line of the command is open still."""
    _, address = await stage.gathered()
    door = await stage.door()
    await door.deliver(door.beside(address), PIECE, nonce=JOB, placed=stage.keep)
    card = stage.message(address)
    assert card.content == CARD.text
    (piece,) = [each for each in card.channel.messages if each is not card]
    assert piece.file(".mid").data == MIDI
    assert stage.kept[0]["message"] == str(piece.id)


async def test_piece_beside_the_card_is_seen_once(stage: Stage) -> None:
    """Delivered once more, by the address that was kept or without it."""
    _, address = await stage.gathered()
    door = await stage.door()
    for _ in range(2):
        await door.deliver(door.beside(address), PIECE, nonce=JOB, placed=stage.keep)
    await door.deliver(kept(stage.kept[0]), PIECE, nonce=JOB, placed=stage.keep)
    assert len(stage.message(address).channel.messages) == 2


async def test_piece_and_card_have_lanes_of_their_own(stage: Stage) -> None:
    """One does not wait for the other."""
    _, address = await stage.gathered()
    door = await stage.door()
    card, piece = read(address), read(door.beside(address))
    assert card.key != piece.key
    assert (piece.channel, piece.parent, piece.guild) == (card.channel, card.parent, card.guild)
    assert (piece.message, piece.passed, piece.is_reply) == (None, None, False)


async def test_piece_beside_a_card_after_a_day(quiet: Stage) -> None:
    """And a restart, in a thread that slept."""
    async with quiet.on_air():
        _, address = await quiet.gathered()
    quiet.fake.clock.advance(DAYS_S)
    async with quiet.on_air() as door:
        await door.deliver(door.beside(kept(address)), PIECE, nonce=JOB, placed=quiet.keep)
    assert quiet.message(address).channel.messages[-1].file(".mid").data == MIDI


async def test_status_that_fell_asleep_becomes_a_piece(stage: Stage) -> None:
    """Somebody closed the thread while it was composed."""
    thread = stage.fake.add_thread(stage.channel)
    await stage.fake.say(stage.ann, thread, "a waltz", mention_bot=True)
    _, line = await stage.ear.next()
    address = await line.open(STATUS)
    thread.is_archived = True
    door = await stage.door()
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert stage.message(address).file(".mid").data == MIDI


async def test_discord_has_cards(stage: Stage) -> None:
    """Whoever looks for them finds them by the platform's name."""
    assert await stage.doors.board("discord") is await stage.door()


async def test_address_of_an_earlier_version_has_no_topic(stage: Stage) -> None:
    """It knows nothing of threads."""
    _, line = await stage.asked()
    address = dict(await line.open(STATUS))
    del address["parent"]
    door = await stage.door()
    assert door.topic_of(address) == ""
