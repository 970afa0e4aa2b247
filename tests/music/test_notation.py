"""Scores: what is written can be read, by us and by others. music21 is slow, so these are few."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music.engraving import lawful
from audiogroove.music.notation import (
    analyse,
    corpus_works,
    from_score,
    read_score,
    read_scores,
    to_musicxml,
    to_score,
)
from audiogroove.music.piece import Key, Meter, Note, Part, Piece

# (onset, pitch, steps): plain values, triplets, a syncopation, a tie across the bar line and
# lengths of 5 and 11 twelfths of a quarter
TUNE = [
    (0, 74, 12), (12, 76, 4), (16, 77, 4), (20, 79, 4), (24, 81, 6), (30, 79, 12), (42, 76, 18),
    (60, 77, 5), (66, 73, 11), (84, 74, 48), (132, 74, 12),
]  # fmt: skip
LEFT_HAND = [(0, 38, 24), (0, 50, 24), (24, 45, 12), (24, 49, 6), (36, 45, 48), (84, 38, 60)]
BEAT = [(0, 36), (0, 42), (6, 42), (12, 38), (12, 42), (18, 46), (84, 36), (84, 49), (96, 75)]

PIANO = Part(lawful(Note(*each, 70) for each in [*TUNE, *LEFT_HAND]))
CLARINET = Part(tuple(Note(*each, 96) for each in TUNE), program=71, name="Solo")
DRUMS = Part(tuple(Note(onset, key, 6, 64) for onset, key in BEAT), is_drums=True)
BAND = Piece(
    parts=(PIANO, DRUMS, CLARINET),
    bars=3,
    meters=((0, Meter(4, 4)), (1, Meter(3, 4)), (2, Meter(5, 4))),
    tempos=((0, 97.25), (48, 120.5), (90, 60.0)),
    key=Key(2, "minor"),
    title="A Band",
)


@pytest.fixture(scope="module")
def musicxml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the band's score once for all who read it."""
    path = tmp_path_factory.mktemp("scores") / "band.musicxml"
    path.write_bytes(to_musicxml(BAND))
    return path


def notes_of(piece: Piece) -> list[set[tuple[int, ...]]]:
    """Tell what each part plays; a drum stroke has no length in a score."""
    return [
        {
            (note.onset, note.pitch, note.duration * (not part.is_drums), note.velocity)
            for note in part.notes
        }
        for part in piece.parts
    ]


def test_a_score_reads_back_as_the_piece_it_was() -> None:
    """Notes, parts, meters, tempos, key and title survive `to_score` and `from_score`."""
    back = from_score(to_score(BAND))
    assert notes_of(back) == notes_of(BAND)
    assert back.with_parts(BAND.parts) == BAND
    players = [(part.program, part.is_drums, part.name) for part in back.parts]
    assert players == [(0, False, ""), (0, True, ""), (71, False, "Solo")]


def test_musicxml_reads_back_as_the_piece_it_was(musicxml: Path) -> None:
    """music21 reads its own MusicXML: the same notes at the same times, at sounding pitch."""
    back = read_score(musicxml)
    assert notes_of(back) == notes_of(BAND)
    assert back.with_parts(BAND.parts) == BAND


def test_musicxml_tells_a_musician_what_to_do(musicxml: Path) -> None:
    """Named parts, both hands of the piano, signature, meters, tempo marks, triplets, ties."""
    score = ET.parse(musicxml)  # noqa: S314  (it reads what we wrote)
    assert [name.text for name in score.iter("part-name")] == [
        "Acoustic Grand Piano",
        "Drum Kit",
        "Solo",
    ]
    signs = [(clef.findtext("sign"), clef.findtext("line")) for clef in score.iter("clef")]
    assert signs == [("G", "2"), ("F", "4"), ("percussion", None), ("G", "2")]
    assert {each.text for each in score.iter("fifths")} == {"-1"}
    assert [each.text for each in score.iter("beats")] == ["4", "3", "5"] * 3
    assert [each.text for each in score.iter("per-minute")] == ["97.25", "120.5", "60"]
    assert {each.get("type") for each in score.iter("tuplet")} == {"start", "stop"}
    assert {each.get("type") for each in score.iter("tie")} == {"start", "stop"}
    assert score.find(".//notehead") is not None


