"""What can be wished for on this machine: the lists and ranges from which the page offers."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Self

from audiogroove.music import instruments, wall
from audiogroove.music.styles import STYLE_NAMES
from audiogroove.request import DEFAULT_BARS, DENSITIES, Sampling
from audiogroove.tokens.customs import Custom
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.wishes import BY_NAME, PRESETS, suggestions

MAJOR_AND_MINOR = 24
SCALES = (
    *("D dorian", "E phrygian", "F lydian", "G mixolydian", "A harmonic minor"),
    *("A minor pentatonic", "C major pentatonic", "A blues"),
)
METERS, FORMS, INSTRUMENTS = 12, 12, 200  # at most, of each list


@dataclass(frozen=True, slots=True)
class StyleOption:
    """A style that the model knows, and what is customary in it."""

    name: str
    label: str  # as people write it
    tempo_bpm: float
    parts: tuple[str, ...]  # who plays, as people call them

    @classmethod
    def of(cls, name: str, custom: Custom) -> Self:
        """Choose what is commonest in a style."""
        programs = custom.ensembles[0][0] if custom.ensembles else ()
        players = (
            instruments.instrument(program % DRUMS, is_drums=program == DRUMS).word
            for program in programs
        )
        _, tempo_bpm, _ = custom.tempos_bpm
        return cls(name, name.replace("_", " "), tempo_bpm, tuple(dict.fromkeys(players)))


@dataclass(frozen=True, slots=True)
class Options:
    """What the model brings."""

    model: str  # its name
    styles: tuple[StyleOption, ...]

    @classmethod
    def of(cls, model: str, customs: Mapping[str, Custom]) -> Self:
        """Make them of a model's name and its styles' customs, in the order of STYLE_NAMES."""
        order = {name: place for place, name in enumerate(STYLE_NAMES)}
        names = sorted(customs, key=lambda name: (order.get(name, len(order)), name))
        return cls(model, tuple(StyleOption.of(name, customs[name]) for name in names))

    def told(self, can: Mapping[str, bool]) -> dict[str, object]:
        """Write them as JSON values; `can` says which previews there are."""
        return {
            "model": self.model,
            "styles": [
                {
                    "name": style.name,
                    "label": style.label,
                    "tempo_bpm": style.tempo_bpm,
                    "parts": style.parts,
                }
                for style in self.styles
            ],
            "keys": [*suggestions("key", "", MAJOR_AND_MINOR), *SCALES],
            "meters": suggestions("meter", "", METERS),
            "instruments": _unique(suggestions("parts", "", INSTRUMENTS)),
            "densities": DENSITIES,
            "forms": suggestions("form", "", FORMS),
            "presets": [
                {"name": preset.name, "about": preset.about, **asdict(preset.sampling)}
                for preset in PRESETS
            ],
            "bars": _range("bars", DEFAULT_BARS),
            "tempo": _range("tempo"),
            **{name: _range(name, getattr(Sampling(), name)) for name in Sampling.__slots__},
            "seed_bytes": wall.MAX_BYTES,
            "can": can,
        }


def _range(name: str, usual: float | None = None) -> dict[str, float | None]:
    wish = BY_NAME[name]
    told: dict[str, float | None] = {"min": wish.low, "max": wish.high}
    return told if usual is None else told | {"usual": usual}


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
