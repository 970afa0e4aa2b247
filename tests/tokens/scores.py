"""What the tests of tokens share: a small vocabulary, made-up bands, and ways to write a draft.

Everything that a band plays is on the small vocabulary's grid and within its instruments' ranges
and hands, so that a draft can be told it note by note and no note is folded. Violins and 7/8 are
not in the vocabulary, so that some programs and meters are.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from audiogroove.music import instruments
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.tokens.brief import Brief, make_brief
from audiogroove.tokens.codec import BAR, DURATION, PART, VELOCITY, Events, frame_of
from audiogroove.tokens.customs import Custom
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.features import Frame
from audiogroove.tokens.form import Form, find_form, plan_form
from audiogroove.tokens.grammar import Place, Region
from audiogroove.tokens.rules import PLENTY, POLYPHONY, Mask
from audiogroove.tokens.vocabulary import DRUMS, DURATIONS, END, FIELDS, VELOCITIES, Vocabulary

PIANO, ORGAN, BASS, VIOLIN, STRINGS, FLUTE = 0, 19, 33, 40, 48, 73
KEPT: Mapping[str, Collection[int]] = {
    "position": sorted({*range(0, 97, 3), *range(0, 97, 4)}),
    "program": (PIANO, ORGAN, BASS, STRINGS, FLUTE, DRUMS),
    "pitch": (*range(28, 97), *range(DRUMS + 35, DRUMS + 60)),
    "duration": DURATIONS,
    "velocity": VELOCITIES,
    "meter": (304, 404, 504, 608),
}
GRID = (
    0,
    6,
    12,
    16,
    20,
    24,
    27,
    30,
    33,
    36,
    42,
    48,
    54,
)  # steps into a bar; some swing, some do not
METERS = (Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(5, 4), Meter(7, 8))
STYLES = ("ragtime", "waltz")
CUSTOMS = {
    "ragtime": Custom(
        100, (((PIANO,), 3), ((PIANO, BASS, DRUMS), 1)), (("2/4", 1),), (90, 100, 110), 0, (8, 9, 9)
    ),
    "waltz": Custom(
        60, (((FLUTE, STRINGS), 1),), (("3/4", 2), ("6/8", 1)), (150, 160, 180), 1, (4, 5, 6)
    ),
}


def words(kept: Mapping[str, Collection[int]] = KEPT) -> Vocabulary:
    """Learn a vocabulary from a corpus in which just these values are common."""
    counts = {}
    for name, field in FIELDS.items():
        counts[name] = np.zeros(field.candidates[-1] + 1, dtype=np.int64)
        counts[name][list(kept.get(name, ()))] = 100
    return Vocabulary.learn(counts, min_count=50)


WORDS = words()
# hardly anything is in this one: every note of most pieces lies between its values
POOR = words(
    {
        "position": (0, 24, 36),
        "program": (PIANO, DRUMS),
        "pitch": (48, 60, 67, 72, DRUMS + 36, DRUMS + 38),
        "duration": (6, 12, 48),
        "velocity": (64, 96),
        "meter": (404,),
    }
)


def rows(*events: tuple[int, int, int, int, int, int]) -> Events:
    """Write events as a table: bar, position, part, pitch, duration, velocity."""
    return np.array(events, dtype=np.int32).reshape(-1, 6)


def part(*notes: tuple[int, int, int], program: int = PIANO) -> Part:
    """Write a part as (onset, pitch, duration); its program may be `DRUMS`."""
    drums = program == DRUMS
    return Part(tuple(Note(*note) for note in notes), 0 if drums else program, is_drums=drums)


def band(
    dice: Random,
    *,
    programs: Sequence[int],
    meters: Sequence[Meter],
    walls: Iterable[int] = (),
) -> tuple[Piece, Events]:
    """Make up a piece, a meter a bar, and its events; no note sounds over a wall (a bar line).

    Now and then a bar comes again as it was or changed, or nobody plays for a few bars.
    """
    changes = [
        (bar, meter) for bar, meter in enumerate(meters) if bar == 0 or meters[bar - 1] != meter
    ]
    parts = tuple(part(program=program) for program in programs)
    piece = Piece(parts, len(meters), tuple(changes), ((0, 100.0),), Key(7), "Made up")
    ends = {
        bar: min([piece.bars, *(wall for wall in walls if wall > bar)]) for bar in range(piece.bars)
    }
    stage = _Stage(programs)
    bars: list[list[tuple[int, int, int, int]]] = []
    for bar, meter in enumerate(meters):
        quiet = dice.random() < 0.3 and any(bars[-5:])
        again = bars and dice.random() < 0.5
        played = [] if quiet else dice.choice(bars) if again else _improvise(dice, programs)
        kept = [one for one in played if one[0] < meter.bar_steps and dice.random() < 0.95]
        room = piece.bar_lines[ends[bar]] - piece.bar_lines[bar]
        for position, player, pitch, duration in kept:
            fitting = max(one for one in DURATIONS if one <= min(duration, room - position))
            stage.play(bar, piece.bar_lines[bar], (position, player, pitch, fitting), dice)
        bars.append(kept)
    return piece, rows(*stage.events)


class _Stage:
    """Who plays what, as far as hands and strings allow."""

    def __init__(self, programs: Sequence[int]) -> None:
        self.events: list[tuple[int, int, int, int, int, int]] = []
        families = [_instrument(program).family for program in programs]
        self._hands = [POLYPHONY.get(family, PLENTY) for family in families]
        self._ends: dict[int, dict[int, int]] = {player: {} for player in range(len(programs))}

    def play(self, bar: int, line: int, note: tuple[int, int, int, int], dice: Random) -> None:
        position, player, pitch, duration = note
        sounding = [one for one, end in self._ends[player].items() if end > line + position]
        if pitch not in sounding and len(sounding) < self._hands[player]:
            self._ends[player][pitch] = line + position + duration
            self.events.append((bar, *note, dice.choice(VELOCITIES)))


def _instrument(program: int) -> instruments.Instrument:
    return instruments.instrument(program % DRUMS, is_drums=program == DRUMS)


def _improvise(dice: Random, programs: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Give a bar as (position, player, pitch, duration), in score order."""
    played = set()
    for player, program in enumerate(programs):
        low, high = (35, 59) if program == DRUMS else _instrument(program).comfortable
        for position in dice.sample(GRID, dice.randint(0, 4)):
            for pitch in dice.sample(range(low, high + 1), dice.randint(1, 3)):
                played.add((position, player, pitch, dice.choice(DURATIONS[2:])))
    places: Counter[tuple[int, ...]] = Counter(one[:3] for one in played)
    return sorted(one for one in played if places[one[:3]] == 1)


