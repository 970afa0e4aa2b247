"""Pictures of pieces that several people made: whose colour, whose name, whose section."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from audiogroove.music.credits import Credit, Credits
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.legend import Legend, Region
from audiogroove.render.roll import palette, picture
from audiogroove.render.roll.sections import list_sections
from tests.crediting import credits_of, player_at
from tests.strategies import pieces

SVG = "{http://www.w3.org/2000/svg}"
FLUTE = Part(tuple(Note(12 * at, 60 + at % 13, 12) for at in range(32)), 73, name="Flute")
BASS = Part(tuple(Note(48 * at, 36, 48) for at in range(8)), 32, name="Bass")
KIT = Part(tuple(Note(24 * at, 36, 3) for at in range(16)), 0, is_drums=True, name="Kit")
BAND = Piece((FLUTE, BASS, KIT), bars=8)
IN_TURN = (Credit("Ann", 0, 4), Credit("Bob", 4, 8))
EACH_THEIR_OWN = (Credit("Ann", 0, 8, 0), Credit("Bob", 0, 8, 1), Credit("Ann", 0, 8, 2))


def words(svg: str) -> list[str]:
    """List what is written in a picture."""
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


def coloured(svg: str) -> Iterator[tuple[int, int, str]]:
    """Yield part, bar and colour of each note of a roll for the web."""
    for group in ET.fromstring(svg).iter(f"{SVG}g"):  # noqa: S314  (our own)
        for rect in group.iter(f"{SVG}rect"):
            yield int(group.attrib["data-part"]), int(rect.attrib["data-bar"]), group.attrib["fill"]


@given(pieces(), st.data())
@settings(deadline=None, max_examples=40)
def test_each_note_has_the_colour_of_its_player(piece: Piece, data: st.DataObject) -> None:
    """Of the one in whose bar it begins; grey where that is nobody."""
    credited = data.draw(credits_of(bars=min(piece.bars, 20), parts=len(piece.parts), least=1))
    colours = palette.player_colours(credited) | {"": palette.NOBODY}
    notes = list(coloured(picture.draw_roll(piece, Legend("Jam", credits=credited))))
    assert len(notes) == piece.note_count
    for part, bar, colour in notes:
        assert colour == colours[player_at(credited, part, bar)]


def test_players_have_their_colours_in_the_order_in_which_they_come_in() -> None:
    """The brightest first, as parts have where nobody is credited."""
    players = tuple(Credit(f"Player {at}", at, at + 1) for at in range(8))
    assert tuple(palette.player_colours(players).values()) == palette.MELODIC[:8]
    assert list(palette.player_colours((*players, Credit("Player 0", 8, 9)))) == [
        f"Player {at}" for at in range(8)
    ]


def test_there_is_a_colour_for_every_player() -> None:
    """However many there were: then some share one."""
    crowd = tuple(Credit(f"Player {at}", at, at + 1) for at in range(40))
    colours = palette.player_colours(crowd)
    assert len(colours) == 40
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in colours.values())


def test_players_are_named_with_what_they_play() -> None:
    """Each once, with all of their parts."""
    written = words(picture.draw(BAND, Legend("Jam", credits=EACH_THEIR_OWN)))
    assert {"Ann: Flute, Kit", "Bob: Bass"} <= set(written)


def test_where_all_lead_the_whole_band_it_is_named_once() -> None:
    """The same list behind each name would tell nothing."""
    written = words(picture.draw(BAND, Legend("Jam", credits=IN_TURN)))
    assert written[-3:] == ["Ann", "Bob", "on Flute, Bass, Kit"]


def test_what_is_nobodys_is_named_by_its_parts() -> None:
    """In grey, last."""
    written = words(picture.draw(BAND, Legend("Jam", credits=(Credit("Ann", 0, 8, 1),))))
    assert written[-2:] == ["Ann: Bass", "Flute, Kit"]


def test_who_plays_nothing_yet_is_not_named() -> None:
    """Their bars may be silent, or not there."""
    away = (*IN_TURN, Credit("Cy", 40, 44))
    assert "Cy" not in " ".join(words(picture.draw(BAND, Legend("Jam", credits=away))))


def test_each_section_is_named_above_it() -> None:
    """Where players came one after the other; every time it is somebody's turn again."""
    again = (*IN_TURN, Credit("Ann", 6, 8))
    assert [each.name for each in list_sections(BAND, again)] == ["Ann", "Bob", "Ann"]
    assert words(picture.draw(BAND, Legend("Jam", credits=again))).count("Ann") == 3


