"""The LSTM-attention network: what is known goes in, the next note's fields come out, chained.

    memory ids ── embed ── bidirectional LSTM ×2 ──┬── keys, values ─────────┐
                                                   └── aligned state ──┐     │
    cursor, place, lookbacks, remaining ── embed ── + ── LSTM ── LSTM ──┴─ attention ── hidden
    hidden ── bar ─▶ position ─▶ part ─▶ pitch ─▶ duration ─▶ velocity

The module holds weights only: `State` goes in and comes out, so that one network serves any
number of rows that join, pause and leave. There is no input feeding: attention comes after the
last LSTM, so training runs on the fused LSTM kernels and a step costs the same at any note.

Shapes: B rows, T steps, M memory entries, W the attention window over the row's own past,
H heads of `head_size` each. See `audiogroove.tokens.features` for the meaning of the inputs.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (the field's name for it)
from typing_extensions import override

from audiogroove.tokens.features import (
    DENSITIES,
    KEYS,
    LOOKBACKS,
    NEAR_BARS,
    PITCH_CLASSES,
    PLACE_SIZES,
    STYLES,
    TEMPOS,
)
from audiogroove.tokens.vocabulary import MAX_PARTS

FIELDS = ("bar", "position", "part", "pitch", "duration", "velocity")

# Attention turns keys and queries by their time (RoPE, Su et al. 2021, arXiv:2104.09864), once
# by the bar and once by the place in it, so that a score depends on how many bars and how many
# quarters apart two notes are. Periods are lengths that music repeats at.
BAR_PERIODS = (2, 3, 4, 6, 8, 16, 32, 64)
QUARTER_PERIODS = (0.5, 1, 1.5, 2, 3, 4, 6, 8)
ROTATED = 2 * (len(BAR_PERIODS) + len(QUARTER_PERIODS))


@dataclass(frozen=True)
class Config:
    """Sizes of a network; with the vocabulary's they determine every weight's shape."""

    vocabulary: dict[str, int]  # ids a field, see Vocabulary.sizes
    embed: int = 320
    look: int = 64  # a looked-up event
    encoder: int = 96  # hidden size of each direction
    hidden: int = 384
    heads: int = 4
    head_size: int = 64  # the first ROTATED of which are turned by time
    chain: int = 192  # hidden size of each field's head
    window: int = 256  # own past that attention reaches
    dropout: float = 0.1


class Inputs(NamedTuple):
    """`Features` of B rows as tensors, with the times attention turns by."""

    cursor: Tensor  # (B, T, 6) long
    place: Tensor  # (B, T, 6) long
    lookback: Tensor  # (B, T, LOOKBACKS, 5) long
    remaining: Tensor  # (B, T, 2 * MAX_PARTS)
    aligned: Tensor  # (B, T) long
    wishes: Tensor  # (B, 4) long
    time: Tensor  # (B, T, 2): the cursor's bar and quarter in the bar


class Chosen(NamedTuple):
    """What the chained heads are conditioned on: the decided fields and `ChainFeatures`."""

    bar: Tensor  # (B, T) long
    position: Tensor  # (B, T) long
    part: Tensor  # (B, T) long
    program: Tensor  # (B, T) long: the program id of the part
    pitch: Tensor  # (B, T) long
    duration: Tensor  # (B, T) long
    busy: Tensor  # (B, T, MAX_PARTS)
    chord: Tensor  # (B, T, 24)
    own: Tensor  # (B, T, 3) long
    programs: Tensor  # (B, MAX_PARTS) long: program id + 1 of each part, 0 where there is none
    activities: Tensor  # (B, MAX_PARTS) long: how busy each part is, 0 where it is not told


class MemoryInputs(NamedTuple):
    """What is known beforehand: entry 0 holds the wishes, then a part each, then given notes."""

    events: Tensor  # (B, M, 8) long: see tokens.memory.memory_of
    wishes: Tensor  # (B, 4) long
    time: Tensor  # (B, M, 2)
    lengths: Tensor  # (B,) long, 1..M


class Memory(NamedTuple):
    """The encoder's answer, computed once a request."""

    states: Tensor  # (B, M, 2 * encoder)
    keys: Tensor  # (B, H, M, head_size)
    values: Tensor  # (B, H, M, head_size)
    valid: Tensor  # (B, M) bool


LEVELS = 127  # of a number in eight bits, on either side of 0


