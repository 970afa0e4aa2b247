"""The small index: what it never misses, what it never makes up, and its file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.errors import CheckpointRejected
from audiogroove.quotation.index import (
    ANY_STYLE,
    FRAGMENT,
    LEAST_YARDSTICK,
    SURE,
    WINDOW,
    Index,
    Quotation,
)
from audiogroove.quotation.phrases import Phrase
from tests.quotation.melodies import Moves, foreign_moves, phrase, random_moves

BARS = list(range(0, 48 * 400, 48))
OWN = 40  # moves before and after what is quoted


def quoting(dice: np.random.Generator, source: Moves, length: int) -> Moves:
    """Make up a melody that quotes a run of so many moves from another."""
    place = int(dice.integers(0, len(source) - length + 1))
    before, after = (foreign_moves(dice, OWN) for _ in range(2))
    return [*before, *source[place : place + length], *after]


def moves_of(quotation: Quotation | None) -> int:
    """Tell the length of a quotation, 0 when there is none."""
    return quotation.moves if quotation else 0


@given(st.integers(0, 2**32), st.integers(SURE, 60), st.integers(0, 127))
def test_a_run_of_sure_length_is_found_in_any_key(seed: int, length: int, start: int) -> None:
    """At most WINDOW - 1 moves are lost at either end, and none is made up."""
    dice = np.random.default_rng(seed)
    source = random_moves(dice, 100)
    found = Index.of([phrase(source)]).check(
        [phrase(quoting(dice, source, length), start=start)], BARS
    )
    assert max(FRAGMENT, length - 2 * (WINDOW - 1)) <= moves_of(found) <= length


@given(st.integers(0, 2**32))
def test_where_nothing_is_quoted_nothing_is_found(seed: int) -> None:
    """Nor where it is less than a fragment."""
    dice = np.random.default_rng(seed)
    source = random_moves(dice, 100)
    index = Index.of([phrase(source)])
    assert index.check([phrase(quoting(dice, source, FRAGMENT - 1))], BARS) is None


def test_a_whole_copy_is_found_from_end_to_end() -> None:
    """But for what lies beyond the outermost fragments."""
    source = random_moves(np.random.default_rng(1), 300)
    found = Index.of([phrase(source)]).check([phrase(source, start=45)], BARS)
    assert moves_of(found) > 300 - 2 * WINDOW


def test_the_longest_of_several_quotations_is_told_with_its_part_and_bars() -> None:
    """As half-open bars from 0."""
    dice = np.random.default_rng(2)
    source = random_moves(dice, 200)
    crotchets = [(interval, 12) for interval, _ in source]
    own = [(interval, 12) for interval, _ in random_moves(dice, 60)]
    short = phrase([*own, *crotchets[:24]], part=1)
    long = phrase([*own, *crotchets[50:110], *own], part=3)
    found = Index.of([phrase(crotchets)]).check([short, long], BARS)
    assert found is not None
    assert found.part == 3
    first, past = found.bars  # four crotchets to a bar: notes 60 to 120, or a little less
    assert 15 <= first <= 16
    assert 29 <= past <= 31


def test_a_part_of_a_single_note_confuses_nothing() -> None:
    """Nor does one without any."""
    source = random_moves(np.random.default_rng(6), 60)
    nothing = np.zeros(0, dtype=np.int64)
    others = [Phrase.of(nothing, nothing), Phrase.of(np.array([0]), np.array([60]), part=1)]
    found = Index.of([phrase(source)]).check([*others, phrase(source, part=2)], BARS)
    assert found is not None
    assert found.part == 2


def test_what_was_given_is_not_quoted() -> None:
    """A person may bring any tune; what goes on with it counts by its new notes."""
    source = phrase(random_moves(np.random.default_rng(3), 100))
    index = Index.of([source])
    place = np.arange(101)
    for new_from, most in ((101, 0), (90, 11), (50, 51)):
        told = Phrase(0, source.onsets, source.pitches, place >= new_from)
        assert max(0, most - WINDOW) <= moves_of(index.check([told], BARS)) <= most


def test_a_figure_that_goes_round_is_no_long_quotation() -> None:
    """However long it goes on."""
    bass = phrase([(0, 6), (0, 6), (7, 6), (-7, 6)] * 50)
    assert moves_of(Index.of([bass]).check([bass], BARS)) < LEAST_YARDSTICK


def test_of_an_empty_corpus_nothing_is_quoted() -> None:
    """Nor does an empty piece quote."""
    source = phrase(random_moves(np.random.default_rng(1), 50))
    assert Index.of([]).check([source], BARS) is None
    assert Index.of([source]).check([], BARS) is None


def test_a_style_that_has_no_yardstick_has_that_of_all_music() -> None:
    """And where there is none either, the least."""
    none = np.zeros(0, dtype=np.uint32)
    index = Index(none, {"folk": 17, ANY_STYLE: 25})
    assert [index.yardstick(style) for style in ("folk", "rock", "")] == [17, 25, 25]
    assert Index(none).yardstick("folk") == LEAST_YARDSTICK


# The file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Tell where the index lies in a checkpoint's folder."""
    return tmp_path / "novelty.npz"


