"""Writing several drafts at once, one event a step: rows join and leave between steps.

Each row's state and past lie in tensors with a row a draft, and its dice are its own, so that
company changes nothing but the time it takes. A step is a few matrix products over all rows;
what the rules allow is asked of each draft field by field (`audiogroove.tokens.draft`).

The own past is a ring: attention knows time from the keys themselves (see `network.rotate`), so
the order in which they lie does not matter, and a step writes one column instead of moving all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (the field's name for it)

from audiogroove.model.network import Inputs, Memory, MemoryInputs, Network, rotate, rotation
from audiogroove.model.sampling import SCALE_BIAS, Logits, Settings, draw, forbid, lean
from audiogroove.model.tables import Tables
from audiogroove.request import Sampling
from audiogroove.tokens import rules
from audiogroove.tokens.codec import BAR, POSITION
from audiogroove.tokens.draft import Draft, Mask
from audiogroove.tokens.features import Features, Floats, Ints, fold_events, window_features
from audiogroove.tokens.memory import MEMORY, PAST_NOTES, memory_of, times_of
from audiogroove.tokens.vocabulary import DRUMS, MAX_PARTS, Vocabulary

LSTM = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")  # as torch names them
AHEAD = 48  # given notes that the memory holds beyond the next one, while there are more


@dataclass
class Row:
    """One draft in a batch: its dice, how it is sampled, and which given notes it remembers."""

    draft: Draft
    dice: Generator
    sampling: Sampling = field(default_factory=Sampling)
    scale: frozenset[int] | None = None  # pitch classes to prefer …
    scale_nats: float = SCALE_BIAS  # … by so much
    first_bar: int = 0  # times count from here
    past_entries: int = 0  # memory entries before the upcoming notes …
    base: int = 0  # … the first of which is this given note …
    room: int = 0  # … and how many of them it holds
    programs: Ints = field(default_factory=lambda: np.zeros(MAX_PARTS, dtype=np.int64))

    @property
    def aligned(self) -> int:
        """The memory entry of the next given note, 0 when there is none."""
        ahead = self.draft.upcoming - self.base
        return self.past_entries + ahead if ahead < self.room else 0

    @property
    def entries(self) -> int:
        """How many entries the memory has."""
        return self.past_entries + self.room

    @property
    def is_stale(self) -> bool:
        """Whether the memory should be read anew, further on."""
        more = len(self.draft.given) > self.base + self.room
        return more and self.draft.upcoming - self.base > self.room - AHEAD


@dataclass
class _Slots:
    """The tensors of all rows; the first dimension is the row."""

    hidden: Tensor  # (B, layers, hidden): each layer's h
    cell: Tensor  # (B, layers, hidden): each layer's c
    keys: Tensor  # (B, H, W + MEMORY, head_size): the ring first, then the memory
    values: Tensor
    open: Tensor  # (B, W + MEMORY) bool: which of them there are
    states: Tensor  # (B, MEMORY, 2 * encoder)
    written: Tensor  # (B,) long: events in the ring so far
    wishes: Tensor  # (B, embed): the wishes' embedding
    part_keys: Tensor  # (B, MAX_PARTS, chain)

    def keep(self, rows: list[int]) -> "_Slots":
        """Take some rows."""
        return _Slots(*(tensor[rows] for tensor in vars(self).values()))

    def join(self, other: "_Slots") -> "_Slots":
        """Put the rows of another below one's own."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return _Slots(*(torch.cat(pair) for pair in pairs))


