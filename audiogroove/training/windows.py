"""Pieces to batches: which piece, which stretch of it, what is given and what must be guessed.

A window is a stretch of a piece's events. One corpus is masked into the tasks that the model is
asked for: *free* (nothing given, or the notes before), *infill* (the notes after are given too)
and *accompany* (some parts are given whole). A given note is still an event of the stream; what
changes is that the memory tells of it beforehand.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor

from audiogroove.model.network import Chosen, Inputs, MemoryInputs
from audiogroove.tokens.codec import BAR, PART, PITCH, Events
from audiogroove.tokens.features import (
    EventIds,
    Frame,
    Ints,
    density_id,
    fold_events,
    key_id,
    tempo_id,
    window_features,
)
from audiogroove.tokens.form import Form, find_form
from audiogroove.tokens.memory import MEMORY, PAST_NOTES, memory_of, times_of
from audiogroove.tokens.vocabulary import DRUMS, END, MAX_PARTS, Vocabulary
from audiogroove.training.dataset import Dataset, PieceInfo

FUTURE_NOTES = 64  # of what comes after a gap
AT_THE_BEGINNING = 0.2  # of all windows of longer pieces
AT_THE_END = 0.25  # left to chance, one note in a hundred would lie in a last bar
TASKS = {"free": 0.45, "accompany": 0.30, "infill": 0.25}
DROPS = {"style": 0.25, "key": 0.3, "tempo": 0.35, "density": 0.4, "form": 0.3, "ending": 0.3}
DROP_ALL = 0.15
DROP_ACTIVITIES = 0.3  # none is told …
DROP_ACTIVITY = 0.25  # … or a part's is not
TRANSPOSITIONS = tuple(range(-5, 7))


class Batch(NamedTuple):
    """Everything one training step needs; targets are `chosen` and `velocity`."""

    inputs: Inputs
    memory: MemoryInputs
    chosen: Chosen
    velocity: Tensor  # (B, T) long
    weight: Tensor  # (B, T): 1 where there is a step
    sounding: Tensor  # (B, T): 1 where the step is a note rather than the end


@dataclass(frozen=True)
class Window:
    """A stretch of one piece and what is known of the rest."""

    events: Events  # of the whole piece, transposed
    frame: Frame
    start: int  # the first event decided
    stop: int  # one past the last step; the step len(events) is the end
    given: Ints  # indices of events, rising

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop <= len(self.events) + 1:
            raise ValueError(f"not a window: {self.start}..{self.stop}")


def frame_of(
    info: PieceInfo, form: Form, notes: int, styles: dict[str, int], words: Vocabulary
) -> Frame:
    """Describe a piece of a data set with all its wishes; `styles` numbers them from 1."""
    return Frame(
        bar_lines=info.bar_lines,
        meters=words["meter"].ids(info.bar_meters),
        programs=np.asarray(info.programs, dtype=np.int64),
        form=form,
        style=styles.get(info.style, 0),
        key=key_id(info.tonic, minor=info.minor) if info.tonic is not None else 0,
        tempo=tempo_id(info.bpm) if info.bpm else 0,
        density=density_id(notes / info.bars),
    )


def without_wishes(frame: Frame) -> Frame:
    """Forget every wish; what remains is bars, meters and parts."""
    form, activities = Form.unknown(frame.bars), np.zeros(0, dtype=np.int64)
    bare = replace(frame, style=0, key=0, tempo=0, density=0, ending=False)
    return replace(bare, form=form, activities=activities)


class Sampler:
    """Draws training windows for ever; every draw follows from its generator alone."""

    def __init__(self, data: Dataset, styles: dict[str, int], *, steps: int, temper: float) -> None:
        """Sample windows of `steps` from the training split.

        A style is drawn in proportion to its notes to the power of `temper`, a piece of it in
        proportion to its notes.
        """
        self._data = data
        self._styles = styles
        self._steps = steps
        self._pieces = data.split("train")
        lengths = np.array([data.length(index) for index in self._pieces], dtype=np.float64)
        names = [data.pieces[index].style for index in self._pieces]
        notes: Counter[str] = Counter()
        for name, length in zip(names, lengths, strict=True):
            notes[name] += int(length)
        share = lengths * np.array([notes[name] ** (temper - 1.0) for name in names])
        self._ladder = np.cumsum(share / share.sum())
        self._forms: dict[int, Form] = {}

    def batch(self, rows: int, dice: Generator) -> Batch:
        """Draw a batch of windows."""
        windows = [self.draw(dice) for _ in range(rows)]
        return collate(windows, self._data.vocabulary, steps=self._steps)

    def draw(self, dice: Generator) -> Window:
        """Draw one window: piece, transposition, stretch, task, wishes."""
        rung = min(int(np.searchsorted(self._ladder, dice.random())), len(self._pieces) - 1)
        index = self._pieces[rung]
        events, info = self._data.events(index), self._data.pieces[index]
        frame = frame_of(
            info, self._form(index, events, info), len(events), self._styles, self._data.vocabulary
        )
        events, frame = _transpose(events, frame, int(dice.choice(TRANSPOSITIONS)))
        start = self._start(len(events), dice)
        stop = min(start + self._steps, len(events) + 1)
        window = _give(Window(events, frame, start, stop, np.zeros(0, np.int64)), dice)
        frame = replace(window.frame, activities=activities_of(window))
        return replace(window, frame=_drop_wishes(frame, dice))

    def _start(self, notes: int, dice: Generator) -> int:
        """Choose the first event of a window of a piece of so many."""
        place = dice.random()
        if notes <= self._steps or place < AT_THE_BEGINNING:
            return 0
        half = self._steps // 2
        last = notes + 1 - self._steps  # from there on the window holds the end
        if place < AT_THE_BEGINNING + AT_THE_END:
            return int(dice.integers(last, last + half))
        return int(dice.integers(0, notes - half))

    def _form(self, index: int, events: Events, info: PieceInfo) -> Form:
        if index not in self._forms:
            self._forms[index] = find_form(events, info.bars)
        return self._forms[index]


def _transpose(events: Events, frame: Frame, semitones: int) -> tuple[Events, Frame]:
    """Move all but the drums; stay where a pitch would leave MIDI's range."""
    melodic = frame.programs[events[:, PART]] != DRUMS
    moved = events[:, PITCH] + semitones * melodic
    if semitones == 0 or moved.min() < 0 or moved.max() > 127:
        return events, frame
    events = events.copy()
    events[:, PITCH] = moved
    if frame.key:
        mode, tonic = divmod(frame.key - 1, 12)
        frame = replace(frame, key=1 + (tonic + semitones) % 12 + 12 * mode)
    return events, frame


