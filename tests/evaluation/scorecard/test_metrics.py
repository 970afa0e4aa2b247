"""Each metric against a figure done by hand, and what holds for all of them."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from audiogroove.evaluation.scorecard import ending, harmony, melody, rhythm
from audiogroove.evaluation.scorecard.metrics import METRICS, NAMES, measure
from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.tokens.codec import encode
from audiogroove.tokens.vocabulary import DRUMS
from tests.evaluation.scorecard.scores import SCALE, kit, line, part, passage, tune
from tests.strategies import pieces

BAR = (60, 62, 64, 65)
HIGH, LOW = line([72, 74, 76, 77, 79, 77, 76, 74]), line([48, 50, 52, 53, 55, 53, 52, 50])
ROCK = ((0, 36), (1, 38), (2, 36), (3, 38))

BY_HAND: list[tuple[Callable[[Passage], float], Passage, float]] = [
    (melody.pitch_class_entropy, passage(line([60, 62, 72, 74])), 1.0),
    (melody.pitch_class_entropy, passage(line([60, 48, 72])), 0.0),
    (melody.scale_share, passage(line(SCALE)), 1.0),
    (melody.scale_share, passage(line([60, 61, 62, 63])), 3 / 4),
    (melody.length_entropy, passage([(0, 60, 1), (1, 60, 1), (2, 60, 2), (4, 60, 2)]), 1.0),
    (melody.leap_share, passage(line([60, 65, 64, 60, 60])), 1 / 4),
    (melody.step_share, passage(line([60, 65, 64, 62, 62])), 2 / 4),
    (melody.pitch_range, passage(line([60, 70]), line([40, 44])), 7.0),
    (melody.rest_share, passage(line([60] * 6)), 2 / 8),
    (melody.phrase_quarters, passage([(0, 60, 1), (1, 60, 1), (4, 60, 2)]), 1.0),
    (melody.phrase_quarters, passage(line([60] * 8)), 3.0),
    (melody.legato, passage([(0, 60, 1), (2, 62, 2), (4, 64, 1)]), (0.5 + 1) / 2),
    (rhythm.groove, passage(line([60] * 8)), 1.0),
    (rhythm.groove, passage([(0, 60, 1), (4, 60, 1), (5, 60, 1)]), 15 / 16),
    (rhythm.groove, passage(line([60] * 3), bars=3), (13 / 16)),
    (rhythm.on_beat, passage(line([60, 62, 64, 65], length=0.5)), 2 / 4),
    (rhythm.on_beat, passage(line([60] * 6, length=0.5), meter=(6, 8)), 2 / 6),
    (rhythm.togetherness, passage(line([60] * 8), line([48] * 4, length=2)), 3 / 4),
    (rhythm.density, passage(line([60] * 8), line([48] * 4, length=2)), (0 - 1) / 2),
    (rhythm.density_spread, passage(line([60] * 8), line([48] * 4, length=2)), 0.5),
    (rhythm.melody_repeats, passage(line((*BAR * 3, 67, 65, 64, 62)), bars=4), 2 / 4),
    (rhythm.melody_repeats, passage(line(BAR + BAR), bars=3), 1 / 2),
    (rhythm.rhythm_repeats, passage(line((*BAR, 67, 65, 64, 62))), 1 / 2),
    (rhythm.bar_repeats, passage(line(BAR + BAR), line((*BAR, 67, 65, 64, 62))), 0.0),
    (rhythm.empty_bars, passage(line(BAR), bars=4), 3 / 4),
    (rhythm.empty_bars, passage([(0, 60, 8)]), 0.0),
    (rhythm.part_rests, passage(line([60] * 8), line([48] * 4)), 1 / 4),
    (rhythm.drum_likeness, kit(*ROCK, (4, 36), (5, 38), (6, 36), (7, 40)), 3 / 5),
    (rhythm.drum_entropy, kit(*ROCK), 1.0),
    (harmony.polyphony, passage([(0, 60, 1), (0, 64, 1), (4, 60, 2)]), (2 + 1 + 1) / 3),
    (harmony.dissonance, passage([(0, 60, 1), (0, 64, 1), (1, 60, 1), (1, 61, 1)]), 1 / 2),
    (harmony.dissonance, passage([(0, 60, 1), (0, 66, 1), (0, 69, 1)]), 1 / 3),
    (harmony.dissonance, passage([(0, 59, 1), (0, 77, 1)]), 1.0),
    (harmony.crossing, passage(line([72, 74, 50, 77]), line([48, 50, 52, 53])), 1 / 4),
    (harmony.parallels, passage(line([67, 69, 71]), line([60, 62, 60])), 1 / 2),
    (harmony.parallels, passage(HIGH, LOW), 1.0),
    (harmony.bass_fit, passage([(0, 64, 4), (0, 67, 4)], line([48, 50, 52, 43])), 2 / 4),
    (ending.final_length, passage([(0, 60, 1), (1, 60, 1), (2, 60, 4)]), 1.0),
    (ending.final_tonic, passage(line((*SCALE[::-1],))), 1.0),
    (ending.final_tonic, passage(line([60, 64, 67, 60, 72, 67, 65, 62])), 0.0),
    (ending.final_parts, passage(line([60] * 8), line([48] * 4)), 1 / 2),
    (ending.final_silence, passage(line([60] * 7)), 1.0),
    (ending.final_beat, passage([(0, 60, 1), (2.5, 60, 1)]), 0.0),
]


@pytest.mark.parametrize(
    ("metric", "music", "figure"),
    BY_HAND,
    ids=[f"{metric.__name__} {figure:.2f}" for metric, _, figure in BY_HAND],
)
def test_a_metric_is_as_done_by_hand(
    metric: Callable[[Passage], float], music: Passage, figure: float
) -> None:
    """Of a few notes that can be counted."""
    assert metric(music) == pytest.approx(figure)


def test_every_metric_was_done_by_hand() -> None:
    """All but the spread of velocities, which is numpy's own."""
    done = {metric for metric, _, _ in BY_HAND} | {rhythm.dynamics}
    assert {metric.measure for metric in METRICS.values()} == done


