"""Files as they come: ten odd kinds, what becomes of their parts and names, and the way back."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import TypeVar

import mido
import music21
import pytest
from hypothesis import HealthCheck, example, given, settings

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music import midi
from audiogroove.music.midi import MAX_SECONDS, parse, write
from audiogroove.music.piece import STEPS_PER_QUARTER, Key, Meter, Note, Part, Piece, clean_name
from tests.seeds.spelled import smf
from tests.strategies import pieces

Change = TypeVar("Change")

A_NOTE = """
    00 90 3C 40 | at once, middle C on channel 1, velocity 64
    60 80 3C 00 | 96 ticks = a quarter later, off
"""


def _notes(piece: Piece) -> list[list[tuple[int, int, int]]]:
    """Tell each part's notes as (onset, pitch, duration)."""
    return [
        [(note.onset, note.pitch, note.duration) for note in part.notes] for part in piece.parts
    ]


# Ten odd kinds


def test_type_0_is_split_by_channel() -> None:
    """One track, three channels: flute, bass and drums become three parts, drums last."""
    everything = """
        00 C0 49    | channel 1: flute
        00 C1 20    | channel 2: acoustic bass
        00 99 24 64 | channel 10: bass drum
        00 90 48 50
        00 91 24 5A
        30 89 24 00 | an eighth later
        30 80 48 00
        00 81 24 00
    """
    piece = parse(smf(everything, kind=0))
    assert [(part.program, part.is_drums) for part in piece.parts] == [
        (73, False),
        (32, False),
        (0, True),
    ]
    assert _notes(piece) == [[(0, 72, 12)], [(0, 36, 12)], [(0, 36, 6)]]


def test_type_1_keeps_its_tracks() -> None:
    """Two tracks that play the same channel and program stay two parts: left and right hand."""
    left, right = "00 FF 03 04 4C 65 66 74" + A_NOTE, "00 FF 03 05 52 69 67 68 74" + A_NOTE
    assert [part.name for part in parse(smf(left, right)).parts] == ["Left", "Right"]


def test_type_2_gives_its_first_pattern_with_notes() -> None:
    """Independent patterns are not played at once; one that only sets a tempo is passed over."""
    silent, other = "00 FF 51 03 07 A1 20", "00 90 43 40 60 80 43 00"
    assert _notes(parse(smf(silent, A_NOTE, other, kind=2))) == [[(0, 60, 12)]]


def test_type_2_without_notes_is_refused() -> None:
    """No pattern, no piece."""
    with pytest.raises(SeedRejected) as refusal:
        parse(smf("00 FF 51 03 07 A1 20", kind=2))
    assert refusal.value.fault is SeedFault.NO_NOTES


def test_karaoke_is_read_without_its_words() -> None:
    """A .kar file keeps notes and title; text and lyrics become no part."""
    words = """
        00 FF 01 09 40 4B 4D 49 44 49 20 4B 41 | text: @KMIDI KA
        00 FF 05 03 4C 61 20                   | lyric: La
        60 FF 05 03 6C 61 20                   | a quarter later: la
    """
    piece = parse(smf("00 FF 03 04 53 6F 6E 67", words, A_NOTE))
    assert (piece.title, _notes(piece)) == ("Song", [[(0, 60, 12)]])


@pytest.mark.parametrize(
    ("division", "ticks_in_half_a_second"),
    [
        (0xE728, "83 74"),  # 25 frames of 40 ticks: milliseconds; 500
        (0xE250, "89 30"),  # 30 frames of 80 ticks; 1,200
        (0xE350, "89 2F"),  # 29.97 frames of 80 ticks; 1,199
    ],
)
def test_smpte_time_becomes_quarters_of_half_a_second(
    division: int, ticks_in_half_a_second: str
) -> None:
    """A file that counts frames a second knows no beats: 120 bpm, whatever tempo it holds."""
    seconds = f"00 FF 51 03 03 D0 90  00 90 3C 40  {ticks_in_half_a_second} 80 3C 00"
    piece = parse(smf(seconds, kind=0, division=division))
    assert _notes(piece) == [[(0, 60, STEPS_PER_QUARTER)]]
    assert piece.tempos[0][1] == pytest.approx(120, abs=0.1)


def test_smpte_time_coarser_than_a_twelfth_of_a_quarter_is_refused() -> None:
    """24 frames a second of one tick each cannot hold music on our grid."""
    with pytest.raises(SeedRejected) as refusal:
        parse(smf(A_NOTE, kind=0, division=0xE801))
    assert SeedFault.IMPOSSIBLE_VALUES is refusal.value.fault