def _drop_wishes(frame: Frame, dice: Generator) -> Frame:
    if dice.random() < DROP_ALL:
        return without_wishes(frame)
    dropped = {name for name, chance in DROPS.items() if dice.random() < chance}
    most = 1.0 if dice.random() < DROP_ACTIVITIES else DROP_ACTIVITY
    told = dice.random(len(frame.activities)) >= most
    return replace(
        frame,
        style=0 if "style" in dropped else frame.style,
        key=0 if "key" in dropped else frame.key,
        tempo=0 if "tempo" in dropped else frame.tempo,
        density=0 if "density" in dropped else frame.density,
        form=Form.unknown(frame.bars) if "form" in dropped else frame.form,
        ending="ending" not in dropped,
        activities=frame.activities * told,
    )


def activities_of(window: Window) -> Ints:
    """Tell how busy each part is in a window: density ids from 1, shape (parts,)."""
    events = window.events[window.start : window.stop]
    parts = len(window.frame.programs)
    if not len(events):
        return np.zeros(parts, dtype=np.int64)
    bars = int(events[-1, BAR] - events[0, BAR]) + 1
    notes = np.bincount(events[:, PART], minlength=parts)
    return np.array([density_id(count / bars) for count in notes], dtype=np.int64)


def _give(window: Window, dice: Generator) -> Window:
    """Choose a task and give the notes that it gives."""
    task = str(dice.choice(list(TASKS), p=list(TASKS.values())))
    before = window.start - PAST_NOTES if dice.random() < 0.5 else window.start
    known = np.arange(max(0, before), min(window.stop + FUTURE_NOTES, len(window.events)))
    given = known < window.start
    if task == "infill":
        window = replace(window, stop=_bar_start(window, dice) + 1)
        given |= known >= window.stop - 1
    elif task == "accompany":
        parts = np.unique(window.events[window.start : window.stop - 1, PART])
        if len(parts) > 1:
            hidden = dice.permutation(parts)[: int(dice.integers(1, min(4, len(parts))))]
            given |= ~np.isin(window.events[known, PART], hidden)
    return _fit(replace(window, given=known[given]))


def _bar_start(window: Window, dice: Generator) -> int:
    """Choose an event in the window that is the first of its bar, else the window's last step."""
    bars = window.events[window.start : window.stop, BAR]
    firsts = np.flatnonzero(np.diff(bars)) + window.start + 1
    return int(dice.choice(firsts)) if len(firsts) else window.stop - 1


