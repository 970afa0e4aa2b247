"""Wicked files: each family of bytes that ever hurt a MIDI reader, and what our wall makes of it.

The families are those found by fuzzing seven MIDI packages: some hung, some took gigabytes,
some crashed. Here each becomes a piece or one refusal, at little cost.
"""

from collections.abc import Iterator
from random import Random

import pytest

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music.fuzz import fuzz, thrown
from audiogroove.music.midi import parse
from audiogroove.music.piece import Piece
from audiogroove.music.wall import Limits, Wall
from tests.seeds.spelled import chunk, head, smf, spelled, track

NOTE = "00 90 3C 40 60 80 3C 00 "
SILENT = track("")
LONGEST = "FF FF FF 7F "  # the longest legal delta: 268,435,455 ticks
KB = 1024

A_PIECE = "piece"

FILES: dict[str, tuple[bytes, str]] = {
    # Headers
    "nothing": (b"", SeedFault.EMPTY_FILE),
    "a header and no more": (head(1, 0, 96), SeedFault.NO_NOTES),
    "half a header": (head(1, 1, 96)[:9], SeedFault.NOT_MIDI),
    "the letters only": (b"MThd", SeedFault.NOT_MIDI),
    "another kind of file": (b"\x89PNG\r\n\x1a\n" + bytes(64), SeedFault.NOT_MIDI),
    "letters in lower case": (smf(NOTE).replace(b"MThd", b"mthd"), SeedFault.NOT_MIDI),
    "text": (b"Dear bot, please play something.", SeedFault.NOT_MIDI),
    "a RIFF wrapper": (
        b"RIFF\x3a\0\0\0RMIDdata" + len(smf(NOTE)).to_bytes(4, "little") + smf(NOTE),
        A_PIECE,
    ),
    "a RIFF wrapper around nothing": (b"RIFF\x0c\0\0\0RMIDdata\0\0\0\0", SeedFault.NOT_MIDI),
    "a RIFF wrapper around sound": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(32), SeedFault.NOT_MIDI),
    "65,535 declared tracks": (head(1, 65_535, 96) + track(NOTE), A_PIECE),
    "65,535 empty tracks": (head(1, 65_535, 96) + SILENT * 65_535, SeedFault.NO_NOTES),
    "65,535 patterns": (head(2, 65_535, 96) + SILENT * 65_535, SeedFault.NO_NOTES),
    "type 3": (smf(NOTE, kind=3), SeedFault.DAMAGED),
    "type 65,535": (smf(NOTE, kind=65_535), SeedFault.DAMAGED),
    "no ticks a quarter": (smf(NOTE, division=0), SeedFault.IMPOSSIBLE_VALUES),
    "one tick a quarter": (smf(NOTE, division=1), SeedFault.IMPOSSIBLE_VALUES),
    "the most ticks a quarter": (smf(NOTE, division=0x7FFF), A_PIECE),
    "256 frames of no ticks": (smf(NOTE, division=0x8000), SeedFault.IMPOSSIBLE_VALUES),
    "one frame of 255 ticks": (smf(NOTE, division=0xFFFF), A_PIECE),
    "a header of no length": (smf(NOTE).replace(b"\0\0\0\6", bytes(4), 1), SeedFault.DAMAGED),
    "a header of huge length": (smf(NOTE).replace(b"\0\0\0\6", b"\xff" * 4, 1), SeedFault.DAMAGED),
    # Chunks
    "a track of no length": (smf(chunk(b"MTrk", b"")), SeedFault.NO_NOTES),
    "a track of 4 GB": (head(1, 1, 96) + b"MTrk" + b"\xff" * 4 + spelled(NOTE), SeedFault.DAMAGED),
    "a pattern of 4 GB": (
        head(2, 1, 96) + b"MTrk" + b"\xff" * 4 + spelled(NOTE),
        SeedFault.DAMAGED,
    ),
    "an unknown chunk": (head(1, 1, 96) + chunk(b"XFIH", bytes(9)) + track(NOTE), A_PIECE),
    "a track within a track": (smf(chunk(b"MTrk", track(NOTE))), SeedFault.DAMAGED),
    "trailing garbage": (smf(NOTE) + bytes(range(256)) * 4, A_PIECE),
    "a file after the file": (smf(NOTE) * 2, A_PIECE),
    "a track cut short": (smf(NOTE)[:-6], SeedFault.DAMAGED),
    # Quantities
    "a number without end": (smf("FF " * 200 * KB), SeedFault.DAMAGED),
    "a number of 20 bytes": (smf("81 " * 19 + "00 90 3C 40"), SeedFault.DAMAGED),
    "five longest waits": (smf((LONGEST + "90 3C 40 ") * 5), SeedFault.NO_NOTES),
    "a note after the longest wait": (smf(LONGEST + "90 3C 40 60 80 3C 00"), SeedFault.TOO_LONG),
    "2,000 longest waits": (
        smf((LONGEST + "90 3C 40 00 80 3C 00 ") * 2_000),
        SeedFault.IMPOSSIBLE_VALUES,
    ),
    "a note that lasts five weeks": (smf("00 90 3C 40" + LONGEST + "80 3C 00"), SeedFault.TOO_LONG),
    # Events
    "running status with no status": (smf("00 3C 40 60 3C 00"), SeedFault.DAMAGED),
    "running status after a meta event": (smf("00 90 3C 40 00 FF 01 00 60 3C 00"), A_PIECE),
    "data bytes above 127": (smf("00 90 BC C0 60 80 BC 00"), A_PIECE),
    "no end of track": (smf(chunk(b"MTrk", spelled(NOTE))), A_PIECE),
    "notes after the end of track": (smf("00 FF 2F 00" + NOTE), SeedFault.NO_NOTES),
    "nothing but zeros": (smf("00 " * 1024 * KB), SeedFault.DAMAGED),
    "a system message of 4 GB": (smf("00 F0 FF FF FF FF 7F 01 02"), SeedFault.DAMAGED),
    "a system message without end": (smf("00 F0 7F" + " 01" * 99 + NOTE), SeedFault.DAMAGED),
    "a lyric of a megabyte": (smf("00 FF 05 C0 80 00" + " 61" * KB * KB, NOTE), A_PIECE),
    "50,000 hanging notes": (smf("00 90 3C 40 " * 50_000), SeedFault.NO_NOTES),
    "200,000 strikes of one note": (smf("00 90 3C 40 " * 200_000), SeedFault.NO_NOTES),
    "100,000 short notes": (smf("01 90 3C 40 00 80 3C 00 " * 100_000), SeedFault.TOO_MANY_NOTES),
    "100,000 tempos": (smf("01 FF 51 03 07 A1 20 " * 100_000 + NOTE), A_PIECE),
    "100,000 meters": (smf("01 FF 58 04 03 02 18 08 " * 100_000 + NOTE), SeedFault.TOO_LONG),
    "100,000 meters at once": (smf("00 FF 58 04 03 02 18 08 " * 100_000 + NOTE), A_PIECE),
    "a file over 2 MB": (smf(NOTE) + bytes(2 * KB * KB), SeedFault.TOO_LARGE),
    # Values
    "no time at all for a quarter": (smf("00 FF 51 03 00 00 00", NOTE), A_PIECE),
    "the slowest quarter": (smf("00 FF 51 03 FF FF FF", NOTE), A_PIECE),
    "a meter of 0/1": (smf("00 FF 58 04 00 00 18 08", NOTE), SeedFault.IMPOSSIBLE_VALUES),
    "a meter of 4/2^31": (smf("00 FF 58 04 04 1F 18 08", NOTE), SeedFault.IMPOSSIBLE_VALUES),
    "a meter of 4/2^255": (smf("00 FF 58 04 04 FF 18 08", NOTE), SeedFault.IMPOSSIBLE_VALUES),
    "a key of 128 flats": (smf("00 FF 59 02 80 01", NOTE), A_PIECE),
    "a key of mode 120": (smf("00 FF 59 02 00 78", NOTE), A_PIECE),
}


