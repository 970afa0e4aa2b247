"""Clashes and parallels: counted in music, and leant against where a style is strict."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audiogroove.music.piece import Piece
from audiogroove.request import Mode
from audiogroove.tokens.brief import Brief
from audiogroove.tokens.codec import encode
from audiogroove.tokens.counterpoint import (
    DISSONANT,
    ENOUGH,
    LEAST,
    LENIENT,
    USUAL_CLASHES,
    USUAL_PARALLELS,
    Roughness,
    Strictness,
    count_roughness,
    lower_clashes,
    lower_parallels,
    strictness_of,
)
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.form import Form
from audiogroove.tokens.grammar import Region
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import FLUTE, WORDS, frame, part, rows

QUARTER = 12
PITCHES = np.array(WORDS["pitch"].values)
KEYS = PITCHES % DRUMS
pitches = st.integers(40, 80)


def band(*lines: tuple[int, ...], programs: tuple[int, ...] = ()) -> Piece:
    """Let parts play a note a quarter, 0 where they rest."""
    played = (
        part(
            *((QUARTER * at, pitch, QUARTER) for at, pitch in enumerate(line) if pitch),
            program=program,
        )
        for line, program in zip(lines, programs or (FLUTE,) * len(lines), strict=True)
    )
    return Piece(tuple(played), bars=-(-len(lines[0]) // 4))


def counted(piece: Piece) -> Roughness:
    """Count what a piece is like."""
    kits = np.array([one.is_drums for one in piece.parts])
    return count_roughness(encode(piece), np.asarray(piece.bar_lines), kits)


# Counting


C, D, E, F, G, A = 60, 62, 64, 65, 67, 69


@pytest.mark.parametrize(
    ("lines", "clashes", "parallels"),
    [
        (((C,), (E,)), 0, None),  # a third
        (((C,), (D,)), 1, None),  # a second
        (((C,), (D + 12,)), 1, None),  # a ninth is one, too
        (((C,), (F + 1,)), 1, None),  # a tritone
        (((C,), (G,)), 0, None),  # a fifth that stays
        (((C,), (G,), (D,)), 0.25, None),  # of two notes that met others one clashed with the half
        (((C, D), (G, A)), 0, 1),  # fifths
        (((C, D), (C - 12, D - 12)), 0, 1),  # octaves
        (((C, D), (G + 12, A)), 0, 1),  # … in whatever direction
        (((C, D), (E, F)), 0, 0),  # thirds
        (((C, D), (G, F + 1)), 0, 0),  # a fifth, and then a third
        (((C, C), (G, G)), 0, None),  # who repeats a note does not move
        (((C, 0, D, D), (G, G, A, A)), 0, 1),  # who rests moves from where he was
    ],
)
def test_roughness_is_counted(
    lines: tuple[tuple[int, ...], ...], clashes: float, parallels: float | None
) -> None:
    """Over and over, the way back to the beginning included."""
    often = [line * (2 * ENOUGH) for line in lines]
    assert counted(band(*often)) == pytest.approx(Roughness(clashes, parallels))


def test_little_tells_nothing() -> None:
    """Nor does one line alone, however long."""
    few = ENOUGH // 2
    assert counted(band((C, D) * few, (G, A) * few)) == Roughness(0, None)
    assert counted(band((C,) * (ENOUGH - 1), (G,) * (ENOUGH - 1))) == Roughness(None, None)
    assert counted(band((C, D) * ENOUGH)) == Roughness(None, None)


def test_a_kit_has_no_counterpoint() -> None:
    """Though its keys have numbers, too."""
    beat = (36, 38) * ENOUGH
    assert counted(band((C, D) * ENOUGH, beat, programs=(FLUTE, DRUMS))) == Roughness(None, None)


def test_of_a_chord_the_highest_note_moves() -> None:
    """Whatever is beneath it."""
    chords = part(
        *((12 * at, C - 8 * low + 2 * (at % 2), 12) for at in range(99) for low in (1, 0))
    )
    line = part(*((12 * at, G + 2 * (at % 2), 12) for at in range(99)))
    assert counted(Piece((chords, line), bars=25)).parallels == 1


# Strictness


@pytest.mark.parametrize(
    ("rough", "expected"),
    [
        (Roughness(), LENIENT),
        (Roughness(USUAL_CLASHES, USUAL_PARALLELS), LENIENT),
        (Roughness(2 * USUAL_CLASHES, 1.0), LENIENT),
        (Roughness(USUAL_CLASHES / 2, USUAL_PARALLELS / 3), Strictness(log(2), log(3))),
        (Roughness(0, None), Strictness(log(USUAL_CLASHES / LEAST), 0)),
    ],
)
def test_what_is_rarer_than_usual_is_strict(rough: Roughness, expected: Strictness) -> None:
    """As many nats as it is rarer, up to what can be told; what is not known is not strict."""
    found = strictness_of(rough)
    assert (found.clashes, found.parallels) == pytest.approx((expected.clashes, expected.parallels))


def test_nothing_is_less_strict_than_lenient() -> None:
    """Music is never leant towards clashes."""
    with pytest.raises(ValueError, match="strictness"):
        Strictness(clashes=-0.1)
    with pytest.raises(ValueError, match="strictness"):
        Strictness(parallels=-0.1)


# Leaning


def choosing(*lines: tuple[int, ...]) -> Draft:
    """Write lines a note a quarter, and stop where the last one, the shortest, goes on."""
    written = encode(band(*((*line, 0)[: len(lines[0])] for line in lines)))
    paper = band(*((0,) * len(lines[0]) for _ in lines))
    region = Region(0, paper.bars, frozenset(range(len(lines))))
    brief = Brief(
        Mode.COMPOSE,
        "",
        paper,
        frame(paper, Form.unknown(paper.bars)),
        rows(),
        region,
        np.zeros(len(lines)),
    )
    draft = Draft(brief, WORDS)
    for bar, position, player, pitch, duration, _ in written.tolist():
        choose_place(draft, bar, position, player)
        draft.take_pitch(id_of("pitch", pitch))
        draft.take_duration(id_of("duration", duration))
        draft.take_velocity(0)
    bar, beat = divmod(len(lines[-1]), 4)
    choose_place(draft, bar, QUARTER * beat, len(lines) - 1)
    return draft


def choose_place(draft: Draft, bar: int, position: int, player: int) -> None:
    """Choose where a note goes, and whose it is."""
    draft.take_bar(bar - (draft.events[-1][0] if draft.events else 0))
    draft.take_position(id_of("position", position))
    draft.take_part(player)


def id_of(field: str, value: int) -> int:
    """Find the id of a value."""
    return list(WORDS[field].values).index(value)


def lowered(draft: Draft, *, clashes: float = 0, parallels: float = 0) -> NDArray[np.float64]:
    """Tell by how much each pitch id is lowered."""
    nats = np.zeros(len(PITCHES))
    lower_clashes(draft.reference, KEYS, clashes, nats)
    lower_parallels(draft.reference, KEYS, parallels, nats)
    return nats


def of_pitch(nats: NDArray[np.float64], pitch: int) -> float:
    """Tell by how much a pitch is lowered."""
    return float(nats[np.flatnonzero(pitch == PITCHES)[0]])


def test_a_pitch_that_clashes_is_lowered() -> None:
    """By the share of what sounds that it clashes with: here C and G."""
    nats = lowered(choosing((C,), (G,), ()), clashes=3.0)
    for pitch, share in ((C, 0), (E, 0), (A, 0.5), (F, 0.5), (F + 1, 1), (D + 12, 0.5)):
        assert of_pitch(nats, pitch) == pytest.approx(3 * share)


def test_a_pitch_in_parallel_is_lowered() -> None:
    """A fifth above C goes to no fifth above D nor below it; whoever stays where he is may."""
    nats = lowered(choosing((C, D), (G,)), parallels=2.0)
    found = {int(pitch) for pitch, by in zip(PITCHES, nats, strict=True) if by and pitch < DRUMS}
    assert found == {pitch for pitch in KEYS if abs(pitch - D) % 12 == 7}
    assert set(nats.tolist()) == {0.0, 2.0}
    assert not lowered(choosing((C, C), (G,)), parallels=2.0).any()
    assert not lowered(choosing((C, D), (E,)), parallels=2.0).any()
    assert not lowered(choosing((D,), ()), parallels=2.0).any()


def test_each_part_in_parallel_counts() -> None:
    """Octaves with one, fifths with another."""
    nats = lowered(choosing((C, D), (G, A), (C - 12,)), parallels=2.0)
    assert of_pitch(nats, D - 12) == 4.0


@given(st.lists(pitches, min_size=2, max_size=2), pitches, pitches)
def test_what_is_lowered_is_what_is_meant(one: list[int], two: int, last: int) -> None:
    """Two parts, two chords: a clash with what sounds, or one fifth or octave after another."""
    draft = choosing(tuple(one), (two,))
    clash = (last - one[1]) % 12 in DISSONANT
    moves = one[0] != one[1] and two != last
    parallel = abs(one[0] - two) % 12 == abs(one[1] - last) % 12 in {0, 7}
    assert of_pitch(lowered(draft, clashes=1.0), last) == clash
    assert of_pitch(lowered(draft, parallels=1.0), last) == (moves and parallel)
