"""What happens in jams, the same on every platform; nobody jams alone here."""

import asyncio

from audiogroove.jam.jam import Phase
from audiogroove.music import midi
from tests.bots.jams.rooms import Room, notes_of, tracks_of
from tests.bots.jams.stage import Stage
from tests.jams.club import FILES

RAG = {"style": "ragtime", "key": "d minor", "rounds": 1}
BAND = {"style": "folk", "key": "c", "rounds": 1, "way": "parts", "bars": 4}


async def test_a_wrong_tap_is_told_to_them_alone(room: Room, stage: Stage) -> None:
    """In passing; the jam and its card stay as they are."""
    await room.gather("Ann", "Bob", **RAG)
    before, texts = await stage.jam(), list(room.texts())
    assert "It is Ann's turn" in await room.press("Bob", "▶ Play")
    await stage.bandstand.settled()
    assert (await stage.jam(), room.texts()) == (before, texts)


async def test_a_tap_that_comes_late_harms_nobody(room: Room, stage: Stage) -> None:
    """Whoever presses twice lays one take down."""
    await room.gather("Ann", "Bob", **RAG)
    await room.play("Ann")
    told = await asyncio.gather(*(room.tap("Ann", "✅ Keep") for _ in range(2)))
    assert sum("too late" in each for each in told) == 1
    assert len((await stage.jam()).takes) == 1


async def test_a_file_that_is_none_is_refused(room: Room, stage: Stage) -> None:
    """In words, and the turn goes on."""
    await room.gather("Ann", "Bob", **RAG)
    await room.send("Ann", FILES["cat.mid"])
    await room.hears("That is not a MIDI file")
    assert (await stage.jam()).phase is Phase.TURN


async def test_who_leaves_is_passed_over(room: Room) -> None:
    """What they have played stays theirs."""
    await room.gather("Ann", "Bob", "Cleo", **(RAG | {"rounds": 2}))
    await room.lay("Ann")
    await room.says("Bob, it is your turn")
    await room.press("Bob", "🚪 Leave")
    await room.says("Cleo, it is your turn")
    await room.press("Ann", "🚪 Leave")
    card = await room.says("Players: Cleo (host)")
    assert "Laid down: Ann 1-4" in card.text


async def test_all_who_leave_end_it(room: Room) -> None:
    """With what is laid down."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann")
    await room.says("Bob, it is your turn")
    await room.press("Ann", "🚪 Leave")
    await room.press("Bob", "🚪 Leave")
    assert list(tracks_of(await room.piece())) == ["Ann: Piano"]


async def test_a_take_is_taken_back(room: Room) -> None:
    """Its bars are played anew."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann")
    await room.says("Bob, it is your turn")
    await room.press("Ann", "↩ Undo")
    card = await room.says("Ann, it is your turn: bars 1-4")
    assert "Laid down" not in card.text


async def test_all_vote(room: Room) -> None:
    """Most of them decide what becomes of a take."""
    await room.gather("Ann", "Bob", "Cleo", **RAG)
    await room.play("Ann")
    await room.press("Bob", "🗳 Let all vote")
    await room.press("Bob", "👎 0")
    await room.press("Cleo", "👍 0")
    await room.says("1 for, 1 against, of 3")
    await room.press("Ann", "👍 1")
    card = await room.says("Bob, it is your turn")
    assert "Laid down: Ann 1-4" in card.text


async def test_somebody_who_is_away_is_played_for(room: Room, stage: Stage) -> None:
    """After two minutes; then it is the next one's turn."""
    await room.gather("Ann", "Bob", **RAG)
    stage.hours.pass_s(121)
    card = await room.says("Bob, it is your turn")
    assert "Laid down: Ann 1-4 (played for them)" in card.text


async def test_a_jam_goes_on_as_another(room: Room) -> None:
    """The piece of the first is the beginning of the second's."""
    await room.gather("Ann", **RAG)
    await room.lay("Ann")
    first = midi.parse(await room.piece())
    await room.press_below("Bob", "🔁 Continue as a new jam")
    await room.says("Jam no. 2")
    await room.press("Bob", "▶ Begin")
    await room.says("Bob, it is your turn: bars 5-8")
    await room.lay("Bob")
    second = midi.parse(await room.piece(2))
    assert notes_of(first) < notes_of(second)


async def test_finished_jams_can_be_had_again(room: Room) -> None:
    """Whoever asks for them sees who played, and gets the file by a button."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann", "Bob")
    piece = await room.piece()
    assert "Jam no. 1 · ragtime in D minor · 8 bars · Ann, Bob" in await room.does(
        "Cleo", "history"
    )
    await room.press_below("Cleo", "🎼 No. 1")
    assert await room.piece(2) == piece


async def test_a_band_of_three(room: Room) -> None:
    """Each has an instrument of their own over the same bars, and a track with their name."""
    await room.start("Ann", **BAND)
    await room.press("Bob", "➕ Bass")
    await room.press("Cleo", "➕ Drums")
    await room.says("Bob (bass), Cleo (drums)")
    await room.press("Ann", "▶ Begin")
    await room.lay("Ann", "Bob", "Cleo")
    tracks = tracks_of(await room.piece())
    assert sorted(tracks) == ["Ann: Violin", "Bob: Bass", "Cleo: Drums"]
    assert all({note.onset // 48 for note in notes} == {0, 1, 2, 3} for notes in tracks.values())


async def test_a_card_that_a_moderator_deletes_comes_back(room: Room) -> None:
    """With what was to be seen and heard on it, at the next move."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann")
    before = await room.says("Bob, it is your turn")
    await room.delete_card()
    await room.does("Cleo", "join")
    card = await room.until(lambda card: "Cleo" in card.text and card.picture and card.sound)
    assert (card.picture, card.sound) == (before.picture, before.sound)
    assert card.label("▶ Play")


async def test_a_card_is_brought_down(room: Room) -> None:
    """It is put up anew below all that was said, and the old one goes."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann")
    before = await room.says("Bob, it is your turn")
    await room.does("Cleo", "card")
    await room.wait(lambda: room.cards() > 1 and room.is_single())
    assert room.card() == before


async def test_a_card_that_is_seen_can_be_pressed(room: Room) -> None:
    """By whoever is quick: at the very moment when it appears."""
    await room.start("Ann", **RAG)
    await room.press("Bob", "➕ Join")
    await room.says("Players: Ann (host), Bob")
