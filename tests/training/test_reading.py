"""One file of a corpus becomes a reading, or a reason why not."""

from dataclasses import replace
from pathlib import Path

from audiogroove.music.piece import Note, Part, Piece
from audiogroove.tokens.codec import encode
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training import reading
from audiogroove.training.reading import Reading, Refusal, read_all
from audiogroove.training.sources import Source
from tests.training import tunes


def read(source: Source) -> Reading:
    """Read a file that is fit."""
    (outcome,) = read_all([source])
    assert isinstance(outcome, Reading)
    return outcome


def reason(folder: Path, piece: Piece) -> str:
    """Read a piece that is not fit; tell why."""
    (outcome,) = read_all(tunes.write_folder(folder, [("odd/piece.mid", piece)]))
    assert isinstance(outcome, Refusal)
    return outcome.reason


def test_a_reading_keeps_the_notes(tmp_path: Path) -> None:
    """All of them, as the codec writes them."""
    piece = tunes.tune(1)
    (source,) = tunes.write_folder(tmp_path, [("waltz/1.mid", piece)])
    assert encode(piece).tolist() == read(source).events.tolist()


def test_a_reading_says_what_is_known_of_a_piece(tmp_path: Path) -> None:
    """Style and licence from the source, the rest from the music; drums are a program too."""
    (source,) = tunes.write_folder(tmp_path, [("waltz/1.mid", tunes.tune(1, drums=True))])
    info = read(replace(source, license="CC0")).info
    assert (info.path, info.style, info.license, info.bars) == ("waltz/1.mid", "waltz", "CC0", 8)
    assert (info.meters, info.programs, info.bpm) == (((0, 4, 4),), (0, 32, DRUMS), 101.0)
    assert info.tonic is not None


def test_a_tempo_that_nobody_chose_is_not_known(tmp_path: Path) -> None:
    """A file from a score program may say 120 for want of better."""
    (source,) = tunes.write_folder(tmp_path, [("waltz/1.mid", tunes.tune(1))])
    assert read(replace(source, tempo_known=False)).info.bpm is None


def test_every_change_of_meter_is_kept(tmp_path: Path) -> None:
    """As the file says it, up to the last bar with a note."""
    (source,) = tunes.write_folder(tmp_path, [("waltz/1.mid", tunes.short_waltz(1))])
    info = read(source).info
    assert (info.meters, info.bars) == (((0, 3, 4), (12, 2, 4)), 13)


def test_drums_alone_have_no_key(tmp_path: Path) -> None:
    """A drum's pitch says nothing of tonality."""
    beats = Part(tuple(Note(6 * place, 38, 6) for place in range(40)), 0, is_drums=True)
    (source,) = tunes.write_folder(tmp_path, [("rock/1.mid", Piece((beats,), 5))])
    assert read(source).info.tonic is None


def test_what_is_too_short_teaches_nothing(tmp_path: Path) -> None:
    """Few notes, or few bars."""
    few = Piece((Part(tuple(Note(48 * bar, 60, 12) for bar in range(20))),), 20)
    assert reason(tmp_path / "notes", few) == "too short to learn from"
    assert reason(tmp_path / "bars", tunes.tune(1, bars=3)) == "too short to learn from"


def test_a_wall_of_notes_is_no_music(tmp_path: Path) -> None:
    """More than 256 notes a bar."""
    wall = tuple(Note(step, pitch, 1) for step in range(192) for pitch in range(40, 48))
    assert reason(tmp_path, Piece((Part(wall),), 4)) == "too dense to be music"


def test_every_file_that_is_not_kept_is_a_refusal(tmp_path: Path) -> None:
    """Damaged, missing and enormous ones among good ones: the good are read, the others named."""
    sources = tunes.write_folder(
        tmp_path, [("rock/1.mid", tunes.tune(1)), ("rock/9.mid", tunes.tune(9))]
    )
    text, big = tmp_path / "text.mid", tmp_path / "big.mid"
    text.write_text("My favourite song")
    big.write_bytes(bytes(reading.MAX_SOURCE_BYTES + 1))
    odd = [Source(path, path.name, "rock") for path in (text, big, tmp_path / "gone.mid")]
    outcomes = read_all([sources[0], *odd, sources[1]])
    refused = {one.name: one.reason for one in outcomes if isinstance(one, Refusal)}
    assert refused == {
        "text.mid": "not_midi",
        "big.mid": "too_large",
        "gone.mid": "unreadable (No such file or directory)",
    }
    assert [one.info.path for one in outcomes if isinstance(one, Reading)] == [
        "rock/1.mid",
        "rock/9.mid",
    ]