def defined(music: Passage) -> set[str]:
    """Name the metrics that a passage has."""
    values = measure(music, music)
    return {
        name for name, value in zip(NAMES, values.tolist(), strict=True) if not math.isnan(value)
    }


def test_drums_alone_have_no_melody_and_no_harmony() -> None:
    """What is left is when they play, and which keys."""
    found = defined(kit(*ROCK, *((at + 4, key) for at, key in ROCK)))
    assert {"groove", "onbeat", "dens", "drum_rep", "drum_H", "all_rep", "end_beat"} <= found
    assert not found & {"pce", "scale", "leap", "bar_rep", "rest", "poly", "diss", "end_key"}


def test_one_part_has_nothing_to_cross() -> None:
    """Nor a bass, nor drums, nor anybody to play together with."""
    found = defined(passage(line(SCALE)))
    assert not found & {"cross", "par58", "bass", "sync", "dens_sd", "drum_rep", "drum_H"}
    assert {"pce", "step", "bar_rep", "legato", "end_len"} <= found


def test_silence_has_no_figures() -> None:
    """None at all."""
    assert not defined(passage([]))


def test_endings_are_told_of_ends_only() -> None:
    """A passage from the middle of a piece has none."""
    values = measure(passage(line(SCALE)), None)
    ends = [name for name, metric in METRICS.items() if metric.of_ending]
    assert all(math.isnan(values[NAMES.index(name)]) for name in ends)
    assert not math.isnan(values[NAMES.index("pce")])


@pytest.mark.parametrize("semitones", [-12, -5, 1, 7, 12])
def test_another_key_changes_no_figure(semitones: int) -> None:
    """Music is transposed as a whole; percussion keys stay."""
    beats = part(line([36, 38] * 8), drums=True)
    for number in range(4):
        band = tune(number)
        high = band.with_parts((*(moved(own, semitones) for own in band.parts), beats))
        low = band.with_parts((*band.parts, beats))
        ones, others = (measure(Passage.of(own), Passage.of(own)) for own in (low, high))
        np.testing.assert_allclose(ones, others, equal_nan=True)


def moved(own: Part, semitones: int) -> Part:
    """Transpose a part."""
    notes = (replace(note, pitch=note.pitch + semitones) for note in own.notes)
    return replace(own, notes=tuple(notes))


SHARES = (
    *("scale", "leap", "step", "rest", "legato", "groove", "onbeat", "sync", "bar_rep"),
    *("beat_rep", "all_rep", "empty", "tacet", "drum_rep", "diss", "cross", "par58", "bass"),
    *("end_key", "end_all", "end_beat"),
)
LEAST = {"phrase": -6.0, "dens": -20.0, "end_len": -15.0}


@given(pieces())
@settings(deadline=None)  # some of sixteen whole notes to the bar, on a busy machine
def test_any_piece_has_figures_within_their_ranges(drawn: Piece) -> None:
    """Shares from 0 to 1, pitch classes up to log2 of twelve, the rest not below nothing."""
    beats = np.array([drawn.meter_at(bar).beat_steps for bar in range(drawn.bars)])
    programs = np.array([DRUMS if own.is_drums else own.program for own in drawn.parts])
    lines, some = np.array(drawn.bar_lines), (0, min(drawn.bars, 16))
    music = Passage.cut(encode(drawn), lines, beats, programs, some)
    for name, value in zip(NAMES, measure(music, music).tolist(), strict=True):
        if not math.isnan(value):
            most = 1.0 if name in SHARES else math.log2(12) if name == "pce" else math.inf
            assert LEAST.get(name, 0.0) - 1e-9 <= value <= most + 1e-9, name
            assert math.isfinite(value), name


def test_a_note_longer_than_any_value_counts_as_the_longest() -> None:
    """Thirty bars or forty."""
    held = [Passage.of(Piece((Part((Note(0, 60, 48 * n),)),), n)) for n in (30, 40)]
    assert held[0].lengths.tolist() == held[1].lengths.tolist()
