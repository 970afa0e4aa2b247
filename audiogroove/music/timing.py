"""When things sound: steps of a piece as seconds of a performance."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise

from audiogroove.music.piece import STEPS_PER_QUARTER, Piece


class Timing:
    """A piece's tempos as a clock: each step has its second, and each second its step."""

    def __init__(self, piece: Piece) -> None:
        """Read the tempos of a piece."""
        self._steps = [step for step, _ in piece.tempos]
        self._step_s = [60 / bpm / STEPS_PER_QUARTER for _, bpm in piece.tempos]
        self._seconds = list(accumulate(self._stretches(), initial=0.0))
        self.duration_s = self.seconds_at(piece.steps)  # until the last bar line

    def _stretches(self) -> Iterator[float]:
        for (one, two), step_s in zip(pairwise(self._steps), self._step_s, strict=False):
            yield (two - one) * step_s

    def seconds_at(self, step: float) -> float:
        """Tell the second of a step, from 0; after the piece's end the last tempo goes on."""
        at = bisect_right(self._steps, step) - 1
        return self._seconds[at] + (step - self._steps[at]) * self._step_s[at]

    def step_at(self, seconds: float) -> float:
        """Tell the step of a second, from 0; the inverse of `seconds_at`."""
        at = bisect_right(self._seconds, seconds) - 1
        return self._steps[at] + (seconds - self._seconds[at]) / self._step_s[at]
