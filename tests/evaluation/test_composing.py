"""Composing in bulk."""

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.evaluation.composing import compose_all
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import compose
from tests.model import builders

MODEL = builders.checkpoint()
REQUESTS = [
    ComposeRequest(seed=number, style=style, bars=1 + number % 3)
    for number, style in enumerate(("waltz", "ragtime", "drums", "waltz", "ragtime"))
]


@pytest.mark.parametrize("rows", [1, 2, 64])
def test_each_piece_is_what_it_would_be_alone(rows: int) -> None:
    """In the order of the requests, however many are written together."""
    alone = [compose(MODEL, request).piece for request in REQUESTS]
    assert compose_all(MODEL, REQUESTS, rows=rows) == alone


def test_progress_adds_up_to_all_pieces() -> None:
    """No piece is told twice."""
    told: list[int] = []
    compose_all(MODEL, REQUESTS, rows=2, progress=told.append)
    assert sum(told) == len(REQUESTS)
    assert all(told)


def test_no_requests_are_granted_at_once() -> None:
    """With no pieces."""
    assert compose_all(MODEL, []) == []


def test_what_the_model_cannot_do_is_refused() -> None:
    """As it is for one request."""
    with pytest.raises(RequestRefused):
        compose_all(MODEL, [ComposeRequest(seed=1, style="polka")])
