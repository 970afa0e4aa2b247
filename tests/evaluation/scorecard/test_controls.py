"""Music that is bad in a known way."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.evaluation.scorecard import controls, excerpts
from audiogroove.evaluation.scorecard.bigram import Bigram
from audiogroove.evaluation.scorecard.excerpts import Excerpt
from audiogroove.evaluation.scorecard.metrics import measure_all
from audiogroove.evaluation.scorecard.passage import CELL, Passage
from audiogroove.evaluation.scorecard.standing import Reference, stand
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset
from tests.evaluation.modes.shelf import shelf
from tests.evaluation.scorecard.scores import line, passage, tune

SEEDS = st.integers(0, 2**32)
BIGRAM = Bigram(shelf([tune(number) for number in range(9)], ["waltz"] * 9), range(9))


@given(SEEDS)
def test_shuffled_voices_keep_their_notes_and_lose_their_places(seed: int) -> None:
    """Each part moves as one, by a bar or more."""
    music = Passage.of(tune(1))
    moved = controls.shuffled(music, np.random.default_rng(seed))
    for part in (0, 1):
        old, new = (
            {(int(onset), int(pitch)) for onset, pitch in zip(own.onsets, own.pitches, strict=True)}
            for own in (
                music.with_notes(music.parts == part),
                moved.with_notes(moved.parts == part),
            )
        )
        by = [
            by
            for by in range(48, music.steps - 48 + 1, CELL)
            if {((onset + by) % music.steps, pitch) for onset, pitch in old} == new
        ]
        assert by


@given(SEEDS)
def test_scattered_notes_keep_to_beats_and_ranges(seed: int) -> None:
    """One on each beat in each part that plays."""
    music = passage(line([60, 72]), [], line([40, 45]), meter=(6, 8))
    random = controls.scattered(music, np.random.default_rng(seed))
    assert Counter(random.parts.tolist()) == {0: 4, 2: 4}
    assert set(random.onsets.tolist()) == {0, 18, 36, 54}
    high, low = (random.pitches[random.parts == part] for part in (0, 2))
    assert 60 <= high.min() <= high.max() <= 72
    assert 40 <= low.min() <= low.max() <= 45


def test_a_single_bar_can_be_shuffled() -> None:
    """There it can be no whole bar."""
    music = passage(line([60, 62, 64, 65]), bars=1)
    moved = controls.shuffled(music, np.random.default_rng(1))
    assert sorted(moved.pitches.tolist()) == [60, 62, 64, 65]


def of_style(data: Dataset, style: str) -> list[int]:
    """List a style's training pieces."""
    return [index for index in data.split("train") if data.pieces[index].style == style]


@given(SEEDS)
def test_the_bigram_writes_what_the_bars_and_parts_allow(seed: int) -> None:
    """Onsets within the piece, pitches within each part's range."""
    music = Passage.of(tune(2))
    written = BIGRAM.compose(music, np.random.default_rng(seed))
    assert written.steps == music.steps
    assert (written.onsets < music.steps).all()
    for part in written.playing.tolist():
        own, real = (one.pitches[one.parts == part] for one in (written, music))
        assert real.min() <= own.min() <= own.max() <= real.max()


def test_the_bigram_follows_what_it_counted(data: Dataset) -> None:
    """Tunes of two parts on beats: melody and bass begin on every other beat, melody on each."""
    frame = excerpts.cut(data, of_style(data, "waltz")[0], 0, 8)
    written = Bigram(data, of_style(data, "waltz")).compose(frame, np.random.default_rng(1))
    assert set((written.positions % 12).tolist()) == {0}
    assert set((written.positions[written.parts == 1] % 24).tolist()) == {0}


def test_the_bigram_keeps_drums_and_pitches_apart(data: Dataset) -> None:
    """Keys of the kit are those that were counted."""
    frame = excerpts.cut(data, of_style(data, "rock")[0], 0, 8)
    written = Bigram(data, of_style(data, "rock")).compose(frame, np.random.default_rng(1))
    kit = written.programs[written.parts] == DRUMS
    assert set(written.pitches[kit].tolist()) == {36, 38}


def test_the_ladder_of_made_up_music_is_in_order() -> None:
    """Other tunes of the kind stand below shuffled ones, and those below scattered ones."""
    dice = np.random.default_rng(1)
    tunes = [Passage.of(tune(number, bars=8)) for number in range(120)]
    reference = Reference.of([Excerpt(own, own) for own in tunes[:60]])
    sets = {
        "real": tunes[60:],
        "shuffled": [controls.shuffled(own, dice) for own in tunes[60:]],
        "random": [controls.scattered(own, dice) for own in tunes[60:]],
    }
    heights = [
        stand(measure_all((own, own) for own in one), reference).mean_z for one in sets.values()
    ]
    assert heights == sorted(heights)
    assert heights[0] == pytest.approx(0.15, abs=0.15)
