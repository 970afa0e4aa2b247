"""A jam as people start it and take part: commands, files, buttons, nods."""

import asyncio

import pytest

from bots.chat import Ask, Button, Line, Reply, Verb, moment
from bots.commands import JAM_TABLE
from tests.bots.discord.stage import JOIN, MIDI, SECRET, Stage
from tests.fakes.discord import BOT_PERMISSIONS, Callback, Channel, Impossible, Permission

SONG = ("song.mid", MIDI)


# Commands.


async def test_jam_is_a_group_of_commands(stage: Stage) -> None:
    """One for each thing to do, with the options of the table."""
    jam = stage.fake.commands.find(None, "jam", 1)
    assert jam
    options = {each["name"]: [one["name"] for one in each["options"]] for each in jam["options"]}
    assert options == {
        action.name: [
            *action.wishes,
            *(option.name for option in action.options),
            *(["file"] if action.takes_seed else []),
        ]
        for action in JAM_TABLE
    }


async def test_jam_is_for_servers(stage: Stage) -> None:
    """Nobody makes a group alone, and nobody where the bot itself is not."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    for place in (stage.fake.direct(stage.ann), abroad):
        with pytest.raises(Impossible):
            await stage.fake.slash(stage.ann, place, "jam start")


async def test_starting_becomes_an_ask(stage: Stage) -> None:
    """What to do is the argument, and all that was filled in are wishes."""
    wishes = {"style": "ragtime", "tempo": 96.0, "way": "parts", "rounds": 3, "pace": "slow"}
    await stage.fake.slash(stage.ann, stage.channel, "jam start", wishes)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.argument, ask.subject) == (Verb.JAM, "start", "")
    assert dict(ask.wishes) == {
        "style": "ragtime",
        "tempo": "96",
        "way": "parts",
        "rounds": "3",
        "pace": "slow",
    }


async def test_own_file_can_be_a_take(stage: Stage) -> None:
    """It comes along as with the other commands."""
    await stage.fake.slash(stage.ann, stage.channel, "jam take", attachment=SONG)
    ask, _ = await stage.ear.next()
    assert ask.seed
    assert (ask.argument, ask.seed.name) == ("take", "song.mid")


@pytest.mark.parametrize(("wish", "value"), [("way", "chaos"), ("rounds", 0), ("pace", "fast")])
async def test_app_refuses_what_no_jam_can_be(stage: Stage, wish: str, value: object) -> None:
    """Choices and bounds are known to people's apps."""
    with pytest.raises(Impossible):
        await stage.fake.slash(stage.ann, stage.channel, "jam start", {wish: value})


async def test_instruments_are_suggested(stage: Stage) -> None:
    """As parts are."""
    typed = await stage.fake.autocomplete(
        stage.ann, stage.channel, "jam join", ("instrument", "vio")
    )
    await typed.acknowledged()
    assert typed.choices
    assert "violin" in [each["value"] for each in typed.choices]


async def test_thread_is_the_topic_of_its_channel(stage: Stage) -> None:
    """Of commands, buttons and messages alike; a channel itself has none."""
    thread = stage.fake.add_thread(stage.channel)
    stage.ear.says(Reply("Who joins in?", buttons=((JOIN,),)))
    asked = await stage.fake.slash(stage.ann, thread, "jam join")
    await stage.fake.press(stage.ann, await asked.original(), JOIN.label)
    await stage.fake.say(stage.ann, thread, "jam join", mention_bot=True)
    await stage.fake.slash(stage.ann, stage.channel, "jam join")
    asks = [(await stage.ear.next())[0] for _ in range(4)]
    assert [each.chat.topic for each in asks] == [str(thread.id)] * 3 + [""]
    assert {each.chat.key for each in asks} == {f"discord:{stage.channel.id}"}


# Messages.


async def test_file_in_reply_to_a_card_is_a_take(stage: Stage) -> None:
    """Of that jam; words beside it are no wishes."""
    _, address = await stage.gathered()
    card = stage.message(address)
    await stage.fake.say(stage.ann, card.channel, "like it?", files=[SONG], reply_to=card)
    ask, _ = await stage.ear.next()
    assert ask.seed
    assert await ask.seed.fetch() == MIDI
    assert (ask.verb, ask.argument, ask.subject, ask.text) == (
        Verb.JAM,
        "take",
        JOIN.subject,
        "",
    )


async def test_file_in_reply_to_a_card_with_another_command(stage: Stage) -> None:
    """Whoever names what they want gets that."""
    _, address = await stage.gathered()
    card = stage.message(address)
    await stage.fake.say(stage.ann, card.channel, "vary", files=[SONG], reply_to=card)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.argument, ask.subject) == (Verb.VARY, "", "")


async def test_typed_jam_is_left_to_the_conversation(stage: Stage) -> None:
    """It knows what the words mean."""
    await stage.fake.say(stage.ann, stage.channel, "jam start ragtime", mention_bot=True)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.argument, ask.text) == (Verb.JAM, "", "start ragtime")


async def test_file_in_reply_to_what_is_over(stage: Stage) -> None:
    """The piece of a finished jam is a piece, and its buttons offer another jam."""
    onward = Button("🔁 Continue as a new jam", Verb.JAM, JOIN.subject, "onward")
    stage.ear.says(Reply("🏁 Jam no. 3", buttons=((onward,),)))
    asked = await stage.fake.slash(stage.ann, stage.channel, "help")
    await stage.ear.next()
    finished = await asked.original()
    await stage.fake.say(stage.ann, stage.channel, files=[SONG], reply_to=finished)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.subject) == (Verb.CONTINUE, "")


