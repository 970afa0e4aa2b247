"""How well a continuation keeps what its seed began."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.evaluation.modes.continuing import displaced, measure, request_for, sheet
from audiogroove.evaluation.modes.excerpt import Excerpt, cut, find
from audiogroove.music.piece import Meter
from audiogroove.request import Mode
from tests.evaluation.modes.shelf import BASS, FLUTE, part, score, shelf
from tests.model import builders

SEED = score(
    part(*((quarter, 60 + quarter % 5, 1) for quarter in range(16)), program=FLUTE),
    part(*((half, 36, 2) for half in range(0, 16, 2)), program=BASS),
    bars=4,
)


def excerpt(number: int = 1, *, is_end: bool = False) -> Excerpt:
    """Take sixteen bars of a tune."""
    return Excerpt(number, "waltz", builders.tune(number, bars=16), is_end=is_end)


def test_eight_bars_are_asked_for_after_eight() -> None:
    """The music ends where the real one does, and who comes in later is not told."""
    request = request_for(excerpt(is_end=True), seed=7)
    assert (request.mode, request.bars, request.seed) == (Mode.CONTINUE, 8, 7)
    assert request.material == cut(builders.tune(1, bars=16), 0, 8)
    assert request.ending
    assert not request_for(excerpt(), seed=7).ending


def test_more_of_the_same_keeps_everything() -> None:
    """All shares are 1 and nothing is off."""
    told = measure(SEED, SEED)
    assert told.pop("register, semitones off") == 0
    assert list(told.values()) == pytest.approx([1] * len(told))


@pytest.mark.parametrize(
    ("trait", "other"),
    [
        ("meter: exact", score(*SEED.parts, bars=8, meter="2/4")),
        ("tempo: exact", type(SEED)(SEED.parts, 4, ((0, Meter()),), ((0, 121.0),))),
        ("parts in common", score(SEED.parts[0], bars=4)),
        ("notes a bar, ratio", score(part((0, 60, 1)), bars=4)),
        ("pitch classes in common", score(part((0, 61, 1)), bars=4)),
        ("key: the same or relative", score(part((0, 61, 4), (4, 65, 4), (8, 68, 8)), bars=4)),
        ("places of onsets in common", score(part((1, 60, 1)), bars=4)),
        ("durations in common", score(part((0, 60, 3)), bars=4)),
        ("polyphony, ratio", score(part((0, 60, 1)), bars=4)),
        ("bars with a note", score(part((0, 60, 1)), bars=4)),
        ("bars that are the seed's", score(part((1, 60, 1)), bars=4)),
    ],
)
def test_each_trait_can_be_lost(trait: str, other: object) -> None:
    """Music that differs in it has less than all of it."""
    assert isinstance(other, type(SEED))
    assert measure(SEED, other)[trait] < 1


@given(st.integers(0, 2**32 - 1))
def test_displaced_music_is_all_there_but_elsewhere(seed: int) -> None:
    """The same number of notes, in another key and off their beats."""
    piece = builders.tune(1)
    moved = displaced(piece, np.random.default_rng(seed))
    for old, new in zip(piece.parts, moved.parts, strict=True):
        assert len(old.notes) == len(new.notes)
        assert {note.onset for note in old.notes} != {note.onset for note in new.notes}
        assert ({n.pitch for n in old.notes} == {n.pitch for n in new.notes}) is old.is_drums


def test_a_sheet_sets_the_model_beside_real_music_and_controls() -> None:
    """A composer who writes what really follows stands where real music does."""
    pool = find(
        shelf([builders.tune(number, bars=16) for number in (1, 2)], ["waltz", "waltz"]),
        16,
        styles=(),
        dice=np.random.default_rng(1),
    )
    told = sheet(pool, pool[0], pool[0].piece, np.random.default_rng(1))
    assert list(told) == ["model", "real", "another piece", "displaced"]
    assert told["real"].items() <= told["model"].items()
    assert told["real"] != told["another piece"]
    assert told["model"]["the seed is bit-identical"] == 1


def test_without_a_stranger_there_is_no_figure_of_one() -> None:
    """A style may have a single piece."""
    one = excerpt()
    told = sheet([one], one, one.piece, np.random.default_rng(1))
    assert np.isnan(list(told["another piece"].values())).all()
