"""From scores to a choice: small named filters, then one throw of each row's own dice.

Every filter takes logits (B, V) and one setting a row, and gives logits of the same shape, with
-inf where a value may not come. They are applied in the order in which they stand here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from audiogroove.request import Sampling

NEVER = float("-inf")
SCALE_BIAS = 3.0  # nats off for a pitch outside the wished scale
RHYTHM = frozenset({"bar", "position", "duration", "velocity"})  # the fields of its temperature


def forbid(logits: Tensor, allowed: Tensor) -> Tensor:
    """Keep what is allowed, a mask (B, V); a row in which nothing is, is left as it was."""
    hopeless = ~allowed.any(dim=-1, keepdim=True)
    return logits.masked_fill(~(allowed | hopeless), NEVER)


def lean(logits: Tensor, against: Tensor, nats: Tensor) -> Tensor:
    """Lower what is leant against, a mask (B, V), by so many nats a row (B, 1).

    With infinite nats it is a ban, unless nothing else is left in the row.
    """
    left = ((logits > NEVER) & ~against).any(dim=-1, keepdim=True)
    off = torch.where(against & (left | nats.isfinite()), nats, 0.0)
    return logits - off


def temper(logits: Tensor, temperature: Tensor) -> Tensor:
    """Sharpen (below 1) or flatten (above 1) by a temperature a row, (B, 1)."""
    return logits / temperature


def keep_top_k(logits: Tensor, top_k: Tensor) -> Tensor:
    """Keep the k likeliest values of each row, k in (B, 1); 0 keeps all."""
    last = torch.where(top_k > 0, top_k, logits.shape[-1]).clamp(max=logits.shape[-1]) - 1
    bound = logits.sort(dim=-1, descending=True).values.gather(-1, last)
    return logits.masked_fill(logits < bound, NEVER)


def keep_top_p(logits: Tensor, top_p: Tensor) -> Tensor:
    """Keep the fewest likeliest values that make up a share p, (B, 1), of the probability.

    Holtzman et al. 2020 (arXiv:1904.09751). The likeliest value is always kept.
    """
    ordered, order = logits.softmax(dim=-1).sort(dim=-1, descending=True)
    before = ordered.cumsum(dim=-1) - ordered
    beyond = torch.zeros_like(before, dtype=torch.bool).scatter(-1, order, before >= top_p)
    return logits.masked_fill(beyond, NEVER)


def keep_min_p(logits: Tensor, min_p: Tensor) -> Tensor:
    """Drop values less likely than a share, (B, 1), of the likeliest one's probability.

    Nguyen et al. 2024 (arXiv:2407.01082).
    """
    best = logits.max(dim=-1, keepdim=True).values
    return logits.masked_fill(logits < best + min_p.log(), NEVER)


def draw(logits: Tensor, dice: Tensor) -> Tensor:
    """Choose a value a row by its own throw in [0, 1), (B, 1): the inverse of the distribution."""
    ladder = logits.double().softmax(dim=-1).cumsum(dim=-1)
    chosen = (ladder <= dice * ladder[:, -1:]).sum(dim=-1)
    return chosen.clamp(max=logits.shape[-1] - 1)


@dataclass(frozen=True)
class Settings:
    """The settings of B rows as columns (B, 1)."""

    temperature: Tensor
    rhythm_temperature: Tensor
    top_k: Tensor
    top_p: Tensor
    min_p: Tensor

    @classmethod
    def of(cls, rows: Sequence[Sampling]) -> "Settings":
        """Stack the settings of several requests."""
        def column(name: str, kind: torch.dtype) -> Tensor:
            return torch.tensor([[getattr(row, name)] for row in rows], dtype=kind)

        return cls(
            column("temperature", torch.float32),
            column("rhythm_temperature", torch.float32),
            column("top_k", torch.int64),
            column("top_p", torch.float32),
            column("min_p", torch.float32),
        )

    def filtered(self, field: str, logits: Tensor) -> Tensor:
        """Apply temperature, top-k, top-p and min-p to the scores of one field."""
        warmth = self.rhythm_temperature if field in RHYTHM else self.temperature
        logits = keep_top_k(temper(logits, warmth), self.top_k)
        return keep_min_p(keep_top_p(logits, self.top_p), self.min_p)
