"""What the network is told at each step, computed from the events so far.

Nothing here is predicted: it follows from what has been written, what is given and what was
wished, so it is free at run time too. Two readers share every definition below: training
computes whole windows at once (`window_features`), composing one step at a time
(`audiogroove.tokens.draft`); a test holds the two equal.

Conventions: step t decides event t and knows the events before it. The *cursor* is event t-1.
Integer features are ids into the network's embedding tables, 0 where there is nothing; float
features are in 0..1. The place of an event in time and score order is its *key*, see `keys_of`.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH, POSITION, VELOCITY, Events
from audiogroove.tokens.form import LEVELS, LIKE, Form
from audiogroove.tokens.vocabulary import DRUMS, MAX_PARTS, Vocabulary

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

BAR_KEY = 2048 * MAX_PARTS * 128  # keys of one place in neighbouring bars differ by this
POSITION_KEY = MAX_PARTS * 128
PART_KEY = 128

LOOKBACK_BARS = (1, 2, 4)  # and one more lookback, to the bar that the form names
LOOKBACKS = len(LOOKBACK_BARS) + 1
NEAR_BARS = 3  # a looked-up event lies 0, 1 or more bars from the place looked up
BAR_CYCLE = 16  # bars are told apart modulo this
FAR_BARS = 33  # bars left, or bars until the next given note, count up to this
REMAINING_QUARTERS = 4.0  # a sounding note's rest is told up to this
PITCH_CLASSES = 12

STYLES = 64  # room for this many styles
KEYS = 24
TEMPOS = 20
DENSITIES = 16


def keys_of(events: Events) -> Ints:
    """Give each event its place in score order, shape (events,), rising."""
    wide = events.astype(np.int64)
    return (
        wide[:, BAR] * BAR_KEY
        + wide[:, POSITION] * POSITION_KEY
        + wide[:, PART] * PART_KEY
        + wide[:, PITCH]
    )


def tempo_id(bpm: float) -> int:
    """Sort a tempo into one of `TEMPOS` steps of a fifth or so less than an octave, 1.."""
    return 1 + int(np.clip(np.floor(np.log2(bpm / 30.0) * 5.0), 0, TEMPOS - 1))


def density_id(notes_per_bar: float) -> int:
    """Sort a density into one of `DENSITIES` steps of half an octave, 1.."""
    return 1 + int(
        np.clip(np.floor(np.log2(max(notes_per_bar, 0.5)) * 2.0 + 2.0), 0, DENSITIES - 1)
    )


def key_id(tonic: int, *, minor: bool) -> int:
    """Number a key, 1..24."""
    return 1 + tonic + PITCH_CLASSES * minor


@dataclass(frozen=True)
class EventIds:
    """Events as the vocabulary tells them apart; every array has shape (events,)."""

    position: Ints
    part: Ints
    program: Ints
    pitch: Ints
    duration: Ints
    velocity: Ints

    def stack(self, rows: Ints | slice) -> Ints:
        """Give the chosen rows as ids from 1, shape (rows, 6), so that 0 can mean nothing."""
        columns = (
            self.position,
            self.part,
            self.program,
            self.pitch,
            self.duration,
            self.velocity,
        )
        return np.stack([column[rows] for column in columns], axis=-1) + 1


def fold_events(events: Events, programs: Ints, vocabulary: Vocabulary) -> EventIds:
    """Fold events into ids; `programs[part]` is a program value, `DRUMS` for the kit."""
    program = programs[events[:, PART]]
    pitch = events[:, PITCH] + DRUMS * (program == DRUMS)
    return EventIds(
        vocabulary["position"].ids(events[:, POSITION]),
        events[:, PART].astype(np.int64),
        vocabulary["program"].ids(program),
        vocabulary["pitch"].ids(pitch),
        vocabulary["duration"].ids(events[:, DURATION]),
        vocabulary["velocity"].ids(events[:, VELOCITY]),
    )


@dataclass(frozen=True)
class Frame:
    """What is settled before the first note: bars, meters, parts, and what was wished."""

    bar_lines: Ints  # (bars + 1,) steps
    meters: Ints  # (bars,) ids of the vocabulary's meters
    programs: Ints  # (parts,) program values, DRUMS for the kit
    form: Form
    style: int = 0  # 1.., 0 when not wished
    key: int = 0
    tempo: int = 0
    density: int = 0
    ending: bool = True  # whether the network is told how many bars are left
    # (parts,) how busy each part is, a density id each, 0 when not told
    activities: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def bars(self) -> int:
        """How many bars the piece has."""
        return len(self.meters)

    @property
    def wishes(self) -> Ints:
        """The wishes that hold for the whole piece, shape (4,)."""
        return np.array([self.style, self.key, self.tempo, self.density], dtype=np.int64)

    @property
    def all_activities(self) -> Ints:
        """The activities with zeros for the parts that there are not, shape (MAX_PARTS,)."""
        padded = np.zeros(MAX_PARTS, dtype=np.int64)
        padded[: len(self.activities)] = self.activities
        return padded


@dataclass(frozen=True)
class Features:
    """The network's input for T steps of one piece."""

    cursor: Ints  # (T, 6): event t-1, see EventIds.stack
    place: Ints  # (T, 6): bar in the cycle, meter, bars left, two form levels, bars until given
    lookback: Ints  # (T, LOOKBACKS, 5): bars ahead, position, part, pitch, duration
    remaining: Floats  # (T, 2 * MAX_PARTS): sounding rest of each part, and whether there is one
    aligned: Ints  # (T,): index into the memory of the next given note, 0 when there is none