class Batch:
    """Rows that are written together."""

    def __init__(self, network: Network, words: Vocabulary, tables: Tables | None = None) -> None:
        self._network = network
        self._lstms = [[layer.get_parameter(name) for name in LSTM] for layer in network.layers]
        self._words = words
        self._tables = tables or Tables(network)
        self._rows: list[Row] = []
        self._slots: _Slots | None = None
        self._settings = Settings.of([])
        pitches = np.asarray(words["pitch"].values)
        self._melodic = pitches < DRUMS
        self._pitches = pitches % DRUMS

    @property
    def rows(self) -> tuple[Row, ...]:
        """Who is in the batch, in order."""
        return tuple(self._rows)

    @torch.inference_mode()
    def join(self, row: Row) -> None:
        """Let a row in: read what it knows, and warm the decoder with the last of it."""
        own = self._warm(row)
        self._slots = own if self._slots is None else self._slots.join(own)
        self._rows.append(row)
        self._settle()

    def leave(self, rows: Sequence[Row]) -> None:
        """Let rows out, finished or not."""
        if not rows:
            return  # taking rows copies all the others' tensors
        gone = {id(row) for row in rows}
        kept = [index for index, row in enumerate(self._rows) if id(row) not in gone]
        self._rows = [self._rows[index] for index in kept]
        self._slots = self._slots.keep(kept) if self._slots is not None and kept else None
        self._settle()

    @torch.inference_mode()
    def step(self) -> list[Row]:
        """Write one event in every row; give the rows that are finished by it.

        Raises:
            ValueError: when there is no row.
        """
        if self._slots is None:
            raise ValueError("a step of an empty batch")
        hidden = self._advance(self._slots)
        self._decide(hidden, self._slots)
        for index, row in enumerate(self._rows):
            if row.is_stale and not row.draft.over:
                self._remember(row, self._slots, index)
        return [row for row in self._rows if row.draft.over]

    # Reading what is known.

    def _warm(self, row: Row) -> _Slots:
        network, config, draft = self._network, self._network.config, row.draft
        start = max(0, draft.length - config.window)
        row.first_bar = draft.events[start - 1][BAR] if start else 0
        row.programs = np.zeros(MAX_PARTS, dtype=np.int64)
        row.programs[: len(draft.program_ids)] = draft.program_ids + 1
        slots = self._empty_slots(row)
        memory = self._remember(row, slots, 0)
        if draft.length:
            inputs = self._known_inputs(row, start)
            _, state = network(inputs, memory)
            for layer, (h, c) in enumerate(state.lstm):
                slots.hidden[:, layer], slots.cell[:, layer] = h, c
            count = state.keys.shape[2]
            slots.keys[:, :, :count] = state.keys
            slots.values[:, :, :count] = state.values
            slots.open[:, :count] = True
            slots.written[:] = count
        return slots

    def _empty_slots(self, row: Row) -> _Slots:
        config = self._network.config
        programs = torch.from_numpy(row.programs)[None]
        shape = (1, config.heads, MEMORY + config.window, config.head_size)
        return _Slots(
            hidden=torch.zeros(1, len(self._lstms), config.hidden),
            cell=torch.zeros(1, len(self._lstms), config.hidden),
            keys=torch.zeros(shape),
            values=torch.zeros(shape),
            open=torch.zeros(1, MEMORY + config.window, dtype=torch.bool),
            states=torch.zeros(1, MEMORY, 2 * config.encoder),
            written=torch.zeros(1, dtype=torch.long),
            wishes=torch.from_numpy(self._tables.wishes(row.draft.brief.frame.wishes[None])),
            part_keys=self._network.heads.part_keys(programs),
        )

    def _remember(self, row: Row, slots: _Slots, index: int) -> Memory:
        """Read the row's memory into its slot: some past, and the next given notes."""
        draft = row.draft
        start = max(0, draft.length - self._network.config.window)
        row.base, parts = draft.upcoming, len(draft.program_ids)
        past = min(PAST_NOTES, start)
        row.past_entries = 1 + parts + past
        row.room = min(MEMORY - row.past_entries, len(draft.given) - row.base)
        events = np.array(draft.events[start - past : start], dtype=np.int32).reshape(-1, 6)
        events = np.concatenate((events, draft.given[row.base : row.base + row.room]))
        ids = fold_events(events, draft.brief.frame.programs, self._words)
        given = np.arange(len(events))
        entries, times = memory_of(events, ids, given, row.programs, row.first_bar)
        known = MemoryInputs(
            torch.from_numpy(entries)[None],
            torch.from_numpy(draft.brief.frame.wishes)[None],
            torch.from_numpy(times)[None],
            torch.tensor([len(entries)]),
        )
        memory = self._network.encode(known)
        size = len(entries)
        slots.states[index, :size] = memory.states[0]
        window = self._network.config.window
        slots.keys[index, :, window : window + size] = memory.keys[0]
        slots.values[index, :, window : window + size] = memory.values[0]
        slots.open[index, window:] = torch.arange(MEMORY) < size
        return memory

    def _known_inputs(self, row: Row, start: int) -> Inputs:
        """Describe the steps that wrote the last of what stands already."""
        draft, frame = row.draft, row.draft.brief.frame
        past = row.past_entries - 1 - len(draft.program_ids)
        standing = np.array(draft.events, dtype=np.int32)
        events = np.concatenate((standing, draft.given[: row.room]))
        given = np.concatenate(
            (
                np.arange(start - past, start),
                np.arange(len(standing), len(events)),
            )
        )
        ids = fold_events(events, frame.programs, self._words)
        features, _ = window_features(events, ids, frame, start, len(standing), given)
        times = times_of(events, np.arange(start, len(standing)) - 1, row.first_bar)
        return _as_inputs(features, frame.wishes, times)

    # One step.

    def _advance(self, slots: _Slots) -> Tensor:
        """Take the cursors in and give hidden states, (B, hidden)."""
        network, rows = self._network, self._rows
        drafts = [row.draft for row in rows]
        aligned = slots.states[torch.arange(len(rows)), torch.tensor([row.aligned for row in rows])]
        told = self._tables.embed(
            np.array([draft.cursor_row() for draft in drafts]),
            np.array([draft.place() for draft in drafts]),
            np.array([draft.lookback() for draft in drafts]),
            np.stack([draft.remaining() for draft in drafts]),
            aligned.numpy(),
        )
        hidden = torch.from_numpy(told) + slots.wishes
        for index, weights in enumerate(self._lstms):
            before = (slots.hidden[:, index], slots.cell[:, index])
            h, c = torch.lstm_cell(hidden, before, *weights)
            slots.hidden[:, index], slots.cell[:, index] = h, c
            out = network.norms[index](h)
            hidden = out if index == 0 else hidden + out
        mixed = self._attend(hidden, slots)
        normed: Tensor = network.norms[2](hidden + mixed)
        return normed

    def _attend(self, hidden: Tensor, slots: _Slots) -> Tensor:
        time = torch.tensor([self._time(row) for row in self._rows])[:, None]
        network, config = self._network, self._network.config
        split = network.own(hidden).view(len(hidden), 3, config.heads, 1, config.head_size)
        turn = rotation(time)
        query, key, value = rotate(split[:, 0], turn), rotate(split[:, 1], turn), split[:, 2]
        rows = torch.arange(len(hidden))
        place = slots.written % config.window
        slots.keys[rows, :, place] = key.squeeze(2)
        slots.values[rows, :, place] = value.squeeze(2)
        slots.open[rows, place] = True
        slots.written += 1
        reach = config.window + max(row.entries for row in self._rows)
        mixed = F.scaled_dot_product_attention(
            query,
            slots.keys[:, :, :reach],
            slots.values[:, :, :reach],
            attn_mask=slots.open[:, None, None, :reach],
        )
        attended: Tensor = network.attended(mixed.flatten(1))
        return attended

    def _decide(self, hidden: Tensor, slots: _Slots) -> None:
        """Decide the six fields in their order, each draft told of each decision."""
        tables, drafts = self._tables, [row.draft for row in self._rows]
        query = tables.queries(hidden.numpy())
        pick = _Picker(self._settings, np.stack([row.dice.random(6) for row in self._rows]), drafts)
        bar = pick("bar", tables.decide("bar", query["bar"]), Draft.bar_options, Draft.take_bar)
        scores = tables.decide("position", query["position"], bar)
        position = pick("position", scores, Draft.position_options, Draft.take_position)
        busy = np.stack([draft.busy() for draft in drafts])
        scores = tables.decide_part(query["part"], slots.part_keys.numpy(), busy, bar, position)
        pick("part", scores, Draft.part_options, Draft.take_part)
        part = np.array([draft.turn.part for draft in drafts])
        program = np.array([draft.program_ids[draft.turn.part] for draft in drafts])
        own = np.stack([draft.own() for draft in drafts]) - 1
        known = (position, part, program)
        told = tables.with_chord(query["pitch"], np.stack([draft.chord() for draft in drafts]))
        scores = tables.decide("pitch", told, *known, own[:, 0])
        pitch = pick("pitch", scores, Draft.pitch_options, Draft.take_pitch, self._lean)
        scores = tables.decide("duration", query["duration"], *known, pitch, own[:, 1])
        length = pick("duration", scores, Draft.duration_options, Draft.take_duration)
        scores = tables.decide("velocity", query["velocity"], *known, pitch, length, own[:, 2])
        pick("velocity", scores, None, Draft.take_velocity)

    def _lean(self, logits: Logits) -> Logits:
        """Lean against pitches outside the wished scales."""
        if all(row.scale is None for row in self._rows):
            return logits
        against = np.zeros(logits.shape, dtype=bool)
        for index, row in enumerate(self._rows):
            if row.scale is not None:
                against[index] = self._melodic & rules.outside_scale(self._pitches, row.scale)
        return lean(logits, against, np.array([[row.scale_nats] for row in self._rows]))

    def _time(self, row: Row) -> tuple[float, float]:
        if not row.draft.events:
            return 0.0, 0.0
        last = row.draft.events[-1]
        return float(last[BAR] - row.first_bar), last[POSITION] / 12.0

    def _settle(self) -> None:
        self._settings = Settings.of([row.sampling for row in self._rows])


