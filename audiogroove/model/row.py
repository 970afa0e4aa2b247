"""One draft in a batch, and all that is its own there: dice, wishes, memory, past and state."""

from dataclasses import dataclass, field

import torch
from numpy.random import Generator
from torch import Tensor

from audiogroove.model.network import Memory
from audiogroove.model.sampling import SCALE_BIAS
from audiogroove.model.tables import Floats, Ints
from audiogroove.request import Sampling
from audiogroove.tokens.codec import BAR, POSITION
from audiogroove.tokens.draft import Draft

AHEAD = 48  # given notes that the memory holds beyond the next one, while there are more


@dataclass
class Row:
    """One draft: its dice, and how it is sampled."""

    draft: Draft
    dice: Generator
    sampling: Sampling = field(default_factory=Sampling)
    scale: frozenset[int] | None = None  # pitch classes to prefer …
    scale_nats: float = SCALE_BIAS  # … by so much


class Past:
    """The keys and values that a row attends to: its memory, and its own last W steps.

    The steps lie in a ring: attention knows time from the keys themselves (see `network.rotate`),
    so their order does not matter, and a step writes one column instead of moving all. They are
    as many as the row has taken, and not as any other row in the batch has: sums over more would
    end in other bits.
    """

    def __init__(self, heads: int, window: int, head_size: int) -> None:
        """Begin with nothing."""
        self.entries = 0  # of the memory, which lies before the ring
        self.steps = 0  # in the ring …
        self._next = 0  # … where the next one goes
        self._window = window
        self._fill(torch.zeros(2, heads, window, head_size))

    @property
    def reach(self) -> tuple[Tensor, Tensor]:
        """Keys and values, (1, H, entries + steps, head_size)."""
        count = self.entries + self.steps
        if count == self._array.shape[2]:
            return self._keys, self._values
        return self._keys.narrow(2, 0, count), self._values.narrow(2, 0, count)

    def write(self, step: Floats) -> None:
        """Put a step's key and value, (2, H, head_size), in the place of the oldest."""
        self._array[:, :, self.entries + self._next] = step
        self._next = (self._next + 1) % self._window
        self.steps = min(self.steps + 1, self._window)

    def write_all(self, keys: Tensor, values: Tensor) -> None:
        """Begin the ring with up to W steps' keys and values, (1, H, steps, head_size)."""
        self.steps = keys.shape[2]
        self._next = self.steps % self._window
        ring = slice(self.entries, self.entries + self.steps)
        self._keys[:, :, ring], self._values[:, :, ring] = keys, values

    def remember(self, memory: Memory) -> None:
        """Attend to this memory of one row from now on; the ring stays as it is."""
        ring = torch.cat((self._keys, self._values))[:, :, self.entries :]
        self.entries = memory.keys.shape[2]
        self._fill(torch.cat((torch.cat((memory.keys, memory.values)), ring), dim=2))

    def _fill(self, both: Tensor) -> None:
        self._keys, self._values = both[:1], both[1:]
        self._array: Floats = both.numpy()


@dataclass
class Recall:
    """What a row knows, where its times count from, and which given notes it remembers."""

    draft: Draft
    programs: Ints  # (MAX_PARTS,) ids from 1, 0 where there is no part
    part_keys: Floats  # (MAX_PARTS, chain)
    state: Floats  # (layers, 2, hidden): each layer's h and c when the row joins
    past: Past
    first_bar: int  # times count from here
    states: Floats  # (entries, 2 * encoder): the memory …
    past_entries: int = 0  # … entries of which come before the upcoming notes …
    base: int = 0  # … the first of which is this given note …
    room: int = 0  # … and how many of them it holds

    @property
    def aligned(self) -> int:
        """The memory entry of the next given note, 0 when there is none."""
        ahead = self.draft.upcoming - self.base
        return self.past_entries + ahead if ahead < self.room else 0

    @property
    def is_stale(self) -> bool:
        """Whether the memory should be read anew, further on."""
        more = len(self.draft.given) > self.base + self.room
        return more and self.draft.upcoming - self.base > self.room - AHEAD

    @property
    def time(self) -> tuple[float, float]:
        """The bar and the quarter in it of the last event."""
        if not self.draft.events:
            return 0.0, 0.0
        last = self.draft.events[-1]
        return last[BAR] - self.first_bar, last[POSITION] / 12
