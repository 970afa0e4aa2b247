"""One style's sets: what is asked of the model, and what stands beside its pieces."""

import pytest

from audiogroove.evaluation.composing import compose_all
from audiogroove.evaluation.scorecard import excerpts, rungs
from audiogroove.evaluation.scorecard.excerpts import Excerpt, RealMusic
from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.evaluation.scorecard.rungs import BIGRAM, HELD_OUT, MODEL, RUNGS, Plan
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.request import ComposeRequest, Sampling
from audiogroove.training.dataset import Dataset
from tests.evaluation.scorecard.scores import kit, line, passage

PLAN = Plan(3, 2, Sampling(temperature=0.5))


def test_requests_wish_for_nothing_but_style_and_length(data: Dataset) -> None:
    """As long as real pieces are, every one with other dice, all sampled as planned."""
    music = excerpts.deal(data, "waltz", count=PLAN.count, seed=1)
    asked = rungs.requests_of("waltz", music, PLAN)
    assert len({one.seed for one in asked}) == 6
    assert asked == [
        ComposeRequest(seed=one.seed, style="waltz", bars=8, sampling=PLAN.sampling)
        for one in asked
    ]


def test_every_rung_has_its_set(data: Dataset, model: Checkpoint) -> None:
    """The controls have the bars and parts of real music."""
    music = excerpts.deal(data, "rock", count=PLAN.count, seed=1)
    pieces = compose_all(model, rungs.requests_of("rock", music, PLAN))
    sets = rungs.sets_of(data, "rock", music, pieces, seed=1)
    assert tuple(sets) == RUNGS
    assert len(sets[MODEL]) == PLAN.count
    real, counted = (
        [(one.passage.steps, one.passage.programs.tolist()) for one in sets[name]]
        for name in (rungs.REAL, BIGRAM)
    )
    assert real == counted


def test_a_rung_without_music_is_not_there(data: Dataset) -> None:
    """Where nothing was held out, nothing is shown."""
    music = excerpts.deal(data, "rock", count=2, seed=1)
    sets = rungs.sets_of(data, "rock", RealMusic(music.reference, music.real, ()), [], seed=1)
    assert not {HELD_OUT, MODEL} & set(sets)


TUNE, DUET = passage(line([60])), passage(line([60]), line([48]))


@pytest.mark.parametrize(
    ("passages", "band"),
    [
        ([TUNE, TUNE, DUET], "one part"),
        ([DUET, DUET, TUNE], "several parts"),
        ([kit((0, 36)), kit((0, 38)), DUET], "drums alone"),
    ],
)
def test_a_style_is_known_by_who_mostly_plays(passages: list[Passage], band: str) -> None:
    """More than half of its real music decides."""
    assert rungs.band_of(RealMusic(tuple(Excerpt(one, one) for one in passages), (), ())) == band


def test_most_made_up_rock_has_drums(data: Dataset) -> None:
    """And other parts."""
    assert rungs.band_of(excerpts.deal(data, "rock", count=2, seed=1)) == "with drums"