async def test_words_in_reply_to_a_card_are_about_its_jam(stage: Stage) -> None:
    """Without our name, as with a piece."""
    _, address = await stage.gathered()
    card = stage.message(address)
    await stage.fake.say(stage.ann, card.channel, "jam leave", reply_to=card)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.text, ask.subject) == (Verb.JAM, "leave", JOIN.subject)


async def test_jam_in_reply_to_a_piece_is_not_about_that_piece(stage: Stage) -> None:
    """Its subject would be taken for a jam."""
    piece = await stage.piece()
    await stage.fake.say(stage.ann, stage.channel, "jam start", reply_to=piece)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.subject) == (Verb.JAM, "")


async def test_jam_in_reply_to_what_we_cannot_see(stage: Stage) -> None:
    """A jam needs nobody's file."""
    bob = stage.fake.add_user("bob")
    said = await stage.fake.say(bob, stage.channel, "anybody?")
    await stage.fake.say(stage.ann, stage.channel, "jam", mention_bot=True, reply_to=said)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.text) == (Verb.JAM, "")


# Nodding.


async def nod(_ask: Ask, line: Line) -> None:
    """Do what is asked at once, and show it on the card."""
    await line.nod("You are in.")


async def test_nod_to_a_button_says_nothing(stage: Stage) -> None:
    """The card will change, and nobody is told that anything failed."""
    _, address = await stage.gathered()
    card = stage.message(address)
    stage.ear.answer = nod
    pressed = await stage.fake.press(stage.ann, card, JOIN.label)
    assert await pressed.acknowledged() is Callback.DEFER_UPDATE
    assert (pressed.followups, len(card.history)) == ([], 1)


async def test_many_press_at_once(stage: Stage) -> None:
    """Each is heard, each is acknowledged, and nothing is said."""
    _, address = await stage.gathered()
    card = stage.message(address)
    stage.ear.answer = nod
    people = [stage.fake.add_user(f"player {number}") for number in range(12)]
    presses = await asyncio.gather(*(stage.fake.press(each, card, JOIN.label) for each in people))
    answers = await asyncio.gather(*(each.acknowledged() for each in presses))
    assert set(answers) == {Callback.DEFER_UPDATE}
    assert {each.person.key for each in stage.ear.asks[1:]} == {
        f"discord:{each.id}" for each in people
    }


async def test_nod_to_a_command_is_seen_by_one(stage: Stage) -> None:
    """They would see nothing happen otherwise."""
    asked, line = await stage.asked("jam join")
    await line.nod("You are in.")
    answer = await asked.original()
    assert (answer.content, answer.is_ephemeral) == ("You are in.", True)


async def test_nod_after_a_choice_takes_its_place(stage: Stage) -> None:
    """A choice that was made cannot be made again."""
    asked, line = await stage.asked("jam finish")
    sure = Button("Yes", Verb.JAM, JOIN.subject, "finish.yes")
    await line.say(Reply("For everybody?", buttons=((sure,),), is_menu=True))
    menu = await asked.original()
    _, line = await stage.press(menu, "Yes")
    await line.nod("It is finished.")
    assert (menu.content, menu.buttons) == ("It is finished.", [])


async def test_nod_that_comes_too_late(stage: Stage) -> None:
    """It is logged, and nothing breaks."""
    _, address = await stage.gathered()
    pressed, line = await stage.press(stage.message(address), JOIN.label)
    stage.fake.clock.advance(5)
    await line.nod("You are in.")
    assert pressed.callback is None


async def said_and_nodded(stage: Stage, place: Channel) -> list[str]:
    """Let ann write something, nod to it, and tell what is below her message then."""
    said = await stage.fake.say(stage.ann, place, "jam join", mention_bot=True)
    _, line = await stage.ear.next()
    await line.nod("You are in.")
    assert not said.answers
    return said.reactions


async def test_nod_to_a_message_is_a_thumb(stage: Stage) -> None:
    """Nothing more is said in the channel."""
    assert await said_and_nodded(stage, stage.channel) == ["👍"]


async def test_nod_where_it_is_not_permitted(stage: Stage) -> None:
    """It is left out, and Discord is not asked."""
    lost = BOT_PERMISSIONS & ~Permission.ADD_REACTIONS
    place = stage.fake.add_channel(stage.guild, "quiet", bot_permissions=lost)
    assert await said_and_nodded(stage, place) == []
    assert not stage.fake.flood.invalid


async def test_nod_that_is_refused(stage: Stage) -> None:
    """Somebody may have blocked us."""
    stage.fake.fail("PUT", r"/channels/.*/reactions/.*", status=403)
    assert await said_and_nodded(stage, stage.channel) == []


async def test_nod_and_then_words(stage: Stage) -> None:
    """A button that has come to rest can still be answered, in private."""
    _, address = await stage.gathered()
    pressed, line = await stage.press(stage.message(address), JOIN.label)
    await line.nod("You are in.")
    await line.say(SECRET)
    assert (await pressed.followup()).is_ephemeral


# Shown.


async def test_times_are_everybodys_own(stage: Stage) -> None:
    """Discord shows them in each one's time zone, and counts down."""
    asked, line = await stage.asked("jam history")
    await line.say(Reply(f"It begins {moment(1_700_000_000)}.", is_private=True))
    told = (await asked.original()).content
    assert told == "It begins <t:1700000000:R>."