class _Picker:
    """Asks every draft what is allowed, draws, and tells every draft what was drawn."""

    def __init__(self, settings: Settings, dice: Logits, drafts: list[Draft]) -> None:
        self._settings = settings
        self._dice = iter(dice.T[:, :, None])
        self._drafts = drafts

    def __call__(
        self,
        name: str,
        scores: Floats,
        options: Callable[[Draft], Mask] | None,
        take: Callable[[Draft, int], None],
        wish: Callable[[Logits], Logits] = lambda logits: logits,
    ) -> Ints:
        """Draw one field for all rows, ids (B,): what the rules allow, as far as it is wished."""
        logits = scores.astype(np.float64)
        if options is not None:
            logits = forbid(logits, np.stack([options(draft) for draft in self._drafts]))
        logits = wish(logits)  # after the rules, so that a ban can give way to them
        chosen = draw(self._settings.filtered(name, logits), next(self._dice))
        for draft, one in zip(self._drafts, chosen.tolist(), strict=True):
            take(draft, one)
        return chosen


def _as_inputs(features: Features, wishes: Ints, times: Floats) -> Inputs:
    told = [getattr(features, name) for name in Inputs._fields[:5]]
    return Inputs._make(torch.from_numpy(array)[None] for array in (*told, wishes, times))
