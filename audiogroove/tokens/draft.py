"""A piece being written: a brief's sheet, for people to look at and to decide on.

A draft begins with a brief's known events. At each step it describes itself, then is asked and
told field by field (`…_options`, `take_…`) until the event is complete. All of it is done in its
`sheet`; composing goes there directly (`audiogroove.model.decoding`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.music import instruments
from audiogroove.music.instruments import Instrument
from audiogroove.tokens import deciding, pacing, rules, telling
from audiogroove.tokens import sheet as sheets
from audiogroove.tokens.brief import Brief
from audiogroove.tokens.codec import BAR, Events
from audiogroove.tokens.features import HISTORY, LOOKBACKS, Frame, fold_events, keys_of
from audiogroove.tokens.grammar import Region, set_of
from audiogroove.tokens.sheet import COUNT, NEW, OVER, UPCOMING, Ints, Lexicon, Mask, Sheet
from audiogroove.tokens.vocabulary import END, MAX_PARTS, Vocabulary

MAX_NEW_NOTES = 20_000
ROOM = 512  # events that a sheet has room for beyond those that stand

Event = tuple[int, ...]


class Turn(NamedTuple):
    """One event while it is decided; `given` or `over` once nothing is left to decide."""

    bar: int
    position: int
    part: int
    pitch: int
    duration: int
    given: bool
    over: bool


class Draft:
    """One piece under way."""

    def __init__(self, brief: Brief, words: Vocabulary) -> None:
        self.brief = brief
        self._words = Lexicon.of(words)
        self._lexicon = sheets.refer_to_lexicon(*self._words)
        self.program_ids: Ints = words["program"].ids(brief.frame.programs)
        self.sheet = _sheet_of(brief, words, self._words, self.program_ids)
        self.reference = sheets.refer_to_sheet(*self.sheet)
        for at in range(max(0, self.length - HISTORY), self.length):
            deciding.hear(self.reference, at)
        self.sheet.now[sheets.JOINS] = deciding.joins(self.reference)

    # How far it is.

    @property
    def over(self) -> bool:
        """Whether nothing is left to write."""
        return bool(self.sheet.now[OVER])

    @property
    def length(self) -> int:
        """How many events stand."""
        return int(self.sheet.now[COUNT])

    @property
    def upcoming(self) -> int:
        """Which given event is the first that has not come yet."""
        return int(self.sheet.now[UPCOMING])

    @property
    def given(self) -> Events:
        """What is known of what comes, (given, 6)."""
        return self.sheet.given.astype(np.int32)

    @property
    def events(self) -> list[Event]:
        """All that stands, in score order."""
        return [tuple(row) for row in self.sheet.events[: self.length].tolist()]

    @property
    def standing(self) -> Events:
        """All that stands, (length, 6)."""
        return self.sheet.events[: self.length].astype(np.int32)

    @property
    def new(self) -> list[Event]:
        """What was written."""
        standing = slice(0, self.length)
        fresh = self.sheet.events[standing][self.sheet.fresh[standing]]
        return [tuple(row) for row in fresh.tolist()]

    @property
    def turn(self) -> Turn:
        """What is decided of the next event."""
        bar, position, part, pitch, duration, given, over = self.sheet.turn.tolist()
        return Turn(bar, position, part, pitch, duration, bool(given), bool(over))

    @property
    def new_notes(self) -> int:
        """How many notes were written."""
        return int(self.sheet.now[NEW])

    @property
    def new_bars(self) -> int:
        """How many bars of the region are behind the cursor."""
        region = self.brief.region
        bar = sheets.cursor_of(self.reference).bar
        return region.past - region.first if self.over else max(0, bar - region.first)

    @property
    def is_full(self) -> bool:
        """Whether the sheet has no room for another event; see `grow`."""
        return self.length >= len(self.sheet.events)

    def grow(self) -> None:
        """Make room for as many events again."""
        old = self.sheet
        more = {
            name: np.concatenate((column, np.zeros_like(column)))
            for name, column in old._asdict().items()
            if name in {"events", "keys", "ids", "fresh"}
        }
        self.sheet = old._replace(**more)
        self.reference = sheets.refer_to_sheet(*self.sheet)

    # What the network is told before it decides, and between its decisions.

    def cursor_row(self) -> Ints:
        """Describe the last event, six ids from 1, or zeros before the first."""
        row = np.zeros(6, dtype=np.int64)
        telling.tell_cursor(self.reference, row)
        return row

    def place(self) -> Ints:
        """Describe the cursor's bar, see `features.Features`."""
        row = np.zeros(6, dtype=np.int64)
        telling.tell_place(self.reference, row)
        return row

    def lookback(self) -> Ints:
        """Describe what followed the same place some bars ago, shape (LOOKBACKS, 5)."""
        rows = np.zeros((LOOKBACKS, 5), dtype=np.int64)
        telling.tell_lookback(self.reference, rows)
        return rows

    def rests(self) -> Ints:
        """Tell how many steps each part still sounds, below 1 if it does not, (MAX_PARTS,)."""
        return telling.rests(self.reference)

    def busy(self) -> Mask:
        """Tell which parts still sound at the chosen place, shape (MAX_PARTS,)."""
        return self.sheet.part_ends > sheets.turn_onset(self.reference)

    def sounding(self) -> Mask:
        """Tell which pitches sound at the chosen place, shape (132,)."""
        return self.sheet.pitch_ends > sheets.turn_onset(self.reference)

    def own(self) -> Ints:
        """Give pitch, duration and velocity ids of the chosen part's last note, shape (3,)."""
        last: Ints = self.sheet.own[self.sheet.turn[sheets.TURN_PART]]
        return last

    # What may be decided, field by field, and what was.

    def bar_options(self) -> Mask:
        """Tell which bar ids may come."""
        allowed = np.zeros(END + 1, dtype=np.bool_)
        deciding.bar_options(self.reference, allowed)
        return allowed

    def take_bar(self, chosen: int) -> None:
        """Go forward by a bar id; beyond the region, that means the given note or the end."""
        deciding.take_bar(self.reference, chosen)

    def position_options(self) -> Mask:
        """Tell which position ids may come."""
        allowed = np.zeros(len(self._words.positions), dtype=np.bool_)
        deciding.position_options(self.reference, self._lexicon, allowed)
        return allowed

    def take_position(self, chosen: int) -> None:
        """Go to a position id; the id that the given note's has means the given note's own."""
        deciding.take_position(self.reference, self._lexicon, chosen)

    def part_options(self) -> Mask:
        """Tell which parts may come, shape (MAX_PARTS,): the given note's, or with free hands."""
        allowed = np.zeros(MAX_PARTS, dtype=np.bool_)
        deciding.part_options(self.reference, allowed)
        return allowed

    def take_part(self, chosen: int) -> None:
        """Choose a part; the given note's own part means the given note."""
        deciding.take_part(self.reference, chosen)

    def pitch_options(self) -> Mask:
        """Tell which pitch ids may come: those that fit the part and do not sound in it already."""
        allowed = np.zeros(len(self._words.keys), dtype=np.bool_)
        deciding.pitch_options(self.reference, self._lexicon, allowed)
        return allowed

    def take_pitch(self, chosen: int) -> None:
        """Choose a pitch id."""
        deciding.take_pitch(self.reference, self._lexicon, chosen)

    def duration_options(self) -> Mask:
        """Tell which duration ids may come: the note ends with the region."""
        allowed = np.zeros(len(self._words.durations), dtype=np.bool_)
        deciding.duration_options(self.reference, self._lexicon, allowed)
        return allowed

    def take_duration(self, chosen: int) -> None:
        """Choose a duration id."""
        deciding.take_duration(self.reference, self._lexicon, chosen)

    def take_velocity(self, chosen: int) -> None:
        """Choose a velocity id, and with it complete the event."""
        if self.is_full:
            self.grow()
        deciding.take_velocity(self.reference, self._lexicon, chosen)