def test_the_same_piece_is_the_same_file(musicxml: Path) -> None:
    """No dice are thrown for identifiers; only the day of writing may differ."""
    once, twice = musicxml.read_text().splitlines(), to_musicxml(BAND).decode().splitlines()
    assert [line for line in once if line not in twice and "encoding-date" not in line] == []


def test_a_guessed_key_shows_in_the_signature_alone() -> None:
    """A piece that tells no key is signed with the one it is heard in, and still tells none."""
    scale = tuple(Note(12 * at, pitch, 12) for at, pitch in enumerate((62, 64, 66, 67, 69, 62)))
    score = to_score(Piece((Part(scale),), bars=2))
    assert [each.sharps for each in score.recurse().getElementsByClass("KeySignature")] == [2]
    assert from_score(score).key is None


def test_a_cadence_is_explained() -> None:
    """Tonic, subdominant and dominant in one bar, and the tonic again; then silence."""
    chords = {0: (48, 64, 67, 72), 48: (50, 65, 69, 77), 72: (43, 65, 71, 74), 96: (48, 64, 67)}
    cadence = [Note(at, pitch, 24) for at, chord in chords.items() for pitch in chord]
    analysis = analyse(Piece((Part(lawful(cadence)),), bars=4))
    assert analysis is not None
    assert (analysis.key, analysis.bars) == (Key(0), ("I", "ii V7", "I", ""))


def test_drums_alone_have_no_harmony() -> None:
    """There is nothing to explain, and that is no error."""
    assert analyse(Piece((DRUMS,), bars=3)) is None


def test_a_long_piece_is_not_analysed() -> None:
    """music21 would take its time: more than 32 bars are refused."""
    with pytest.raises(ValueError, match="33 bars"):
        analyse(Piece((CLARINET,), bars=33))


def test_a_book_of_tunes_is_read_tune_by_tune(tmp_path: Path) -> None:
    """An ABC file may hold many; an upbeat is a short bar.

    Left out are chord symbols, grace notes and a tune without notes.
    """
    book = tmp_path / "book.abc"
    book.write_text(
        'X:1\nT:First\nM:3/4\nL:1/4\nK:G\nD|"G"G2 {c}B|d3|]\n\n'
        "X:2\nT:Second\nM:6/8\nL:1/8\nK:Am\nABc A3|]\n\n"
        "X:3\nT:None\nM:4/4\nL:1/4\nK:C\nz4|]\n"
    )
    first, second = read_scores(book)
    assert [(note.onset, note.pitch, note.duration) for note in first.parts[0].notes] == [
        (0, 62, 12),
        (12, 67, 24),
        (36, 71, 12),
        (48, 74, 36),
    ]
    assert (first.title, first.key, first.meters) == (
        "First",
        Key(7),
        ((0, Meter(1, 4)), (1, Meter(3, 4))),
    )
    assert (second.key, second.meters) == (Key(9, "minor"), ((0, Meter(6, 8)),))


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("damaged.musicxml", "<score-partwise><part", SeedFault.DAMAGED),
        ("silent.abc", "X:1\nM:4/4\nL:1/4\nK:C\nz4|]\n", SeedFault.NO_NOTES),
        ("odd.abc", "X:1\nM:3/64\nL:1/64\nK:C\nCDE|CDE|]\n", SeedFault.IMPOSSIBLE_VALUES),
    ],
)
def test_a_file_without_music_is_refused(
    tmp_path: Path, name: str, text: str, fault: SeedFault
) -> None:
    """Whatever music21 stumbles over becomes one kind of refusal."""
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SeedRejected) as refused:
        read_score(path)
    assert refused.value.fault == fault