@pytest.mark.parametrize(
    "credited",
    [
        (),
        (Credit("Ann", 0, 8),),
        EACH_THEIR_OWN,
        (Credit("Ann", 0, 4, 0), Credit("Bob", 4, 8, 1)),
    ],
    ids=["nobody", "one player", "own parts", "never all of a bar"],
)
def test_there_are_no_sections_where_none_can_be_told_apart(credited: Credits) -> None:
    """Then the picture has that room for the notes."""
    assert list_sections(BAND, credited) == ()


def test_silent_parts_do_not_hide_sections() -> None:
    """What nobody hears needs no player."""
    credited = (Credit("Ann", 0, 4, 0), Credit("Bob", 4, 8, 0))
    band = Piece((FLUTE, Part((), 40)), 8)
    assert [each.name for each in list_sections(band, credited)] == ["Ann", "Bob"]


def test_names_that_find_no_room_are_left_to_the_roster() -> None:
    """A hundred sections are as wide as a letter each."""
    many = tuple(Credit(f"Maximilian {at % 4}", at, at + 1) for at in range(200))
    long = replace(BAND, bars=200)
    written = words(picture.draw(long, Legend("Jam", credits=many)))
    assert sum(word.startswith("Max") for word in written) == 4


def test_a_player_whose_name_cannot_be_drawn_has_a_number() -> None:
    """Our font has neither their script nor emoji; what is said of the picture keeps the name."""
    legend = Legend("Jam", credits=(Credit("Ann", 0, 4), Credit("田中", 4, 8)))
    assert words(picture.draw(BAND, legend)).count("Player 2") == 2
    assert "By Ann, 田中, on Flute, Bass, Kit." in picture.describe(BAND, legend)


def test_what_is_new_is_marked_in_a_jam_too() -> None:
    """The take that is judged shines in its player's colour, and the others' is dimmed."""
    legend = Legend("Jam", credits=IN_TURN, new=(Region(4, 8),))
    root = ET.fromstring(picture.draw_roll(BAND, legend))  # noqa: S314  (our own)
    solid: dict[int, set[float]] = {}
    for rect in root.iter(f"{SVG}rect"):
        if "data-on" in rect.attrib:
            half = int(rect.attrib["data-bar"]) // 4
            solid.setdefault(half, set()).add(float(rect.attrib["fill-opacity"]))
    assert max(solid[0]) < min(solid[1])
    assert {"new", "Ann", "Bob"} <= set(words(picture.draw(BAND, legend)))


def test_a_description_names_the_players() -> None:
    """And what they play."""
    told = picture.describe(BAND, Legend("Jam", credits=EACH_THEIR_OWN, new=(Region(0, 8, 1),)))
    assert told.endswith("By Ann: Flute, Kit; Bob: Bass; new: Bass in bars 1 to 8.")


def test_covers_have_the_players_colours() -> None:
    """A jam has the same face wherever it is shown."""
    faces = {picture.cover(BAND, Legend("", credits=each)) for each in ((), IN_TURN)}
    assert len(faces) == 2


@pytest.mark.parametrize("piece", [Piece((), 4), Piece((Part((), 0), Part((), is_drums=True)), 4)])
@pytest.mark.parametrize("new", [(), (Region(0, 4),)])
def test_a_piece_without_notes_is_drawn(piece: Piece, new: tuple[Region, ...]) -> None:
    """As a jam's after its only take was undone."""
    legend = Legend("Jam", credits=IN_TURN, new=new)
    for svg in (picture.draw(piece, legend), picture.draw_roll(piece, legend)):
        with Image.open(io.BytesIO(picture.paint(svg))) as image:
            assert image.width == 1200
    assert picture.cover(piece, legend)
    assert "0 notes" in picture.describe(piece, legend)


@pytest.mark.parametrize(
    "name", ["</text><script>", "\"&amp;\" 'x'", "W" * 64, "🎹🎶", "e\u0301" * 32]
)
def test_hostile_players_are_drawn(name: str) -> None:
    """Their names neither break the drawing nor become a part of it."""
    legend = Legend("Jam", credits=(Credit(name, 0, 4), Credit("Ann", 4, 8)))
    for svg in (picture.draw(BAND, legend), picture.draw_roll(BAND, legend)):
        assert "<script" not in svg
        assert picture.paint(svg).startswith(b"\x89PNG")