@st.composite
def bands(
    draw: st.DrawFn, *, bars: tuple[int, int] = (1, 12)
) -> tuple[list[int], list[Meter], int]:
    """Draw who plays, in which meters, and a seed for what."""
    everybody = (PIANO, FLUTE, BASS, STRINGS, ORGAN, VIOLIN)
    programs = draw(st.lists(st.sampled_from(everybody), min_size=1, max_size=4))
    if draw(st.booleans()):
        programs.insert(draw(st.integers(0, len(programs))), DRUMS)
    meters = draw(
        st.sampled_from(METERS).flatmap(
            lambda one: st.lists(st.just(one), min_size=bars[0], max_size=bars[1])
        )
        | st.lists(st.sampled_from(METERS), min_size=bars[0], max_size=bars[1])
    )
    return programs, meters, draw(st.integers(0, 2**32))


def frame(piece: Piece, form: Form | None = None, *, ending: bool = True) -> Frame:
    """Describe a piece of the small vocabulary's, without wishes."""
    meters = [
        100 * one.numerator + one.denominator for one in map(piece.meter_at, range(piece.bars))
    ]
    return Frame(
        bar_lines=np.asarray(piece.bar_lines, dtype=np.int64),
        meters=WORDS["meter"].ids(np.array(meters)),
        programs=np.array([DRUMS if one.is_drums else one.program for one in piece.parts]),
        form=form or Form.unknown(piece.bars),
        ending=ending,
    )


def draft_of(piece: Piece, told: Frame, known: Events, region: Region) -> Draft:
    """Begin a draft by hand."""
    rates = np.zeros(len(piece.parts))
    return Draft(Brief(Mode.VARY, "", frame_of(piece), told, known, region, rates), WORDS)


