"""What the dice are leant to: a scale, where parts lie, how music ends, and where it goes on."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.model.leanings import (
    CLASH_BIAS,
    CLOSING,
    HOME_BIAS,
    JOIN_BIAS,
    KIT_BIAS,
    LINGER_BIAS,
    NEAR,
    PARALLEL_BIAS,
    SCALE_BIAS,
    STRAY_BIAS,
    Nats,
    closing_nats,
    lengths_nats,
    lowest_part,
    makes_end,
    pitch_nats,
    shunned_nats,
)
from audiogroove.music.piece import Key, Note, Part, Piece
from audiogroove.music.theory import tonic_chord
from audiogroove.request import ComposeRequest, Mode
from audiogroove.tokens.brief import Brief, make_brief
from audiogroove.tokens.counterpoint import Strictness
from audiogroove.tokens.customs import Lay
from audiogroove.tokens.tessitura import Lays
from audiogroove.tokens.vocabulary import DRUMS, DURATIONS
from tests.model.builders import BASS, CUSTOMS, FLUTE, PIANO, STYLES, WORDS

PITCHES = np.array(WORDS["pitch"].values)
MELODIC = PITCHES < DRUMS
KEYS = PITCHES[~MELODIC] - DRUMS
A_MINOR = Key(9, "minor")
NOTES = st.integers(0, 127)
SPANS = st.tuples(NOTES, NOTES).map(lambda ends: (min(ends), max(ends)))


def brief(
    *programs: int,
    lays: Lays = (),
    key: Key | None = A_MINOR,
    mode: Mode = Mode.COMPOSE,
    ending: bool = True,
) -> Brief:
    """Settle a piece for these players, and then how they lie and what is asked for."""
    custom = replace(CUSTOMS["waltz"], ensembles=((programs, 1),))
    one = make_brief(ComposeRequest(1, style="waltz", bars=4), WORDS, ("waltz",), {"waltz": custom})
    frame = replace(one.frame, ending=ending)
    return replace(one, mode=mode, paper=replace(one.paper, key=key), frame=frame, lays=lays)


def nats_of(one: Brief, scale: frozenset[int] | None = None) -> Nats:
    """Tell by how much pitches are lowered, for a wished scale if there is one."""
    return pitch_nats(one, WORDS, scale, SCALE_BIAS)


def at(nats: Nats, *pitches: int) -> list[float]:
    """Tell by how much some of one part's pitches are lowered."""
    return [float(nats[PITCHES.tolist().index(pitch)]) for pitch in pitches]


# Scales


def test_where_nothing_is_wished_or_known_nothing_is_leant_to() -> None:
    """Not in any part."""
    for lays in ((), (None, None)):
        nats = nats_of(brief(PIANO, DRUMS, lays=lays))
        assert nats.shape == (2, len(PITCHES))
        assert not nats.any()


@given(st.frozensets(st.integers(0, 11)), st.floats(0, 9))
def test_what_is_outside_a_scale_is_lowered(scale: frozenset[int], bias: float) -> None:
    """By so much, in every octave and part; a kit's keys are no pitches."""
    nats = pitch_nats(brief(PIANO, BASS), WORDS, scale, bias)
    foreign = np.array([pitch % 12 not in scale for pitch in PITCHES[MELODIC]])
    for own in nats:
        assert own[MELODIC].tolist() == (bias * foreign).tolist()
        assert not own[~MELODIC].any()


# Where parts lie


@given(SPANS)
def test_the_farther_from_where_a_part_lies_the_less_likely(lay: Lay) -> None:
    """Nothing within it, and so much for each semitone beyond, up or down."""
    own = nats_of(brief(FLUTE, lays=(lay,)))[0][MELODIC]
    away = [max(lay[0] - pitch, pitch - lay[1], 0) for pitch in PITCHES[MELODIC].tolist()]
    assert own == pytest.approx(STRAY_BIAS * np.array(away))
    assert STRAY_BIAS > 0


def test_each_part_lies_for_itself() -> None:
    """And one of which nothing is known anywhere."""
    high, low, unknown = nats_of(brief(FLUTE, PIANO, BASS, lays=((72, 84), (48, 60), None)))
    assert at(high, 72, 84) == at(low, 48, 60) == [0, 0]
    assert min(at(high, 48, 60) + at(low, 72, 84)) > 0
    assert not unknown.any()


@given(st.frozensets(st.sampled_from(KEYS.tolist()), min_size=1))
def test_a_drummer_has_the_keys_of_the_kit(kit: frozenset[int]) -> None:
    """Each other key is lowered alike, however near it lies."""
    one = brief(PIANO, DRUMS, lays=(None, tuple(sorted(kit))))
    _, drums = nats_of(one)
    expected = [0.0 if key in kit else KIT_BIAS for key in KEYS.tolist()]
    assert drums[~MELODIC].tolist() == expected


def test_a_scale_and_a_lay_add_up() -> None:
    """A foreign pitch where the part does not lie is lowered for both."""
    nats = nats_of(brief(FLUTE, lays=((60, 72),)), frozenset({0, 2, 4, 5, 7, 9, 11}))[0]
    stray = 2 * STRAY_BIAS
    assert at(nats, 60, 61, 74) == pytest.approx([0, SCALE_BIAS, stray])
    assert at(nats, 58) == pytest.approx([SCALE_BIAS + stray])


