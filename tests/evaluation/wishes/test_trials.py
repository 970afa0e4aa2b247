"""All wishes put to the test."""

import json
from collections.abc import Sequence
from math import isnan

import pytest

from audiogroove.evaluation.composing import compose_all
from audiogroove.evaluation.wishes.asking import Trial
from audiogroove.evaluation.wishes.trials import examine, judge, order_kept
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import DENSITIES, ComposeRequest
from tests.model import builders

PLAIN = ComposeRequest(1)


def piece(notes: int) -> Piece:
    """Write a bar of so many notes."""
    return Piece((Part(tuple(Note(step, 60, 1) for step in range(notes))),), 1)


@pytest.mark.parametrize(
    ("densities", "kept"),
    [((1, 2, 3), 1), ((3, 2, 1), 0), ((1, 3, 2), 2 / 3), ((2, 2, 2), 0.5)],
)
def test_order_is_told_by_pairs(densities: Sequence[float], kept: float) -> None:
    """All of them, none, two of three; what is the same is half right."""
    assert order_kept(densities) == pytest.approx(kept)


def test_one_density_has_no_order() -> None:
    """Nor has none."""
    assert isnan(order_kept([1]))


def test_a_wish_is_judged_beside_the_piece_without_it() -> None:
    """The same demand is made of both."""
    wished = ComposeRequest(1, bars=1)
    trial = Trial("bars", wished, PLAIN, {"one": lambda one: float(one.note_count == 1)})
    outcome = judge([trial, trial], {wished: piece(1), PLAIN: piece(2)})
    (grant,) = outcome.grants
    assert (grant.wished.share, grant.unwished.share) == (1, 0)
    assert outcome.amounts == ()


def test_densities_are_set_in_order() -> None:
    """Five of one piece, of which the two densest changed places: nine of ten pairs."""
    requests = [ComposeRequest(1, density=word) for word in DENSITIES]
    asked = [
        Trial(f"density: {word}", request, PLAIN, {})
        for word, request in zip(DENSITIES, requests, strict=True)
    ]
    heard = dict(zip(requests, map(piece, (1, 2, 3, 5, 4)), strict=True)) | {PLAIN: piece(3)}
    (order,) = judge(asked, heard).amounts
    assert order.wished == pytest.approx(0.9)


def test_everything_can_be_asked_of_a_model() -> None:
    """What the rules see to is always granted, even by one that was never trained."""
    model = builders.checkpoint()
    asked: list[ComposeRequest] = []

    def compose(requests: Sequence[ComposeRequest]) -> list[Piece]:
        asked.extend(requests)
        return compose_all(model, requests)

    outcome = examine(model, compose, styles=["waltz"], pieces=1, seeds=1)
    assert len(set(asked)) == len(asked)  # nothing is composed twice
    sure = ("scale, strictly", "tempo", "bars", "meter")
    shares = {one.wish: one.wished.share for one in outcome.grants}
    assert [shares[wish] for wish in sure] == [1] * len(sure)
    assert json.loads(json.dumps(outcome.to_json(), allow_nan=False))["grants"]
    assert outcome.tables().count("\n\n") == 1
