"""The ancestor's plan: a flat stream of tokens, and the last 32 of them read anew for every token.

Three bidirectional LSTMs lie under self-attention over a window of tokens; what stands at the
window's last place foretells the next token. Nothing is carried from window to window, so nothing
can be kept: a note, which is six tokens, costs six readings of the whole window.

What is kept of the original is this plan. What was a mistake in it is not: it was taught the token
eight places ahead and asked for the next one, its tokens knew pitches only, and it wrote part
after part. Here it writes the events of `audiogroove.tokens.codec` in their order.

What it knows beforehand is what our own network knows without wishes: the parts, whose programs
are told with every window and with every token that names a part, and the meter of each bar. It is
spared the choice of what a token is about: scores are compared among the next field's values only,
and among the parts that the piece has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (the field's name for it)
from typing_extensions import override

from audiogroove.model.network import FIELDS, Bag
from audiogroove.tokens.codec import BAR, Events
from audiogroove.tokens.features import Frame, Ints, fold_events
from audiogroove.tokens.vocabulary import END, MAX_PARTS, Vocabulary

WINDOW = 32  # tokens
TOKENS_A_NOTE = len(FIELDS)
LAYERS = 3
HEADS = 4
IMPOSSIBLE = -1e4  # as the network scores parts that are not there
PART = FIELDS.index("part")


def field_sizes(sizes: dict[str, int]) -> tuple[int, ...]:
    """Tell how many tokens each of `FIELDS` has."""
    return tuple(MAX_PARTS if name == "part" else sizes[name] for name in FIELDS)


class Windows(NamedTuple):
    """Windows of tokens before a token, and that token; id 0 is nothing."""

    tokens: Tensor  # (B, WINDOW) long, from 1
    told: Tensor  # (B, WINDOW, 2) long: program of a token that names a part; meter; both from 1
    programs: Tensor  # (B, MAX_PARTS) long, from 1
    field: Tensor  # (B,) long: what the next token is about, an index of FIELDS
    target: Tensor  # (B,) long: the next token, from 0


@dataclass(frozen=True)
class Stream:
    """One piece as tokens, its end included; before them lies a window of nothing."""

    tokens: Ints  # (WINDOW + tokens,)
    told: Ints  # (WINDOW + tokens, 2)
    programs: Ints  # (MAX_PARTS,)

    @classmethod
    def of(cls, events: Events, frame: Frame, words: Vocabulary) -> "Stream":
        """Write events as tokens: note by note, field by field, and the end as a bar's value."""
        ids = fold_events(events, frame.programs, words)
        advance = np.minimum(np.diff(events[:, BAR], prepend=0), END - 1)
        rest = (ids.position, ids.part, ids.pitch, ids.duration, ids.velocity)
        starts = np.cumsum((0, *field_sizes(words.sizes)[:-1])) + 1
        notes = np.stack((advance, *rest), axis=1) + starts
        told = np.zeros((*notes.shape, 2), dtype=np.int64)
        told[:, PART, 0] = ids.program + 1
        told[..., 1] = frame.meters[events[:, BAR]][:, None] + 1
        nothing = np.zeros((WINDOW, 2), dtype=np.int64)
        programs = np.zeros(MAX_PARTS, dtype=np.int64)
        programs[: len(frame.programs)] = words["program"].ids(frame.programs) + 1
        return cls(
            np.concatenate((nothing[:, 0], notes.ravel(), [END + 1])),
            np.concatenate((nothing, told.reshape(-1, 2), nothing[:1])),
            programs,
        )

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.tokens) - WINDOW


def windows_of(streams: Sequence[Stream], places: Sequence[Ints]) -> Windows:
    """Cut the windows before the tokens at `places` (each 0..len - 1) out of each stream."""
    reach = np.arange(WINDOW)
    cut = [place[:, None] + reach for place in places]
    pairs = list(zip(streams, places, cut, strict=True))
    return Windows(
        _joined([stream.tokens[rows] for stream, _, rows in pairs]),
        _joined([stream.told[rows] for stream, _, rows in pairs]),
        _joined([np.tile(stream.programs, (len(place), 1)) for stream, place, _ in pairs]),
        _joined([place % TOKENS_A_NOTE for place in places]),
        _joined([stream.tokens[place + WINDOW] - 1 for stream, place, _ in pairs]),
    )


def _joined(arrays: Sequence[NDArray[np.int64]]) -> Tensor:
    return torch.from_numpy(np.concatenate(arrays))


class Ancestor(nn.Module):
    """Stacked bidirectional LSTMs under self-attention, over a window of tokens."""

    fields: Tensor  # (fields, tokens) bool: which tokens are about which field

    def __init__(self, sizes: dict[str, int], *, embed: int, hidden: int) -> None:
        super().__init__()
        counts = field_sizes(sizes)
        self.tokens = Bag((sum(counts),), embed)
        self.told = Bag((sizes["program"], sizes["meter"]), embed)
        self.parts = Bag((MAX_PARTS, sizes["program"]), embed)
        self.layers = nn.ModuleList(
            nn.LSTM(width, hidden, batch_first=True, bidirectional=True)
            for width in (embed, *[2 * hidden] * (LAYERS - 1))
        )
        self.attention = nn.MultiheadAttention(2 * hidden, HEADS, batch_first=True)
        self.norm = nn.LayerNorm(2 * hidden)
        self.out = nn.Linear(2 * hidden, sum(counts))
        about = torch.zeros(len(counts), sum(counts), dtype=torch.bool)
        for row, (start, count) in enumerate(zip(accumulate((0, *counts)), counts, strict=False)):
            about[row, start : start + count] = True
        self.register_buffer("fields", about, persistent=False)
        self._first_part = sum(counts[:PART])

    @override
    def forward(self, windows: Windows) -> Tensor:
        """Score the next token, (B, tokens)."""
        numbers = torch.arange(1, MAX_PARTS + 1, device=windows.programs.device)
        named = torch.stack((numbers.expand_as(windows.programs), windows.programs), dim=-1)
        present = windows.programs > 0
        listed = (torch.tanh(self.parts(named)) * present.unsqueeze(-1)).sum(1, keepdim=True)
        states = self.tokens(windows.tokens.unsqueeze(-1)) + self.told(windows.told) + listed
        for layer in self.layers:
            states, _ = layer(states)
        last = states[:, -1:]
        mixed, _ = self.attention(last, states, states, need_weights=False)
        scores: Tensor = self.out(self.norm(last + mixed)[:, 0])
        possible = self.fields[windows.field]
        possible[:, self._first_part : self._first_part + MAX_PARTS] &= present
        return scores.masked_fill(~possible, IMPOSSIBLE)

    def losses(self, windows: Windows) -> Tensor:
        """Tell what each next token costs in nats, (B,)."""
        return F.cross_entropy(self(windows), windows.target, reduction="none")
