"""Where a group meets: a card in a thread of its own, or wherever there can be one."""

import pytest

from bots.chat import Undeliverable, Unreachable
from bots.discord.permissions import SHOWING
from bots.discord.place import read
from tests.bots.discord.stage import AGAIN, CARD, JOIN, TITLE, Stage
from tests.fakes.discord import BOT_PERMISSIONS, ChannelKind, Permission

THREADS = "/channels/{channel_id}/messages/{message_id}/threads"
STARTING = r"/channels/.*/threads"
SEND = r"/channels/[^/]*/messages"


def without(lost: Permission) -> Permission:
    """Grant what is usual, but this."""
    return BOT_PERMISSIONS & ~lost


async def test_jam_gets_a_thread(stage: Stage) -> None:
    """The channel sees what it is about, and the card is where people meet."""
    asked, address = await stage.gathered()
    head = await asked.original()
    thread = head.thread
    assert thread
    assert (head.content, thread.name, thread.parent) == (f"🎶 {TITLE}", TITLE, stage.channel)
    (card,) = thread.messages
    assert card is stage.message(address)
    assert (card.content, card.buttons[0].custom_id) == (CARD.text, JOIN.encoded)
    assert thread.quiet_min == 1440


async def test_thread_of_a_card_is_its_topic(stage: Stage) -> None:
    """As whoever speaks there will have it."""
    asked, address = await stage.gathered()
    door = await stage.door()
    _, elsewhere = await stage.asked()
    head = await asked.original()
    assert head.thread
    assert door.topic_of(address) == str(head.thread.id)
    assert door.topic_of(elsewhere.address) == ""


async def test_long_title_is_cut(stage: Stage) -> None:
    """Threads have names of at most 100 characters."""
    asked = await stage.fake.slash(stage.ann, stage.channel, "jam start")
    _, line = await stage.ear.next()
    await line.gather(CARD, "j" * 300)
    head = await asked.original()
    assert head.thread
    assert head.thread.name == "j" * 100


async def test_jam_within_a_thread_stays_there(stage: Stage) -> None:
    """A thread has no threads."""
    thread = stage.fake.add_thread(stage.channel)
    asked, address = await stage.gathered(thread)
    door = await stage.door()
    assert thread.messages == [await asked.original()]
    assert stage.message(address).content == CARD.text
    assert door.topic_of(address) == str(thread.id)


@pytest.mark.parametrize("kind", [ChannelKind.VOICE, ChannelKind.NEWS])
async def test_card_beside_a_call_or_among_news(quiet: Stage, kind: ChannelKind) -> None:
    """It is the answer itself."""
    place = quiet.fake.add_channel(quiet.guild, "other", kind=kind)
    async with quiet.on_air() as door:
        asked, address = await quiet.gathered(place)
        assert (await asked.original()).content == CARD.text
        assert door.topic_of(address) == ""


@pytest.mark.parametrize(
    "lost", [Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES_IN_THREADS]
)
async def test_card_where_threads_are_not_permitted(stage: Stage, lost: Permission) -> None:
    """The card is in the channel, and nothing was tried that is refused."""
    place = stage.fake.add_channel(stage.guild, "plain", bot_permissions=without(lost))
    asked, address = await stage.gathered(place)
    assert stage.message(address) is await asked.original()
    assert [each.content for each in place.messages] == [CARD.text]
    assert not stage.fake.record.matching("POST", THREADS)


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, 50013), (400, 160006)],  # no longer permitted, or too many
)
async def test_card_where_a_thread_is_refused(stage: Stage, status: int, code: int) -> None:
    """It takes the place of the first words."""
    stage.fake.fail("POST", STARTING, status=status, body={"code": code, "message": "no"})
    asked, address = await stage.gathered()
    assert (await asked.original()).content == CARD.text
    assert stage.message(address) is await asked.original()
    assert len(stage.channel.messages) == 1


async def test_torn_start_of_a_thread_is_one_thread(stage: Stage) -> None:
    """Discord has it already when we ask again."""
    stage.fake.fail("POST", STARTING, is_reset=True, is_applied=True)
    asked, address = await stage.gathered()
    assert stage.fake.record.refused(160004)
    head = await asked.original()
    assert head.thread
    assert [each.content for each in head.thread.messages] == [CARD.text]
    assert read(address).channel == head.thread.id


async def test_torn_card_is_put_up_once(stage: Stage) -> None:
    """Discord knows it by its nonce."""
    stage.fake.fail("POST", SEND, is_reset=True, is_applied=True)
    asked, _ = await stage.gathered()
    head = await asked.original()
    assert head.thread
    assert len(head.thread.messages) == 1


