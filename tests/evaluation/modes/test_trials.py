"""The three modes put to the test, by composers of known quality."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from audiogroove.evaluation.composing import compose_all
from audiogroove.evaluation.modes import accompanying, continuing
from audiogroove.evaluation.modes.excerpt import find
from audiogroove.evaluation.modes.trials import BARS, EXACT, Outcome, examine
from audiogroove.music.piece import Note, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.training.dataset import Dataset
from tests.evaluation.modes.shelf import shelf
from tests.model import builders

COUNT = 4


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Shelve tunes of melody, bass and drums, as long as a stretch is."""
    return shelf([builders.tune(number, bars=BARS) for number in range(COUNT)], ["waltz"] * COUNT)


class Copyist:
    """Writes what was there before it was taken away."""

    def __init__(self, data: Dataset) -> None:
        pool = find(data, BARS, styles=(), dice=np.random.default_rng(1))
        self._whole = {continuing.request_for(one, 0).material: one.piece for one in pool}
        for role in accompanying.ROLES:
            for one in pool:
                hidden = accompanying.hide(one, role, np.random.default_rng(1))
                if hidden:
                    self._whole[hidden.given] = one.piece

    def __call__(self, requests: Sequence[ComposeRequest]) -> list[Piece]:
        """Compose nothing new."""
        return [
            one.material if one.mode is Mode.VARY and one.material else self._whole[one.material]
            for one in requests
        ]


def vandal(requests: Sequence[ComposeRequest]) -> list[Piece]:
    """Give back what was given, its first note a little louder."""
    spoilt = []
    for request in requests:
        piece = request.material
        assert piece is not None
        first, *rest = piece.parts
        louder = replace(first.notes[0], velocity=1)
        notes = (louder, *first.notes[1:])
        parts = (replace(first, notes=notes), *rest)
        if request.mode is Mode.CONTINUE:
            piece = replace(piece, bars=BARS)
        if request.mode is Mode.ACCOMPANY:
            parts = (*parts, replace(rest[0], notes=(Note(0, 1, 1),), is_drums=False))
        spoilt.append(piece.with_parts(parts))
    return spoilt


def test_a_copyist_stands_where_real_music_does(data: Dataset) -> None:
    """In every mode and measure; and what is to stay stays."""
    outcomes = examine(data, Copyist(data), pieces=COUNT, seeds=2)
    assert [one.mode for one in outcomes] == [
        *("continue", "vary", "accompany: bass", "accompany: top part", "accompany: drums")
    ]
    for outcome in outcomes:
        assert outcome.kept
        for figure in outcome.figures:
            if figure.measure not in EXACT:
                assert figure.means["model"] == figure.means["real"]


def test_a_vandal_is_caught(data: Dataset) -> None:
    """A louder note is a changed note, in every mode."""
    assert not any(one.kept for one in examine(data, vandal, pieces=COUNT, seeds=1))


def test_an_untrained_model_keeps_what_is_given(data: Dataset) -> None:
    """However it plays, and its outcome can be written down."""
    model = builders.checkpoint()
    outcomes = examine(data, lambda requests: compose_all(model, requests), pieces=2, seeds=1)
    assert all(one.kept for one in outcomes)
    for one in outcomes:
        assert json.loads(json.dumps(one.to_json(), allow_nan=False))["mode"] == one.mode
        assert one.table().count("\n") == 1 + len(one.figures)


def test_the_same_music_is_taken_again(data: Dataset) -> None:
    """So that two models are compared on the same."""
    asked: list[list[ComposeRequest]] = []

    def note(requests: Sequence[ComposeRequest]) -> list[Piece]:
        asked.append(list(requests))
        return Copyist(data)(requests)

    first: Sequence[Outcome] = examine(data, note, pieces=2, seeds=1)
    half = len(asked)
    again = examine(data, note, pieces=2, seeds=1)
    assert [one.to_json() for one in again] == [one.to_json() for one in first]
    assert asked[:half] == asked[half:]
