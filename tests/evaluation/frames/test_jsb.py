"""The protocol of the JSB chorales."""

from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
import torch

from audiogroove.evaluation.frames import jsb
from audiogroove.evaluation.frames.jsb import Chorales, Foretold, Score
from audiogroove.evaluation.frames.leak import leak_of
from audiogroove.evaluation.frames.voices import Voices
from audiogroove.training.recipe import Recipe
from tests.evaluation.frames import scores

RECIPE = replace(jsb.RECIPE, minutes=None, steps=4, rows=3, warmup_steps=1)


def told(nats: list[list[float]]) -> Foretold:
    """Make a piece of which only the costs are told, and the first frame has changed."""
    changed = np.zeros((len(nats), 4), bool)
    changed[0] = True
    return Foretold(np.array(nats, np.float32), changed, changed)


def test_cells_and_pieces_have_two_means() -> None:
    """A long piece counts more than a short one among cells, and not among pieces."""
    score = Score.of("valid", [told([[1.0] * 4]), told([[3.0] * 4] * 3)])
    assert score.cell == pytest.approx(2.5)
    assert score.piece_mean == pytest.approx(2)
    assert score.frame == pytest.approx(10)


def test_changed_cells_are_counted_by_themselves() -> None:
    """Those of the first frame among them."""
    score = Score.of("valid", [told([[4.0] * 4, [1.0] * 4])])
    assert score.changed == pytest.approx(4)
    assert score.changed_share == pytest.approx(0.5)


def test_the_controls_count_what_they_say() -> None:
    """Two pitches a voice, held in two cells of three; silence is in the vocabulary."""
    voice = [60, 60, 61, 61]
    piece = np.array([voice] * 4).T
    splits = {"train": [piece], "valid": [piece], "test": [piece]}
    unigram, copy = jsb.controls(splits)
    assert unigram.valid.cell == pytest.approx(-log(3 / 51))  # of 47 values, each once more
    first, kept, left = -log(3 / 51), -log(2 / 3), -log(1 / 3 * (3 / 51) / (48 / 51))
    assert copy.valid.cell == pytest.approx((first + 2 * kept + left) / 4)
    assert copy.valid.cells == 16  # the first frame is scored


def test_each_split_is_learnt_from_and_examined_by_itself() -> None:
    """What valid and test hold changes no loss; what train holds changes no examination."""
    one, two = scores.chorale_splits(1), scores.chorale_splits(2)
    torch.manual_seed(1)
    network = Voices(scores.SMALL_VOICES).eval()

    def study(train: int) -> Chorales:
        mixed = {
            "train": (one, two)[train]["train"],
            "valid": (one, two)[1 - train]["valid"],
            "test": (one, two)[1 - train]["test"],
        }
        return Chorales(mixed, RECIPE, scores.SMALL_VOICES)

    whole = Chorales(one, RECIPE, scores.SMALL_VOICES)
    with torch.no_grad():
        assert float(study(0).loss(network, 2)) == pytest.approx(float(whole.loss(network, 2)))
    assert study(1).examine(network) == pytest.approx(whole.examine(network))


def test_all_cells_of_whole_pieces_are_measured(tmp_path: Path) -> None:
    """Of both splits, once each, untransposed."""
    splits = scores.chorale_splits()
    outcome = jsb.measure(splits, tmp_path, RECIPE, scores.SMALL_VOICES)
    for row in outcome.rows:
        assert row.valid.cells == sum(piece.size for piece in splits["valid"])
        assert row.test.cells == sum(piece.size for piece in splits["test"])


def test_a_finished_run_is_only_measured_again(tmp_path: Path) -> None:
    """The same figures, and not one step more."""
    splits = scores.chorale_splits()
    one = jsb.measure(splits, tmp_path, RECIPE, scores.SMALL_VOICES)
    two = jsb.measure(splits, tmp_path, replace(RECIPE, steps=9), scores.SMALL_VOICES)
    assert one == two


def test_a_hymn_that_is_in_train_is_found_in_any_key() -> None:
    """One of two validation pieces is a training piece, higher by two."""
    dice = np.random.default_rng(9)
    train, new = scores.chorale(dice, 120), scores.chorale(dice, 120)
    again = np.where(train >= 0, train + 2, train)
    splits = {"train": [train], "valid": [again, new], "test": []}
    leak = leak_of(splits, [480.0, 960.0])
    assert (leak.known, leak.pieces) == (1, 2)
    assert leak.longest_run > 20
    assert leak.share == pytest.approx(0.5, abs=0.1)
    assert leak.known_cell == pytest.approx(1)
    assert leak.unknown_cell == pytest.approx(2)


def test_the_recipe_is_the_benchmarks_own() -> None:
    """Its budget is told by whoever runs it."""
    assert isinstance(jsb.RECIPE, Recipe)
    assert jsb.RECIPE.minutes is None
