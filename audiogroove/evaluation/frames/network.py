"""What both benchmarks' networks are made of: the LSTM stack, and scores of steps from a pitch."""

import torch
from torch import Tensor, nn
from typing_extensions import override


class Stack(nn.Module):
    """LSTM layers over frames, each normalised and, from the second on, added to its input.

    The decoder of `audiogroove.model.network` without its attention, which did not pay here: what
    attention would look for in a piece's own past is told to it (see `recall`).
    """

    def __init__(self, width: int, hidden: int, *, layers: int, dropout: float) -> None:
        super().__init__()
        sizes = (width, *(hidden,) * (layers - 1))
        self.layers = nn.ModuleList(nn.LSTM(size, hidden, batch_first=True) for size in sizes)
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in sizes)
        self.dropout = dropout

    @override
    def forward(self, frames: Tensor) -> Tensor:
        """Read frames (B, T, width) from silence on: hidden (B, T, hidden)."""
        hidden = frames
        for index, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
            out = norm(self.drop(layer(hidden)[0]))
            hidden = out if index == 0 else hidden + out
        return self.drop(hidden)

    def drop(self, hidden: Tensor, share: float | None = None) -> Tensor:
        """Drop whole features for all steps of a row (locked dropout, Gal & Ghahramani 2016)."""
        share = self.dropout if share is None else share
        if not self.training or not share:
            return hidden
        keep = torch.full_like(hidden[:, :1], 1 - share)
        return hidden * torch.bernoulli(keep) / (1 - share)


class Steps(nn.Module):
    """Scores of pitches by how far they are from a known one, so that what moves alike is alike.

    A table of `2 * reach + 1` steps is scored and laid over the pitches around the known one;
    pitches out of reach get nothing.
    """

    def __init__(self, width: int, reach: int) -> None:
        super().__init__()
        self.reach = reach
        self.score = nn.Linear(width, 2 * reach + 1)

    @override
    def forward(self, hidden: Tensor, known: Tensor, pitches: int) -> Tensor:
        """Score pitches 0..pitches-1 from hidden (N, width) and known (N,), -1 where none is."""
        steps = torch.arange(pitches, device=known.device) - known.unsqueeze(-1)  # (N, pitches)
        near = (steps.abs() <= self.reach) & (known >= 0).unsqueeze(-1)
        places = (steps + self.reach).clamp(0, 2 * self.reach)
        scores: Tensor = self.score(hidden).gather(-1, places)
        return scores * near
