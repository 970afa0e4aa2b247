"""What reading gave lies on disk, whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from audiogroove.training import chunk
from audiogroove.training.reading import Outcome, Reading, Refusal, read_all
from tests.training import tunes


@pytest.fixture
def outcomes(tmp_path: Path) -> list[Outcome]:
    """Read two tunes and fail to read a third file."""
    named = [("rock/1.mid", tunes.tune(1)), ("rock/2.mid", tunes.tune(2, drums=True))]
    sources = tunes.write_folder(tmp_path, named)
    return read_all([*sources, replace(sources[0], path=tmp_path / "gone.mid", name="gone.mid")])


def test_outcomes_come_back_as_they_were(tmp_path: Path, outcomes: list[Outcome]) -> None:
    """Refusals first, then readings, each in their order."""
    chunk.save(tmp_path / "one.npz", outcomes)
    found = chunk.load(tmp_path / "one.npz")
    assert found is not None
    assert [one for one in outcomes if isinstance(one, Refusal)] == found[:1]
    for kept, read in zip(outcomes[:2], found[1:], strict=True):
        assert isinstance(kept, Reading)
        assert isinstance(read, Reading)
        assert (kept.info, kept.fingerprint) == (read.info, read.fingerprint)
        assert kept.events.tolist() == read.events.tolist()
        assert kept.sketch.tolist() == read.sketch.tolist()


def test_a_chunk_may_hold_nothing(tmp_path: Path) -> None:
    """All files refused is an outcome too, and no file at all."""
    refused: list[Outcome] = [Refusal("a.mid", "not_midi")]
    chunk.save(tmp_path / "one.npz", refused)
    chunk.save(tmp_path / "two.npz", [])
    assert refused == chunk.load(tmp_path / "one.npz")
    assert chunk.load(tmp_path / "two.npz") == []


def test_half_a_file_counts_as_none(tmp_path: Path, outcomes: list[Outcome]) -> None:
    """Missing, empty, cut short or something else."""
    path = tmp_path / "one.npz"
    assert chunk.load(path) is None
    chunk.save(path, outcomes)
    whole = path.read_bytes()
    for part in (b"", whole[:100], whole[: len(whole) // 2], b"not an archive" * 50):
        path.write_bytes(part)
        assert chunk.load(path) is None


def test_nothing_half_done_stays(tmp_path: Path, outcomes: list[Outcome]) -> None:
    """The file appears under its name when it is whole."""
    folder = tmp_path / "chunks"
    folder.mkdir()
    chunk.save(folder / "one.npz", outcomes)
    assert [path.name for path in folder.iterdir()] == ["one.npz"]
