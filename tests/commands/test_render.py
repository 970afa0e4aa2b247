"""`audiogroove render`: a MIDI file in another shape, named by the ending of the file."""

from ctypes.util import find_library
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.music import midi
from audiogroove.music.piece import Note, Part, Piece

BEGINNINGS = {
    ".svg": b"<svg",
    ".png": b"\x89PNG",
    ".pdf": b"%PDF",
    ".musicxml": b"<?xml",
    ".mp3": b"ID3",
    ".ogg": b"OggS",
}
TUNE = Piece((Part((Note(0, 60, 12), Note(12, 67, 36)), name="Piano"),), 1, title="A tune")


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """Write a MIDI file."""
    path = tmp_path / "tune.mid"
    path.write_bytes(midi.write(TUNE))
    return path


@pytest.mark.parametrize("ending", BEGINNINGS)
def test_a_file_is_what_its_ending_says(
    capsys: pytest.CaptureFixture[str], tune: Path, ending: str
) -> None:
    """And it says where it is."""
    if ending in {".mp3", ".ogg"} and find_library("fluidsynth") is None:
        pytest.skip("libfluidsynth is missing")
    out = tune.with_suffix(ending)
    assert main(["render", str(tune), "--out", str(out)]) == 0
    assert out.read_bytes().startswith(BEGINNINGS[ending])
    assert capsys.readouterr().out == f"{out}\n"


def test_a_title_is_written_above_it(tune: Path) -> None:
    """One's own, else the file's."""
    out = tune.with_suffix(".svg")
    assert main(["render", str(tune), "--out", str(out)]) == 0
    assert ">A tune<" in out.read_text("utf-8")
    assert main(["render", str(tune), "--out", str(out), "--title", "Mine"]) == 0
    assert ">Mine<" in out.read_text("utf-8")


@pytest.mark.parametrize("name", ["tune.wav", "tune", "nowhere/tune.png"])
def test_what_cannot_be_written_is_refused(
    capsys: pytest.CaptureFixture[str], tune: Path, name: str
) -> None:
    """Before anything is made."""
    assert main(["render", str(tune), "--out", str(tune.parent / name)]) == 2
    assert "possible is" in capsys.readouterr().err


def test_what_is_no_midi_file_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """By the same wall as everywhere."""
    path = tmp_path / "cat.mid"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert main(["render", str(path), "--out", str(tmp_path / "cat.png")]) == 2
    assert "not a MIDI file" in capsys.readouterr().err
