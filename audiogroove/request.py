"""What may be asked of the composer, checked on construction.

A wish left open (None) is answered by the style's custom. Bars count from 0 and ranges are
half-open here; people's "bars 5-8" become (4, 8) at the door where they are typed.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from audiogroove.errors import RequestRefused
from audiogroove.music import theory
from audiogroove.music.instruments import Instrument
from audiogroove.music.piece import MAX_MELODIC_PARTS, TEMPO_RANGE_BPM, Key, Meter, Piece
from audiogroove.music.theory import Scale

MAX_NEW_BARS = 128
DEFAULT_BARS = 16  # when no number is wished
MAX_SEED = 2**63 - 1
DENSITIES = ("sparse", "light", "medium", "busy", "dense")


class Mode(StrEnum):
    """The four things that one model does."""

    COMPOSE = "compose"  # from nothing but wishes
    CONTINUE = "continue"  # a seed goes on
    VARY = "vary"  # some bars are rewritten, the rest stays
    ACCOMPANY = "accompany"  # a part is added to what is there


def _check(field: str, asked: object, fine: bool, possible: str) -> None:  # noqa: FBT001
    if not fine:
        raise RequestRefused(field, asked=asked, possible=possible)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How daring the dice are.

    Raises:
        RequestRefused: on construction, when a value is outside its range.
    """

    temperature: float = 1.05  # of pitches and instruments, 0.05..3
    rhythm_temperature: float = 0.9  # of times, lengths and dynamics, 0.05..3
    top_k: int = 0  # only the k likeliest values of a field; 0 is all of them
    top_p: float = 0.97  # only the likeliest that make up this share, above 0 and up to 1
    min_p: float = 0.02  # none less likely than this share of the likeliest, 0 up to below 1

    def __post_init__(self) -> None:
        for field in ("temperature", "rhythm_temperature"):
            _check(field, getattr(self, field), 0.05 <= getattr(self, field) <= 3, "0.05 to 3")
        _check("top_k", self.top_k, 0 <= self.top_k <= 1000, "0 (no limit) to 1000")
        _check("top_p", self.top_p, 0 < self.top_p <= 1, "above 0 and up to 1")
        _check("min_p", self.min_p, 0 <= self.min_p < 1, "0 up to below 1")


