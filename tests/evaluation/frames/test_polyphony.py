"""The protocol of the Boulanger-Lewandowski sets."""

from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
import torch

from audiogroove.evaluation.frames import polyphony
from audiogroove.evaluation.frames.chords import Chords
from audiogroove.evaluation.frames.polyphony import SETTINGS, Rolls
from audiogroove.evaluation.frames.rolls import KEYS, SETS
from tests.evaluation.frames import scores

RECIPE = replace(polyphony.RECIPE, minutes=None, steps=4, rows=3, warmup_steps=1, seed=1)


def test_the_controls_count_what_they_say() -> None:
    """One key that comes, stays and goes: given its first frame, which is not scored."""
    roll = np.zeros((5, KEYS), np.uint8)
    roll[1:3, 40] = 1
    splits = {"train": [roll], "valid": [roll], "test": [roll]}
    unigram, copy = polyphony.controls("Nottingham", splits)
    others = -4 * (KEYS - 1) * log(5 / 6)  # never down in four frames, counted once more
    assert unigram.test == pytest.approx((others - 4 * log(3 / 6)) / 4)
    ups = 4 * KEYS - 2  # cells that were up before, of which one came down
    expected = -2 * log(1 / 2) - log(1 / ups) - (ups - 1) * log(1 - 1 / ups)
    assert copy.test == pytest.approx(expected / 4)
    assert copy.test_frames == 4


@pytest.mark.parametrize("name", SETS)
def test_all_frames_but_the_first_are_measured(tmp_path: Path, name: str) -> None:
    """Of each piece of the test split, by each foreteller."""
    splits = scores.roll_splits()
    rows = polyphony.measure(name, splits, tmp_path, RECIPE, scores.SMALL_CHORDS)
    assert [row.name for row in rows] == ["unigram", "copy previous", "ours"]
    assert {row.test_frames for row in rows} == {sum(len(one) - 1 for one in splits["test"])}


def test_a_finished_run_is_only_measured_again(tmp_path: Path) -> None:
    """The same figures, and not one step more."""
    splits = scores.roll_splits()
    one = polyphony.measure("MuseData", splits, tmp_path, RECIPE, scores.SMALL_CHORDS)
    more = replace(RECIPE, steps=9)
    assert one == polyphony.measure("MuseData", splits, tmp_path, more, scores.SMALL_CHORDS)


def test_each_split_is_learnt_from_and_examined_by_itself() -> None:
    """What valid holds changes no loss; what train holds changes no examination."""
    one, two = scores.roll_splits(1), scores.roll_splits(2)
    torch.manual_seed(1)
    network = Chords(scores.SMALL_CHORDS).eval()
    settings = SETTINGS["JSB_Chorales"]
    whole = Rolls(one, RECIPE, settings, scores.SMALL_CHORDS)
    other = Rolls(one | {"valid": two["valid"]}, RECIPE, settings, scores.SMALL_CHORDS)
    foreign = Rolls(two | {"valid": one["valid"]}, RECIPE, settings, scores.SMALL_CHORDS)
    with torch.no_grad():
        assert float(other.loss(network, 2)) == pytest.approx(float(whole.loss(network, 2)))
    assert foreign.examine(network) == pytest.approx(whole.examine(network))