def test_drums_alone_are_a_piece() -> None:
    """No melody is needed."""
    piece = parse(smf("00 99 26 64 18 89 26 00", kind=0))
    assert [(True, (Note(0, 38, 3, 100),))] == [(part.is_drums, part.notes) for part in piece.parts]


def test_one_note_is_a_piece() -> None:
    """A quarter note makes one bar of 4/4 at 120 bpm, with no key and no name."""
    assert parse(smf(A_NOTE)) == Piece((Part((Note(0, 60, 12, 64),)),), 1)


def test_sixteen_channels_make_sixteen_parts() -> None:
    """Fifteen melodic ones and the drums."""
    each = [f"00 C{channel:X} {8 * channel:02X}" for channel in range(16)]
    notes = [f"00 9{channel:X} 3C 40  60 8{channel:X} 3C 00" for channel in range(16)]
    piece = parse(smf(" ".join(each + notes), kind=0))
    assert len(piece.parts) == 16
    assert [*range(0, 72, 8), *range(80, 128, 8), 0] == [part.program for part in piece.parts]


def test_more_than_fifteen_melodic_tracks_are_joined_by_kinship() -> None:
    """First those of one program, then those of one family; nothing is lost."""
    programs = [0, 1, 40, 40, *range(48, 112, 4)]
    tracks = [f"00 C0 {program:02X} 00 90 {30 + at:02X} 40 60 80 {30 + at:02X} 00"
              for at, program in enumerate(programs)]  # fmt: skip
    piece = parse(smf(*tracks))
    assert len(piece.parts) == 15
    assert len(programs) == piece.note_count
    violins = [part for part in piece.parts if part.program == 40]
    assert [len(part.notes) for part in violins] == [2]


def test_played_music_lands_on_the_grid_that_was_meant() -> None:
    """Eighths played up to 23 ms early or late (at 120 bpm) and let go early are eighths."""
    at = [2, 47, 99, 139, 194, 237, 284, 340, 380, 434, 483, 525]
    on_off = sorted(
        [(tick, f"90 {60 + i:02X} 40") for i, tick in enumerate(at)]
        + [(tick + 41, f"80 {60 + i:02X} 00") for i, tick in enumerate(at)]
    )
    ticks = [0, *(tick for tick, _ in on_off)]
    gaps = [two - one for one, two in pairwise(ticks)]
    text = " ".join(f"{gap:02X} {event}" for gap, (_, event) in zip(gaps, on_off, strict=True))
    piece = parse(smf(text, kind=0))
    assert [(6 * i, 60 + i, 6) for i in range(12)] == _notes(piece)[0]


def test_meter_changes_and_triplets_are_exact() -> None:
    """3/4, then 6/8 from the second bar; triplet eighths and sixteenths keep their places."""
    conductor = """
        00 FF 58 04 03 02 18 08          | 3/4
        82 20 FF 58 04 06 03 24 08       | after 288 ticks, 6/8
    """
    player = """
        00 90 3C 40  20 80 3C 00         | 32 ticks: a triplet eighth
        00 90 3E 40  20 80 3E 00
        00 90 40 40  20 80 40 00
        81 40 90 41 40  10 80 41 00      | in bar 2 a triplet sixteenth
    """
    piece = parse(smf(conductor, player))
    assert ((0, Meter(3, 4)), (1, Meter(6, 8))) == piece.meters
    assert _notes(piece) == [[(0, 60, 4), (4, 62, 4), (8, 64, 4), (36, 65, 2)]]
    assert piece.bars == 2


# Meters, tempos, keys and names


def test_a_meter_after_an_upbeat_ends_the_upbeat_bar() -> None:
    """A 4/4 that starts on the second quarter leaves a bar of 1/4 before it."""
    piece = parse(smf("60 FF 58 04 04 02 18 08", A_NOTE + "84 00 90 3C 40 60 80 3C 00"))
    assert ((0, Meter(1, 4)), (1, Meter(4, 4))) == piece.meters


def test_an_odd_number_of_32nds_becomes_the_next_even_one() -> None:
    """7/32 is ten and a half steps, 8/32 is twelve."""
    assert ((0, Meter(8, 32)),) == parse(smf("00 FF 58 04 07 05 18 08" + A_NOTE)).meters


