"""How well rewritten bars fit between those that stay."""

from dataclasses import replace
from math import isnan

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.evaluation.modes.excerpt import Excerpt, cut
from audiogroove.evaluation.modes.varying import (
    FIRST,
    PAST,
    leap,
    measure,
    request_for,
    sheet,
    transplanted,
    untouched,
)
from audiogroove.music.piece import Key, Meter, Note, Piece
from audiogroove.request import Mode
from tests.evaluation.modes.shelf import BASS, FLUTE, part, score
from tests.model import builders

WHOLE = builders.tune(1, bars=16)
PLACES = [(index, at) for index, one in enumerate(WHOLE.parts) for at, _ in enumerate(one.notes)]


def changed(piece: Piece, index: int, at: int, note: Note | None) -> Piece:
    """Put another note, or none, in the place of one."""
    parts = list(piece.parts)
    notes = parts[index].notes
    new = (note,) if note else ()
    parts[index] = replace(parts[index], notes=(*notes[:at], *new, *notes[at + 1 :]))
    return piece.with_parts(parts)


@given(st.sampled_from(PLACES), st.sampled_from(["gone", "louder", "shorter"]))
def test_a_single_note_that_changed_is_found(place: tuple[int, int], how: str) -> None:
    """Anywhere outside the bars that are rewritten; within them anything may."""
    note = WHOLE.parts[place[0]].notes[place[1]]
    other = {
        "gone": None,
        "louder": replace(note, velocity=note.velocity + 1),
        "shorter": replace(note, duration=note.duration - 1),
    }[how]
    within = FIRST <= WHOLE.bar_at(note.onset) < PAST
    assert untouched(WHOLE, changed(WHOLE, *place, other)) is within


def test_a_note_more_is_found_too() -> None:
    """And a part, a tempo or a bar."""
    first = WHOLE.parts[0].notes[0]
    more = replace(WHOLE.parts[0], notes=(first, Note(1, 1, 1), *WHOLE.parts[0].notes[1:]))
    assert untouched(WHOLE, WHOLE)
    assert not untouched(WHOLE, WHOLE.with_parts((more, *WHOLE.parts[1:])))
    assert not untouched(WHOLE, WHOLE.with_parts(WHOLE.parts[:-1]))
    assert not untouched(WHOLE, replace(WHOLE, tempos=((0, 60.0),)))
    assert not untouched(WHOLE, replace(WHOLE, bars=17))


def test_a_key_may_be_found() -> None:
    """It is no note, and a file that tells none is given one."""
    assert untouched(WHOLE, replace(WHOLE, key=Key(5)))


def test_the_same_once_more_is_no_variation() -> None:
    """Nothing is struck anew; another tune's bars share next to nothing."""
    assert measure(WHOLE, WHOLE)["struck anew"] == 0
    other = transplanted(WHOLE, builders.tune(2, bars=16))
    assert measure(WHOLE, other)["struck anew"] > 0.5


def test_a_leap_is_that_of_the_top_notes_on_both_sides() -> None:
    """The melody goes from 64 up to 67, the bass stays: one and a half on average."""
    melody = part((0, 60, 4), (3, 64, 1), (4, 55, 1), (4, 67, 1), program=FLUTE)
    bass = part((0, 36, 4), (4, 36, 4), program=BASS)
    beat = part((3, 40, 1), (4, 80, 1), is_drums=True)
    assert leap(score(melody, bass, beat, bars=2), 1) == 1.5


def test_who_rests_at_the_line_leaps_nowhere() -> None:
    """Within a bar on either side."""
    assert isnan(leap(score(part((0, 60, 1), (8, 90, 1)), bars=4), 1))


def test_a_transplant_takes_the_place_of_what_was_there() -> None:
    """Within the bars all is the donor's, outside all is as it was."""
    donor = builders.tune(2, bars=16)
    new = transplanted(WHOLE, donor)
    assert untouched(WHOLE, new)
    struck = [(note.onset, note.pitch) for note in cut(new, FIRST, PAST).parts[0].notes]
    assert struck == [(note.onset, note.pitch) for note in cut(donor, FIRST, PAST).parts[0].notes]


def test_parts_too_many_fall_to_the_last() -> None:
    """A solo takes a band's melody and bass, and has no use for its drums."""
    solo = score(part(*((quarter, 60, 1) for quarter in range(64))), bars=16)
    band = cut(WHOLE, FIRST, PAST)
    got = cut(transplanted(solo, WHOLE), FIRST, PAST)
    assert got.note_count == len(band.parts[0].notes) + len(band.parts[1].notes)


def test_the_bars_are_asked_for_that_are_looked_at() -> None:
    """Bars 5-8, of the piece itself."""
    request = request_for(Excerpt(0, "waltz", WHOLE, is_end=False), seed=3)
    assert (request.mode, request.bar_range, request.seed) == (Mode.VARY, (FIRST, PAST), 3)


def test_strangers_have_bars_of_the_same_length() -> None:
    """Three quarters do not fit where four were."""
    one = Excerpt(0, "waltz", WHOLE, is_end=False)
    quarters = part(*((quarter, 60, 1) for quarter in range(48)))
    three = Excerpt(1, "waltz", score(quarters, bars=16, meter="3/4"), is_end=False)
    four = Excerpt(2, "waltz", builders.tune(2, bars=16), is_end=False)
    assert three.piece.meters == ((0, Meter(3, 4)),)
    dice = np.random.default_rng(1)
    for pool, is_known in (((one, three), False), ((one, three, four), True)):
        told = sheet(pool, one, WHOLE, dice)
        assert isnan(told["another piece"]["struck anew"]) is not is_known
        assert told["model"] == told["real"]