def test_a_score_for_too_many_players_is_refused() -> None:
    """Sixteen melodic parts are one more than a piece can have."""
    score = to_score(Piece((CLARINET,) * 15, bars=3))
    score.insert(0, to_score(Piece((CLARINET,), bars=3)).parts[0])
    with pytest.raises(SeedRejected) as refused:
        from_score(score)
    assert (refused.value.fault, refused.value.found) == (SeedFault.TOO_MANY_TRACKS, 16)


def test_a_file_that_is_not_there_is_no_damage(tmp_path: Path) -> None:
    """The operating system's own error says it best."""
    with pytest.raises(FileNotFoundError):
        read_score(tmp_path / "nothing.abc")


def test_what_may_not_be_used_is_not_listed() -> None:
    """Palestrina's and the Essen encoders kept their rights; the chorales are free."""
    folders = {path.parent.name for path in corpus_works()}
    assert "bach" in folders
    assert not folders & {"palestrina", "essenFolksong"}


def test_beams_stems_and_short_names_are_written(musicxml: Path) -> None:
    """Nothing is left for a reading program to guess."""
    score = ET.parse(musicxml)  # noqa: S314  (it reads what we wrote)
    assert {beam.text for beam in score.iter("beam")} >= {"begin", "end"}
    assert [name.text for name in score.iter("part-abbreviation")] == ["Ac. Gr.", "Dr. Kit", "Solo"]
    strokes = [note for note in score.iter("note") if note.find("unpitched") is not None]
    assert {note.findtext("stem") for note in strokes if note.find("chord") is None} == {"up"}


def test_a_natural_is_printed_only_where_it_is_news() -> None:
    """In D minor: B flat is in the signature, the first B natural is told, the next is not."""
    tune = tuple(Note(12 * at, pitch, 12) for at, pitch in enumerate((70, 71, 71, 69)))
    score = ET.fromstring(to_musicxml(Piece((Part(tune, 40),), 1, key=Key(2, "minor"))))  # noqa: S314
    told = [
        (note.findtext("pitch/step"), note.findtext("accidental")) for note in score.iter("note")
    ]
    assert told == [("B", None), ("B", "natural"), ("B", None), ("A", None)]


def test_the_two_tracks_of_a_piano_share_a_brace() -> None:
    """They are read back as the two parts they are."""
    right = Part((Note(0, 72, 12),), name="Piano 1")
    left = Part((Note(0, 48, 12),), name="Piano 2")
    piece = Piece((right, left), 1)
    score = ET.fromstring(to_musicxml(piece))  # noqa: S314
    assert [name.text for name in score.iter("group-name")] == ["Piano"]
    assert [each.get("id") for each in score.iter("score-part")] == ["P1", "P2"]
    assert from_score(to_score(piece)).parts == piece.parts


def test_the_lowest_and_highest_pitches_survive() -> None:
    """Octave -1 is no flat."""
    edge = Part(tuple(Note(12 * at, pitch, 12) for at, pitch in enumerate((0, 1, 11, 127))), 40)
    piece = Piece((edge,), 1, key=Key(0))
    assert from_score(to_score(piece)).parts == piece.parts


def test_sixteen_players_have_a_channel_each() -> None:
    """As many as MIDI has; the tenth is the drummer's."""
    crowd = [Part((Note(0, 60, 12),), program) for program in range(40, 55)]
    piece = Piece((*crowd[:3], DRUMS, *crowd[3:]), 3)
    score = ET.fromstring(to_musicxml(piece))  # noqa: S314
    channels = [int(each.text or 0) for each in score.iter("midi-channel")]
    assert sorted(channels) == [at for at in range(1, 17) if at != 10 or 10 in channels]
    assert len(channels) == len(set(channels))
