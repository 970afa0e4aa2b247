"""A prepared corpus as one file."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiogroove.errors import DatasetRejected
from audiogroove.training import dataset
from audiogroove.training.dataset import Dataset, PieceInfo


def test_a_data_set_comes_back_as_it_was(tmp_path: Path, data: Dataset) -> None:
    """Pieces, notes and words."""
    count = len(data.pieces)
    events = [data.events(index) for index in range(count)]
    dataset.save(tmp_path, data.pieces, events, data.vocabulary)
    again = dataset.load(tmp_path)
    assert data.pieces == again.pieces
    assert data.vocabulary.fingerprint == again.vocabulary.fingerprint
    for index in range(count):
        assert data.events(index).tolist() == again.events(index).tolist()


def test_every_piece_knows_its_own_notes(data: Dataset) -> None:
    """Lengths add up, each piece begins with its first bar, and ends in its last."""
    lengths = [data.length(index) for index in range(len(data.pieces))]
    assert len(data.notes["pitch"]) == sum(lengths)
    for index, piece in enumerate(data.pieces):
        events = data.events(index)
        assert (lengths[index], 6) == events.shape
        assert (0, piece.bars - 1) == (events[0, 0], events[-1, 0])


def test_the_splits_share_out_the_pieces(data: Dataset) -> None:
    """Each piece is in one of them."""
    indices = [index for name in dataset.SPLITS for index in data.split(name)]
    assert list(range(len(data.pieces))) == sorted(indices)


def test_a_corpus_prepared_anew_is_divided_as_before(data: Dataset) -> None:
    """A model is examined on what it was not trained on, wherever the files stand now."""
    mixed = [replace(piece, split="train") for piece in reversed(data.pieces)]
    mixed[0] = replace(mixed[0], split="test")
    anew = replace(data, pieces=tuple(mixed)).divided(data.held_out())
    assert {one.path: one.split for one in data.pieces} == {
        one.path: one.split for one in anew.pieces
    }


def test_another_corpus_keeps_its_own_division(data: Dataset) -> None:
    """None of its pieces is among those that the model's maker held out."""
    assert data.pieces == data.divided({"test": ("another's digest",)}).pieces


def test_bars_follow_the_meters() -> None:
    """Twelve bars of three-four and one of two-four: 36 steps each, then 24."""
    info = PieceInfo(
        "a.mid", "waltz", "train", 13, ((0, 3, 4), (12, 2, 4)), (0,), None, None, minor=False
    )
    assert info.bar_lines[:3].tolist() == [0, 36, 72]
    assert info.bar_lines[-2:].tolist() == [432, 456]
    assert info.bar_meters.tolist() == [304] * 12 + [204]


def rewritten(folder: Path, whole: Path, **about: object) -> None:
    """Copy a data set with another description of its pieces."""
    with np.load(whole / dataset.FILE_NAME) as stored:
        arrays = dict(stored)
    told = json.loads(arrays["pieces"].tobytes()) | about
    arrays["pieces"] = dataset.as_bytes(json.dumps(told))
    np.savez_compressed(folder / dataset.FILE_NAME, **arrays)


def test_another_format_is_refused_by_name(tmp_path: Path, data_folder: Path) -> None:
    """What a later version wrote is not read as if it were ours."""
    rewritten(tmp_path, data_folder, format=99)
    with pytest.raises(DatasetRejected, match="format is 99"):
        dataset.load(tmp_path)


@pytest.mark.parametrize("pieces", [[{}], [{"meters": [], "programs": []}], ["a"], 3])
def test_a_wrong_description_is_refused(tmp_path: Path, data_folder: Path, pieces: object) -> None:
    """Missing, unknown or of another kind."""
    rewritten(tmp_path, data_folder, pieces=pieces)
    with pytest.raises(DatasetRejected, match="damaged"):
        dataset.load(tmp_path)


def test_a_damaged_file_is_refused(tmp_path: Path, data_folder: Path) -> None:
    """Missing, empty, cut short, something else, or with a wrong byte in the midst of it."""
    path = tmp_path / dataset.FILE_NAME
    with pytest.raises(DatasetRejected, match=r"there is no dataset\.npz"):
        dataset.load(tmp_path)
    whole = (data_folder / dataset.FILE_NAME).read_bytes()
    half = len(whole) // 2
    wrong = (
        whole[:half] + bytes(255 - byte for byte in whole[half : half + 20]) + whole[half + 20 :]
    )
    for content in (b"", whole[:half], b"What is this?" * 9, wrong):
        path.write_bytes(content)
        with pytest.raises(DatasetRejected, match="damaged"):
            dataset.load(tmp_path)