def _sheet_of(brief: Brief, words: Vocabulary, lexicon: Lexicon, program_ids: Ints) -> Sheet:
    """Lay out a brief: what stands before its region, what is given from there on."""
    region, frame = brief.region, brief.frame
    standing = brief.known[brief.known[:, BAR] < region.first]
    room = len(standing) + ROOM
    now = np.zeros(sheets.JOINS + 1, dtype=np.int64)
    parts = set_of(region.parts)
    now[COUNT] = len(standing)
    now[sheets.FIRST], now[sheets.PAST], now[sheets.PARTS] = region.first, region.past, parts
    now[sheets.ENDING], now[sheets.LIMIT] = frame.ending, MAX_NEW_NOTES
    events, keys, ids = (np.zeros(shape, np.int64) for shape in ((room, 6), room, (room, 6)))
    events[: len(standing)], keys[: len(standing)] = standing, keys_of(standing)
    folds = fold_events(standing, frame.programs, words)
    ids[: len(standing)] = folds.stack(slice(None))
    players, fitting = _players(brief, lexicon, program_ids)
    return Sheet(
        now=now,
        turn=np.zeros(sheets.TURN_OVER + 1, dtype=np.int64),
        events=events,
        keys=keys,
        ids=ids,
        fresh=np.zeros(room, dtype=np.bool_),
        given=brief.known[len(standing) :].astype(np.int64),
        plan=_plan(frame, region),
        players=players,
        fitting=fitting,
        part_ends=np.zeros(MAX_PARTS, dtype=np.int64),
        pitch_ends=np.zeros(132, dtype=np.int64),
        note_ends=np.zeros((MAX_PARTS, 128), dtype=np.int64),
        own=np.zeros((MAX_PARTS, 3), dtype=np.int64),
        pace=_pace(brief),
    )


