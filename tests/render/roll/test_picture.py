"""Pictures of pieces: where notes lie, what tells them apart, and that any piece can be drawn."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Meter, Note, Part, Piece
from audiogroove.render.legend import Legend, Region
from audiogroove.render.roll import notes, palette, picture
from audiogroove.render.roll.grid import lay_out
from audiogroove.render.roll.svg import Box
from tests.strategies import pieces

SVG = "{http://www.w3.org/2000/svg}"
ROUNDED = 0.11  # px: places are written with one decimal

FLUTE = Part(tuple(Note(12 * at, 60 + at % 13, 12, 40 + at) for at in range(32)), 73, name="Flute")
BASS = Part(tuple(Note(48 * at, 36, 48, 80) for at in range(8)), 32, name="Bass")
DRUMS = Part(
    tuple(Note(24 * at, 36 if at % 2 else 38, 3, 90) for at in range(16)), is_drums=True, name="Kit"
)
BAND = Piece((FLUTE, BASS, DRUMS), bars=8)
LEGEND = Legend("A tune", "8 bars of 4/4")


def parse(svg: str) -> ET.Element:
    """Read an SVG as any reader of XML does."""
    return ET.fromstring(svg)  # noqa: S314  (our own)


def drawn(svg: str) -> Iterator[tuple[int, ET.Element]]:
    """Yield each note of a roll for the web with its part."""
    for group in parse(svg).iter(f"{SVG}g"):
        for rect in group.iter(f"{SVG}rect"):
            yield int(group.attrib["data-part"]), rect


def words(svg: str) -> list[str]:
    """List what is written in a picture."""
    return [text.text or "" for text in parse(svg).iter(f"{SVG}text")]


def box(rect: ET.Element) -> Box:
    """Read where a rectangle lies."""
    x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def within(inner: Box, outer: Box) -> bool:
    """Tell whether one box lies in another, but for rounding."""
    return (
        inner.left >= outer.left - ROUNDED
        and inner.top >= outer.top - ROUNDED
        and inner.right <= outer.right + ROUNDED
        and inner.bottom <= outer.bottom + ROUNDED
    )


def pixels(png: bytes) -> Image.Image:
    """Open a painted picture."""
    return Image.open(io.BytesIO(png)).convert("RGB")


@given(pieces())
@example(Piece((Part((Note(28_799, 60, 1),)), replace(DRUMS, notes=(Note(28_799, 81, 1),))), 600))
@settings(deadline=None)
def test_every_note_is_drawn_inside_the_roll(piece: Piece) -> None:
    """Once each, with its seconds, in any piece that there may be."""
    svg = picture.draw_roll(piece, LEGEND)
    root = parse(svg)
    area = Box(*(float(root.attrib[f"data-{edge}"]) for edge in ("left", "top", "right", "bottom")))
    found = list(drawn(svg))
    assert len(found) == piece.note_count
    for part, rect in found:
        assert within(box(rect), area)
        assert 0 <= float(rect.attrib["data-on"]) <= float(rect.attrib["data-off"])
        assert 0 <= int(rect.attrib["data-bar"]) < piece.bars
        assert 0 <= part < len(piece.parts)


@given(pieces())
@settings(deadline=None)
def test_every_note_lies_in_the_panel_of_its_kind(piece: Piece) -> None:
    """Melodic parts in the roll, drums in the kit."""
    grid = lay_out(piece, Box(0, 0, 1000, 500))
    for part in piece.parts:
        panel = grid.kit if part.is_drums else grid.roll
        for note in part.notes:
            assert panel is not None
            assert within(grid.place(note, is_drums=part.is_drums), panel)


@given(pieces(), st.text(), st.text())
@settings(deadline=None, max_examples=8)
def test_any_piece_with_any_words_is_painted(piece: Piece, title: str, facts: str) -> None:
    """As a PNG of the size that chats like."""
    png = picture.paint(picture.draw(piece, Legend(title, facts)))
    assert pixels(png).size == (1200, 630)


@pytest.mark.parametrize(
    "title",
    [
        "</text><script>alert(1)</script>",
        "&amp; & \"quoted\" 'twice' ]]>",
        "bell \x07, null \x00, escape \x1b[31m",
        "🎹🎶 日本語 \u202e",
        "W" * 500,
        "\ud800 half a pair, \ufffe no character",
    ],
)
def test_hostile_titles_are_drawn(title: str) -> None:
    """They neither break the drawing nor become a part of it."""
    legend = Legend(title, title)
    for svg in (picture.draw(BAND, legend), picture.draw_roll(BAND, legend)):
        assert not list(parse(svg).iter(f"{SVG}script"))
        assert picture.paint(svg).startswith(b"\x89PNG")


def test_a_title_is_cut_before_it_meets_the_name_of_the_house() -> None:
    """However long it is."""
    title = words(picture.draw(BAND, Legend("W" * 500)))[0]
    assert title.endswith("…")
    assert 10 < len(title) < 48


def test_words_leave_their_marks() -> None:
    """Without fonts resvg draws none and says nothing: another title, other pixels."""
    one, two, none = (
        pixels(picture.paint(picture.draw(BAND, Legend(title, "")), width_px=400))
        for title in ("Waltz", "Gigue", "")
    )
    title_box = (0, 0, 200, 30)
    assert len({image.crop(title_box).tobytes() for image in (one, two, none)}) == 3


def test_time_runs_evenly_in_steps() -> None:
    """A script finds a note's place from its step, whatever the tempo does."""
    piece = replace(BAND, tempos=((0, 60.0), (100, 240.0)))
    root = parse(svg := picture.draw_roll(piece, LEGEND))
    left, right = (float(root.attrib[f"data-{edge}"]) for edge in ("left", "right"))
    flute = [rect for part, rect in drawn(svg) if part == 0]
    for note, rect in zip(FLUTE.notes, flute, strict=True):
        place = left + (right - left) * note.onset / piece.steps
        assert box(rect).left == pytest.approx(place, abs=ROUNDED)


