"""How a network is trained: the numbers that a run is made from."""

from dataclasses import dataclass
from math import cos, pi


@dataclass(frozen=True)
class Recipe:
    """One run's settings.

    A run ends after `steps`, or after `minutes` of work when that is set; the learning rate
    follows whichever it is.
    """

    steps: int = 4000
    minutes: float | None = None
    rows: int = 48  # windows a step
    window: int = 256  # notes a window
    rate: float = 2e-3  # AdamW's peak learning rate
    final_rate: float = 2e-5
    warmup_steps: int = 80
    decay: float = 0.02  # of weights, decoupled
    clip: float = 1.0  # gradient norm
    average: float = 0.998  # of the weights' moving average (EMA)
    temper: float = 0.5  # styles are drawn in proportion to notes ** temper
    seed: int = 1
    save_minutes: float = 4.0
    log_steps: int = 20

    def done(self, step: int, elapsed_s: float) -> float:
        """Tell which share of the run is done, 0..1."""
        if self.minutes is not None:
            return min(1.0, elapsed_s / (60 * self.minutes))
        return min(1.0, step / self.steps)

    def rate_at(self, step: int, elapsed_s: float) -> float:
        """Give the learning rate: a linear warm-up, then half a cosine down."""
        if step < self.warmup_steps:
            return self.rate * (step + 1) / self.warmup_steps
        wave = (1 + cos(pi * self.done(step, elapsed_s))) / 2
        return self.final_rate + (self.rate - self.final_rate) * wave
