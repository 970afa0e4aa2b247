"""Reading the piano rolls, and moving them about."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.io import savemat  # type: ignore[import-untyped]

from audiogroove.errors import DatasetRejected, RequestRefused
from audiogroove.evaluation.frames import rolls
from audiogroove.evaluation.frames.rolls import AGO, KEYS, MOVE, Piece
from tests.evaluation.frames import scores


def test_a_published_set_is_read_split_by_split(tmp_path: Path) -> None:
    """Cells of matrices, frames × 88 keys."""
    splits = scores.roll_splits()
    scores.save_rolls(tmp_path, "Nottingham", splits)
    read = rolls.read(tmp_path, "Nottingham")
    for split in rolls.SPLITS:
        for one, two in zip(read[split], splits[split], strict=True):
            assert_array_equal(one, two)


@pytest.mark.parametrize("content", [b"", b"no mat file at all" * 20])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """What cannot be read is not measured."""
    (tmp_path / "MuseData.mat").write_bytes(content)
    with pytest.raises(DatasetRejected):
        rolls.read(tmp_path, "MuseData")


@pytest.mark.parametrize(
    "piece", [np.zeros((9, 87)), np.zeros((1, KEYS)), np.full((9, KEYS), 2), np.zeros(9)]
)
def test_another_shape_is_refused(tmp_path: Path, piece: rolls.Roll) -> None:
    """Fewer keys, a lone frame, a key that is neither up nor down."""
    cell = np.empty((1, 1), object)
    cell[0, 0] = piece
    savemat(tmp_path / "MuseData.mat", dict.fromkeys(rolls.SPLITS.values(), cell))
    with pytest.raises(DatasetRejected):
        rolls.read(tmp_path, "MuseData")


def test_a_set_without_its_splits_is_refused(tmp_path: Path) -> None:
    """Some other matrix is no benchmark."""
    savemat(tmp_path / "MuseData.mat", {"other": np.zeros((3, 3))})
    with pytest.raises(DatasetRejected):
        rolls.read(tmp_path, "MuseData")


def test_without_scipy_one_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra, and this is the only command that needs it."""
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    with pytest.raises(RequestRefused) as caught:
        rolls.read(tmp_path, "MuseData")
    assert "pip install audiogroove[evaluate]" in caught.value.possible


def test_a_piece_stays_on_the_keyboard() -> None:
    """It is moved by what leaves all of its keys there."""
    roll = np.zeros((4, KEYS), np.uint8)
    roll[1, [2, 85]] = 1
    assert Piece(roll).transpositions(tuple(range(-5, 7))) == [-2, -1, 0, 1, 2]
    assert Piece(np.zeros((4, KEYS), np.uint8)).transpositions((-1, 1)) == [0]


def test_a_transposed_piece_is_higher_by_so_much() -> None:
    """Where it is not seen from its own first frame."""
    roll = scores.roll(np.random.default_rng(2))
    target = Piece(roll, moved=False).tell(3).target
    assert_array_equal(target[:, MOVE + 3 : MOVE + 3 + KEYS][:, : KEYS - 3], roll[:, : KEYS - 3])


def test_a_stretch_remembers_what_was_before_it() -> None:
    """The middle of a piece is told as it is in the whole piece."""
    piece = Piece(scores.roll(np.random.default_rng(2), frames=60))
    part, whole = piece.tell(0, 40, 50), piece.tell()
    assert_array_equal(part.told, whole.told[40:50])
    assert_array_equal(part.ids, whole.ids[40:50])
    assert_array_equal(part.target, whole.target[40:50])


def test_earlier_frames_are_told_again() -> None:
    """Each so many frames later, and nothing where there was none."""
    roll = scores.roll(np.random.default_rng(2), frames=40)
    told = Piece(roll, moved=False).tell().told
    for index, ago in enumerate(AGO):
        assert_array_equal(told[ago:, index, MOVE : MOVE + KEYS], roll[:-ago])
        assert not told[:ago, index].any()
