"""Reading the chorales, and moving them about."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from audiogroove.errors import DatasetRejected
from audiogroove.evaluation.frames import chorales
from audiogroove.evaluation.frames.chorales import SILENCE
from tests.evaluation.frames import scores


def test_the_published_file_is_read_split_by_split(tmp_path: Path) -> None:
    """Frames of four pitches, -1 for silence."""
    splits = scores.chorale_splits()
    scores.save_chorales(tmp_path / "jsb.json", splits)
    read = chorales.read(tmp_path / "jsb.json")
    for split in chorales.SPLITS:
        for one, two in zip(read[split], splits[split], strict=True):
            assert_array_equal(one, two)


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"train": []}',
        json.dumps({"train": [[[1, 2]]], "valid": [], "test": []}),
        json.dumps({"train": [[[60, 60, 60, 35]]], "valid": [], "test": []}),
        json.dumps({"train": [[[60, 60, 60, 82]]], "valid": [], "test": []}),
        json.dumps({"train": [[[60, 60, 60, -2]]], "valid": [], "test": []}),
        json.dumps({"train": [[]], "valid": [], "test": []}),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    """What cannot be chorales is not measured."""
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(DatasetRejected):
        chorales.read(tmp_path / "other.json")


def test_a_piece_is_moved_as_far_as_each_voice_has_sung() -> None:
    """One voice at the end of its range holds all four."""
    piece = np.array([[70, 60, 55, 45], [72, 60, 55, SILENCE]])
    within = np.array([[60, 73], [50, 70], [50, 70], [43, 60]])
    assert chorales.transpositions(piece, within) == [-2, -1, 0, 1]


def test_a_voice_that_never_sings_holds_nobody() -> None:
    """A silent bass can be moved anywhere."""
    piece = np.array([[70, 60, 55, SILENCE]])
    within = np.array([[60, 90], [50, 80], [40, 70], [40, 40]])
    assert chorales.transpositions(piece, within) == list(range(-6, 7))


@pytest.mark.parametrize(
    ("first", "offset"), [([72, 67, 64, 48], 0), ([69, 65, 60, 53], 5), ([66, 62, 57, 54], -6)]
)
def test_the_first_bass_note_tells_how_far_a_piece_is_moved(first: list[int], offset: int) -> None:
    """From C, at most half an octave either way."""
    assert chorales.offset(np.array(first)) == offset


def test_silence_moves_nothing() -> None:
    """A piece that begins with a rest stays where it is."""
    assert chorales.offset(np.full(4, SILENCE)) == 0
