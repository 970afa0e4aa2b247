"""An unmodified discord.py bot lives in the fake as it would in Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest

from tests.fakes.discord import (
    BOT_PERMISSIONS,
    Callback,
    Channel,
    DiscordFake,
    Impossible,
    Permission,
    Setup,
    User,
)
from tests.fakes.discord.seam import pointed_at
from tests.fakes.discord_probe import MIDI, Probe, midi

ORIGINAL = r"/webhooks/.*/messages/@original"


@pytest.fixture
async def fake() -> AsyncIterator[DiscordFake]:
    """Give a Discord that judges its own answers too; what it objects to fails the test.

    Yields:
        The fake, with discord.py pointed at it.
    """
    async with DiscordFake(Setup(judges_itself=True, upload_limit_bytes=1000)) as running_fake:
        with pointed_at(running_fake):
            yield running_fake
        running_fake.check()


@pytest.fixture
def channel(fake: DiscordFake) -> Channel:
    """Give a channel in a guild."""
    return fake.add_channel(fake.add_guild())


@pytest.fixture
def ann(fake: DiscordFake) -> User:
    """Give somebody."""
    return fake.add_user("ann")


@asynccontextmanager
async def running(fake: DiscordFake) -> AsyncIterator[Probe]:
    """Run a bot from login to close.

    Yields:
        The bot, when it is ready.
    """
    bot = Probe()
    task = asyncio.create_task(bot.start(fake.setup.token))
    await fake.bot_ready()
    await bot.wait_until_ready()
    yield bot
    await bot.close()
    await task


@pytest.fixture
async def bot(fake: DiscordFake, channel: Channel) -> AsyncIterator[Probe]:
    """Run a bot; the channel is there before it comes.

    Yields:
        The bot.
    """
    assert channel.guild is not None
    async with running(fake) as probe:
        yield probe


async def test_bot_knows_guild_and_its_permissions(bot: Probe, channel: Channel) -> None:
    """What READY and GUILD_CREATE tell is what discord.py remembers."""
    (guild,) = bot.guilds
    seen = guild.get_channel(channel.id)
    assert isinstance(seen, discord.TextChannel)
    assert seen.permissions_for(guild.me).value == BOT_PERMISSIONS


async def test_slash_command_with_seed_ends_in_files_and_button(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """Defer, fetch the attachment, answer with two files and a persistent button."""
    asked = await fake.slash(ann, channel, "compose", {"bars": 8}, attachment=("my.mid", b"seed"))
    assert await asked.acknowledged() is Callback.DEFER
    piece = await asked.original()
    assert [(each.name, each.data) for each in piece.files] == [
        ("piece.mid", b"seed"),
        ("r.png", b"x"),
    ]
    assert [each.label for each in piece.buttons] == ["Again"]
    assert [each.content for each in piece.history] == ["", "waltz"]
    assert bot.errors.empty()


async def test_button_works_after_restart(fake: DiscordFake, channel: Channel, ann: User) -> None:
    """The next process answers the button that the first one sent."""
    async with running(fake):
        piece = await (await fake.slash(ann, channel, "compose", {"style": "waltz"})).original()
    async with running(fake):
        pressed = await fake.press(ann, piece, "Again")
        said = await pressed.original()
    assert (said.content, said.file(".mid").data) == ("waltz16 once more", MIDI)


@pytest.mark.usefixtures("bot")
async def test_followup_for_one_is_seen_by_one(
    fake: DiscordFake, channel: Channel, ann: User
) -> None:
    """After a defer the first followup is the answer, the second a message of its own."""
    piece = await (await fake.slash(ann, channel, "compose")).original()
    whispered = await (await fake.press(ann, piece, "again:waltz16")).followup()
    assert whispered in channel.seen_by(ann)
    assert whispered not in channel.seen_by(fake.add_user("ben"))
    assert whispered not in channel.messages


@pytest.mark.usefixtures("bot")
async def test_ephemeral_answer_is_marked(fake: DiscordFake, channel: Channel, ann: User) -> None:
    """An ephemeral answer is so from the start."""
    asked = await fake.slash(ann, channel, "whisper")
    assert await asked.acknowledged() is Callback.MESSAGE
    assert (await asked.original()).is_ephemeral


@pytest.mark.usefixtures("bot")
async def test_autocomplete_suggests(fake: DiscordFake, channel: Channel, ann: User) -> None:
    """What is typed comes as the focused option; the choices come back."""
    asked = await fake.autocomplete(ann, channel, "compose", ("style", "rag"), {"bars": 4})
    await asked.acknowledged()
    assert asked.choices == [{"name": "ragtime", "value": "ragtime"}]


@pytest.mark.usefixtures("bot")
async def test_form_comes_and_goes(fake: DiscordFake, channel: Channel, ann: User) -> None:
    """A form opens, is filled in, and its submission is answered."""
    opened = await fake.slash(ann, channel, "form")
    assert await opened.acknowledged() is Callback.MODAL
    sent = await fake.submit_modal(opened, {"style": "tango"})
    assert (await sent.original()).content == "a tango then"


@pytest.mark.usefixtures("bot")
async def test_context_menu_sees_file_of_foreign_message(
    fake: DiscordFake, channel: Channel, ann: User
) -> None:
    """A message that is pointed at comes whole, without any intent."""
    message = await fake.say(ann, channel, files=[("song.mid", MIDI)])
    asked = await fake.context_menu(ann, message, "Continue this MIDI")
    assert (await asked.original()).content == "song.mid: 8"


@pytest.mark.usefixtures("bot")
async def test_file_is_seen_with_mention_only(
    fake: DiscordFake, channel: Channel, ann: User
) -> None:
    """Without the intent a plain message comes empty, one with a mention whole."""
    plain = await fake.say(ann, channel, "listen", files=[("a.mid", MIDI)])
    called = await fake.say(ann, channel, "listen", files=[("a.mid", MIDI)], mention_bot=True)
    answer = (await fake.wait_for(lambda: called.answers))[0]
    assert (answer.content, answer.file(".mid").data) == ("8 bytes", MIDI)
    assert plain.answers == []


@pytest.mark.usefixtures("bot")
async def test_direct_message_needs_no_mention(fake: DiscordFake, ann: User) -> None:
    """In a direct conversation everything is for the bot."""
    said = await fake.say(ann, fake.direct(ann), files=[("a.mid", MIDI)])
    assert await fake.wait_for(lambda: said.answers)


@pytest.mark.usefixtures("bot")
async def test_card_of_components_is_taken(fake: DiscordFake, channel: Channel, ann: User) -> None:
    """Words, gallery, file and button arrive, and the button can be pressed."""
    said = await (await fake.slash(ann, channel, "card")).original()
    assert [each["type"] for each in said.components[0]["components"]] == [10, 12, 13, 14, 1]
    pressed = await fake.press(ann, said, "Again")
    assert (await pressed.original()).content == "card once more"


@pytest.mark.usefixtures("bot")
async def test_user_install_works_where_the_bot_is_not(fake: DiscordFake, ann: User) -> None:
    """In a guild without the bot people are offered what they may have installed themselves."""
    elsewhere = fake.add_channel(fake.add_guild("Elsewhere", has_bot=False))
    assert (await (await fake.slash(ann, elsewhere, "whisper")).original()).content == "psst"
    with pytest.raises(Impossible, match="cannot be installed"):
        await fake.slash(ann, elsewhere, "compose")


@pytest.mark.usefixtures("bot")
async def test_what_was_missed_is_replayed_on_resume(
    fake: DiscordFake, channel: Channel, ann: User
) -> None:
    """Op 7 lets the bot reconnect; what people did meanwhile arrives once it is back."""
    fake.gateway.reconnect()
    asked = await fake.slash(ann, channel, "whisper")
    await asked.original()
    assert (fake.gateway.identified, fake.gateway.resumed) == (1, 1)


@pytest.mark.parametrize("how", ["drop", "abort"])
async def test_bot_resumes_after_lost_connection(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User, how: str
) -> None:
    """A closed and a torn connection are both resumed."""
    getattr(fake.gateway, how)()
    await (await fake.slash(ann, channel, "whisper")).original()
    assert (fake.gateway.identified, fake.gateway.resumed) == (1, 1)
    assert bot.errors.empty()


@pytest.mark.usefixtures("bot")
async def test_bot_begins_anew_after_invalid_session(
    fake: DiscordFake, channel: Channel, ann: User
) -> None:
    """Op 9 ends the session; the bot identifies again and is there."""
    fake.gateway.invalid_session()
    await fake.wait_for(lambda: fake.gateway.identified == 2)
    await (await fake.slash(ann, channel, "whisper")).original()


async def test_shards_share_the_guilds(ann: User) -> None:
    """With two shards each guild's events come down one of two connections, once."""
    async with DiscordFake(Setup(shards=2)) as fake:
        channels = [fake.add_channel(fake.add_guild(str(number))) for number in range(3)]
        with pointed_at(fake):
            async with running(fake) as bot:
                for each in channels:
                    await (await fake.slash(ann, each, "whisper")).original()
                assert (bot.shard_count, fake.gateway.identified) == (2, 2)
        fake.check()


