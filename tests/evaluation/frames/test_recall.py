"""What came next when the same was heard before."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from audiogroove.evaluation.frames.recall import recall

FRAMES = st.lists(st.integers(0, 2), min_size=1, max_size=24)


def search(frames: list[int]) -> list[tuple[int, int]]:
    """Find source and length of each frame by trying everything."""
    found = []
    for place in range(len(frames)):
        best = (0, -1)
        for last in range(place - 1):
            length = 0
            while length <= last and frames[last - length] == frames[place - 1 - length]:
                length += 1
            if length:
                best = max(best, (length, last + 1))
        found.append((best[1], best[0]))
    return found


def test_a_tune_that_comes_again_is_known_from_its_second_note_on() -> None:
    """The second A B C D is foretold by the first."""
    found = recall(np.array([1, 2, 3, 4, 1, 2, 3, 4]))
    assert found.source.tolist()[5:] == [1, 2, 3]
    assert found.length.tolist()[5:] == [1, 2, 3]


def test_chords_are_matched_whole() -> None:
    """Two frames that share a voice are two frames."""
    found = recall(np.array([[1, 1], [2, 2], [1, 3], [1, 1], [5, 5]]))
    assert found.source.tolist() == [-1, -1, -1, -1, 1]


@given(FRAMES)
def test_it_is_the_latest_of_the_longest(frames: list[int]) -> None:
    """As a search that tries everything finds it."""
    found = recall(np.array(frames))
    assert list(zip(found.source.tolist(), found.length.tolist(), strict=True)) == search(frames)


@given(FRAMES, st.integers(0, 2))
def test_a_frame_is_recalled_from_those_before_it(frames: list[int], last: int) -> None:
    """Whatever the last frame is, nothing that is told of it changes."""
    one, two = recall(np.array(frames)), recall(np.array([*frames[:-1], last]))
    assert_array_equal(one.source, two.source)
    assert_array_equal(one.length, two.length)
