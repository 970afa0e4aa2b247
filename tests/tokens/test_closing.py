"""Which bars of a draft close: where a piece ends, and where what ends it was before."""

import numpy as np
import pytest

from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.form import Form
from audiogroove.tokens.grammar import Region
from audiogroove.tokens.sheet import CLOSES
from tests.tokens.scores import STYLES, draft_for, draft_of, frame, part, rows


def closing(draft: Draft) -> list[int]:
    """List the bars that close."""
    return np.flatnonzero(draft.sheet.plan[:, CLOSES]).tolist()


def composed(form: str, *, past: int = 4, ending: bool = True) -> Draft:
    """Begin a piece of four bars of a form, of which some are new."""
    told = frame(Piece((part(),), bars=4), Form.read(form), ending=ending)
    return draft_of(Piece((part(),), bars=4), told, rows(), Region(0, past, frozenset({0})))


@pytest.mark.parametrize(
    ("form", "bars"), [("A", [7]), ("AB", [7]), ("AABA", [1, 7]), ("ABCB'", [3, 7])]
)
def test_a_refrain_that_ends_a_piece_closes_each_time(form: str, bars: list[int]) -> None:
    """The last bar of eight does, and the bar that it comes from, changed or not."""
    draft = draft_for(ComposeRequest(1, style=STYLES[0], form=form, bars=8))
    assert closing(draft) == bars


def test_what_comes_from_what_comes_again_closes_too() -> None:
    """Back to where it was new."""
    assert closing(composed(".=1~1=1")) == [0, 1, 2, 3]


def test_where_nobody_knows_of_an_end_the_last_bar_closes() -> None:
    """It alone, wherever it comes from."""
    assert closing(composed("..=2=2", ending=False)) == [3]
    assert closing(composed("..=2=2", ending=True)) == [1, 3]


def test_what_is_written_into_a_piece_closes_where_it_is_over() -> None:
    """In its last bar alone, wherever that comes from: the piece has its own end."""
    assert closing(composed("..=2=2", past=3)) == [2]
