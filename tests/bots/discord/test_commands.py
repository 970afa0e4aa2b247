import pytest

from audiogroove.wishes import PRESETS, suggestions
from bots.chat import Verb
from bots.commands import COMMAND_TABLE
from bots.discord.commands import MENU_NAME
from bots.discord.syncing import NOTE
from tests.bots.discord.stage import MIDI, SECRET, STATUS, Stage
from tests.fakes.discord import BOT_PERMISSIONS, Impossible, Permission

SYNC = ("PUT", "/applications/{application_id}/commands")


async def test_slash_command_becomes_an_ask(stage: Stage) -> None:
    """Options arrive by name, as they would be typed."""
    wishes = {"style": "ragtime", "bars": 12, "tempo": 96.5, "strict_key": True, "seed": "7"}
    asked = await stage.fake.slash(stage.ann, stage.channel, "compose", wishes)
    ask, _ = await stage.ear.next()
    assert (ask.id, ask.verb) == (f"discord.{asked.id}", Verb.COMPOSE)
    assert dict(ask.wishes) == {
        "style": "ragtime",
        "bars": "12",
        "tempo": "96.5",
        "strict_key": "yes",
        "seed": "7",
    }


async def test_ask_names_person_and_chat(stage: Stage) -> None:
    """The keys are the same on every occasion."""
    await stage.fake.slash(stage.ann, stage.channel, "help")
    ask, _ = await stage.ear.next()
    assert (ask.person.key, ask.person.name) == (f"discord:{stage.ann.id}", "Ann")
    assert ask.chat.key == f"discord:{stage.channel.id}"
    assert not ask.chat.is_private


async def test_thread_is_part_of_its_channel(stage: Stage) -> None:
    """What is set in a channel holds in its threads."""
    thread = stage.fake.add_thread(stage.channel)
    await stage.fake.slash(stage.ann, thread, "help")
    ask, _ = await stage.ear.next()
    assert ask.chat.key == f"discord:{stage.channel.id}"


async def test_direct_message_is_private(stage: Stage) -> None:
    """Alone with the bot, a person is nobody's neighbour."""
    await stage.fake.slash(stage.ann, stage.fake.direct(stage.ann), "help")
    ask, _ = await stage.ear.next()
    assert ask.chat.is_private


async def test_attached_file_is_the_seed(stage: Stage) -> None:
    """It is fetched when it is asked for, and not before."""
    await stage.fake.slash(stage.ann, stage.channel, "vary", attachment=("song.mid", MIDI))
    ask, _ = await stage.ear.next()
    assert ask.seed
    assert (ask.seed.name, ask.seed.size_bytes) == ("song.mid", len(MIDI))
    assert await ask.seed.fetch() == MIDI


async def test_settings_can_be_reset(stage: Stage) -> None:
    """The flag is an argument and no wish."""
    await stage.fake.slash(stage.ann, stage.channel, "settings", {"reset": True})
    ask, _ = await stage.ear.next()
    assert (ask.argument, dict(ask.wishes)) == ("reset", {})


async def test_every_command_is_offered(stage: Stage) -> None:
    """Discord shows what the table of all chats has, and the menu of a message."""
    offered = {each["name"] for each in stage.fake.commands.by_guild[None]}
    assert offered == {str(command.verb) for command in COMMAND_TABLE} | {MENU_NAME}


@pytest.mark.parametrize(
    ("wish", "value"),
    [("bars", 0), ("tempo", 500.0), ("density", "crowded"), ("preset", "happy"), ("top_p", 1.5)],
)
async def test_app_refuses_what_is_out_of_range(stage: Stage, wish: str, value: object) -> None:
    """Ranges and choices are known to people's apps before anything is asked."""
    with pytest.raises(Impossible):
        await stage.fake.slash(stage.ann, stage.channel, "compose", {wish: value})


async def test_preset_is_chosen_by_what_it_does(stage: Stage) -> None:
    """Its line stands in the list; what arrives is its name."""
    compose = stage.fake.commands.find(None, "compose", 1)
    assert compose
    (preset,) = (each for each in compose["options"] if each["name"] == "preset")
    assert {each["value"]: each["name"] for each in preset["choices"]} == {
        each.name: f"{each.name} – {each.about}" for each in PRESETS
    }
    await stage.fake.slash(stage.ann, stage.channel, "compose", {"preset": "in the pocket"})
    ask, _ = await stage.ear.next()
    assert dict(ask.wishes) == {"preset": "in the pocket"}


async def test_typing_is_answered_with_suggestions(stage: Stage) -> None:
    """They come from memory, without anybody being asked."""
    typed = await stage.fake.autocomplete(stage.ann, stage.channel, "compose", ("style", "rag"))
    await typed.acknowledged()
    assert typed.choices
    assert [each["value"] for each in typed.choices] == suggestions("style", "rag")
    assert not stage.ear.asks


