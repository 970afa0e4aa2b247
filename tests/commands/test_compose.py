"""`audiogroove compose` as a user types it: what is said, what is written, what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.commands.compose import read_request
from audiogroove.commands.parser import build_parser
from audiogroove.model import checkpoint
from audiogroove.music import midi
from audiogroove.request import Sampling
from audiogroove.wishes import parse_preset
from tests.model import builders

FACTS = {
    *("mode", "style", "bars", "notes", "parts", "key", "tempo_bpm", "meter", "seed"),
    *("seconds", "notes_per_second", "model"),
}
OUT = parse_preset("out").sampling
USUAL = Sampling().temperature


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Save the tiny model."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    checkpoint.save(folder, builders.checkpoint(), card="tiny")
    return str(folder)


@pytest.fixture
def melody(tmp_path: Path) -> Path:
    """Write a seed file of eight bars: flute and bass."""
    path = tmp_path / "melody.mid"
    path.write_bytes(midi.write(builders.tune(bars=8, drums=False)))
    return path


def composed(
    capsys: pytest.CaptureFixture[str], out: Path, model: str, *words: str
) -> dict[str, object]:
    """Compose with --json and give what was said."""
    assert main(["compose", "--out", str(out), "--model", model, "--json", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    said = json.loads(lines[0])
    assert isinstance(said, dict)
    return said


def test_json_says_all_facts_in_one_object(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str
) -> None:
    """A program that reads the answer finds every fact, and nothing else on stdout."""
    said = composed(
        capsys, tmp_path / "a.mid", model, "--style", "rag", "--bars", "4", "--seed", "7"
    )
    assert set(said) == FACTS
    assert (said["mode"], said["style"], said["bars"], said["seed"]) == (
        *("compose", "ragtime"),
        *(4, 7),
    )


def test_wishes_are_in_the_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str
) -> None:
    """Key, tempo, meter, bars and parts of the file are those that were wished."""
    out = tmp_path / "a.mid"
    wished = "--key Dm --tempo 96 --meter 3/4 --bars 6 --parts flute,bass --seed 1"
    composed(capsys, out, model, *wished.split())
    piece = midi.parse(out.read_bytes())
    assert [str(meter) for _, meter in piece.meters] == ["3/4"]
    assert [bpm for _, bpm in piece.tempos] == [96]
    assert {part.program for part in piece.parts} <= {73, 33}
    assert piece.bars <= 6


def test_the_same_words_and_seed_write_the_same_bytes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str
) -> None:
    """And another seed writes others."""
    files = []
    for number, seed in enumerate((3, 3, 4)):
        out = tmp_path / f"{number}.mid"
        composed(capsys, out, model, "--style", "waltz", "--bars", "4", "--seed", str(seed))
        files.append(out.read_bytes())
    assert files[0] == files[1] != files[2]


def test_a_strict_key_leaves_no_other_note(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str
) -> None:
    """C pentatonic means five pitch classes and not one more."""
    out = tmp_path / "a.mid"
    words = ("--key", "C pentatonic", "--strict-key", "--parts", "piano", "--bars", "6")
    composed(capsys, out, model, *words, "--seed", "2")
    pitches = {
        note.pitch % 12 for part in midi.parse(out.read_bytes()).parts for note in part.notes
    }
    assert pitches <= {0, 2, 4, 7, 9}


@pytest.mark.parametrize(
    ("words", "sampling"),
    [
        ("", Sampling()),
        ("--preset in-the-pocket", Sampling()),
        ("--preset out", OUT),
        ("--temperature 0.9 --preset out", replace(OUT, temperature=0.9)),
        (f"--preset out --temperature {USUAL:g}", replace(OUT, temperature=USUAL)),
        ("--preset out --top-k 40", replace(OUT, top_k=40)),
    ],
)
def test_what_is_typed_refines_a_preset(words: str, sampling: Sampling) -> None:
    """Even where it is as usual: only what is not typed is left to the preset."""
    options = build_parser().parse_args(["compose", "--out", "a.mid", *words.split()])
    assert read_request(options).sampling == sampling


def test_a_seed_file_is_continued_unless_one_says_otherwise(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str, melody: Path
) -> None:
    """--bars counts the new ones."""
    said = composed(capsys, tmp_path / "b.mid", model, str(melody), "--bars", "3")
    assert (said["mode"], said["bars"]) == ("continue", 11)


def test_bars_are_varied_as_people_count_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str, melody: Path
) -> None:
    """--range 5-8 leaves bars 1 to 4 as they were."""
    out = tmp_path / "b.mid"
    words = ("--mode", "vary", "--range", "5-8", "--seed", "1")
    composed(capsys, out, model, str(melody), *words)
    before, after = midi.parse(melody.read_bytes()), midi.parse(out.read_bytes())
    line = before.bar_lines[4]
    for one, two in zip(before.parts, after.parts, strict=True):
        kept = [note for note in one.notes if note.onset < line]
        assert kept == [note for note in two.notes if note.onset < line]


def test_drums_join_in(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str, melody: Path
) -> None:
    """Accompany adds the part that was asked for, at the end."""
    words = ("--mode", "accompany", "--parts", "drums")
    said = composed(capsys, tmp_path / "b.mid", model, str(melody), *words)
    assert said["parts"] == ["Flute", "Bass", "Drums"]


def test_people_are_told_where_the_piece_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str
) -> None:
    """One line: file, style, bars, key, tempo, parts, and the seed to ask for it again."""
    out = tmp_path / "a.mid"
    assert main(["compose", "--out", str(out), "--model", model, "--bars", "2", "--seed", "9"]) == 0
    line = capsys.readouterr().out
    assert line.startswith(str(out))
    assert "seed 9" in line


@pytest.mark.parametrize(
    "words",
    [
        "--style polka-metal",
        "--key H",
        "--tempo 9000",
        "--tempo fast",
        "--meter 7",
        "--bars 0",
        "--bars 999",
        "--parts kazoo-orchestra",
        "--density heavy",
        "--preset happy",
        "--form A1B2",
        "--temperature 99",
        "--top-p 0",
        "--min-p 1",
        "--seed -1",
        "--mode vary",
        "--mode accompany",
        "--mode sing",
        "--range 3-4",
        "--strict-key",
        "--model nowhere",
        "nothing.mid",
        "--unknown",
    ],
)
def test_the_impossible_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str, words: str
) -> None:
    """Status 2, one line on stderr, nothing on stdout, and no file touched."""
    out = tmp_path / "a.mid"
    out.write_bytes(b"what was there before")
    try:
        status = main(["compose", "--out", str(out), "--model", model, *words.split()])
    except SystemExit as leaving:
        status = int(str(leaving.code))
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    assert out.read_bytes() == b"what was there before"


@pytest.mark.parametrize("data", [b"", b"ID3 not music", b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk"])
def test_a_seed_file_that_is_no_music_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str, data: bytes
) -> None:
    """The file is named as what it is, and nothing is written."""
    seed, out = tmp_path / "seed.mid", tmp_path / "a.mid"
    seed.write_bytes(data)
    assert main(["compose", str(seed), "--out", str(out), "--model", model]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not out.exists()


def test_a_folder_that_is_not_there_is_refused_before_the_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str
) -> None:
    """Nobody waits for a piece that cannot be written."""
    assert main(["compose", "--out", str(tmp_path / "no" / "a.mid"), "--model", model]) == 2
    assert "folder" in capsys.readouterr().err


def test_a_bass_joins_in_where_it_is_asked_to(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str, melody: Path
) -> None:
    """A second one here; who plays already plays on."""
    out = tmp_path / "b.mid"
    words = ("--mode", "accompany", "--parts", "bass", "--range", "2-3")
    said = composed(capsys, out, model, str(melody), *words)
    assert said["parts"] == ["Flute", "Bass", "Bass 2"]
    before, after = midi.parse(melody.read_bytes()), midi.parse(out.read_bytes())
    assert before.parts == after.parts[:2]
    assert {after.bar_at(note.onset) for note in after.parts[2].notes} <= {1, 2}


@pytest.mark.parametrize("where", ["seed", "out", "model"])
def test_a_folder_in_the_wrong_place_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str, where: str
) -> None:
    """A folder is no MIDI file, none can be written over it, and not every folder is a model."""
    places = {"seed": "", "out": str(tmp_path / "a.mid"), "model": model} | {where: str(tmp_path)}
    words = ["compose", "--out", places["out"], "--model", places["model"]]
    assert main(words + [places["seed"]] * (where == "seed")) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_tempo_is_kept_to_a_hundredth(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, model: str
) -> None:
    """However exactly it is typed."""
    said = composed(capsys, tmp_path / "a.mid", model, "--tempo", "96.12345", "--bars", "1")
    assert said["tempo_bpm"] == 96.12