def test_tempos_are_clamped_and_kept_where_they_change() -> None:
    """No time a quarter is as fast as we go, 16.8 s as slow, and a repeated one is no change."""
    conductor = """
        00 FF 51 03 00 00 00  | infinitely fast
        30 FF 51 03 FF FF FF  | after an eighth 3.6 bpm
        18 FF 51 03 FF FF FF
    """
    assert parse(smf(conductor, A_NOTE)).tempos == ((0, 400.0), (6, 20.0))


def test_too_many_tempos_are_thinned_and_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more changes than allowed, fewer remain, spread over the whole piece."""
    monkeypatch.setattr(midi, "MAX_TEMPOS", 10)
    ramp = "".join(f"08 FF 51 03 07 {at:02X} 00 " for at in range(48))
    piece = parse(smf(ramp, "00 90 3C 40 83 00 80 3C 00"))
    assert 5 <= len(piece.tempos) <= 10
    assert piece.tempos[-1][0] >= 36


@pytest.mark.parametrize(
    ("signatures", "key"),
    [
        ("00 FF 59 02 FD 01", Key(0, "minor")),  # three flats, minor: C minor
        ("00 FF 59 02 07 00", Key(1)),  # seven sharps: C sharp major
        ("00 FF 59 02 80 01", None),  # 128 flats
        ("00 FF 59 02 01 00 00 FF 59 02 02 00", None),  # G and D at once
        ("60 FF 59 02 01 00", None),  # G, but later
    ],
)
def test_one_possible_key_at_the_beginning_is_the_key(signatures: str, key: Key | None) -> None:
    """Anything else says nothing."""
    assert key == parse(smf(signatures, A_NOTE)).key


@pytest.mark.parametrize(
    ("letters", "title"),
    [
        ("50 6F 6C 6B 61", "Polka"),
        ("46 C3 BC 72", "Für"),  # UTF-8
        ("46 FC 72", "Für"),  # Latin-1
        ("00 07 1B 20", ""),
    ],
)
def test_the_first_tracks_name_is_the_title(letters: str, title: str) -> None:
    """In UTF-8 or, as most old files, in Latin-1; what cannot be shown is left out."""
    size = len(bytes.fromhex(letters))
    assert title == parse(smf(f"00 FF 03 {size:02X} {letters}", A_NOTE)).title


def test_names_are_cut_to_what_can_be_shown() -> None:
    """64 characters, none of them a control, no spaces around."""
    assert clean_name(" \x00Le\nad\ufffd\u202e ") == "Lead"
    assert len(clean_name("x" * 100)) == 64


# What a part's law asks of its notes


@pytest.mark.parametrize(
    ("events", "notes"),
    [
        pytest.param(
            "00 90 3C 40  60 90 3C 40  60 80 3C 00  60 80 3C 00",
            [(0, 60, 12), (12, 60, 24)],
            id="a note struck again ends where it is struck",
        ),
        pytest.param(
            "00 90 3C 40  00 91 3C 60  30 81 3C 00  30 80 3C 00",
            [(0, 60, 12), (0, 60, 6)],
            id="two channels are two parts",
        ),
        pytest.param("00 90 3C 40 00 80 3C 00", [(0, 60, 1)], id="no length is the least length"),
        pytest.param(
            "00 90 3C 40  60 90 3E 40  60 80 3E 00",
            [(12, 62, 12)],
            id="a note never let go is none",
        ),
    ],
)
def test_notes_become_lawful(events: str, notes: list[tuple[int, int, int]]) -> None:
    """Overlaps, doubles and hanging notes."""
    assert notes == [note for part in _notes(parse(smf(events, kind=0))) for note in part]


def test_of_one_note_twice_the_longest_and_loudest_is_kept() -> None:
    """Two drum tracks that hit the same key at once are one hit."""
    short_and_loud, long_and_soft = "00 99 26 7F 18 89 26 00", "00 99 26 20 30 89 26 00"
    piece = parse(smf(short_and_loud, long_and_soft))
    assert (Part((Note(0, 38, 6, 127),), is_drums=True),) == piece.parts


# The way back


def as_read_back(piece: Piece) -> Piece:
    """Tell what of a piece a file can say: the normal form that `write` documents."""
    sounding = [replace(part, name=clean_name(part.name)) for part in piece.parts if part.notes]
    parts = tuple(sorted(sounding, key=lambda part: part.is_drums))
    bars = 1 + piece.bar_at(max(note.end for part in parts for note in part.notes) - 1)
    steps = piece.bar_lines[bars]
    meters = _changes([row for row in piece.meters if row[0] < bars])
    tempos = _changes([row for row in piece.tempos if row[0] < steps])
    return Piece(parts, bars, meters, tempos, piece.key, clean_name(piece.title))


def _changes(rows: list[tuple[int, Change]]) -> tuple[tuple[int, Change], ...]:
    return (rows[0], *(two for one, two in pairwise(rows) if one[1] != two[1]))


def _seconds(piece: Piece) -> float:
    end = max(note.end for part in piece.parts for note in part.notes)
    bounds = [*piece.tempos, (end, 1.0)]
    return sum(
        max(0, min(two, end) - one) / STEPS_PER_QUARTER * 60 / bpm
        for (one, bpm), (two, _) in pairwise(bounds)
    )


@example(Piece((Part((Note(0, 60, 12),)),), 1, title=60 * "𝄞"))  # its length takes two bytes
@given(pieces())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_written_reads_back(piece: Piece) -> None:
    """Any legal piece comes back in normal form; silent or endless ones are refused as such."""
    data = write(piece)
    if not piece.note_count:
        fault = SeedFault.NO_NOTES
    elif _seconds(piece) > MAX_SECONDS:
        fault = SeedFault.TOO_LONG
    else:
        assert as_read_back(piece) == parse(data)
        return
    with pytest.raises(SeedRejected) as refusal:
        parse(data)
    assert fault is refusal.value.fault


@pytest.fixture
def trio() -> Piece:
    """Piano, flute and drums, with everything that a file can say."""
    return Piece(
        parts=(
            Part((Note(0, 48, 48), Note(48, 50, 36, 127)), 0, name="Clavier à main"),
            Part((Note(3, 72, 3), Note(6, 72, 4, 1)), 73, name="Flute"),
            Part((Note(0, 36, 1), Note(0, 42, 1)), is_drums=True, name="Kit"),
        ),
        bars=2,
        meters=((0, Meter(4, 4)), (1, Meter(6, 8))),
        tempos=((0, 96.0), (48, 72.5)),
        key=Key(10, "minor"),
        title="Trio",
    )


def test_another_program_reads_what_we_wrote(trio: Piece) -> None:
    """What mido finds: names, programs, channels, tempos, meters, key and pitches."""
    file = mido.MidiFile(file=BytesIO(write(trio)))
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (1, 480, 4)
    assert [each.name.encode("latin-1").decode() for each in file.tracks] == [
        "Trio",
        "Clavier à main",
        "Flute",
        "Kit",
    ]
    said = [message.dict() for each in file.tracks for message in each]
    found = {
        kind: [[each[field] for field in fields] for each in said if each["type"] == kind]
        for kind, fields in {
            "time_signature": ("numerator", "denominator"),
            "set_tempo": ("tempo",),
            "key_signature": ("key",),
            "program_change": ("channel", "program"),
            "note_on": ("channel", "note", "velocity"),
        }.items()
    }
    assert found == {
        "time_signature": [[4, 4], [6, 8]],
        "set_tempo": [[625_000], [827_586]],
        "key_signature": [["Bbm"]],
        "program_change": [[0, 0], [1, 73], [9, 0]],
        "note_on": [[0, 48, 80], [0, 50, 127], [1, 72, 80], [1, 72, 1], [9, 36, 80], [9, 42, 80]],
    }


def test_a_score_program_reads_what_we_wrote(trio: Piece) -> None:
    """music21 hears the same pitches at the same places."""
    score = music21.converter.parse(write(trio), format="midi")
    heard = sorted(
        (float(chord.getOffsetInHierarchy(score)), pitch.midi)
        for chord in score.recurse().notes
        for pitch in chord.pitches
        if "UnpitchedPercussion" not in chord.classes
    )
    melodic = [note for part in trio.parts[:2] for note in part.notes]
    assert {(0.0, 48), (4.0, 50), (0.25, 72), (0.5, 72)} <= set(heard)
    assert len(melodic) <= len(heard)


def test_equal_pieces_make_equal_bytes(trio: Piece) -> None:
    """Nothing of the moment goes into a file."""
    assert write(trio) == write(replace(trio))


def test_fifteen_melodic_parts_keep_clear_of_the_drum_channel() -> None:
    """Each has a channel of its own, and none the tenth."""
    part = Part((Note(0, 60, 12),))
    file = mido.MidiFile(file=BytesIO(write(Piece((part,) * 15, 1))))
    assert [*range(9), *range(10, 16)] == [
        message.channel for each in file.tracks for message in each if message.type == "note_on"
    ]