def _name(outcome: Piece | SeedRejected) -> str:
    return outcome.fault if isinstance(outcome, SeedRejected) else A_PIECE


@pytest.fixture(scope="module")
def wall() -> Iterator[Wall]:
    """Keep one wall for all of them, with strangers' limits but for a busy machine's clock.

    Yields:
        The wall, warm from file to file.
    """
    with Wall(children=1, limits=Limits(wall_s=60.0)) as wall:
        yield wall


@pytest.mark.parametrize("family", FILES)
def test_every_wicked_file_is_a_piece_or_one_refusal(wall: Wall, family: str) -> None:
    """At less than a second of one processor and 200 MB, and no child is lost over it."""
    data, expected = FILES[family]
    reading = wall.measure(data)
    assert expected == _name(reading.outcome)
    assert reading.cpu_s < 1.0
    assert reading.memory_bytes < 200 * KB * KB
    assert not wall.losses


def test_meta_events_of_any_length_are_borne(wall: Wall) -> None:
    """Those of the standard, of 0, 1, 2 and 9 bytes: too few for some, too many for most."""
    for kind in (*range(10), 0x20, 0x21, 0x2F, 0x51, 0x54, 0x58, 0x59, 0x7F):
        for size in (0, 1, 2, 9):
            event = f"00 FF {kind:02X} {size:02X}" + " 01" * size
            outcome = wall.measure(smf(event + " " + NOTE, kind=0)).outcome
            assert isinstance(outcome, (Piece, SeedRejected))
    assert not wall.losses


