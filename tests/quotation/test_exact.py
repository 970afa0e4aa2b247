"""How much of a piece a corpus has, held against looking at every pair of places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.quotation.exact import LENGTHS, SHORTEST_RUN, Corpus
from audiogroove.quotation.phrases import Phrase
from tests.quotation.melodies import Moves, foreign_moves, longest_common, phrase, random_moves

# of so few kinds of moves that melodies have much in common
moves = st.lists(st.tuples(st.sampled_from((-2, 0, 1)), st.sampled_from((6, 12))), max_size=40)
songs = st.lists(moves, max_size=4)
NOTHING = np.zeros(0, dtype=np.int64)


def share(piece: list[Moves], corpus: list[Moves], length: int) -> float | None:
    """Tell the share of a piece's fragments that a corpus has, fragment by fragment."""
    known = {
        tuple(song[place : place + length])
        for song in corpus
        for place in range(len(song) - length + 1)
    }
    means = []
    for song in piece:
        own = [tuple(song[place : place + length]) for place in range(len(song) - length + 1)]
        if own:
            means.append(sum(fragment in known for fragment in own) / len(own))
    return sum(means) / len(means) if means else None


@given(songs, songs)
def test_shares_are_those_of_a_patient_count(piece: list[Moves], corpus: list[Moves]) -> None:
    """For every length; parts that are too short have no say."""
    quotes = Corpus.of(map(phrase, corpus)).compare([phrase(song, start=50) for song in piece])
    for length in LENGTHS:
        assert quotes.shares[length] == pytest.approx(share(piece, corpus, length))


@given(songs, songs)
def test_the_longest_run_is_that_of_a_patient_search(
    piece: list[Moves], corpus: list[Moves]
) -> None:
    """Up to the move; short ones are none."""
    quotes = Corpus.of(map(phrase, corpus)).compare([phrase(song, start=70) for song in piece])
    longest = max((longest_common(one, two)[0] for one in piece for two in corpus), default=0)
    assert quotes.longest_run == (longest if longest >= SHORTEST_RUN else 0)
    assert quotes.longest_tune <= quotes.longest_run


def test_a_planted_quotation_is_found_to_the_move() -> None:
    """In another key, in the middle of something else."""
    dice = np.random.default_rng(2)
    source = random_moves(dice, 200)
    copy = [*foreign_moves(dice, 30), *source[50:83], *foreign_moves(dice, 30)]
    corpus = Corpus.of([phrase(random_moves(dice, 100)), phrase(source)])
    quotes = corpus.compare([phrase(copy, start=30)])
    assert quotes.longest_run == quotes.longest_tune == 33


def test_all_of_a_copy_is_known() -> None:
    """And it is one run from its beginning to its end."""
    source = random_moves(np.random.default_rng(5), 80)
    quotes = Corpus.of([phrase(source)]).compare([phrase(source, start=40)])
    assert set(quotes.shares.values()) == {1.0}
    assert quotes.longest_run == 80


def test_a_bass_that_repeats_its_note_is_a_long_run_and_a_short_tune() -> None:
    """Everybody has played that."""
    bass = phrase([(0, 6)] * 64)
    quotes = Corpus.of([bass]).compare([bass])
    assert (quotes.longest_run, quotes.longest_tune) == (64, SHORTEST_RUN)


@pytest.mark.parametrize("piece", [[], [Phrase.of(NOTHING, NOTHING)]])
def test_who_has_no_melody_quotes_nothing(piece: list[Phrase]) -> None:
    """And it is not told that it does so to a share of nought."""
    quotes = Corpus.of([phrase([(1, 6)] * 20)]).compare(piece)
    assert set(quotes.shares.values()) == {None}
    assert quotes.longest_run == quotes.longest_tune == 0


def test_of_an_empty_corpus_nothing_is_quoted() -> None:
    """Whatever is asked."""
    quotes = Corpus.of([]).compare([phrase([(1, 6)] * 20)])
    assert set(quotes.shares.values()) == {0.0}
    assert quotes.longest_run == 0
