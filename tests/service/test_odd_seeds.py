"""Ten odd kinds of files, from bytes to bytes: continued, varied, accompanied, and nothing lost."""

import pytest

from audiogroove.commands.keeping import request_for, standing, struck
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music import midi, wall
from audiogroove.music.piece import Piece
from audiogroove.request import Mode
from audiogroove.service.composing import compose
from tests.seeds.spelled import smf

TRACK = "00 90 3C 40 60 80 3C 00  00 90 40 40 60 80 40 00  82 20 90 43 40 60 80 43 00"
BAND = "00 C0 49 00 C1 20 00 99 24 64 00 90 48 50 00 91 24 5A 30 89 24 00 30 80 48 00 00 81 24 00"
WORDS = "00 FF 01 09 40 4B 4D 49 44 49 20 4B 41 00 FF 05 03 4C 61 20"
ORGAN = " ".join(
    [f"00 C{channel:X} {8 * channel:02X}" for channel in range(16)]
    + [f"00 9{channel:X} 3C 40  60 8{channel:X} 3C 00" for channel in range(16)]
)
PLAYED = "02 90 3C 40 29 80 3C 00 04 90 3E 40 2A 80 3E 00 0A 90 40 40 29 80 40 00"
CHANGING = "00 FF 58 04 03 02 18 08 82 20 FF 58 04 06 03 24 08"
ODD_FILES = {
    "type 0, three channels in one track": smf(BAND, kind=0),
    "type 1": smf(TRACK, TRACK),
    "type 2, independent patterns": smf(TRACK, TRACK, kind=2),
    "karaoke": smf("00 FF 03 04 53 6F 6E 67", WORDS, TRACK),
    "SMPTE time": smf("00 90 3C 40  83 74 80 3C 00", kind=0, division=0xE728),
    "drums alone": smf("00 99 26 64 18 89 26 00 18 99 24 64 18 89 24 00", kind=0),
    "one note": smf("00 90 3C 40 60 80 3C 00"),
    "sixteen channels": smf(ORGAN, kind=0),
    "played, off the grid": smf(PLAYED, kind=0),
    "3/4, then 6/8": smf(CHANGING, TRACK),
}


def seed_of(kind: str) -> Piece:
    """Read one of the odd files as a stranger's, through the wall."""
    return wall.read(ODD_FILES[kind])


@pytest.mark.parametrize("kind", ODD_FILES)
@pytest.mark.parametrize("mode", [Mode.CONTINUE, Mode.VARY])
def test_an_odd_file_goes_on_and_changes_and_keeps_its_notes(
    model: Checkpoint, kind: str, mode: Mode
) -> None:
    """Written and read again, every note that was to stay is there as it was."""
    material = seed_of(kind)
    request = request_for(mode, material, seed=5)
    piece = midi.parse(midi.write(compose(model, request).piece))
    assert not struck(standing(request, material)) - struck(piece)


@pytest.mark.parametrize("kind", [kind for kind in ODD_FILES if kind != "sixteen channels"])
def test_an_odd_file_gets_company_and_keeps_its_notes(model: Checkpoint, kind: str) -> None:
    """A part joins in; the parts that were there play what they played."""
    material = seed_of(kind)
    request = request_for(Mode.ACCOMPANY, material, seed=5)
    composed = compose(model, request).piece
    assert len(material.parts) + 1 == len(composed.parts)
    assert not struck(material) - struck(midi.parse(midi.write(composed)))