def _fit(window: Window) -> Window:
    """Keep as many given notes as the memory holds, and end the window where they end."""
    room = MEMORY - 1 - len(window.frame.programs)
    if len(window.given) <= room:
        return window
    last = int(window.given[room - 1])
    stop = min(window.stop, max(last + 1, window.start + 1))
    return replace(window, given=window.given[:room], stop=stop)


def collate(windows: list[Window], words: Vocabulary, *, steps: int) -> Batch:
    """Compute the features of windows and pad them into one batch of `steps` steps."""
    rows = [_Row(window, words) for window in windows]
    entries = max(len(row.memory) for row in rows)

    def pad(arrays: list[np.ndarray], length: int) -> Tensor:
        whole = np.zeros((len(arrays), length, *arrays[0].shape[1:]), dtype=arrays[0].dtype)
        for index, array in enumerate(arrays):
            whole[index, : len(array)] = array
        return torch.from_numpy(whole)

    wishes = torch.from_numpy(np.stack([row.window.frame.wishes for row in rows]))
    inputs = Inputs(
        **{
            name: pad([getattr(row.features, name) for row in rows], steps)
            for name in Inputs._fields[:5]
        },
        wishes=wishes,
        time=pad([row.time for row in rows], steps),
    )
    memory = MemoryInputs(
        pad([row.memory for row in rows], entries),
        wishes,
        pad([row.memory_time for row in rows], entries),
        torch.tensor([len(row.memory) for row in rows]),
    )
    chosen = Chosen(
        **{
            name: pad([row.targets[:, column] for row in rows], steps)
            for column, name in enumerate(Chosen._fields[:6])
        },
        busy=pad([row.chain.busy for row in rows], steps),
        chord=pad([row.chain.chord for row in rows], steps),
        own=pad([row.chain.own for row in rows], steps),
        programs=torch.from_numpy(np.stack([row.players[0] for row in rows])),
        activities=torch.from_numpy(np.stack([row.players[1] for row in rows])),
    )
    return Batch(
        inputs,
        memory,
        chosen,
        velocity=pad([row.targets[:, 6] for row in rows], steps),
        weight=pad([np.ones(len(row.targets), dtype=np.float32) for row in rows], steps),
        sounding=pad([row.sounding for row in rows], steps),
    )


def to_device(batch: Batch, device: torch.device) -> Batch:
    """Move a batch to where it is learnt from."""
    inputs, memory, chosen, *rest = batch
    moved = (
        Inputs(*(tensor.to(device) for tensor in inputs)),
        MemoryInputs(*(tensor.to(device) for tensor in memory)),
        Chosen(*(tensor.to(device) for tensor in chosen)),
    )
    return Batch(*moved, *(tensor.to(device) for tensor in rest))


class _Row:
    """One window's arrays, unpadded."""

    def __init__(self, window: Window, words: Vocabulary) -> None:
        self.window = window
        events, frame, start, stop = window.events, window.frame, window.start, window.stop
        ids = fold_events(events, frame.programs, words)
        self.features, self.chain = window_features(events, ids, frame, start, stop, window.given)
        first_bar = int(events[start - 1, BAR]) if start else 0
        self.time = times_of(events, np.arange(start, stop) - 1, first_bar)
        self.players = np.zeros((2, MAX_PARTS), dtype=np.int64)
        self.players[0, : len(frame.programs)] = words["program"].ids(frame.programs) + 1
        self.players[1] = frame.all_activities
        self.memory, self.memory_time = memory_of(
            events, ids, window.given, self.players, first_bar
        )
        self.targets, self.sounding = _targets(events, ids, start, stop)


def _targets(
    events: Events, ids: EventIds, start: int, stop: int
) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """Give ids of bar advance, position, part, program, pitch, duration, velocity for each step."""
    last = min(stop, len(events))
    rows = np.arange(start, last)
    bars = events[:last, BAR]
    advance = np.diff(bars, prepend=0)[start:]
    fields = ids.stack(rows) - 1
    targets = np.zeros((stop - start, 7), dtype=np.int64)
    targets[: len(rows), 0] = np.minimum(advance, END - 1)
    targets[: len(rows), 1:] = fields
    targets[len(rows) :, 0] = END
    sounding = np.zeros(stop - start, dtype=np.float32)
    sounding[: len(rows)] = 1
    return targets, sounding