def _plan(frame: Frame, region: Region) -> Ints:
    """Put what is settled of each bar side by side, (bars, 6).

    The last new bar closes, and if the piece ends there, so do the bars that it comes from: where
    a refrain ends a piece, it sounds like an end at each time.
    """
    lines, form, last = frame.bar_lines, frame.form, region.past - 1
    closes = np.zeros(len(frame.meters), dtype=np.int64)
    closes[form.roots_of(last) if frame.ending and region.past == form.bars else last] = 1
    columns = (lines[:-1], np.diff(lines), frame.meters + 1, form.sources, form.levels, closes)
    return np.stack(columns, axis=1).astype(np.int64)


def _pace(brief: Brief) -> NDArray[np.float64]:
    """Begin to count what parts are to play from the region on, (parts, 3).

    It is as if they had been as busy as usual: who is to be busier or calmer begins so at once.
    """
    pace = np.zeros((len(brief.paper.parts), pacing.PLAYED + 1))
    if len(brief.rates):
        pace[:, pacing.RATE] = brief.rates
    pace[[part for part in range(len(pace)) if part not in brief.region.parts], pacing.RATE] = 0
    steady = pace[:, [pacing.RATE]] * pacing.KEPT / (1 - pacing.KEPT)
    pace[:, [pacing.DUE, pacing.PLAYED]] = steady * (1, 1 / brief.fill)
    return pace


def _players(brief: Brief, lexicon: Lexicon, program_ids: Ints) -> tuple[Ints, Mask]:
    """Tell who plays, (parts, 4), and which pitch ids each has, (parts, pitch ids)."""
    band = [
        instruments.instrument(part.program, is_drums=part.is_drums) for part in brief.paper.parts
    ]
    fitting = np.array([_fits(one, brief, lexicon) for one in band])
    hands = [rules.polyphony(one) for one in band]
    tops = [lexicon.keys[fits].max(initial=0) for fits in fitting]
    players = np.stack((brief.frame.programs, program_ids, hands, tops), axis=1)
    return players.astype(np.int64), fitting


def _fits(instrument: Instrument, brief: Brief, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Tell which pitch ids an instrument has, and a strict scale if one is wished."""
    fitting: Mask = lexicon.drums == instrument.is_drums
    fitting &= rules.in_instrument_range(lexicon.keys, instrument)
    if brief.keep_to is not None and not instrument.is_drums:
        fitting &= ~rules.outside_scale(lexicon.keys, brief.keep_to)
    return fitting