# How music ends


@pytest.mark.parametrize("key", [Key(0), A_MINOR, Key(10)], ids=str)
def test_music_ends_on_the_tonic_chord(key: Key) -> None:
    """Everybody on a note of it, and who lies lowest on the tonic; drums on anything."""
    lays = ((72, 90), (28, 50), (36, 38))
    flute, bass, drums = closing_nats(brief(FLUTE, BASS, DRUMS, key=key, lays=lays), WORDS)
    for own, home in ((flute, tonic_chord(key)), (bass, {key.tonic})):
        away = np.array([pitch % 12 not in home for pitch in PITCHES[MELODIC].tolist()])
        assert own[MELODIC].tolist() == (HOME_BIAS * away).tolist()
    assert not drums.any()


def test_nobody_has_the_tonic_where_it_is_not_known_who_lies_lowest() -> None:
    """The chord is enough then; whoever plays alone is the lowest."""
    for one in closing_nats(brief(FLUTE, BASS), WORDS):
        assert at(one, 69, 72, 76) == [0, 0, 0]
    (solo,) = closing_nats(brief(FLUTE), WORDS)
    assert at(solo, 69, 72, 76) == [0, HOME_BIAS, HOME_BIAS]


def test_music_without_a_key_ends_anywhere() -> None:
    """There is no tonic to come home to; its last notes are long all the same."""
    one = brief(FLUTE, BASS, key=None)
    assert not closing_nats(one, WORDS).any()
    assert lengths_nats(one, WORDS).any()


def test_last_notes_are_long() -> None:
    """Each halving costs the same, and the longest nothing."""
    nats = dict(zip(WORDS["duration"].values, lengths_nats(brief(PIANO), WORDS), strict=True))
    ordered = [float(nats[duration]) for duration in sorted(nats)]
    assert ordered[-1] == 0
    assert all(one > two for one, two in pairwise(ordered))
    halves = [one for one in DURATIONS if 2 * one in nats]
    assert [nats[one] - nats[2 * one] for one in halves] == pytest.approx(
        [LINGER_BIAS] * len(halves)
    )


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("ending", [True, False])
def test_an_end_is_made_where_it_is_ours_to_make(mode: Mode, *, ending: bool) -> None:
    """Not where somebody goes on, nor where the end was there before."""
    one = brief(FLUTE, mode=mode, ending=ending)
    ours = ending and mode in CLOSING
    assert makes_end(one) == ours
    assert closing_nats(one, WORDS).any() == ours
    assert lengths_nats(one, WORDS).any() == ours


def test_the_lowest_part_has_the_lowest_usual_pitch() -> None:
    """Of equals the first; a kit and a part of which nothing is known do not count."""
    players = (FLUTE, PIANO, BASS, DRUMS)
    kit = (36, 38)
    for lays, lowest in (
        (((60, 90), (40, 90), (50, 55), kit), 1),
        (((60, 90), None, (50, 55), kit), 2),
        (((50, 55), None, (50, 90), kit), 0),
        ((None, None, None, kit), None),
        ((), None),
    ):
        assert lowest_part(brief(*players, lays=lays)) == lowest
    assert lowest_part(brief(DRUMS, lays=(kit,))) is None
    assert lowest_part(brief(DRUMS, FLUTE)) == 1


# Where it goes on


def gap(*notes: tuple[int, int], mode: Mode = Mode.VARY) -> Brief:
    """Let a melody, as (onset, pitch), and a silent bass be varied in the second of four bars."""
    melody = Part(tuple(Note(onset, pitch, 3) for onset, pitch in notes), FLUTE)
    piece = Piece((melody, Part((), BASS)), bars=4, key=A_MINOR)
    return make_brief(ComposeRequest(1, mode, piece, bar_range=(1, 2)), WORDS, STYLES, CUSTOMS)


def test_a_gap_leads_to_where_the_part_goes_on() -> None:
    """To the highest of the notes that come first after it; so much for each semitone too far."""
    flute, bass = closing_nats(gap((0, 40), (60, 41), (108, 64), (108, 67), (144, 90)), WORDS)
    away = np.maximum(np.abs(PITCHES[MELODIC] - 67) - NEAR, 0)
    assert flute[MELODIC] == pytest.approx(JOIN_BIAS * away)
    assert not bass.any()


def test_a_part_that_does_not_go_on_goes_anywhere() -> None:
    """What it played before the gap does not lead on."""
    one = gap((0, 64), (24, 67))
    assert not closing_nats(one, WORDS).any()
    assert not lengths_nats(one, WORDS).any()


# What counterpoint shuns


def test_the_stricter_the_more_is_shunned() -> None:
    """A clash and a parallel; nothing where nothing is stricter than most."""
    one = brief(FLUTE, BASS)
    assert shunned_nats(one).tolist() == [0, 0]
    strict = replace(one, strictness=Strictness(clashes=0.5, parallels=2.0))
    assert shunned_nats(strict).tolist() == [CLASH_BIAS / 2, 2 * PARALLEL_BIAS]
