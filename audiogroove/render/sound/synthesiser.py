"""A piece made audible by FluidSynth, from memory to memory.

Conventions: samples are 32-bit floats within -1..1, of shape (n, channels), RATE_HZ a second.

32 kHz carry what is below 16 kHz; FM radio ends at 15, and beyond that lies about a two thousandth
of a band's power. Every second of sound costs a quarter less than at 48 kHz, and somebody in a
chat is waiting for it.

FluidSynth keeps the samples of a font as long as any synthesiser has it loaded, for all of them.
So one that plays nothing holds the font, and each piece is played by a new one: a used one
remembers (reverb, chorus), and the same piece would not sound the same twice.
"""

import contextlib
import ctypes
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Piece
from audiogroove.render.sound.installing import how_to_install_here
from audiogroove.render.sound.loudness import Samples, level
from audiogroove.render.sound.performance import perform
from audiogroove.render.sound.soundfont import candidates, is_soundfont
from audiogroove.render.sound.stretch import Stretch, beginning
from audiogroove.render.sound.tape import record

RATE_HZ = 32_000

_LEVELS = (  # FluidSynth's: panic, error, warning, information
    logging.WARNING,  # what it calls an error is told again by whoever wanted something of it
    logging.WARNING,
    logging.INFO,
    logging.DEBUG,
)
_LOG = logging.getLogger(__name__)


def never() -> bool:
    """Tell that nobody has cancelled."""
    return False


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """The sound of a piece; `is_cut` where that was too long, and it is faded out."""

    samples: Samples  # (n, 1 or 2) within -1..1
    is_cut: bool = False

    @property
    def duration_s(self) -> float:
        """How long it lasts, with its tail."""
        return len(self.samples) / RATE_HZ


class Synthesiser:
    """Plays pieces on the instruments of one font; several threads may ask at once."""

    def __init__(self, font: Path, holder: "_Synth", complaint: str) -> None:
        """Keep a loaded font; `open` finds one."""
        self.font = font.name
        self.complaint = complaint  # why it is not the preferred font; empty when it is
        self._path = font
        self._holder: _Synth | None = holder

    @classmethod
    def open(cls, preferred: Path | None = None) -> "Synthesiser":
        """Load the first font that can be used, the preferred one if possible.

        Raises:
            RenderingFailed: when FluidSynth or a font is missing; the fault tells what to do.
        """
        _library()  # without it no font is to blame
        unusable = []
        for font in candidates(preferred):
            try:
                holder = _Synth(font)
            except RenderingFailed:
                unusable.append(font)
            else:
                return cls(font, holder, _complaint(preferred, font, unusable))
        tried = ", ".join(map(str, unusable)) or "none is there"
        raise RenderingFailed("sound", fault=f"no SoundFont can be used: {tried}")

    def close(self) -> None:
        """Let go of the font; what is being played is played to its end, nothing new begins."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.close()

    def play(
        self,
        piece: Piece,
        stretch: Stretch | None = None,
        *,
        is_cancelled: Callable[[], bool] = never,
    ) -> Recording:
        """Play a stretch of a piece, at the loudness of all pieces; None is its beginning.

        It lasts until the last note has died away; where it is cut, it is faded out. The same
        gives the same samples, and no notes are silence. A second of a band takes some 10 ms of
        one core, without the GIL. `is_cancelled` is asked for each second of sound.

        Raises:
            RenderingFailed: when closed; also when cancelled, or the font is gone meanwhile.
        """
        if self._holder is None:
            raise RenderingFailed("sound", fault="the synthesiser is closed")
        performance = perform(piece, stretch or beginning(piece))
        if not performance.events:
            frames = round(performance.end_s * RATE_HZ)
            return Recording(np.zeros((frames, 2), np.float32), performance.is_cut)
        with contextlib.closing(_Synth(self._path)) as synth:
            samples = record(synth, performance, RATE_HZ, is_cancelled)
        level(samples, RATE_HZ)
        return Recording(samples, performance.is_cut)


def _complaint(preferred: Path | None, font: Path, unusable: list[Path]) -> str:
    if preferred is None or preferred.expanduser().resolve() == font:
        return ""
    is_there = preferred.expanduser().resolve() in unusable
    fault = "no SoundFont that can be read" if is_there else "no file"
    return f"{preferred} is {fault}; {font} is used instead"


class _Synth:
    """One synthesiser of FluidSynth's with a font; whoever has it closes it."""

    def __init__(self, font: Path) -> None:
        """Load a font.

        Raises:
            RenderingFailed: when the file is none.
        """
        # Debian's FluidSynth tries to read anything else as DLS, and GLib prints why it cannot.
        if not is_soundfont(font):
            raise RenderingFailed("sound", fault=f"{font} is no SoundFont")
        library = _library()
        synth = library.module.Synth(
            samplerate=RATE_HZ,
            channels=16,
            **{
                "synth.cpu-cores": 1,
                "synth.dynamic-sample-loading": 1,  # what is played, not all; the same sound
                "synth.lock-memory": 0,
            },
        )
        self.close, self.noteon = synth.delete, synth.noteon
        self.program_change, self.cc = synth.program_change, synth.cc
        self._handle, self._write = synth.synth, library.write_float
        if synth.sfload(str(font), 1) < 0:  # 1: every channel is given an instrument of it
            self.close()
            raise RenderingFailed("sound", fault=f"{font} cannot be read as a SoundFont")

    def fill(self, samples: Samples) -> None:
        """Write what sounds next, not clipped, over an array of shape (n, 2).

        Raises:
            RenderingFailed: when FluidSynth refuses.
        """
        start = samples.ctypes.data
        # Left at the even places, right at the odd ones.
        if self._write(self._handle, len(samples), start, 0, 2, start, 1, 2):
            raise RenderingFailed("sound", fault="FluidSynth does not play on")


@dataclass(frozen=True, slots=True)
class _Library:
    """FluidSynth: what pyfluidsynth has of it, and a call that it lacks."""

    module: Any
    write_float: Callable[..., int]


@lru_cache(maxsize=1)
def _library() -> _Library:
    """Load FluidSynth, which takes 50 ms the first time.

    Raises:
        RenderingFailed: when it is not on this machine, or is another machine's.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):  # on CI it prints where it was found
            import fluidsynth  # noqa: PLC0415  (the import loads the library, and may fail)
    except (ImportError, OSError) as error:
        fault = f"FluidSynth cannot be loaded ({error}); to install it: {how_to_install_here()}"
        raise RenderingFailed("sound", fault=fault) from error
    pointer, number = ctypes.c_void_p, ctypes.c_int
    write_float = fluidsynth.cfunc(
        "fluid_synth_write_float",
        number,
        *(("synth", pointer, 1), ("frames", number, 1)),
        *(("left", pointer, 1), ("left_offset", number, 1), ("left_step", number, 1)),
        *(("right", pointer, 1), ("right_offset", number, 1), ("right_step", number, 1)),
    )
    tell = fluidsynth.cfunc(
        "fluid_set_log_function",
        pointer,
        *(("level", number, 1), ("listener", type(_LISTENER), 1), ("data", pointer, 1)),
    )
    for severity in range(len(_LEVELS)):
        tell(severity, _LISTENER, None)
    return _Library(fluidsynth, write_float)


def _listen(severity: int, message: bytes, _data: object) -> None:
    _LOG.log(_LEVELS[severity], "FluidSynth: %s", message.decode(errors="replace"))


# Kept as long as the module, for FluidSynth may call it at any time.
_LISTENER = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_listen)
