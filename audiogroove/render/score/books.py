"""A full score as part books: which parts share a system, and what is printed of them.

Books are made from MusicXML and are MusicXML; elements are shared, never copied, so they are for
reading. What differs from the full score is what paper asks for: the first bars of the first
parts, names in letters that our font has, and tempo marks in whole numbers above every book.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audiogroove.music.piece import STEPS_PER_QUARTER, Piece
from audiogroove.render.lettering import fit, readable

MAX_STAVES = 4  # of a system
MAX_PARTS = 8
MAX_BARS = 64
NAME_PX, NAME_ROOM_PX = 24, 270
TEMPO_CHANGE = 0.03  # smaller ones are a player's breathing, not a mark


@dataclass(frozen=True, slots=True)
class Book:
    """Some parts of a score, printed one above the other."""

    names: tuple[str, ...]
    score: ET.Element

    def broken_at(self, starts: Sequence[int]) -> str:
        """Write it as MusicXML whose systems begin at these bars, counted from 0."""
        measures = self.score.findall("part")[0]
        marked = [measures[start] for start in starts[1:]]
        for measure in marked:
            measure.insert(0, ET.Element("print", {"new-page": "yes"}))
        written = ET.tostring(self.score, encoding="unicode")
        for measure in marked:
            measure.remove(measure[0])
        return written


@dataclass(frozen=True, slots=True)
class _Player:
    """What one player reads from: a part, or two for two hands."""

    listed: tuple[ET.Element, ...]  # <score-part>, with <part-group> around two
    played: tuple[ET.Element, ...]  # <part>, of the bars that are printed
    name: str

    @property
    def staves(self) -> int:
        """How high it is."""
        return sum(int(part.findtext("measure/attributes/staves", "1")) for part in self.played)


def books(musicxml: bytes, piece: Piece) -> tuple[Book, ...]:
    """Divide a score, `musicxml` of `piece`, into books of at most MAX_STAVES staves.

    As few as possible and about equally high, in the order of the parts, both hands of a player
    together. Only the first MAX_BARS bars and MAX_PARTS parts are printed.
    """
    score = ET.fromstring(musicxml)  # noqa: S314  (we wrote it ourselves)
    parts = {part.get("id"): part for part in score.findall("part")[:MAX_PARTS]}
    _without_tempos(next(iter(parts.values())))
    players = [_player(listed, parts) for listed in _listed(score)]
    players = [player for player in players if player.played]
    return tuple(
        Book(
            tuple(player.name for player in players[first:past]), _bind(players[first:past], piece)
        )
        for first, past in _shelves([player.staves for player in players])
    )


def _listed(score: ET.Element) -> Iterator[tuple[ET.Element, ...]]:
    # Each <score-part>, or what stands from one <part-group> to the one that closes it.
    together: list[ET.Element] = []
    for each in score.findall("part-list/*"):
        together.append(each)
        if each.get("type") == "stop" or together[0].tag == "score-part":
            yield tuple(together)
            together = []


def _player(listed: tuple[ET.Element, ...], parts: Mapping[str | None, ET.Element]) -> _Player:
    played = [_first_bars(parts[each.get("id")]) for each in listed if each.get("id") in parts]
    said = listed[0]
    kind = "group" if said.tag == "part-group" else "part"
    for tag in (f"{kind}-name", f"{kind}-abbreviation"):
        label = said.find(tag)
        if label is not None:
            label.text = fit(readable(label.text or ""), NAME_ROOM_PX, NAME_PX)
    for each in listed[1:-1]:  # hands have no names of their own
        for label in (*each.findall("part-name"), *each.findall("part-abbreviation")):
            label.text = ""
    return _Player(listed, tuple(played), said.findtext(f"{kind}-name", ""))


def _first_bars(part: ET.Element) -> ET.Element:
    printed = ET.Element("part", part.attrib)
    printed.extend(part.findall("measure")[:MAX_BARS])
    if len(part) > MAX_BARS:
        _end_ties(printed[-1])
    return printed


def _end_ties(measure: ET.Element) -> None:
    # Ties to a bar that is not printed lead nowhere.
    going_on: dict[tuple[str | None, ...], ET.Element] = {}
    for note in measure.findall("note"):
        place = [note.findtext(at) for at in ("staff", "pitch/step", "pitch/alter", "pitch/octave")]
        going_on.pop(tuple(place), None)
        if note.find("tie[@type='start']") is not None:
            going_on[tuple(place)] = note
    for note in going_on.values():
        for holder in (note, *note.findall("notations")):
            for tie in [*holder.findall("tie"), *holder.findall("tied")]:
                if tie.get("type") == "start":
                    holder.remove(tie)


def printed_tempos(piece: Piece) -> list[tuple[int, float]]:
    """Tell (step, quarters a minute) where a tempo is marked: at most once a bar."""
    marks: list[tuple[int, float]] = []
    for step, bpm in piece.tempos:
        changes = not marks or abs(bpm / marks[-1][1] - 1) >= TEMPO_CHANGE
        bar = piece.bar_at(step)
        if changes and bar < MAX_BARS and (not marks or bar > piece.bar_at(marks[-1][0])):
            marks.append((step, bpm))
    return marks


def beat_mark(piece: Piece, step: int, bpm: float) -> tuple[bool, int]:
    """Tell whether a dotted quarter is counted at a step, and how many of the beats a minute."""
    is_dotted = piece.meter_at(piece.bar_at(step)).beat_steps == STEPS_PER_QUARTER * 3 // 2
    return is_dotted, round(bpm / 1.5 if is_dotted else bpm)


def _shelves(staves: list[int]) -> Iterator[tuple[int, int]]:
    # The best of all divisions into as few books as possible: the one whose books are most alike.
    best: list[tuple[tuple[int, int], list[int]]] = [((0, 0), [0])]
    for past in range(1, len(staves) + 1):
        ways = []
        for first in range(past):
            height = sum(staves[first:past])
            if height <= MAX_STAVES or past - first == 1:
                (count, squares), bounds = best[first]
                ways.append(((count + 1, squares + height**2), [*bounds, past]))
        best.append(min(ways))
    bounds = best[-1][1]
    yield from pairwise(bounds)


def _without_tempos(part: ET.Element) -> None:
    for measure in part:
        for direction in measure.findall("direction"):
            if direction.find("direction-type/metronome") is not None:
                measure.remove(direction)


def _bind(players: list[_Player], piece: Piece) -> ET.Element:
    score = ET.Element("score-partwise", version="4.0")
    listed = ET.SubElement(score, "part-list")
    first, *others = [part for player in players for part in player.played]
    for player in players:
        listed.extend(player.listed)
    score.extend([_with_tempos(first, piece), *others])
    return score


def _with_tempos(part: ET.Element, piece: Piece) -> ET.Element:
    marked = ET.Element("part", part.attrib)
    marked.extend(part)
    divisions = int(part.findtext("measure/attributes/divisions", "1"))
    for step, bpm in printed_tempos(piece)[1:]:  # the first stands above the score
        bar = piece.bar_at(step)
        measure = ET.Element("measure", marked[bar].attrib)
        measure.extend(marked[bar])
        offset = (step - piece.bar_lines[bar]) * divisions // STEPS_PER_QUARTER
        measure.insert(_after_attributes(measure), _direction(offset, *beat_mark(piece, step, bpm)))
        marked[bar] = measure
    return marked


def _after_attributes(measure: ET.Element) -> int:
    return next((at + 1 for at, each in enumerate(measure) if each.tag == "attributes"), 0)


def _direction(offset: int, is_dotted: bool, beats: int) -> ET.Element:  # noqa: FBT001
    direction = ET.Element("direction", placement="above")
    mark = ET.SubElement(ET.SubElement(direction, "direction-type"), "metronome")
    ET.SubElement(mark, "beat-unit").text = "quarter"
    if is_dotted:
        ET.SubElement(mark, "beat-unit-dot")
    ET.SubElement(mark, "per-minute").text = str(beats)
    ET.SubElement(direction, "offset").text = str(offset)
    return direction