def test_notes_say_when_they_sound() -> None:
    """In seconds of the performance, to the millisecond."""
    piece = replace(BAND, tempos=((0, 60.0), (96, 120.0)))
    flute = [rect for part, rect in drawn(picture.draw_roll(piece, LEGEND)) if part == 0]
    assert flute[7].attrib["data-on"] == "7.000"
    assert flute[9].attrib["data-on"] == "8.500"
    assert flute[9].attrib["data-bar"] == "2"


def test_a_roll_for_a_page_brings_nothing_that_a_page_forbids() -> None:
    """No styles, scripts, ids or references: its policy is `default-src 'self'`."""
    svg = picture.draw_roll(BAND, Legend('"><a href="x">', new=(Region(0, 2),)))
    names = {name for element in parse(svg).iter() for name in element.attrib}
    assert not names & {"id", "style", "href", "onload", "filter"}
    assert "url(" not in svg
    assert {element.tag for element in parse(svg).iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "g", "rect", "path", "text")
    }


def test_a_roll_says_in_words_what_it_shows() -> None:
    """To those who cannot see it."""
    root = parse(picture.draw_roll(BAND, LEGEND))
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == picture.describe(BAND, LEGEND)


def test_louder_notes_are_more_solid() -> None:
    """Velocity is strength."""
    flute = [rect for part, rect in drawn(picture.draw_roll(BAND, LEGEND)) if part == 0]
    solid = [float(rect.attrib["fill-opacity"]) for rect in flute]
    assert solid == sorted(solid)
    assert solid[0] < solid[-1]


def test_what_was_there_before_is_dimmed() -> None:
    """The loudest old note is fainter than the softest new one."""
    part = Part((Note(0, 60, 48, 127), Note(48, 60, 48, 1)))
    svg = picture.draw_roll(Piece((part,), 2), Legend("Continued", new=(Region(1, 2),)))
    old, new = (float(rect.attrib["fill-opacity"]) for _, rect in drawn(svg))
    assert old < new


def test_what_is_new_is_said_and_not_only_shown() -> None:
    """A word over the new bars; the part's name where only a part is new."""
    assert "new" in words(picture.draw(BAND, Legend("Varied", new=(Region(2, 4),))))
    assert "new: Bass" in words(picture.draw(BAND, Legend("Joined", new=(Region(0, 8, 1),))))
    assert not [word for word in words(picture.draw(BAND, LEGEND)) if word.startswith("new")]


def test_a_new_part_lies_in_front() -> None:
    """The busiest part is at the back otherwise."""
    order = [part for part, _ in drawn(picture.draw_roll(BAND, LEGEND))]
    assert list(dict.fromkeys(order)) == [0, 2, 1]
    joined = Legend("Joined", new=(Region(0, 8, 0),))
    order = [part for part, _ in drawn(picture.draw_roll(BAND, joined))]
    assert list(dict.fromkeys(order)) == [2, 1, 0]


def test_bars_are_numbered_as_people_count() -> None:
    """From 1; in long pieces those for which there is room."""
    assert words(picture.draw(BAND, LEGEND)).count("8") == 1
    assert "0" not in words(picture.draw(BAND, LEGEND))
    numbers = [
        word for word in words(picture.draw(replace(BAND, bars=600), LEGEND)) if word.isdigit()
    ]
    assert numbers[0] == "1"
    assert 4 < len(numbers) < 20


def test_bar_numbers_never_collide() -> None:
    """Even where bars of one step stand beside bars of a hundred."""
    meters = ((0, Meter(32, 1)), (4, Meter(1, 16)), (60, Meter(4, 4)))
    svg = picture.draw(Piece((FLUTE,), 64, meters), Legend(""))
    places = sorted(
        float(text.attrib["x"])
        for text in parse(svg).iter(f"{SVG}text")
        if (text.text or "").isdigit()
    )
    assert all(two - one > 30 for one, two in pairwise(places))