PLACE_SIZES = (BAR_CYCLE + 1, None, FAR_BARS + 2, LEVELS, LEVELS, FAR_BARS + 2)


@dataclass(frozen=True)
class ChainFeatures:
    """What a step learns between its decisions: each row belongs to the event decided there."""

    busy: Floats  # (T, MAX_PARTS): whether the part still sounds at the event's onset
    chord: Floats  # (T, 24): sounding pitch classes, and the class of the lowest
    own: Ints  # (T, 3): pitch, duration and velocity of the part's note before, ids from 1


def window_features(
    events: Events, ids: EventIds, frame: Frame, start: int, stop: int, given: Ints
) -> tuple[Features, ChainFeatures]:
    """Compute the inputs of steps start..stop-1 of one piece.

    `given` holds the indices, rising, of the events that are known beforehand; the memory lists
    them from index 1 + parts on. The step at `stop - 1` may be one past the last event (END).
    """
    keys = keys_of(events)
    steps = np.arange(start, stop)
    before = steps - 1
    cursor_keys = np.where(before >= 0, keys[np.maximum(before, 0)], -1)
    bars = np.maximum(cursor_keys, 0) // BAR_KEY
    cursor = np.where((before >= 0)[:, None], ids.stack(np.maximum(before, 0)), 0)
    upcoming = np.searchsorted(given, steps)  # the first given event not before this step
    has_given = upcoming < len(given)
    next_given = given[np.minimum(upcoming, len(given) - 1)] if len(given) else steps * 0
    until = np.where(has_given, events[np.minimum(next_given, len(events) - 1), BAR] - bars, -1)
    features = Features(
        cursor=cursor,
        place=_places(frame, bars, until),
        lookback=_lookbacks(keys, events, ids, frame, cursor_keys),
        remaining=np.zeros((0, 0), dtype=np.float32),
        aligned=np.where(has_given, 1 + len(frame.programs) + upcoming, 0),
    )
    return _with_sounding(features, events, ids, frame, start, stop)


def _places(frame: Frame, bars: Ints, until: Ints) -> Ints:
    levels = np.append(frame.form.levels, 0)
    left = np.minimum(frame.bars - 1 - bars, FAR_BARS) + 1
    given = np.where(until >= 0, np.minimum(until, FAR_BARS) + 1, 0)
    columns = (
        bars % BAR_CYCLE + 1,
        frame.meters[bars] + 1,
        left if frame.ending else np.zeros_like(left),
        levels[bars],
        levels[bars + 1],
        given,
    )
    return np.stack(columns, axis=-1)


def _lookbacks(keys: Ints, events: Events, ids: EventIds, frame: Frame, cursor: Ints) -> Ints:
    """Look up, for each cursor key, the event that followed the same place some bars ago."""
    bars = np.maximum(cursor, 0) // BAR_KEY
    found = np.zeros((len(cursor), LOOKBACKS, 5), dtype=np.int64)
    source = frame.form.sources[bars]
    agos = [np.full_like(bars, ago) for ago in LOOKBACK_BARS] + [bars - source]
    exists = [(cursor >= 0) & (bars >= ago) for ago in LOOKBACK_BARS] + [
        (cursor >= 0) & (source >= 0)
    ]
    fields = np.stack((ids.position, ids.part, ids.pitch, ids.duration), axis=-1) + 1
    for index, (ago, real) in enumerate(zip(agos, exists, strict=True)):
        hit = np.searchsorted(keys, cursor - ago * BAR_KEY, side="right")
        hit = np.minimum(hit, len(keys) - 1)
        ahead = np.clip(events[hit, BAR] - (bars - ago), 0, NEAR_BARS - 1) + 1
        row = np.concatenate((ahead[:, None], fields[hit]), axis=1)
        found[:, index] = np.where(real[:, None], row, 0)
    _follow_form(found, keys, events, fields, frame, bars, cursor)
    return found


