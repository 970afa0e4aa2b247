"""Fragments and their hashes: equal where the moves are, and nowhere else."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.quotation.hashing import CONTEXT, Text, is_in
from audiogroove.quotation.phrases import Phrase
from tests.quotation.melodies import phrase, random_moves

few_moves = st.lists(st.tuples(st.integers(-1, 1), st.sampled_from((6, 12))), max_size=12)


@given(st.lists(few_moves, max_size=4), st.integers(1, 6))
def test_fragments_share_a_hash_where_they_are_the_same(
    songs: list[list[tuple[int, int]]], length: int
) -> None:
    """And one that goes beyond its phrase is like no other."""
    own = [
        tuple(song[place : place + length]) if place + length <= len(song) else object()
        for song in songs
        for place in range(len(song) + 1)
    ]
    hashes = Text(map(phrase, songs)).hashes(length).tolist()
    for one, two in combinations(range(len(hashes)), 2):
        assert (hashes[one] == hashes[two]) == (own[one] == own[two])


def test_a_fragment_is_hashed_alike_alone_and_among_others() -> None:
    """At given places as at all, and in another text."""
    dice = np.random.default_rng(1)
    one, two = (phrase(random_moves(dice, 30)) for _ in range(2))
    both, alone = Text([one, two]), Text([two], salt=1)
    places = np.arange(20)
    assert both.hashes(10, places + 31).tolist() == alone.hashes(10)[:20].tolist()


def test_ends_of_phrases_are_never_the_same_in_two_texts() -> None:
    """Nothing is quoted by beginning a new line."""
    lone = Phrase.of(np.array([0]), np.array([60]))
    assert Text([lone, lone]).hashes(1).tolist() != Text([lone, lone], salt=1).hashes(1).tolist()
    assert len(set(Text([lone, lone]).hashes(1).tolist())) == 2


def test_room_is_what_is_left_of_a_phrase() -> None:
    """Counted in moves, none at its end."""
    text = Text([phrase([(1, 6)] * 3), phrase([(2, 6)])])
    assert text.room.tolist() == [3, 2, 1, 0, 1, 0]


def test_what_a_run_repeats_counts_once() -> None:
    """A figure of four moves that goes round for long is a figure of four moves."""
    figure = [(4, 6), (3, 6), (-3, 6), (-4, 6)]
    text = Text([phrase(figure * 25)])
    contexts = text.hashes(CONTEXT)
    assert text.weigh(contexts, 0, 100) == CONTEXT - 1 + len(figure)
    assert text.weigh(contexts, 0, 5) == 5


def test_what_never_comes_again_counts_in_full() -> None:
    """Every move of it."""
    text = Text([phrase(random_moves(np.random.default_rng(3), 60))])
    assert text.weigh(text.hashes(CONTEXT), 7, 47) == 40


def test_given_notes_do_not_count() -> None:
    """Only moves that lead to a new one."""
    told = phrase(random_moves(np.random.default_rng(4), 40))
    is_new = np.arange(41) >= 30
    text = Text([Phrase(0, told.onsets, told.pitches, is_new)])
    contexts = text.hashes(CONTEXT)
    assert [text.weigh(contexts, *run) for run in ((0, 40), (0, 29), (27, 33))] == [11, 0, 4]


def test_nothing_is_known_to_nobody() -> None:
    """Nor is anything missing from nothing."""
    none = np.zeros(0, dtype=np.uint64)
    some = np.array([3, 5], dtype=np.uint64)
    assert is_in(some, none).tolist() == [False, False]
    assert is_in(none, some).tolist() == []
    assert len(Text([])) == 0