def draft_for(request: ComposeRequest, vocabulary: Vocabulary = WORDS) -> Draft:
    """Begin the draft of a request."""
    return Draft(make_brief(request, vocabulary, STYLES, CUSTOMS), vocabulary)


@dataclass(frozen=True)
class Story:
    """A piece, of which some is known and some is to be written again exactly as it was."""

    piece: Piece
    events: Events
    frame: Frame
    region: Region
    is_new: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def start(self) -> int:
        """The first event that a draft decides."""
        return int((self.events[:, BAR] < self.region.first).sum())

    @property
    def stop(self) -> int:
        """One past the last step: the first given note after the region, or the end."""
        return int((self.events[:, BAR] < self.region.past).sum()) + 1

    def draft(self) -> Draft:
        """Begin with what is known."""
        return draft_of(self.piece, self.frame, self.events[~self.is_new], self.region)


@st.composite
def stories(draw: st.DrawFn, kind: Mode) -> Story:
    """Draw a piece and what of it is to be composed: all, its end, its middle, or some parts."""
    programs, meters, seed = draw(bands())
    bars, everybody = len(meters), list(range(len(programs)))
    first = 0 if kind is Mode.COMPOSE else draw(st.integers(0, bars - 1))
    past = bars if kind in (Mode.COMPOSE, Mode.CONTINUE) else draw(st.integers(first + 1, bars))
    piece, events = band(Random(seed), programs=programs, meters=meters, walls=(past,))
    new = everybody
    is_new = (events[:, BAR] >= first) & (events[:, BAR] < past)
    if kind is Mode.ACCOMPANY:  # whoever is added plays nowhere else
        new = draw(st.lists(st.sampled_from(everybody), min_size=1))
        added = np.isin(events[:, PART], new)
        events, is_new = events[is_new | ~added], (is_new & added)[is_new | ~added]
    assume(len(events) and np.diff(events[:, BAR], prepend=0).max() < END)
    known = events[~is_new]  # may lie beside the grid: they are given as they are
    known[:, VELOCITY] = np.maximum(1, known[:, VELOCITY] - draw(st.integers(0, 20)))
    known[:, DURATION] -= (known[:, DURATION] > 2) * draw(st.integers(0, 1))
    events[~is_new] = known
    told = frame(piece, draw(forms(events, bars)), ending=draw(st.booleans()))
    return Story(piece, events, told, Region(first, past, frozenset(new)), is_new)


@st.composite
def forms(draw: st.DrawFn, events: Events, bars: int) -> Form:
    """Draw a form: none, the piece's own, or one that somebody wished."""
    text = draw(st.sampled_from(("", "its own", "AABA", "AA'BA'", "ABAB")))
    if text == "its own":
        return find_form(events, bars)
    return plan_form(text, bars) if text and len(text) <= bars else Form.unknown(bars)


Choose = Callable[[Mask], int]


def at_random(seed: int) -> Choose:
    """Choose any of what may be."""
    dice = Random(seed)
    return lambda allowed: int(dice.choice(np.flatnonzero(allowed)))


def first(allowed: Mask) -> int:
    """Choose the least of what may be: as many notes as there is room for."""
    return int(allowed.argmax())


def last(allowed: Mask) -> int:
    """Choose the most of what may be: the end as soon as there is one."""
    return int(np.flatnonzero(allowed)[-1])


def write(draft: Draft, choose: Choose) -> list[Place]:
    """Write a draft to its end; tell the cursors at which it chose to end or to go on."""
    cursors = []
    while not draft.over:
        cursors.append(Place(*draft.events[-1][:4]) if draft.events else Place(0, 0, 0, -1))
        draft.take_bar(choose(draft.bar_options()))
        draft.take_position(choose(draft.position_options()))
        draft.take_part(choose(draft.part_options()))
        draft.take_pitch(choose(draft.pitch_options()))
        draft.take_duration(choose(draft.duration_options()))
        draft.take_velocity(choose(np.ones(len(VELOCITIES[:2]), dtype=bool)))
    return cursors