@pytest.mark.usefixtures("bot")
async def test_429s_are_waited_out(fake: DiscordFake, channel: Channel, ann: User) -> None:
    """Discord.py heeds a 429 of ours and sends again."""
    storm = fake.fail("PATCH", ORIGINAL, times=3, status=429, retry_after_s=0.01)
    piece = await (await fake.slash(ann, channel, "compose")).delivered()
    assert storm.hits == 3
    assert piece.file(".mid").data == MIDI


async def test_torn_connection_reaches_the_bot(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """discord.py does not try again by itself; that is left to the bot."""
    fake.fail("PATCH", ORIGINAL, is_reset=True)
    await fake.slash(ann, channel, "compose")
    assert isinstance(await bot.error(), aiohttp.ServerDisconnectedError)


async def test_lost_answer_leaves_one_message(
    fake: DiscordFake, channel: Channel, ann: User
) -> None:
    """A message whose answer got lost, said again with its nonce, is there once."""
    fake.fail("POST", r"/channels/.*/messages", is_reset=True, is_applied=True)
    async with running(fake) as bot:
        said = await fake.say(ann, channel, "hi")
        place = bot.get_partial_messageable(channel.id)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await place.send("once", nonce="job-1")
        await place.send("once", nonce="job-1")
    assert [each.content for each in channel.messages] == [said.content, "once"]


async def test_late_acknowledgement_is_refused(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """After three seconds nobody waits for the answer any more."""
    gate = fake.hold("POST", r"/interactions/.*")
    await fake.slash(ann, channel, "wrong", {"how": "late"})
    fake.clock.advance(3.5)
    gate.set()
    error = await bot.error()
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062


async def test_expired_token_is_refused_and_the_channel_is_not(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """After 15 minutes the message can be changed through its channel only."""
    gate = fake.hold("PATCH", ORIGINAL)
    asked = await fake.slash(ann, channel, "wrong", {"how": "late"})
    await asked.acknowledged()
    fake.clock.advance(15 * 60.0 + 1)
    gate.set()
    error = await bot.error()
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (401, 50027)
    assert asked.response is not None
    place = bot.get_partial_messageable(channel.id)
    await place.get_partial_message(asked.response.id).edit(content="at last")
    assert (await asked.original()).content == "at last"


async def test_large_file_is_refused(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """A file over the limit is no violation, but it does not arrive."""
    asked = await fake.slash(ann, channel, "wrong", {"how": "large"})
    error = await bot.error()
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (413, 40005)
    assert asked.response is None


async def test_expired_link_is_not_found(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """An attachment's link works for a day."""
    message = await fake.say(ann, channel, files=[("song.mid", MIDI)])
    fake.expire_links()
    await fake.context_menu(ann, message, "Continue this MIDI")
    error = await bot.error()
    assert isinstance(error, discord.NotFound)


async def test_bot_paces_itself_by_our_headers(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """The sixth edit would come too soon; discord.py waits before it, unasked."""
    asked = await fake.slash(ann, channel, "progress", {"edits": 4})
    await fake.wait_for(lambda: asked.response and asked.response.content == "4")
    assert fake.flood.total == 0
    assert fake.record.calls[-1].route.endswith("@original")
    assert bot.errors.empty()


async def test_mistake_of_a_bot_is_caught(
    fake: DiscordFake, bot: Probe, channel: Channel, ann: User
) -> None:
    """A text that is too long is refused, and fails the test that lets it happen."""
    await fake.slash(ann, channel, "wrong", {"how": "long"})
    await bot.error()
    with pytest.raises(AssertionError, match="50035"):
        fake.check()
    fake.violations.clear()


@pytest.mark.usefixtures("fake")
async def test_wrong_token_is_refused() -> None:
    """Login fails with another token."""
    async with Probe() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("another token")


async def test_intent_that_is_switched_off_is_refused(fake: DiscordFake) -> None:
    """The gateway closes with 4014 on a privileged intent that the bot has not."""
    async with discord.AutoShardedClient(intents=discord.Intents.all()) as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(fake.setup.token)


async def test_missing_permission_is_known_and_refused(
    fake: DiscordFake, bot: Probe, channel: Channel
) -> None:
    """A bot is told that it cannot attach files somewhere, and cannot."""
    fake.permit(channel, BOT_PERMISSIONS & ~Permission.ATTACH_FILES)
    await bot.wait_for("guild_channel_update", timeout=5.0)
    place = bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)
    assert not place.permissions_for(place.guild.me).attach_files
    with pytest.raises(discord.Forbidden) as refused:
        await place.send(file=midi())
    assert refused.value.code == 50013


async def test_thread_is_a_place_of_its_own(
    fake: DiscordFake, bot: Probe, channel: Channel
) -> None:
    """A thread opened from a message takes messages."""
    place = bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)
    message = await place.send("jam here")
    thread = await message.create_thread(name="jam")
    await thread.send("go")
    await thread.typing()
    opened = fake.world.channels[thread.id]
    assert [each.content for each in opened.messages] == ["go"]
    assert opened.parent is channel
