"""How well a new part goes with those that are given."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from audiogroove.evaluation.modes.accompanying import (
    ROLES,
    Company,
    Hidden,
    added,
    hide,
    request_for,
    sheet,
)
from audiogroove.evaluation.modes.excerpt import Excerpt
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import Mode
from tests.evaluation.modes.shelf import BASS, FLUTE, part, score
from tests.model import builders

# C, F, G and C, a bar each, three notes at once
CHORDS = part(
    *(
        (4 * bar, root + above, 4)
        for bar, root in enumerate((60, 65, 67, 60))
        for above in (0, 4, 7)
    )
)
ROOTS = part((0, 36, 4), (4, 41, 4), (8, 43, 4), (12, 36, 4), program=BASS)
TUNE = part((0, 84, 4), (4, 81, 4), (8, 83, 4), (12, 84, 4), program=FLUTE)
BEAT = part(*((quarter, 36, 1) for quarter in range(16)), is_drums=True)
BAND = score(TUNE, CHORDS, ROOTS, BEAT, bars=4)


def band(piece: Piece = BAND) -> Excerpt:
    """Take a piece for a stretch."""
    return Excerpt(0, "waltz", piece, is_end=False)


def hidden(role: str, piece: Piece = BAND) -> Hidden:
    """Hide a part that must be there."""
    found = hide(band(piece), role, np.random.default_rng(1))
    assert found is not None
    return found


@pytest.mark.parametrize(("role", "index"), list(zip(ROLES, (2, 1, 0, 3), strict=True)))
def test_roles_are_told_by_height(role: str, index: int) -> None:
    """The lowest part is the bass, the highest the top, drums are drums."""
    assert hidden(role).part == index


def test_nobody_is_hidden_whom_nobody_accompanies() -> None:
    """A solo has no bass, a bass over drums is left alone, and two parts have none between."""
    dice = np.random.default_rng(1)
    assert hide(band(score(TUNE, bars=4)), "bass", dice) is None
    assert hide(band(score(ROOTS, BEAT, bars=4)), "bass", dice) is None
    assert hide(band(score(TUNE, ROOTS, bars=4)), "inner part", dice) is None
    assert hide(band(score(BEAT, bars=4)), "drums", dice) is None


def test_who_hardly_plays_is_not_hidden() -> None:
    """The guest of a single bar is no top part."""
    guest = part((0, 96, 1), program=FLUTE)
    assert hidden("top part", score(guest, TUNE, ROOTS, bars=4)).part == 1


def test_the_instrument_is_asked_for_that_is_missing() -> None:
    """The rest is given."""
    request = request_for(hidden("bass"), seed=5)
    assert (request.mode, request.seed) == (Mode.ACCOMPANY, 5)
    assert [one.program for one in request.parts] == [BASS]
    assert request.material == score(TUNE, CHORDS, BEAT, bars=4)


@pytest.mark.parametrize("role", ROLES)
def test_the_part_that_was_added_is_found(role: str) -> None:
    """Wherever in the score it stands."""
    one = hidden(role)
    assert added(one.given, BAND) == BAND.parts[one.part]


def test_a_given_note_that_changed_is_found() -> None:
    """Then nothing was added: something was rewritten."""
    given = hidden("bass").given
    louder = replace(TUNE.notes[0], velocity=81)
    tampered = replace(TUNE, notes=(louder, *TUNE.notes[1:]))
    assert added(given, BAND.with_parts((tampered, CHORDS, ROOTS, BEAT))) is None
    assert added(given, BAND.with_parts((TUNE, ROOTS, BEAT))) is None
    assert added(given, given) is None


@pytest.mark.parametrize(
    ("bass", "agreement"), [((36, 41, 43, 36), 1), ((36, 41, 43, 37), 0.75), ((37, 42, 44, 37), 0)]
)
def test_a_bass_agrees_with_the_chords_above_it(bass: tuple[int, ...], agreement: float) -> None:
    """Note for note."""
    line = part(*((4 * bar, pitch, 4) for bar, pitch in enumerate(bass)), program=BASS)
    assert Company(score(TUNE, CHORDS, bars=4)).measure(line)["notes of the chord"] == agreement


def test_a_single_tone_makes_no_chord() -> None:
    """Under it no bass note is right or wrong, but it is consonant or not."""
    told = Company(score(part((0, 60, 4)))).measure(part((0, 36, 1), (1, 37, 1), (2, 41, 1)))
    assert isnan(told["notes of the chord"])
    assert told["consonances"] == pytest.approx(2 / 3)


def test_onsets_meet_those_of_others() -> None:
    """Drums count as well; a chord begins once."""
    company = Company(score(part((0, 60, 4)), part((2, 36, 1), is_drums=True)))
    line = part((0, 48, 1), (0, 52, 1), (1, 48, 1), (2, 48, 1), (3, 48, 1))
    assert company.measure(line)["onsets together with others"] == 0.5


def test_a_part_may_say_nothing() -> None:
    """It sounds nowhere, and of its harmony nothing can be told."""
    told = Company(BAND).measure(Part(()))
    assert told["it sounds in a quarter of the bars"] == told["notes a bar"] == 0
    assert isnan(told["notes of the chord"])


def test_a_held_note_sounds_in_all_its_bars() -> None:
    """Three of four."""
    held = Company(BAND).measure(Part((Note(0, 36, 3 * 48),)))
    assert held["bars in which it sounds"] == 0.75


def test_the_real_part_agrees_better_than_itself_out_of_place() -> None:
    """Bars off it meets other chords, beats off it meets no onsets."""
    one = hidden("bass")
    told = sheet(one, BAND, np.random.default_rng(2))
    assert told["real"].items() <= told["model"].items()
    assert told["real"]["notes of the chord"] == 1 > told["bars off"]["notes of the chord"]
    together = "onsets together with others"
    assert told["real"][together] == 1 > told["beats off"][together]


def test_a_silent_composer_is_measured_as_silent() -> None:
    """The given parts are kept all the same."""
    one = hidden("drums", builders.tune(1))
    silent = one.given.with_parts((*one.given.parts, Part((), is_drums=True)))
    told = sheet(one, silent, np.random.default_rng(1))["model"]
    assert told["given parts are kept"] == 1
    assert told["notes a bar"] == 0
