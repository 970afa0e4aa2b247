"""A piece being written: what stands, what the network is told next, what may be decided.

A draft begins with a brief's known events. At each step it describes itself (`features`), then
is asked and told field by field (`options`, `take`) until the event is complete. The
definitions are those of `audiogroove.tokens.features`; a test holds both equal, step for step.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiogroove.music import instruments
from audiogroove.music.instruments import Instrument
from audiogroove.tokens import grammar, rules
from audiogroove.tokens.brief import Brief
from audiogroove.tokens.codec import BAR, Events
from audiogroove.tokens.features import (
    BAR_KEY,
    HISTORY,
    LOOKBACKS,
    NEAR_BARS,
    PART_KEY,
    POSITION_KEY,
    Ints,
    fold_events,
    keys_of,
    lookback_targets,
    place_row,
)
from audiogroove.tokens.form import LIKE
from audiogroove.tokens.grammar import BEFORE_ALL, Place, Situation
from audiogroove.tokens.vocabulary import DRUMS, END, MAX_PARTS, Vocabulary

MAX_NEW_NOTES = 20_000
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Turn:
    """One event while it is decided; `given` or `over` once nothing is left to decide."""

    bar: int = 0
    position: int = 0
    part: int = 0
    pitch: int = 0
    duration: int = 0
    given: bool = False
    over: bool = False


class Draft:
    """One piece under way."""

    def __init__(self, brief: Brief, words: Vocabulary) -> None:
        self.brief = brief
        self.over = False
        region, frame = brief.region, brief.frame
        self._values = {name: np.asarray(words[name].values) for name in words.tables}
        self._instruments = [
            instruments.instrument(part.program, is_drums=part.is_drums)
            for part in brief.paper.parts
        ]
        self._polyphony = [rules.polyphony(one) for one in self._instruments]
        self._folds: dict[str, list[int]] = {
            name: table.fold.tolist() for name, table in words.tables.items()
        }
        self._programs: list[int] = frame.programs.tolist()
        self._drum_ids = self._values["pitch"] >= DRUMS
        self._keys_of_id = self._values["pitch"] - DRUMS * self._drum_ids
        self._fitting = [self._fit(instrument) for instrument in self._instruments]
        self._tops = [int(self._keys_of_id[fits].max(initial=0)) for fits in self._fitting]
        self.program_ids = words["program"].ids(frame.programs)
        standing = brief.known[brief.known[:, BAR] < region.first]
        self.given: Events = brief.known[len(standing) :]
        self.upcoming = 0  # the first given event that has not come yet
        self.events: list[tuple[int, ...]] = [tuple(row) for row in standing.tolist()]
        self.new: list[tuple[int, ...]] = []
        self._keys: list[int] = keys_of(standing).tolist()
        ids = fold_events(standing, frame.programs, words)
        self._ids: list[list[int]] = ids.stack(slice(None)).tolist()
        self._steps = tuple(np.diff(frame.bar_lines).tolist())
        self._part_ends = np.zeros(MAX_PARTS, dtype=np.int64)
        self._pitch_ends = np.zeros(132, dtype=np.int64)
        self._note_ends = np.zeros((MAX_PARTS, 128), dtype=np.int64)
        # where the notes end that may still sound: of each part, by pitch
        self._held: list[dict[int, int]] = [{} for _ in self._instruments]
        self._own = np.zeros((MAX_PARTS, 3), dtype=np.int64)
        for index in range(max(0, len(self.events) - HISTORY), len(self.events)):
            self._hear(self.events[index], self._ids[index])
        self.turn = Turn()
        self._now = self._situation()

    # What the network is told before it decides.

    @property
    def length(self) -> int:
        """How many events stand."""
        return len(self.events)

    @property
    def new_bars(self) -> int:
        """How many bars of the region are behind the cursor."""
        region = self.brief.region
        return region.past - region.first if self.over else max(0, self._cursor.bar - region.first)

    def cursor_row(self) -> list[int]:
        """Describe the last event, six ids from 1, or zeros before the first."""
        return self._ids[-1] if self._ids else [0] * 6

    def place(self) -> list[int]:
        """Describe the cursor's bar, see `features.place_row`."""
        until = -1
        if self.upcoming < len(self.given):
            until = int(self.given[self.upcoming, BAR]) - self._cursor.bar
        return place_row(self.brief.frame, self._cursor.bar, until)

    def lookback(self) -> list[list[int]]:
        """Describe what followed the same place some bars ago, shape (LOOKBACKS, 5)."""
        frame = self.brief.frame
        if not self._keys:
            return [[0] * 5] * LOOKBACKS
        rows = [
            self._looked_up(bisect_right(self._keys, key), bar) if key >= 0 else [0] * 5
            for key, bar in lookback_targets(frame, self._keys[-1])
        ]
        if rows[-1][0] != 1:  # the form's source bar is spent: look at the next bar's source
            following = self._cursor.bar + 1
            rows[-1] = [0] * 5
            if following < frame.bars and frame.form.levels[following] >= LIKE:
                source = int(frame.form.sources[following])
                if source >= 0:
                    row = self._looked_up(bisect_left(self._keys, source * BAR_KEY), source)
                    rows[-1] = [2 if row[0] == 1 else 3, *row[1:]]
        return rows

    def rests(self) -> Ints:
        """Tell how many steps each part still sounds, below 1 if it does not, (MAX_PARTS,)."""
        now = self._onset(*self.events[-1][:2]) if self.events else 0
        return self._part_ends - now

    # What it learns between its decisions.

    def busy(self) -> Mask:
        """Tell which parts still sound at the chosen place, shape (MAX_PARTS,)."""
        return self._part_ends > self._turn_onset

    def sounding(self) -> Mask:
        """Tell which pitches sound at the chosen place, shape (132,)."""
        return self._pitch_ends > self._turn_onset

    def own(self) -> Ints:
        """Give pitch, duration and velocity ids of the chosen part's last note, shape (3,)."""
        last: Ints = self._own[self.turn.part]
        return last

    # What may be decided, field by field, and what was.

    def bar_options(self) -> Mask:
        """Tell which bar ids may come."""
        allowed = np.zeros(END + 1, dtype=bool)
        cursor, given = self._now.cursor.bar, self._now.given
        ahead = grammar.bars(self._now)
        if ahead:
            allowed[min(ahead.start - cursor, END - 1) : min(ahead.stop - cursor, END)] = True
        if given is not None and (self.new or not ahead or given.bar in ahead):
            # bars that are to be written anew are not left empty by leaping over them
            allowed[min(given.bar - cursor, END - 1)] = True
        allowed[END] = grammar.may_end(self._now) or not allowed.any()
        if allowed[END] and not self.brief.frame.ending:  # somebody will go on: to do so is to end
            allowed[max(1, self.brief.region.past - cursor) : END] = given is None
        return allowed

    def take_bar(self, chosen: int) -> None:
        """Go forward by a bar id; beyond the region, that means the given note or the end."""
        self.turn = turn = Turn()
        if chosen == END:
            turn.over = True
            return
        cursor = self._now.cursor.bar
        ahead = grammar.bars(self._now)
        if cursor + chosen in ahead:
            turn.bar = cursor + chosen
        elif ahead and ahead.start > cursor + chosen == cursor + END - 1:
            turn.bar = ahead.start  # farther than the vocabulary counts
        elif self._now.given is None:
            turn.over = True  # into bars that are somebody else's
        else:
            self._take_given()

    def position_options(self) -> Mask:
        """Tell which position ids may come."""
        if self.turn.over or self.turn.given:
            return self._only("position", self.turn.position)
        possible = grammar.positions(self._now, self.turn.bar)
        values = self._values["position"]
        allowed = (values >= possible.start) & (values < possible.stop)
        given = self._now.given
        if given is not None and given.bar == self.turn.bar:
            allowed[self._fold("position", given.position)] = True
        elif not allowed.any():
            allowed[self._fold("position", possible.start)] = True
        return allowed

    def take_position(self, chosen: int) -> None:
        """Go to a position id; the id that the given note's has means the given note's own."""
        turn, given = self.turn, self._now.given
        if turn.over or turn.given:
            return
        possible = grammar.positions(self._now, turn.bar)
        value = int(self._values["position"][chosen])
        if given is not None and given.bar == turn.bar:
            same = chosen == self._fold("position", given.position)
            value = given.position if same else value
        turn.position = min(max(value, possible.start), possible.stop - 1)

    def part_options(self) -> Mask:
        """Tell which parts may come, shape (MAX_PARTS,): the given note's, or with free hands."""
        allowed = np.zeros(MAX_PARTS, dtype=bool)
        turn, given = self.turn, self._now.given
        if turn.over or turn.given:
            allowed[turn.part] = True
            return allowed
        possible = grammar.parts(self._now, turn.bar, turn.position)
        free = self._free(possible, self._turn_onset)
        if given is not None and given[:2] == (turn.bar, turn.position):
            free.append(given.part)
        allowed[free or list(possible)] = True
        return allowed

    def take_part(self, chosen: int) -> None:
        """Choose a part; the given note's own part means the given note."""
        turn, given = self.turn, self._now.given
        if turn.over or turn.given:
            return
        turn.part = chosen
        if given is not None and (turn.bar, turn.position, chosen) == given[:3]:
            self._take_given()

    def pitch_options(self) -> Mask:
        """Tell which pitch ids may come: those that fit the part and do not sound in it already."""
        turn = self.turn
        kit = self._programs[turn.part] == DRUMS
        if turn.over or turn.given:
            return self._only("pitch", turn.pitch + DRUMS * kit)
        possible = grammar.pitches(self._now, turn.bar, turn.position, turn.part)
        keys, fitting = self._keys_of_id, self._fitting[turn.part]
        if possible.start:
            fitting = fitting & (keys >= possible.start)
        free = fitting & rules.not_sounding(keys, self._note_ends[turn.part], self._turn_onset)
        if free.any():
            return free
        allowed = (self._drum_ids == kit) & (keys >= possible.start)
        least = self._only("pitch", min(possible.start, 127) + DRUMS * kit)
        return rules.strictest(fitting, allowed, least)

    def take_pitch(self, chosen: int) -> None:
        """Choose a pitch id."""
        if not (self.turn.over or self.turn.given):
            turn = self.turn
            possible = grammar.pitches(self._now, turn.bar, turn.position, turn.part)
            turn.pitch = max(int(self._keys_of_id[chosen]), possible.start)

    def duration_options(self) -> Mask:
        """Tell which duration ids may come: the note ends with the region."""
        turn = self.turn
        if turn.over or turn.given:
            return self._only("duration", turn.duration)
        possible = grammar.durations(self._now, turn.bar, turn.position)
        fitting = rules.ends_in_time(self._values["duration"], possible.stop - 1)
        return fitting if fitting.any() else self._only("duration", 1)

    def take_duration(self, chosen: int) -> None:
        """Choose a duration id."""
        turn = self.turn
        if not (turn.over or turn.given):
            possible = grammar.durations(self._now, turn.bar, turn.position)
            turn.duration = min(int(self._values["duration"][chosen]), possible.stop - 1)

    def take_velocity(self, chosen: int) -> None:
        """Choose a velocity id, and with it complete the event."""
        turn, region = self.turn, self.brief.region
        if turn.given:
            event = tuple(self.given[self.upcoming].tolist())
            self.over = event[0] >= region.past
            self.upcoming += 1
        elif turn.over:
            self.over = True
            return
        else:
            velocity = int(self._values["velocity"][chosen])
            event = (turn.bar, turn.position, turn.part, turn.pitch, turn.duration, velocity)
            self.new.append(event)
            self.over = len(self.new) >= MAX_NEW_NOTES
        if not self.over:
            self._append(event)

    # Inner workings.

    def _take_given(self) -> None:
        bar, position, part, pitch, duration, _ = self.given[self.upcoming].tolist()
        self.turn = Turn(bar, position, part, pitch, duration, given=True)

    def _append(self, event: tuple[int, ...]) -> None:
        bar, position, part, pitch, duration, velocity = event
        program = self._programs[part]
        ids = [
            self._fold("position", position) + 1,
            part + 1,
            self._fold("program", program) + 1,
            self._fold("pitch", pitch + DRUMS * (program == DRUMS)) + 1,
            self._fold("duration", duration) + 1,
            self._fold("velocity", velocity) + 1,
        ]
        key = bar * BAR_KEY + position * POSITION_KEY + part * PART_KEY + pitch
        self.events.append(event)
        self._keys.append(key)
        self._ids.append(ids)
        self._hear(event, ids)
        self._now = self._situation()

    def _fit(self, instrument: Instrument) -> Mask:
        """Tell which pitch ids an instrument has, and a strict scale if one is wished."""
        keys = self._keys_of_id
        fitting: Mask = self._drum_ids == instrument.is_drums
        fitting &= rules.in_instrument_range(keys, instrument)
        if self.brief.keep_to is not None and not instrument.is_drums:
            fitting &= ~rules.outside_scale(keys, self.brief.keep_to)
        return fitting

    def _hear(self, event: tuple[int, ...], ids: list[int]) -> None:
        bar, position, part, pitch, duration, _ = event
        end = self._onset(bar, position) + duration
        self._part_ends[part] = max(self._part_ends[part], end)
        self._note_ends[part, pitch] = end
        held = self._held[part]
        if len(held) >= self._polyphony[part]:  # no note begins before this one any more
            held = {key: last for key, last in held.items() if last > end - duration}
            self._held[part] = held
        held[pitch] = end
        if self._programs[part] != DRUMS:
            self._pitch_ends[pitch] = max(self._pitch_ends[pitch], end)
        self._own[part] = ids[3:]

    def _situation(self) -> Situation:
        given = None
        if self.upcoming < len(self.given):
            given = Place(*self.given[self.upcoming, :4].tolist())
        return Situation(self.brief.region, self._cursor, self._joins(), given, self._steps)

    def _joins(self) -> frozenset[int]:
        """Tell which parts may take one more note at the cursor: free hands, a higher pitch."""
        cursor, region = self._cursor, self.brief.region
        if not self.events:
            return region.parts
        after = cursor.part
        if cursor.pitch >= self._tops[after]:
            after += 1
        higher = (part for part in region.parts if part >= after)
        return frozenset(self._free(higher, self._onset(*cursor[:2])))

    def _free(self, parts: Iterable[int], onset: int) -> list[int]:
        """Tell which of these parts have a free hand then."""
        held, most = self._held, self._polyphony
        return [
            part for part in parts if rules.within_polyphony(held[part].values(), onset, most[part])
        ]

    @property
    def _cursor(self) -> Place:
        return Place(*self.events[-1][:4]) if self.events else BEFORE_ALL

    @property
    def _turn_onset(self) -> int:
        return self._onset(self.turn.bar, self.turn.position)

    def _onset(self, bar: int, position: int) -> int:
        return int(self.brief.frame.bar_lines[bar]) + position

    def _looked_up(self, index: int, bar: int) -> list[int]:
        index = min(index, len(self._keys) - 1)
        ahead = min(max(self.events[index][0] - bar, 0), NEAR_BARS - 1) + 1
        ids = self._ids[index]
        return [ahead, ids[0], ids[1], ids[3], ids[4]]

    def _fold(self, name: str, value: int) -> int:
        folded = self._folds[name]
        return folded[min(value, len(folded) - 1)]

    def _only(self, name: str, value: int) -> Mask:
        allowed = np.zeros(len(self._values[name]), dtype=bool)
        allowed[self._fold(name, value)] = True
        return allowed