@dataclass(frozen=True, slots=True)
class ComposeRequest:
    """One wish, complete.

    Raises:
        RequestRefused: on construction, when it asks the impossible.
    """

    seed: int  # of the dice, 0..MAX_SEED; the same request and seed give the same notes
    mode: Mode = Mode.COMPOSE
    material: Piece | None = None  # what is continued, varied or accompanied
    bars: int | None = None  # how many new ones; none in vary and accompany
    bar_range: tuple[int, int] | None = None  # which bars are varied or accompanied
    style: str | None = None
    key: Key | None = None
    scale: Scale | None = None  # pitch classes to prefer, or with `strict_scale` to keep to
    strict_scale: bool = False
    tempo_bpm: float | None = None
    meter: Meter | None = None
    parts: tuple[Instrument, ...] = ()
    density: str | None = None  # one of DENSITIES, as against what the style is used to
    form: str | None = None  # letters such as AABA
    ending: bool = True  # the music ends with the last bar; else somebody will go on with it
    sampling: Sampling = Sampling()

    def __post_init__(self) -> None:
        _check("seed", self.seed, 0 <= self.seed <= MAX_SEED, f"a number from 0 to {MAX_SEED}")
        low, high = TEMPO_RANGE_BPM
        if self.tempo_bpm is not None:
            possible = f"{low:g} to {high:g} beats a minute"
            _check("tempo", self.tempo_bpm, low <= self.tempo_bpm <= high, possible)
        if self.bars is not None:
            possible = f"1 to {MAX_NEW_BARS} new bars"
            _check("bars", self.bars, 1 <= self.bars <= MAX_NEW_BARS, possible)
        if self.density is not None:
            _check("density", self.density, self.density in DENSITIES, ", ".join(DENSITIES))
        drums = sum(part.is_drums for part in self.parts)
        fits = drums <= 1 and len(self.parts) - drums <= MAX_MELODIC_PARTS
        possible = f"up to {MAX_MELODIC_PARTS} instruments and one drum kit"
        _check("parts", self._parts_asked, fits, possible)
        if self.mode is Mode.COMPOSE:
            _check("mode", self.mode, self.material is None, "continue, vary or accompany a file")
            _check("range", self._range_asked, self.bar_range is None, "a range with vary")
        else:
            self._check_material()

    @property
    def _parts_asked(self) -> str:
        return ", ".join(part.word for part in self.parts) or "none"

    @property
    def _range_asked(self) -> str:
        """The range as people count: from 1, both ends included."""
        return f"{self.bar_range[0] + 1}-{self.bar_range[1]}" if self.bar_range else "none"

    def _check_material(self) -> None:
        """Check what the modes that start from a piece may ask.

        Raises:
            RequestRefused: when there is no such piece.
        """
        material = self.material
        if material is None or not material.note_count:
            raise RequestRefused(
                "mode", asked=self.mode, possible="compose, or a MIDI file to start from"
            )
        for field, asked in (("meter", self.meter), ("form", self.form)):
            _check(field, asked, asked is None, "one with compose only: the file brings its own")
        if self.mode is Mode.ACCOMPANY:
            self._check_company(material)
        else:
            possible = "those of the file; accompany adds one"
            _check("parts", self._parts_asked, not self.parts, possible)
        if self.mode is Mode.CONTINUE:
            _check("range", self._range_asked, self.bar_range is None, "a range with vary")
            return
        _check("bars", self.bars, self.bars is None, "no new bars here; continue adds some")
        _check("tempo", self.tempo_bpm, self.tempo_bpm is None, "the file's own tempo in this mode")
        self._check_range(material)

    def _check_company(self, material: Piece) -> None:
        """Check that there are new parts, and that they and the old ones fit on one stage."""
        _check("parts", "none", bool(self.parts), "the part to add, such as bass or drums")
        drums = sum(part.is_drums for part in material.parts)
        drums += sum(part.is_drums for part in self.parts)
        melodic = len(material.parts) + len(self.parts) - drums
        room = drums <= 1 and melodic <= MAX_MELODIC_PARTS
        possible = f"up to {MAX_MELODIC_PARTS} instruments and one drum kit in all"
        _check("parts", self._parts_asked, room, possible)

    def _check_range(self, material: Piece) -> None:
        if self.bar_range is None:
            _check("range", "none", self.mode is Mode.ACCOMPANY, f"bars within 1-{material.bars}")
            return
        first, past = self.bar_range
        inside = 0 <= first < past <= material.bars and past - first <= MAX_NEW_BARS
        possible = f"bars within 1-{material.bars}, at most {MAX_NEW_BARS} of them"
        _check("range", self._range_asked, inside, possible)

    def with_key(self, text: str) -> "ComposeRequest":
        """Make the same request in a key or scale as people type it; see `theory.parse_key`."""
        key, scale = theory.parse_key(text)
        return replace(self, key=key, scale=scale)


def parse_range(text: str) -> tuple[int, int]:
    """Read bars as people count them, "5-8" or "5", as a half-open range from 0: (4, 8).

    Raises:
        RequestRefused: when it is no range.
    """
    match = re.fullmatch(r"\s*(\d{1,4})\s*(?:[-–:.]+\s*(\d{1,4})\s*)?", text)
    if match:
        first, last = int(match[1]), int(match[2] or match[1])
        if 1 <= first <= last:
            return first - 1, last
    raise RequestRefused("range", asked=text, possible="a bar such as 5, or bars such as 5-8")