def test_everyone_who_plays_is_named() -> None:
    """Colour alone tells nobody anything; who is silent is left out."""
    silent = Part((), 40, name="Violin")
    written = words(picture.draw(replace(BAND, parts=(*BAND.parts, silent)), LEGEND))
    assert {"Flute", "Bass", "Kit"} <= set(written)
    assert "Violin" not in written


def test_a_crowd_is_counted_where_names_find_no_room() -> None:
    """Sixteen long names do not fit."""
    crowd = tuple(replace(BASS, name=f"A very long name, number {at}") for at in range(15))
    written = words(picture.draw(Piece(crowd, 8), LEGEND))
    named = sum(word.startswith("A very long") for word in written)
    assert f"and {15 - named} more" in written
    assert 6 <= named < 15


def test_sixteen_parts_have_sixteen_colours() -> None:
    """No two parts can be mistaken for each other; drums are grey unless they are alone."""
    everyone = Piece((*[BASS] * 15, DRUMS), 8)
    assert len(set(palette.colours(everyone))) == 16
    assert palette.colours(everyone)[-1] == palette.DRUMS
    assert palette.colours(Piece((DRUMS,), 8)) != (palette.DRUMS,)
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in palette.colours(everyone))


def test_lanes_are_those_that_are_played() -> None:
    """A drummer alone has the whole picture; without drums there is no kit."""
    place = Box(0, 0, 1000, 500)
    assert lay_out(Piece((DRUMS,), 8), place).lanes == ("Snare", "Kick")
    assert lay_out(Piece((DRUMS,), 8), place).panels == (place,)
    assert lay_out(Piece((FLUTE,), 8), place).panels == (place,)
    assert len(lay_out(BAND, place).panels) == 2


def test_of_too_many_notes_the_loudest_are_drawn() -> None:
    """A picture has only so many pixels."""
    crowd = tuple(
        Note(step, pitch, 1, 127 if pitch % 10 == 0 else 20)
        for step in range(400)
        for pitch in range(20, 60)
    )
    svg = picture.draw_roll(Piece((Part(crowd),), 10), LEGEND, width_px=470)
    shown = [float(rect.attrib["fill-opacity"]) for _, rect in drawn(svg)]
    assert 1_600 < len(shown) <= notes.MAX_NOTES
    assert shown.count(1.0) == 1_600


def test_only_what_can_be_told_apart_glows() -> None:
    """Beyond some thousand notes there is no dark left, and what is old does not shine."""
    crowd = tuple(Note(step, 60, 1) for step in range(notes.MAX_GLOWING + 1))
    few, many = (Piece((Part(crowd[:count]),), 100) for count in (10, len(crowd)))
    assert "stroke-linecap" in picture.draw(few, LEGEND)
    assert "stroke-linecap" not in picture.draw(many, LEGEND)
    assert "stroke-linecap" not in picture.draw(few, Legend("Longer", new=(Region(90, 100),)))


@given(pieces())
@settings(deadline=None, max_examples=5)
def test_covers_are_what_music_players_take(piece: Piece) -> None:
    """A JPEG of at most 320 × 320 and below 200 kB (Telegram, `sendAudio`)."""
    jpeg = picture.cover(piece, LEGEND)
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.format == "JPEG"
        assert image.size == (320, 320)
    assert len(jpeg) < 200_000


def test_covers_differ_as_pieces_do() -> None:
    """Each tune has a face of its own, even one that begins late."""
    late = Part(tuple(replace(note, onset=note.onset + 300) for note in FLUTE.notes), 73)
    faces = {picture.cover(piece, LEGEND) for piece in (BAND, Piece((late,), 20), Piece((), 8))}
    assert len(faces) == 3


def test_covers_are_bright_whatever_is_new() -> None:
    """What went on after the fourth bar is no reason to show a faint one."""
    assert picture.cover(BAND, Legend("", new=(Region(7, 8),))) == picture.cover(BAND, LEGEND)


def test_a_description_says_what_the_picture_shows() -> None:
    """In two sentences, with the bars as people count them."""
    legend = Legend("A tune", new=(Region(4, 8, 1),))
    assert picture.describe(BAND, legend) == (
        "Piano roll of “A tune”: 56 notes in 8 bars of 4/4, 16 seconds long. "
        "For Flute, Bass, Kit; new: Bass in bars 5 to 8."
    )


def test_pictures_have_the_width_that_is_asked() -> None:
    """The height follows."""
    assert pixels(picture.paint(picture.draw(BAND, LEGEND), width_px=600)).size == (600, 315)


def test_what_is_no_svg_fails_as_every_rendering_fails() -> None:
    """Whoever shows pictures goes without."""
    with pytest.raises(RenderingFailed) as failure:
        picture.paint("<svg")
    assert failure.value.what == "picture"
