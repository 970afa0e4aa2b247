"""Sound: a piece played by FluidSynth, as it is heard."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import pytest

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.sound.loudness import CEILING_DB, TARGET_LUFS, Samples, loudness
from audiogroove.render.sound.soundfont import candidates
from audiogroove.render.sound.stretch import MAX_SECONDS
from audiogroove.render.sound.synthesiser import RATE_HZ, Synthesiser

needs_library = pytest.mark.skipif(
    find_library("fluidsynth") is None,
    reason="libfluidsynth is not installed: make setup tells how",
)

VIOLIN, PIANO, CLARINET, SIDE_STICK = 40, 0, 71, 37
TUNE = tuple(Note(12 * at, 60 + 2 * (at % 5), 12, 90) for at in range(16))
BEAT = tuple(Note(12 * at, SIDE_STICK, 3, 100) for at in range(16))
BAND = Piece((Part(TUNE, VIOLIN), Part(TUNE[::2], PIANO), Part(BEAT, is_drums=True)), bars=4)


@pytest.fixture(name="synthesiser", scope="module")
def _synthesiser() -> Iterator[Synthesiser]:
    # Instruments, whichever this machine has.
    synthesiser = Synthesiser.open()
    yield synthesiser
    synthesiser.close()


def loud(samples: Samples, start_s: float, end_s: float) -> float:
    """Measure the root mean square of a stretch."""
    stretch = samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    return float(np.sqrt((stretch**2).mean()))


# What is heard.


@needs_library
def test_it_lasts_until_the_last_note_has_died_away(synthesiser: Synthesiser) -> None:
    """Eight seconds and a tail, which ends in silence."""
    recording = synthesiser.play(BAND)
    assert 8 < recording.duration_s <= 12.1
    assert not recording.is_cut
    assert np.abs(recording.samples[-10:]).max() < 1e-3


@needs_library
@pytest.mark.parametrize("parts", [1, 3])
def test_pieces_are_equally_loud(synthesiser: Synthesiser, parts: int) -> None:
    """A violin alone as well as a band, and neither is clipped."""
    samples = synthesiser.play(BAND.with_parts(BAND.parts[:parts])).samples
    assert loudness(samples, RATE_HZ) == pytest.approx(TARGET_LUFS, abs=1)
    assert np.abs(samples).max() <= 10 ** (CEILING_DB / 20) + 1e-4


@needs_library
def test_a_harder_blow_is_louder(synthesiser: Synthesiser) -> None:
    """The first of two notes was played softly."""
    piece = Piece((Part((Note(0, 60, 24, 40), Note(96, 60, 24, 110)), PIANO),), bars=4)
    samples = synthesiser.play(piece).samples
    assert loud(samples, 4, 5) > 3 * loud(samples, 0, 1)


@needs_library
def test_where_nobody_plays_it_is_silent(synthesiser: Synthesiser) -> None:
    """Before the first note wholly, after the tail of one nearly."""
    piece = Piece((Part((Note(48, 60, 12), Note(336, 60, 12)), CLARINET),), bars=8)
    samples = synthesiser.play(piece).samples
    assert loud(samples, 0, 1.99) < 1e-6
    assert loud(samples, 10, 13.9) < loud(samples, 2, 2.5) / 1_000


@needs_library
def test_notes_come_on_time_through_changes_of_tempo(synthesiser: Synthesiser) -> None:
    """A stick on each bar: after 2 s, 4 s more and 8 s more, within 10 ms."""
    sticks = tuple(Note(48 * bar, SIDE_STICK, 6, 110) for bar in range(4))
    piece = Piece((Part(sticks, is_drums=True),), 4, tempos=((0, 120), (48, 60), (96, 30)))
    samples = synthesiser.play(piece).samples
    for due_s in (0, 2, 6, 14):
        first = round(due_s * RATE_HZ)
        around = np.abs(samples[max(0, first - 1_000) : first + 1_000]).max(axis=1)
        heard_s = (max(0, first - 1_000) + np.argmax(around > around.max() / 10)) / RATE_HZ
        assert due_s <= heard_s < due_s + 0.01


@needs_library
def test_the_first_of_two_players_sits_on_the_left(synthesiser: Synthesiser) -> None:
    """And is heard there better than on the right; the second the other way round."""
    low, high = Part(TUNE[:4], CLARINET), Part((Note(96, 72, 48),), CLARINET)
    samples = synthesiser.play(Piece((low, high), bars=4)).samples
    left, right = samples[:, :1], samples[:, 1:]
    assert loud(left, 0, 2) > 1.3 * loud(right, 0, 2)
    assert loud(right, 4, 6) > 1.3 * loud(left, 4, 6)


@needs_library
def test_a_piece_without_notes_is_silence_of_its_length(synthesiser: Synthesiser) -> None:
    """Two bars of nothing, not amplified into something."""
    recording = synthesiser.play(Piece((Part(()),), bars=2))
    assert recording.duration_s == 4
    assert not recording.samples.any()


@needs_library
def test_a_long_piece_is_faded_out(synthesiser: Synthesiser) -> None:
    """After three minutes, with two seconds to get softer in."""
    notes = tuple(Note(48 * bar, 60, 48) for bar in range(100))
    recording = synthesiser.play(Piece((Part(notes, VIOLIN),), 100, tempos=((0, 120.0),)))
    assert (recording.duration_s, recording.is_cut) == (MAX_SECONDS, True)
    before, after = (
        loud(recording.samples, MAX_SECONDS - ago_s - 0.1, MAX_SECONDS - ago_s)
        for ago_s in (2.2, 0)
    )
    assert after < before / 50


@needs_library
def test_nobody_changes_what_another_hears(synthesiser: Synthesiser) -> None:
    """Four threads at once get, byte for byte, what each gets alone."""
    solo = BAND.with_parts(BAND.parts[:1])
    alone = [synthesiser.play(piece).samples.tobytes() for piece in (BAND, solo)]
    with ThreadPoolExecutor(4) as pool:
        crowd = [each.samples.tobytes() for each in pool.map(synthesiser.play, [BAND, solo] * 4)]
    assert crowd == alone * 4


@needs_library
def test_a_cancelled_piece_is_not_played_on(synthesiser: Synthesiser) -> None:
    """Whoever waited has left."""
    with pytest.raises(RenderingFailed) as caught:
        synthesiser.play(BAND, is_cancelled=lambda: True)
    assert caught.value.fault == "cancelled"


# What can be missing.


@needs_library
def test_the_preferred_font_is_taken(tmp_path: Path) -> None:
    """And there is nothing to complain of."""
    font = tmp_path / "my own.sf2"
    font.write_bytes(candidates()[-1].read_bytes())
    synthesiser = Synthesiser.open(font)
    synthesiser.close()
    assert (synthesiser.font, synthesiser.complaint) == ("my own.sf2", "")


@needs_library
@pytest.mark.parametrize("content", [b"", b"no font", b"RIFF\xff\xff\xff\xffsfbk and no more"])
def test_a_broken_font_is_named_and_another_taken(tmp_path: Path, content: bytes) -> None:
    """Whether it is something else or was cut short."""
    font = tmp_path / "broken.sf2"
    font.write_bytes(content)
    synthesiser = Synthesiser.open(font)
    synthesiser.close()
    assert synthesiser.font != "broken.sf2"
    assert "broken.sf2 is no SoundFont" in synthesiser.complaint


@needs_library
def test_fluidsynth_speaks_to_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With its own words, under the name of this module."""
    font = tmp_path / "broken.sf2"
    font.write_bytes(b"RIFF\xff\xff\xff\xffsfbk and no more")
    with caplog.at_level(logging.WARNING, "audiogroove.render.sound.synthesiser"):
        Synthesiser.open(font).close()
    assert any("broken.sf2" in record.getMessage() for record in caplog.records)