async def test_card_that_never_arrives(stage: Stage) -> None:
    """Whoever gathers is told that nobody knows."""
    stage.fake.fail("POST", SEND, times=100, is_reset=True)
    with pytest.raises(Unreachable):
        await stage.gathered()


async def test_thread_after_thinking(stage: Stage) -> None:
    """The first words take its place."""
    asked = await stage.fake.slash(stage.ann, stage.channel, "jam start")
    _, line = await stage.ear.next()
    await line.hold()
    address = await line.gather(CARD, TITLE)
    assert (await asked.original()).thread is stage.message(address).channel


async def test_thread_for_a_message(stage: Stage) -> None:
    """The first words are a reply, and the thread starts from them."""
    said = await stage.fake.say(stage.ann, stage.channel, "jam start", mention_bot=True)
    _, line = await stage.ear.next()
    address = await line.gather(CARD, TITLE)
    (head,) = said.answers
    assert head.thread is stage.message(address).channel


async def test_card_in_reply_to_a_message(stage: Stage) -> None:
    """Where threads are not permitted."""
    lost = without(Permission.CREATE_PUBLIC_THREADS)
    place = stage.fake.add_channel(stage.guild, "plain", bot_permissions=lost)
    said = await stage.fake.say(stage.ann, place, "jam start", mention_bot=True)
    _, line = await stage.ear.next()
    address = await line.gather(CARD, TITLE)
    assert said.answers == [stage.message(address)]


async def test_button_can_gather(stage: Stage) -> None:
    """In public, and what it stood under stays as it was."""
    piece = await stage.piece()
    pressed, line = await stage.press(piece, AGAIN.label)
    address = await line.gather(CARD, TITLE)
    head = await pressed.original()
    assert not head.is_ephemeral
    assert head.thread is stage.message(address).channel
    assert len(piece.history) == 2


async def test_patient_button_can_gather(quiet: Stage) -> None:
    """The first words follow then."""
    async with quiet.on_air():
        piece = await quiet.piece()
    async with quiet.on_air(patience_s=0.0):
        pressed, line = await quiet.press(piece, AGAIN.label)
        await pressed.acknowledged()
        address = await line.gather(CARD, TITLE)
        assert (await pressed.followup()).thread is quiet.message(address).channel


async def test_nobody_gathers_where_the_bot_is_not(stage: Stage) -> None:
    """A card outlives every pass."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    await stage.fake.slash(stage.ann, abroad, "compose")
    _, line = await stage.ear.next()
    with pytest.raises(Undeliverable):
        await line.gather(CARD, TITLE)
    assert not abroad.messages


async def test_button_of_a_jam_where_the_bot_no_longer_is(stage: Stage) -> None:
    """Whoever presses it is told why nothing comes of it."""
    _, address = await stage.gathered()
    stage.fake.remove_bot(stage.guild)
    pressed = await stage.fake.press(stage.ann, stage.message(address), JOIN.label)
    answer = await pressed.original()
    assert answer.is_ephemeral
    assert "member" in answer.content
    assert len(stage.ear.asks) == 1


@pytest.mark.parametrize(
    ("lost", "named"),
    [(Permission.ATTACH_FILES, "Attach Files"), (Permission.SEND_MESSAGES, "Send Messages")],
)
async def test_permission_that_a_jam_lacks_is_named(
    stage: Stage, lost: Permission, named: str
) -> None:
    """Before anybody gathers around a card that cannot change."""
    closed = stage.fake.add_channel(stage.guild, "closed", bot_permissions=without(lost))
    asked = await stage.fake.slash(stage.ann, closed, "jam start")
    answer = await asked.original()
    assert answer.is_ephemeral
    assert named in answer.content
    assert not stage.ear.asks


@pytest.mark.parametrize("words", ["jam start", "jam", "jam ragtime with bass"])
async def test_permission_that_a_typed_jam_lacks_is_named(stage: Stage, words: str) -> None:
    """As with a command."""
    lost = without(Permission.ATTACH_FILES)
    closed = stage.fake.add_channel(stage.guild, "closed", bot_permissions=lost)
    said = await stage.fake.say(stage.ann, closed, words, mention_bot=True)
    await stage.fake.wait_for(lambda: said.answers)
    assert "Attach Files" in said.answers[0].content


async def test_taking_part_needs_no_permission(stage: Stage) -> None:
    """What was put up goes on."""
    lost = without(Permission.ATTACH_FILES)
    closed = stage.fake.add_channel(stage.guild, "closed", bot_permissions=lost)
    await stage.fake.slash(stage.ann, closed, "jam join")
    ask, _ = await stage.ear.next()
    assert ask.argument not in SHOWING
