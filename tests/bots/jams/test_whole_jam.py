"""One jam of four on each platform, from the start to the file; each test looks at what it left.

Ann starts it, Bob and Cleo join in, Dan comes late; Cleo brings a file of hers.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

import pytest

from audiogroove.music import midi
from tests.bots.jams.platforms import PLATFORMS
from tests.bots.jams.rooms import Opening, Room, Shown, notes_of, tracks_of
from tests.bots.jams.stage import Stage
from tests.jams.club import FILES

NAMES = ("Ann", "Bob", "Cleo", "Dan")
BARS, BAR_STEPS = 4, 48  # of each turn


@dataclass(frozen=True)
class Played:
    """What there is when all is over; the room's messages are as they were left."""

    room: Room
    stage: Stage
    turns: tuple[Shown, ...]  # the card at the beginning of each
    deadlines_s: tuple[float, ...]  # and when it is to end
    takes: tuple[Shown, ...]  # and when each was to be judged


class Watched:
    """A jam as it is played, and what is seen of it."""

    def __init__(self, room: Room, stage: Stage) -> None:
        """Look on from the beginning."""
        self._room, self._stage = room, stage
        self._turns: list[Shown] = []
        self._deadlines_s: list[float] = []
        self._takes: list[Shown] = []

    async def turn(self, name: str, move: Awaitable[object]) -> None:
        """Let somebody do something when it is their turn, and keep what comes of it."""
        before = await self._room.says(f"{name}, it is your turn")
        self._turns.append(before)
        self._deadlines_s.append((await self._stage.jam()).deadline_s)
        await move
        self._takes.append(await self._room.hear(name, before))
        await self._room.press(name, "✅ Keep")

    def all(self) -> Played:
        """Tell what was seen."""
        seen = tuple(self._turns), tuple(self._deadlines_s), tuple(self._takes)
        return Played(self._room, self._stage, *seen)


async def played(opening: Opening, folder: Path) -> Played:
    """Play it."""
    async with opening(folder) as (room, stage):
        watched = Watched(room, stage)
        await room.gather(*NAMES[:3], style="ragtime", key="d minor", rounds=1)
        await watched.turn("Ann", room.press("Ann", "▶ Play"))
        await watched.turn("Bob", room.press("Bob", "🔥 Busier"))
        await room.press("Dan", "➕ Join")
        await watched.turn("Cleo", room.send("Cleo", FILES["tune.mid"]))
        await watched.turn("Dan", room.press("Dan", "▶ Play"))
        await room.piece()
        return watched.all()


@pytest.fixture(scope="module", params=list(PLATFORMS))
def jam(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Have it played once for all."""
    return asyncio.run(played(PLATFORMS[request.param], tmp_path_factory.mktemp("jam")))


def test_the_card_is_one_message(jam: Played) -> None:
    """It is changed in place, again and again."""
    assert jam.room.cards() == 1
    assert len(set(jam.room.texts())) > 2 * len(NAMES)


def test_the_card_tells_whose_turn_it_is(jam: Played) -> None:
    """And which bars are theirs."""
    bars = ("1-4", "5-8", "9-12", "13-16")
    for name, theirs, card in zip(NAMES, bars, jam.turns, strict=True):
        assert f"{name}, it is your turn: bars {theirs}" in card.text


def test_the_card_tells_until_when(jam: Played) -> None:
    """To the second, as everybody's app shows it in their own time."""
    assert [card.until_s for card in jam.turns] == [round(each) for each in jam.deadlines_s]


def test_there_is_a_picture_from_the_first_take_on(jam: Played) -> None:
    """And a sound; nothing before."""
    first, *others = jam.turns
    assert (first.picture, first.sound) == (None, None)
    assert all(card.picture and card.sound for card in (*jam.takes, *others))


def test_each_take_is_seen_and_heard(jam: Played) -> None:
    """Picture and sound are of the same piece, which is another each time."""
    pieces = [
        tuple((file or b"").rpartition(b" of ")[2] for file in (card.picture, card.sound))
        for card in jam.takes
    ]
    assert all(picture == sound for picture, sound in pieces)
    assert len(set(pieces)) == len(NAMES)


def test_the_card_ends_without_buttons(jam: Played) -> None:
    """And says what was laid down."""
    card = jam.room.card()
    assert card
    assert card.buttons == ()
    assert card.text.splitlines()[1:3] == [
        "🏁 Finished.",
        "Laid down: Ann 1-4, Bob 5-8, Cleo 9-12 (own file), Dan 13-16",
    ]


def test_the_piece_comes_once(jam: Played) -> None:
    """As a file that opens."""
    (data,) = jam.room.files()
    assert midi.parse(data).bars == BARS * len(NAMES)


def test_its_tracks_are_named_for_the_players(jam: Played) -> None:
    """Each has the notes of their own bars."""
    tracks = tracks_of(jam.room.files()[0])
    assert list(tracks) == [f"{name}: Piano" for name in NAMES]
    for turn, notes in enumerate(tracks.values()):
        bars = {note.onset // BAR_STEPS // BARS for note in notes}
        assert bars == {turn}


def test_its_notes_are_those_laid_down(jam: Played) -> None:
    """All that was composed last, in which is all that was before."""
    *_, last = jam.stage.busker.made.values()
    assert notes_of(midi.parse(jam.room.files()[0])) == notes_of(last)


def test_own_file_is_in_it(jam: Played) -> None:
    """Cleo's bars have as many notes as the first bars of her file."""
    theirs = tracks_of(jam.room.files()[0])["Cleo: Piano"]
    file = notes_of(midi.parse(FILES["tune.mid"]))
    assert len(theirs) == len([note for note in file if note.onset < BARS * BAR_STEPS])
