"""Which accidentals are printed: those a bar needs, and a few that spare the player a doubt.

An accidental holds for its line or space until the bar ends. Printed beyond that is what players
expect to be told: that a note is back to normal after the bar line, or in another octave (Gould,
"Behind Bars", 2011, pages 80-84).
"""

from collections.abc import Iterable, Mapping

from audiogroove.music.engraving import spell
from audiogroove.music.piece import Key
from audiogroove.music.theory import fifths

Name = tuple[str, int, int]  # (letter, semitones raised, octave) as `engraving.spell` has them

_SHARPS = "FCGDAEB"


def raised_by(sharps: int) -> Mapping[str, int]:
    """Tell how a signature of so many sharps, or flats below 0, raises each letter."""
    raised = dict.fromkeys(_SHARPS, 0)
    if sharps > 0:
        return raised | dict.fromkeys(_SHARPS[:sharps], 1)
    return raised | dict.fromkeys(_SHARPS[len(_SHARPS) + sharps :], -1)


class Accidentals:
    """What holds on a staff while its bars are read from the left to the right."""

    def __init__(self, key: Key) -> None:
        """Begin a staff with its key's signature."""
        self._key = key
        self._signature = raised_by(fifths(key))
        self._here: dict[tuple[str, int], int] = {}
        self._before: dict[tuple[str, int], int] = {}

    def next_bar(self) -> None:
        """Cross a bar line."""
        self._before, self._here = self._here, {}

    def written(self, pitches: Iterable[int], *, is_tied: bool) -> list[tuple[Name, bool]]:
        """Spell a chord, and tell of each note whether it is printed with its accidental.

        What is tied from the sign before keeps the accidental it had there.
        """
        names = [spell(pitch, self._key) for pitch in pitches]
        return [(name, not is_tied and self._is_printed(*name)) for name in names]

    def _is_printed(self, letter: str, raised: int, octave: int) -> bool:
        place = (letter, octave)
        holds = self._here.get(place, self._signature[letter])
        doubtful = place not in self._here and self._is_doubtful(letter, raised, octave)
        self._here[place] = raised
        return raised != holds or doubtful

    def _is_doubtful(self, letter: str, raised: int, octave: int) -> bool:
        was = self._before.get((letter, octave), raised)
        elsewhere = (at for (one, _), at in self._here.items() if one == letter)
        return was != raised or any(each != raised for each in elsewhere)
