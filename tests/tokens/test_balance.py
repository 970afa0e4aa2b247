"""How busy each part is to be: counted where it plays, else customary."""

from dataclasses import replace

import numpy as np
import pytest

from audiogroove.music.piece import Piece
from audiogroove.tokens.balance import FARTHEST, counted, customary, in_company, usual_activity
from audiogroove.tokens.customs import Custom
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import BASS, CUSTOMS, PIANO, STRINGS, part

RAGTIME = replace(
    CUSTOMS["ragtime"],
    balances=((10.0,), (6.0, 3.0, 12.0)),
    activities=((PIANO, 90, (4.0, 8.0, 16.0)), (BASS, 10, (2.0, 3.0, 4.0))),
)
WALTZ = replace(
    CUSTOMS["waltz"],
    activities=((STRINGS, 30, (3.0, 4.0, 6.0)), (PIANO, 30, (1.0, 2.0, 4.0))),
)
KNOWN = {"ragtime": RAGTIME, "waltz": WALTZ}


def drawn(programs: tuple[int, ...], custom: Custom | None, *, seeds: int = 60) -> np.ndarray:
    """Draw the balance of an ensemble many times, shape (seeds, parts)."""
    many = (customary(programs, custom, KNOWN, np.random.default_rng(n)) for n in range(seeds))
    return np.array([one for one in many if one is not None])


def test_a_program_is_as_busy_as_in_its_style() -> None:
    """Other styles have no say in it."""
    assert usual_activity(PIANO, RAGTIME, KNOWN.values()) == (4.0, 8.0, 16.0)
    assert usual_activity(PIANO, WALTZ, KNOWN.values()) == (1.0, 2.0, 4.0)


def test_a_strange_program_is_as_busy_as_its_family() -> None:
    """A bright piano as a piano."""
    assert usual_activity(PIANO + 1, RAGTIME, KNOWN.values()) == (4.0, 8.0, 16.0)


def test_what_the_style_does_not_know_others_do() -> None:
    """Its program first, then its family, then all that play."""
    assert usual_activity(STRINGS, RAGTIME, KNOWN.values()) == (3.0, 4.0, 6.0)
    assert usual_activity(STRINGS + 1, RAGTIME, KNOWN.values()) == (3.0, 4.0, 6.0)
    assert usual_activity(DRUMS, RAGTIME, [RAGTIME]) == pytest.approx((3.8, 7.5, 14.8))


def test_without_a_style_all_styles_answer() -> None:
    """Each as often as it was counted: ninety pianos of one, thirty of the other."""
    assert usual_activity(PIANO, None, KNOWN.values()) == pytest.approx((3.25, 6.5, 13.0))


def test_customs_of_before_know_nothing() -> None:
    """Then no balance is drawn, not even for a single part."""
    assert usual_activity(PIANO, CUSTOMS["waltz"], CUSTOMS.values()) is None
    dice = np.random.default_rng(1)
    assert customary((PIANO, BASS), CUSTOMS["waltz"], CUSTOMS, dice) is None
    assert in_company(np.ones(2), {1}, (PIANO, BASS), None, CUSTOMS, dice) is None


def test_pieces_differ_within_the_quartiles() -> None:
    """On both sides of what is usual."""
    piano = drawn((PIANO, PIANO), RAGTIME)[:, 0]
    assert 4 <= piano.min() < 7
    assert 9 < piano.max() <= 16


def test_an_ensemble_has_its_own_balance() -> None:
    """In the trio a piano plays six notes a bar, not the eight that are usual."""
    trio = drawn((PIANO, BASS, DRUMS), RAGTIME)
    assert np.median(trio, axis=0) == pytest.approx([6, 3, 12], rel=0.15)
    assert np.median(drawn((PIANO, BASS), RAGTIME), axis=0) == pytest.approx([8, 3], rel=0.15)


def test_parts_are_busy_together() -> None:
    """Half of how far a part is from what is usual is the same for all."""
    first, second = np.log(drawn((PIANO, PIANO), RAGTIME, seeds=400)).T
    assert 0.3 < np.corrcoef(first, second)[0, 1] < 0.7


def test_notes_are_counted_where_they_begin() -> None:
    """In the bars that are asked for."""
    whole = part((0, 60, 12), (24, 62, 60), (48, 64, 12), (96, 65, 6))
    piece = Piece((whole, part((47, 50, 1))), bars=3)
    assert counted(piece, 0, 3).tolist() == pytest.approx([4 / 3, 1 / 3])
    assert counted(piece, 1, 2).tolist() == [1, 0]


def joined(heard: float, *, seed: int = 1) -> list[float]:
    """Let a bass join a waltz's piano that plays so many notes a bar."""
    rates = in_company(
        np.array([heard, 0.0]), {1}, (PIANO, BASS), WALTZ, KNOWN, np.random.default_rng(seed)
    )
    assert rates is not None
    return [float(rate) for rate in rates]


def test_company_goes_along() -> None:
    """Beside a piano four times as busy as usual, a bass is twice as busy; the piano stays."""
    (two, usual), (eight, busier) = joined(2), joined(8)
    assert (two, eight) == (2, 8)
    assert 2 <= usual <= 4
    assert busier == pytest.approx(2 * usual)


def test_company_goes_along_so_far() -> None:
    """However busy or idle the others are; beside silence it plays as usual."""
    usual = joined(2)[1]
    assert joined(2000)[1] == pytest.approx(FARTHEST * usual)
    assert joined(0.01)[1] == pytest.approx(usual / FARTHEST)
    assert joined(0)[1] == pytest.approx(usual)
