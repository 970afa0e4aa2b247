"""What a piece brings along: as much as its chat shows, its machine makes, and the crowd allows."""

from dataclasses import replace

import pytest

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.product import Product
from audiogroove.request import ComposeRequest, Mode
from audiogroove.store.rows import StoredPiece
from bots.chat import File, Medium, Verb, fitting
from bots.previews import PICTURE_LEFT_OUT, SOUND_LEFT_OUT, Previews, affordable
from bots.replies import filmed, finished, heard
from tests.bots.easel import Easel

BOTH = frozenset({Medium.PICTURE, Medium.SOUND})
STORED = StoredPiece(
    id="k3v9x2m4qa",
    job="stage.1",
    chat="stage:room",
    person="stage:ann",
    parent=None,
    request=ComposeRequest(7, style="ragtime"),
    piece=Piece((Part((Note(0, 60, 48),), name="Piano"),), bars=2, tempos=((0, 60.0),)),
    style="ragtime",
    seconds=1.0,
    created_s=0.0,
)


async def test_a_piece_brings_its_picture_and_its_sound_along() -> None:
    """Named like its MIDI file; with what players and those who cannot see need."""
    picture, sound = await Previews(Easel()).of(STORED, BOTH)
    assert (picture.name, picture.medium) == ("ragtime-c-major-7.png", Medium.PICTURE)
    assert "Piano" in picture.about
    assert (sound.name, sound.medium) == ("ragtime-c-major-7.mp3", Medium.SOUND)
    assert (sound.title, sound.duration_s) == ("Ragtime in C major", 8.0)
    assert sound.cover == b"cover.jpg of k3v9x2m4qa"


async def test_nothing_is_made_that_nobody_shows() -> None:
    """The web page asks for itself."""
    easel = Easel()
    assert await Previews(easel).of(STORED, frozenset()) == ()
    assert easel.asked == []


async def test_what_breaks_is_left_out() -> None:
    """The other preview comes all the same."""
    easel = Easel()
    easel.breaking.add(Product.PICTURE)
    (sound,) = await Previews(easel).of(STORED, BOTH)
    assert sound.medium is Medium.SOUND


async def test_a_sound_does_without_a_cover() -> None:
    """It is the lesser part."""
    easel = Easel()
    easel.breaking.add(Product.COVER)
    sound = await Previews(easel).sound(STORED)
    assert (sound.data, sound.cover) == (b"sound.mp3 of k3v9x2m4qa", b"")


async def test_who_asks_for_a_preview_is_told_that_there_is_none() -> None:
    """A button was pressed: leaving it out would be no answer."""
    easel = Easel()
    easel.breaking |= {Product.MP3, Product.PDF, Product.VIDEO}
    for ask in (Previews(easel).sound, Previews(easel).score, Previews(easel).video):
        with pytest.raises(RenderingFailed):
            await ask(STORED)


async def test_a_score_is_pages_a_pdf_and_musicxml() -> None:
    """To look at, to print, and to go on with."""
    files = await Previews(Easel()).score(STORED)
    assert [(file.name, file.medium) for file in files] == [
        ("ragtime-c-major-7.1.png", Medium.PICTURE),
        ("ragtime-c-major-7.2.png", Medium.PICTURE),
        ("ragtime-c-major-7.pdf", Medium.DOCUMENT),
        ("ragtime-c-major-7.musicxml", Medium.DOCUMENT),
    ]


async def test_no_button_is_offered_for_what_this_machine_cannot_make() -> None:
    """It would lead nowhere."""
    easel = Easel()
    assert Previews(easel).offers == {Verb.LISTEN, Verb.SCORE, Verb.VIDEO}
    easel.lacking |= {Product.MP3, Product.VIDEO}
    assert Previews(easel).offers == {Verb.SCORE}


@pytest.mark.parametrize(
    ("waiting", "left"),
    [
        (0, BOTH),
        (SOUND_LEFT_OUT - 1, BOTH),
        (SOUND_LEFT_OUT, frozenset({Medium.PICTURE})),
        (PICTURE_LEFT_OUT - 1, frozenset({Medium.PICTURE})),
        (PICTURE_LEFT_OUT, frozenset()),
    ],
)
def test_a_crowd_goes_before_previews(waiting: int, left: frozenset[Medium]) -> None:
    """First the sound, the dearest, is left out; then the picture."""
    assert affordable(BOTH, waiting) == left


async def test_a_piece_without_its_sound_has_a_button_for_it() -> None:
    """And one with it has none."""
    previews = Previews(Easel())
    for wanted, is_offered in ((BOTH, False), (frozenset({Medium.PICTURE}), True)):
        reply = finished(STORED, await previews.of(STORED, wanted), previews.offers)
        verbs = {button.verb for row in reply.buttons for button in row}
        assert (Verb.LISTEN in verbs) is is_offered


def long(bars: int) -> Piece:
    """Play a note in each of so many bars of 4 s."""
    part = Part(tuple(Note(48 * bar, 60, 48) for bar in range(bars)), name="Piano")
    return replace(STORED.piece, parts=(part,), bars=bars)


async def test_a_sound_that_is_not_all_of_its_piece_says_so() -> None:
    """Sounds are three minutes at most, films one; the words below a whole one say nothing."""
    previews = Previews(Easel())
    stored = replace(STORED, piece=long(50))
    said = finished(stored, await previews.of(stored, BOTH)).text
    assert said.endswith("\nThe sound plays bars 1-45; the MIDI file has all.")
    film = filmed(stored, await previews.video(stored)).text
    assert film.endswith("\nThe video plays bars 1-15; the MIDI file has all.")
    assert "\n" not in finished(STORED, await previews.of(STORED, BOTH)).text


async def test_what_is_new_in_a_long_piece_is_heard() -> None:
    """The words below it and its length are those of what is played."""
    previews = Previews(Easel())
    request = ComposeRequest(7, Mode.CONTINUE, bars=8, material=long(50))
    stored = replace(STORED, request=request, piece=long(58))
    (sound,) = await previews.of(stored, frozenset({Medium.SOUND}))
    assert sound.duration_s == 180
    said = heard(stored, sound).text
    assert said.endswith("\nThe sound plays bars 14-58; the MIDI file has all.")
    film = await previews.video(stored)
    assert film.duration_s == 60
    said = filmed(stored, film).text
    assert said.endswith("\nThe video plays bars 44-58; the MIDI file has all.")


async def test_the_notes_come_last_and_always() -> None:
    """A platform that shows files in their order shows what can be seen and heard first."""
    previews = Previews(Easel())
    reply = finished(STORED, await previews.of(STORED, BOTH), previews.offers)
    assert [file.medium for file in reply.files] == [Medium.PICTURE, Medium.SOUND, Medium.MIDI]


def _file(medium: Medium, size_bytes: int) -> File:
    return File(f"a.{medium}", bytes(size_bytes), medium)


def test_where_room_is_short_the_notes_stay() -> None:
    """Whatever is too large by itself goes; of the rest the dearest, until it fits."""
    notes, picture, sound = _file(Medium.MIDI, 9), _file(Medium.PICTURE, 5), _file(Medium.SOUND, 6)
    files = (picture, sound, notes)
    assert fitting(files, each_bytes=9, all_bytes=20) == files
    assert fitting(files, each_bytes=9, all_bytes=19) == (picture, notes)
    assert fitting(files, each_bytes=5, all_bytes=20) == (picture, notes)
    assert fitting(files, each_bytes=1, all_bytes=1) == (notes,)