async def test_every_free_wish_suggests_something(stage: Stage) -> None:
    """Nobody must know by heart how a key, a meter or a form is written."""
    for wish in ("style", "key", "parts", "meter", "form"):
        typed = await stage.fake.autocomplete(stage.ann, stage.channel, "compose", (wish, ""))
        await typed.acknowledged()
        assert typed.choices, wish


async def test_commands_are_told_once(quiet: Stage) -> None:
    """Discord counts how often, so a restart tells nothing new."""
    for _ in range(2):
        async with quiet.on_air():
            pass
    assert len(quiet.fake.record.matching(*SYNC)) == 1


async def test_changed_commands_are_told_again(quiet: Stage) -> None:
    """What was told is known by its sum."""
    await quiet.notes.set_note(NOTE, "the sum of other commands")
    async with quiet.on_air():
        pass
    assert len(quiet.fake.record.matching(*SYNC)) == 1
    assert quiet.notes.facts[NOTE] != "the sum of other commands"


async def test_refused_commands_do_not_keep_it_away(quiet: Stage) -> None:
    """Old commands are better than none; the next start tries again."""
    quiet.fake.fail("PUT", r"/applications/.*", status=403)
    async with quiet.on_air():
        assert NOTE not in quiet.notes.facts


async def test_stale_command_is_answered(stage: Stage) -> None:
    """Somebody's app may still show what is no longer there."""
    known = stage.fake.commands.by_guild[None]
    old = {"name": "remix", "description": "of an earlier time", "type": 1}
    stage.fake.commands.replace(None, [*known, old], str(stage.fake.world.new_id()))
    asked = await stage.fake.slash(stage.ann, stage.channel, "remix")
    answer = await asked.original()
    assert answer.is_ephemeral
    assert "reload" in answer.content


async def test_person_can_install_it_for_themselves(stage: Stage) -> None:
    """It answers where the bot itself is not."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    stage.ear.says(STATUS)
    asked = await stage.fake.slash(stage.ann, abroad, "compose")
    assert (await asked.original()).content == STATUS.text


async def test_settings_are_not_for_strangers(stage: Stage) -> None:
    """What is set for a chat is of no use where the bot is not."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    with pytest.raises(Impossible):
        await stage.fake.slash(stage.ann, abroad, "settings")


async def test_menu_takes_the_file_of_a_message(stage: Stage) -> None:
    """Whoever sent it."""
    bob = stage.fake.add_user("bob")
    sent = await stage.fake.say(bob, stage.channel, files=[("Song.MID", MIDI)])
    await stage.fake.context_menu(stage.ann, sent, MENU_NAME)
    ask, _ = await stage.ear.next()
    assert ask.verb is Verb.CONTINUE
    assert ask.seed
    assert await ask.seed.fetch() == MIDI


async def test_menu_knows_our_own_pieces(stage: Stage) -> None:
    """By their buttons, so that nothing has to be fetched and read."""
    piece = await stage.piece()
    await stage.fake.context_menu(stage.ann, piece, MENU_NAME)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.subject, ask.seed) == (Verb.CONTINUE, "k3v9x2m4qa", None)


async def test_menu_on_a_message_without_music(stage: Stage) -> None:
    """It says so, to the one who asked."""
    said = await stage.fake.say(stage.ann, stage.channel, "hello")
    asked = await stage.fake.context_menu(stage.ann, said, MENU_NAME)
    answer = await asked.original()
    assert answer.is_ephemeral
    assert "MIDI" in answer.content
    assert not stage.ear.asks


@pytest.mark.parametrize(
    ("left", "named"),
    [("ATTACH_FILES", "Attach Files"), ("SEND_MESSAGES", "Send Messages")],
)
async def test_missing_permission_is_named_before_any_work(
    stage: Stage, left: str, named: str
) -> None:
    """In private, and nothing is composed that could not be sent."""
    less = BOT_PERMISSIONS & ~Permission[left]
    closed = stage.fake.add_channel(stage.guild, "closed", bot_permissions=less)
    asked = await stage.fake.slash(stage.ann, closed, "compose")
    answer = await asked.original()
    assert answer.is_ephemeral
    assert named in answer.content
    assert not stage.ear.asks


async def test_words_need_no_permission(stage: Stage) -> None:
    """Help comes wherever it is asked for."""
    less = BOT_PERMISSIONS & ~Permission.ATTACH_FILES
    closed = stage.fake.add_channel(stage.guild, "closed", bot_permissions=less)
    stage.ear.says(SECRET)
    asked = await stage.fake.slash(stage.ann, closed, "help")
    assert (await asked.original()).content == SECRET.text