def eighth(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Write each row (…, n) in eight bits: whole numbers up to LEVELS, and their scale, (…, 1)."""
    scales = rows.abs().amax(dim=-1, keepdim=True).clamp(min=1e-12) / LEVELS
    return (rows / scales).round(), scales


class State(NamedTuple):
    """What a row carries from step to step."""

    lstm: tuple[tuple[Tensor, Tensor], ...]  # each layer's h and c, (B, hidden)
    keys: Tensor  # (B, H, W', head_size), W' ≤ W, oldest first
    values: Tensor  # (B, H, W', head_size)
    valid: Tensor  # (B, W') bool


class Bag(nn.Module):
    """Several id columns, each with a table of its own, summed; id 0 adds nothing."""

    offsets: Tensor

    def __init__(self, sizes: tuple[int, ...], width: int) -> None:
        super().__init__()
        starts = [1]
        for size in sizes:
            starts.append(starts[-1] + size)
        self.register_buffer("offsets", torch.tensor(starts[:-1]) - 1, persistent=False)
        self.table = nn.EmbeddingBag(starts[-1], width, mode="sum", padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.5 / len(sizes) ** 0.5)
        with torch.no_grad():
            self.table.weight[0].zero_()

    @override
    def forward(self, ids: Tensor) -> Tensor:
        """Sum the embeddings of ids (..., columns), each 0 or 1..size, to (..., width)."""
        rows = torch.where(ids > 0, ids + self.offsets, 0)
        summed: Tensor = self.table(rows.flatten(0, -2)).unflatten(0, ids.shape[:-1])
        return summed


def rotation(time: Tensor) -> tuple[Tensor, Tensor]:
    """Turn times (..., 2) into cosines and sines (..., ROTATED / 2)."""
    bars = time.new_tensor([2 * torch.pi / period for period in BAR_PERIODS])
    quarters = time.new_tensor([2 * torch.pi / period for period in QUARTER_PERIODS])
    angles = torch.cat((time[..., :1] * bars, time[..., 1:] * quarters), dim=-1)
    return angles.cos(), angles.sin()


def rotate(heads: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Turn the first ROTATED features of heads (B, H, T, head_size) by (B, T, ROTATED / 2)."""
    cos, sin = (part.unsqueeze(1).to(heads.dtype) for part in turn)
    half = ROTATED // 2
    one, two, still = heads[..., :half], heads[..., half:ROTATED], heads[..., ROTATED:]
    return torch.cat((one * cos - two * sin, one * sin + two * cos, still), dim=-1)


class Encoder(nn.Module):
    """Read what is known: a stacked bidirectional LSTM over the memory's entries."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        sizes = config.vocabulary
        self.events = Bag((*_event_sizes(sizes), sizes["bar"], DENSITIES), config.embed)
        self.wishes = Bag(_wish_sizes(), config.embed)
        widths = (config.embed, 2 * config.encoder)
        self.onward, self.back = (
            nn.ModuleList(nn.LSTM(width, config.encoder, batch_first=True) for width in widths)
            for _ in range(2)
        )

    @override
    def forward(self, memory: MemoryInputs) -> Tensor:
        """Encode (B, M) entries to states (B, M, 2 * encoder), whatever the padding holds.

        The backward direction reads each row reversed within its own length. That is what packed
        sequences do too, but they leave the fused kernels: measured 2.8 s against 1.4 s a step.
        """
        states = self.events(memory.events)
        first = states[:, :1] + self.wishes(memory.wishes).unsqueeze(1)
        states = torch.cat((first, states[:, 1:]), dim=1)
        places = torch.arange(states.shape[1], device=states.device)
        lengths = memory.lengths.unsqueeze(1)
        mirror = torch.where(places < lengths, lengths - 1 - places, places).unsqueeze(-1)
        for onward, back in zip(self.onward, self.back, strict=True):
            reverse, _ = back(states.take_along_dim(mirror, dim=1))
            states = torch.cat((onward(states)[0], reverse.take_along_dim(mirror, dim=1)), dim=-1)
        return states * (places < lengths).unsqueeze(-1)


class Heads(nn.Module):
    """Six chained heads: each field is decided knowing the hidden state and those before it."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        size, width = config.vocabulary, config.chain
        bar, position, part = size["bar"], size["position"], MAX_PARTS
        program, pitch, duration, velocity = (
            size[name] for name in ("program", "pitch", "duration", "velocity")
        )
        self.query = nn.Linear(config.hidden, len(FIELDS) * width)
        self.chain = nn.ModuleDict(
            {
                "position": Bag((bar,), width),
                "part": Bag((bar, position), width),
                "pitch": Bag((position, part, program, pitch), width),
                "duration": Bag((position, part, program, pitch, duration), width),
                "velocity": Bag((position, part, program, pitch, duration, velocity), width),
            }
        )
        self.busy = nn.Linear(MAX_PARTS, width, bias=False)
        self.chord = nn.Linear(2 * PITCH_CLASSES, width, bias=False)
        self.parts = Bag((part, program, DENSITIES), width)
        self.out = nn.ModuleDict(
            {name: nn.Linear(width, size[name]) for name in FIELDS if name != "part"}
        )

    def queries(self, hidden: Tensor) -> dict[str, Tensor]:
        """Split hidden (..., hidden) into each field's query (..., chain)."""
        return dict(zip(FIELDS, self.query(hidden).chunk(len(FIELDS), dim=-1), strict=True))

    def bar(self, query: Tensor) -> Tensor:
        """Score bars to go forward: (..., bar ids)."""
        return self._decide("bar", query)

    def position(self, query: Tensor, bar: Tensor) -> Tensor:
        """Score positions in the bar: (..., position ids)."""
        return self._decide("position", query + self._link("position", bar))

    def part(
        self, query: Tensor, keys: Tensor, busy: Tensor, bar: Tensor, position: Tensor
    ) -> Tensor:
        """Score parts against their keys, (B, MAX_PARTS, chain): (B, …, MAX_PARTS)."""
        query = torch.tanh(query + self._link("part", bar, position) + self.busy(busy))
        return torch.einsum("b...c,bpc->b...p", query, keys)

    def pitch(self, query: Tensor, chosen: Chosen) -> Tensor:
        """Score pitches, drum keys among them: (..., pitch ids)."""
        before = chosen.own[..., 0] - 1
        link = self._link("pitch", chosen.position, chosen.part, chosen.program, before)
        return self._decide("pitch", query + link + self.chord(chosen.chord))

    def duration(self, query: Tensor, chosen: Chosen) -> Tensor:
        """Score durations: (..., duration ids)."""
        before = chosen.own[..., 1] - 1
        ids = (chosen.position, chosen.part, chosen.program, chosen.pitch, before)
        return self._decide("duration", query + self._link("duration", *ids))

    def velocity(self, query: Tensor, chosen: Chosen) -> Tensor:
        """Score velocities: (..., velocity ids)."""
        before = chosen.own[..., 2] - 1
        decided = (chosen.position, chosen.part, chosen.program, chosen.pitch, chosen.duration)
        return self._decide("velocity", query + self._link("velocity", *decided, before))

    def part_keys(self, programs: Tensor, activities: Tensor) -> Tensor:
        """Make parts' keys from number, program, activity: twice (B, MAX_PARTS) to (…, chain)."""
        numbers = torch.arange(1, MAX_PARTS + 1, device=programs.device).expand_as(programs)
        keys: Tensor = self.parts(torch.stack((numbers, programs, activities), dim=-1))
        return keys

    def _link(self, field: str, *ids: Tensor) -> Tensor:
        linked: Tensor = self.chain[field](torch.stack(ids, dim=-1) + 1)
        return linked

    def _decide(self, field: str, query: Tensor) -> Tensor:
        scores: Tensor = self.out[field](torch.tanh(query))
        return scores


class Network(nn.Module):
    """Encoder, decoder and heads; see the module's picture."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.keeps_eighths = False  # whether keys and values are rounded to eight bits
        sizes, embed, inner = config.vocabulary, config.embed, config.heads * config.head_size
        looked = (NEAR_BARS, *(_event_sizes(sizes)[i] for i in (0, 1, 3, 4)))
        place = tuple(size or sizes["meter"] for size in PLACE_SIZES)
        self.encoder = Encoder(config)
        self.cursor = Bag(_event_sizes(sizes), embed)
        self.place = Bag(place, embed)
        self.wishes = Bag(_wish_sizes(), embed)
        self.look = nn.ModuleList(Bag(looked, config.look) for _ in range(LOOKBACKS))
        beside = LOOKBACKS * config.look + 2 * MAX_PARTS + 2 * config.encoder
        self.beside = nn.Linear(beside, embed)
        self.layers = nn.ModuleList(
            [
                nn.LSTM(embed, config.hidden, batch_first=True),
                nn.LSTM(config.hidden, config.hidden, batch_first=True),
            ]
        )
        self.norms = nn.ModuleList(nn.LayerNorm(config.hidden) for _ in range(3))
        self.own = nn.Linear(config.hidden, 3 * inner, bias=False)
        self.known = nn.Linear(2 * config.encoder, 2 * inner, bias=False)
        self.attended = nn.Linear(inner, config.hidden, bias=False)
        self.heads = Heads(config)

    def encode(self, memory: MemoryInputs) -> Memory:
        """Read what is known beforehand, once a request."""
        states = self.encoder(memory)
        keys, values = self._split(self.known(states), 2)
        turned, values = self._kept(rotate(keys, rotation(memory.time))), self._kept(values)
        places = torch.arange(states.shape[1], device=states.device)
        return Memory(states, turned, values, places < memory.lengths.unsqueeze(1))

    @override
    def forward(
        self, inputs: Inputs, memory: Memory, state: State | None = None
    ) -> tuple[Tensor, State]:
        """Run T steps at once, teacher-forced: hidden (B, T, hidden) and the state after them."""
        hidden = self.embed(inputs, memory)
        after = []
        for index, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=False)):
            before = None if state is None else tuple(s.unsqueeze(0) for s in state.lstm[index])
            out, (h, c) = layer(hidden, before)
            out = norm(self._drop(out))
            hidden = out if index == 0 else hidden + out
            after.append((h[0], c[0]))
        mixed, keys, values, valid = self._attend(hidden, inputs, memory, state)
        window = self.config.window
        kept = State(tuple(after), keys[:, :, -window:], values[:, :, -window:], valid[:, -window:])
        return self.norms[2](hidden + self._drop(mixed)), kept

    def logits(self, hidden: Tensor, chosen: Chosen) -> dict[str, Tensor]:
        """Score every field of T decided events, teacher-forced: field to (B, T, ids)."""
        heads = self.heads
        query = heads.queries(hidden)
        keys = heads.part_keys(chosen.programs, chosen.activities)
        parts = heads.part(query["part"], keys, chosen.busy, chosen.bar, chosen.position)
        return {
            "bar": heads.bar(query["bar"]),
            "position": heads.position(query["position"], chosen.bar),
            "part": parts.masked_fill(chosen.programs.unsqueeze(1) == 0, -1e4),
            "pitch": heads.pitch(query["pitch"], chosen),
            "duration": heads.duration(query["duration"], chosen),
            "velocity": heads.velocity(query["velocity"], chosen),
        }

    def embed(self, inputs: Inputs, memory: Memory) -> Tensor:
        """Sum what is told at each step, (B, T, embed)."""
        looked = [bag(inputs.lookback[..., i, :]) for i, bag in enumerate(self.look)]
        index = inputs.aligned.unsqueeze(-1).expand(-1, -1, memory.states.shape[-1])
        aligned = memory.states.gather(1, index)
        beside = self.beside(torch.cat((*looked, inputs.remaining, aligned), dim=-1))
        summed = self.cursor(inputs.cursor) + self.place(inputs.place) + beside
        return self._drop(summed + self.wishes(inputs.wishes).unsqueeze(1))

    def _attend(
        self, hidden: Tensor, inputs: Inputs, memory: Memory, state: State | None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Attend to the memory and the last W steps; also give the own keys and values kept."""
        query, keys, values = self._split(self.own(hidden), 3)
        turn = rotation(inputs.time)
        query, keys, values = (
            rotate(query, turn),
            self._kept(rotate(keys, turn)),
            self._kept(values),
        )
        batch, _, steps, _ = keys.shape
        valid = torch.ones(batch, steps, dtype=torch.bool, device=keys.device)
        if state is not None:
            keys = torch.cat((state.keys, keys), dim=2)
            values = torch.cat((state.values, values), dim=2)
            valid = torch.cat((state.valid, valid), dim=1)
        past = keys.shape[2] - steps
        here = torch.arange(steps, device=keys.device)[:, None] + past
        there = torch.arange(past + steps, device=keys.device)
        near = (there <= here) & (there > here - self.config.window)  # (T, W' + T)
        own = near & valid[:, None, :]
        known = memory.valid[:, None, :].expand(-1, steps, -1)
        mixed = F.scaled_dot_product_attention(
            query,
            torch.cat((memory.keys, keys), dim=2),
            torch.cat((memory.values, values), dim=2),
            attn_mask=torch.cat((known, own), dim=-1).unsqueeze(1),
        )
        return self.attended(mixed.transpose(1, 2).flatten(2)), keys, values, valid

    def _kept(self, entries: Tensor) -> Tensor:
        """Give keys or values as they are kept, (…, head_size)."""
        if not self.keeps_eighths:
            return entries
        numbers, scales = eighth(entries)
        return numbers * scales

    def _split(self, flat: Tensor, count: int) -> tuple[Tensor, ...]:
        """Split (B, T, count · H · head_size) into count tensors (B, H, T, head_size)."""
        sizes = (count, self.config.heads, self.config.head_size)
        shaped: Tensor = flat.unflatten(-1, sizes)
        return shaped.permute(2, 0, 3, 1, 4).unbind(0)

    def _drop(self, hidden: Tensor) -> Tensor:
        """Drop whole features for all steps of a row (locked dropout, Gal & Ghahramani 2016)."""
        if not self.training or not self.config.dropout:
            return hidden
        keep = torch.full_like(hidden[:, :1], 1 - self.config.dropout)
        return hidden * torch.bernoulli(keep) / (1 - self.config.dropout)


def _event_sizes(vocabulary: dict[str, int]) -> tuple[int, ...]:
    names = ("program", "pitch", "duration", "velocity")
    return (vocabulary["position"], MAX_PARTS, *(vocabulary[name] for name in names))


def _wish_sizes() -> tuple[int, ...]:
    return (STYLES, KEYS, TEMPOS, DENSITIES)