@needs_library
def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither of a font that is none nor of one that is played on."""
    font = tmp_path / "broken.sf2"
    font.write_bytes(b"no font")
    synthesiser = Synthesiser.open(font)
    synthesiser.play(BAND)
    synthesiser.close()
    assert capfd.readouterr() == ("", "")


@needs_library
def test_a_font_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Told apart from one that is broken."""
    synthesiser = Synthesiser.open(tmp_path / "missing.sf2")
    synthesiser.close()
    assert "missing.sf2 is no file" in synthesiser.complaint


@needs_library
def test_a_font_that_goes_away_is_missed(tmp_path: Path) -> None:
    """No sound rather than silence."""
    font = tmp_path / "my own.sf2"
    font.write_bytes(candidates()[-1].read_bytes())
    synthesiser = Synthesiser.open(font)
    font.unlink()
    with pytest.raises(RenderingFailed, match="my own"):
        synthesiser.play(BAND)
    synthesiser.close()


@needs_library
def test_who_is_closed_plays_nothing() -> None:
    """Closing twice is as good as once."""
    synthesiser = Synthesiser.open()
    synthesiser.close()
    synthesiser.close()
    with pytest.raises(RenderingFailed, match="closed"):
        synthesiser.play(BAND)


@pytest.mark.parametrize(
    "failure",
    ['ImportError("no FluidSynth library")', 'OSError("wrong ELF class: ELFCLASS32")'],
    ids=["missing", "of another machine"],
)
def test_without_the_library_the_fault_tells_how_to_install_it(
    tmp_path: Path, failure: str
) -> None:
    """A module stands where pyfluidsynth would be and fails as that does."""
    (tmp_path / "fluidsynth.py").write_text(f"raise {failure}")
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
from audiogroove.errors import RenderingFailed
from audiogroove.render.sound.installing import how_to_install_here
from audiogroove.render.sound.synthesiser import Synthesiser
try:
    Synthesiser.open()
except RenderingFailed as error:
    assert error.what == "sound"
    assert {failure.split('"')[1]!r} in error.fault
    assert error.fault.endswith(how_to_install_here())
    print("failed as it should")
"""
    child = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert (child.stdout, child.stderr) == ("failed as it should\n", "")