def test_damaged_and_random_bytes_leave_the_wall_standing() -> None:
    """300 mutants of small files and strings of noise: pieces or refusals, and no child lost."""
    report = fuzz(300, seed=20_261_122)
    assert sum(report.outcomes.values()) == 300
    assert {"piece", "damaged", "not_midi"} <= set(report.outcomes)
    assert report.losses == {}
    assert report.max_cpu_s < 1.0
    assert report.max_memory_bytes < 200 * KB * KB


SHORT = "00 90 3C 40 01 80 3C 00 "
SLOW = smf("00 FF 51 03 2D C6 C0", "D2 00 90 3C 40 D2 00 80 3C 00", division=24)  # at 20 bpm
SHORT_BARS = smf(  # of a 32nd, at 400 bpm
    "00 FF 58 04 01 05 18 08 00 FF 51 03 02 49 F0", "00 90 3C 40 F6 00 80 3C 00", division=24
)


@pytest.mark.parametrize(
    ("data", "fault", "found", "limit"),
    [
        pytest.param(smf(SHORT * 60_001), "too_many_notes", 60_001, 60_000, id="notes"),
        pytest.param(smf(*[NOTE] * 65), "too_many_tracks", 65, 64, id="tracks"),
        pytest.param(b"MThd", "not_midi", None, None, id="letters"),
        pytest.param(smf(NOTE)[:-6], "damaged", None, None, id="sense"),
        pytest.param(FILES["a meter of 0/1"][0], "impossible_values", None, None, id="meter"),
        pytest.param(FILES["2,000 longest waits"][0], "impossible_values", None, None, id="ticks"),
        pytest.param(smf(NOTE, division=23), "impossible_values", 23, 24, id="division"),
        pytest.param(SLOW, "too_long", 2_624, 1_800, id="seconds"),
        pytest.param(SHORT_BARS, "too_long", 2_518, 2_000, id="bars"),
    ],
)
def test_what_is_over_a_limit_is_refused_with_the_amount(
    data: bytes, fault: str, found: float | None, limit: float | None
) -> None:
    """By `parse` itself already, without the wall."""
    with pytest.raises(SeedRejected) as refusal:
        parse(data)
    refused = refusal.value
    assert (fault, found, limit) == (refused.fault, refused.found, refused.limit)


def test_what_is_just_within_the_limits_is_read() -> None:
    """60,000 notes (those a step cannot hold apart become one) on one track, or 64 tracks."""
    assert parse(smf(SHORT * 60_000)).note_count == 7_501
    assert len(parse(smf(*[NOTE] * 64)).parts) == 15


def test_equal_seeds_throw_equal_bytes() -> None:
    """What fuzzing found can be found again."""
    one, two = Random(3), Random(3)
    assert [thrown(one, [smf(NOTE)]) for _ in range(99)] == [
        thrown(two, [smf(NOTE)]) for _ in range(99)
    ]