def _follow_form(  # noqa: PLR0913, PLR0917  (one array each)
    found: Ints, keys: Ints, events: Events, fields: Ints, frame: Frame, bars: Ints, cursor: Ints
) -> None:
    """Where the form's source bar has no more events, look at the source of the next bar."""
    sources = np.append(frame.form.sources, -1)
    levels = np.append(frame.form.levels, 0)
    following = sources[bars + 1]
    spent = (found[:, -1, 0] != 1) & (cursor >= 0)
    real = spent & (following >= 0) & (levels[bars + 1] >= LIKE)
    hit = np.minimum(np.searchsorted(keys, following * BAR_KEY), len(keys) - 1)
    ahead = np.where(events[hit, BAR] == following, 2, 3)
    row = np.concatenate((ahead[:, None], fields[hit]), axis=1)
    found[:, -1] = np.where(real[:, None], row, np.where(spent[:, None], 0, found[:, -1]))


HISTORY = 512  # events before a window that still may sound or tell a part's last note


def _with_sounding(
    features: Features, events: Events, ids: EventIds, frame: Frame, start: int, stop: int
) -> tuple[Features, ChainFeatures]:
    """Add what sounds: before each step for the features, at each event for the chain."""
    first = max(0, start - HISTORY)
    past = events[first:stop]
    onsets = frame.bar_lines[past[:, BAR]] + past[:, POSITION]
    ends = onsets + past[:, DURATION]
    rows = np.arange(len(past))
    melodic = frame.programs[past[:, PART]] != DRUMS
    by_part = np.zeros((len(past) + 1, MAX_PARTS), dtype=np.int64)
    by_part[rows + 1, past[:, PART]] = ends
    by_part = np.maximum.accumulate(by_part, axis=0)[start - first :]
    by_pitch = np.zeros((len(past) + 1, 132), dtype=np.int64)
    by_pitch[rows + 1, past[:, PITCH]] = ends * melodic
    by_pitch = np.maximum.accumulate(by_pitch, axis=0)[start - first :]
    count = stop - start
    now = np.concatenate(([0], onsets))[start - first :][:count]
    # the END step has no onset of its own; its chain features are never read
    then = np.concatenate((onsets, onsets[-1:]))[start - first :][:count]
    remaining = remaining_of(by_part[:count] - now[:, None])
    sounding = by_pitch[:count] > then[:, None]
    chain = ChainFeatures(
        busy=(by_part[:count] > then[:, None]).astype(np.float32),
        chord=chord_of(sounding),
        own=_own_before(past, ids, first, start, stop),
    )
    return Features(
        features.cursor, features.place, features.lookback, remaining, features.aligned
    ), chain


def remaining_of(rests: Ints) -> Floats:
    """Tell each part's rest and whether there is one: (rows, parts) steps to (rows, 2 * parts)."""
    rest = np.minimum(np.maximum(rests, 0) / (12 * REMAINING_QUARTERS), 1)
    return np.concatenate((rest, rest > 0), axis=1, dtype=np.float32)


def chord_of(sounding: NDArray[np.bool_]) -> Floats:
    """Tell pitch classes and bass from sounding pitches: (rows, 132) to (rows, 24)."""
    octaves = sounding.reshape(len(sounding), -1, PITCH_CLASSES)
    classes = np.logical_or.reduce(octaves, axis=1)
    bass = sounding.argmax(axis=1) % PITCH_CLASSES  # 0 if nothing sounds, not even that class
    lowest = (np.arange(PITCH_CLASSES) == bass[:, None]) & classes
    return np.concatenate((classes, lowest), axis=1, dtype=np.float32)


def _own_before(past: Events, ids: EventIds, first: int, start: int, stop: int) -> Ints:
    """For each step, the ids of the same part's event before: pitch, duration, velocity."""
    order = np.argsort(past[:, PART], kind="stable")
    same = past[order[1:], PART] == past[order[:-1], PART]
    before = np.full(len(past) + 1, -1, dtype=np.int64)
    before[order[1:]] = np.where(same, order[:-1], -1)
    fields = np.stack((ids.pitch, ids.duration, ids.velocity), axis=-1) + 1
    chosen = before[start - first :][: stop - start]
    return np.where((chosen >= 0)[:, None], fields[np.maximum(chosen, 0) + first], 0)