@pytest.mark.parametrize("count", [0, 10, 2000])
def test_what_is_saved_is_what_is_loaded(path: Path, count: int) -> None:
    """Fingerprints and yardsticks; no half of a file is left behind."""
    moves = random_moves(np.random.default_rng(4), count)
    index = Index(Index.of([phrase(moves)]).fingerprints, {"folk": 17, ANY_STYLE: 25})
    index.save(path)
    loaded = Index.load(path)
    assert loaded.fingerprints.tolist() == index.fingerprints.tolist()
    assert loaded.yardsticks == index.yardsticks
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_file_is_refused_whatever_is_wrong_with_it(path: Path) -> None:
    """Cut short, or with other bytes in it."""
    Index.of([phrase(random_moves(np.random.default_rng(5), 500))]).save(path)
    whole = path.read_bytes()
    for damaged in (
        b"",
        b"novelty",
        whole[:-30],
        whole[:200],
        whole[:90] + b"\0" * 40 + whole[130:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(CheckpointRejected, match="is damaged"):
            Index.load(path)


@pytest.mark.parametrize(
    ("about", "gaps"),
    [
        (b"{}", np.zeros((4, 0), np.uint8)),
        (b"[1]", np.zeros((4, 0), np.uint8)),
        (b"no json", np.zeros((4, 0), np.uint8)),
        (None, np.zeros((3, 5), np.uint8)),  # not four bytes each
        (None, np.zeros((4, 5), np.uint8)),  # the same fingerprint again
        (None, np.full((4, 5), 255, np.uint8)),  # beyond what there can be
        (None, np.ones((4, 1), np.float32)),
        (b'"yardsticks": []', np.zeros((4, 0), np.uint8)),
        (b'"yardsticks": {"folk": "long"}', np.zeros((4, 0), np.uint8)),
        (b'"yardsticks": {"folk": 3}', np.zeros((4, 0), np.uint8)),
    ],
)
def test_what_is_no_index_is_refused(
    path: Path, about: bytes | None, gaps: np.ndarray[tuple[int, ...], np.dtype[np.generic]]
) -> None:
    """However well it is packed."""
    Index.of([]).save(path)
    with np.load(path) as stored:
        told = stored["about"].tobytes()
    if about and about.startswith(b'"yard'):
        told = told.replace(b'"yardsticks": {}', about)
    elif about:
        told = about
    np.savez(path, about=np.frombuffer(told, np.uint8), gaps=gaps)
    with pytest.raises(CheckpointRejected, match="is damaged"):
        Index.load(path)


def test_an_index_of_another_format_is_refused(path: Path) -> None:
    """Its fingerprints would mean nothing."""
    Index.of([]).save(path)
    with np.load(path) as stored:
        told = stored["about"].tobytes().replace(b'"window": 7', b'"window": 9')
        np.savez(path, about=np.frombuffer(told, np.uint8), gaps=stored["gaps"])
    with pytest.raises(CheckpointRejected, match="another format"):
        Index.load(path)
