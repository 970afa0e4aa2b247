"""The loop that trains a benchmark's network: resumable, each batch following from its seed.

It follows `audiogroove.training.loop` in what it does and shares its `Recipe`; that one is made
for a data set of notes and a checkpoint that composes.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from audiogroove.errors import CheckpointRejected
from audiogroove.training.progress import Progress
from audiogroove.training.recipe import Recipe

WEIGHTS, LOG = "state.safetensors", "log.jsonl"
LOOKS = 24  # how often in a run a network is looked at on the validation split

N = TypeVar("N", bound=nn.Module)


class Study(Protocol[N]):
    """What is learnt: a network, how wrong it is at each step, and which is the best."""

    def network(self) -> N:
        """Make a new network."""
        ...

    def loss(self, network: N, step: int) -> Tensor:
        """Give the mean loss on the batch of a step, in nats; it follows from the step."""
        ...

    def examine(self, network: N) -> float:
        """Give the loss on the validation split, in nats."""
        ...


class Trainer(Generic[N]):
    """One run: weights, their moving average, the average that is kept, and how far it is.

    Time is the processor's, not the clock's: on a shared machine a run is as long as it was meant.
    With `choose` the average that was best on the validation split is kept, else the last. A run
    that lies in `out` already goes on for as long as it was begun for; a finished one is over.

    Raises:
        CheckpointRejected: when what lies in `out` is no such run, or one with other dice.
    """

    def __init__(
        self,
        study: Study[N],
        out: Path,
        recipe: Recipe,
        *,
        choose: bool,
        clock: Callable[[], float] = time.process_time,
    ) -> None:
        torch.manual_seed(recipe.seed)
        self._study, self._out, self._recipe = study, out, recipe
        self._choose, self._clock = choose, clock
        self.network = study.network()
        self.average, self.best = study.network().eval(), study.network().eval()
        for copy in (self.average, self.best):
            copy.requires_grad_(requires_grad=False).load_state_dict(self.network.state_dict())
        self._optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay
        )
        self.step, self._elapsed_s, self._looks = 0, 0.0, 0
        self.lowest = float("inf")
        self._progress = Progress(out / LOG)
        out.mkdir(parents=True, exist_ok=True)
        if (out / WEIGHTS).is_file():
            self._resume()

    @property
    def minutes(self) -> float:
        """Tell how long the processor worked for the run, looks at validation included."""
        return self._elapsed_s / 60

    @property
    def share(self) -> float:
        """Tell which share of the run is done, 0..1."""
        return self._recipe.done(self.step, self._elapsed_s)

    def run(self) -> N:
        """Train until the recipe is done, saving at intervals and at the end; give what is kept."""
        recent: list[float] = []
        tick = saved = self._clock()
        while self.share < 1:
            recent.append(self._learn())
            now = self._clock()
            self._elapsed_s, tick = self._elapsed_s + now - tick, now
            self._progress.show(self.share, self._elapsed_s, f"{recent[-1]:.3f} nats")
            if self.share >= (self._looks + 1) / LOOKS:
                self._look(recent)
                recent = []
            if now - saved > 60 * self._recipe.save_minutes or self.share >= 1:
                self.save()
                saved = now
        return self.best

    def _look(self, recent: list[float]) -> None:
        """Measure the average on the validation split, and keep it if it is to be kept."""
        self._looks = int(self.share * LOOKS)
        nats = self._study.examine(self.average)
        if nats < self.lowest or not self._choose:
            self.lowest = nats
            self.best.load_state_dict(self.average.state_dict())
        told = {"train": sum(recent) / len(recent), "valid": nats, "elapsed_s": self._elapsed_s}
        self._progress.tell({"step": self.step, **{k: round(v, 4) for k, v in told.items()}})

    def save(self) -> None:
        """Write the state to go on from."""
        weights: dict[str, Tensor] = {}
        for name in ("network", "average", "best"):
            own: N = getattr(self, name)
            weights |= {f"{name}.{k}": v.contiguous() for k, v in own.state_dict().items()}
        for index, moments in self._optimiser.state_dict()["state"].items():
            weights |= {f"optimiser.{index}.{k}": v for k, v in moments.items()}
        told = {
            "step": self.step,
            "elapsed_s": self._elapsed_s,
            "looks": self._looks,
            "lowest": self.lowest,
            "recipe": asdict(self._recipe),
        }
        half = self._out / (WEIGHTS + ".half")
        save_file(weights, half, metadata={"state": json.dumps(told)})
        half.replace(self._out / WEIGHTS)

    def _resume(self) -> None:
        try:
            self._restore()
        except (SafetensorError, LookupError, TypeError, ValueError, RuntimeError) as error:
            raise CheckpointRejected(self._out, fault=f"no run to go on with: {error}") from error

    def _restore(self) -> None:
        with safe_open(self._out / WEIGHTS, framework="pt") as file:
            told = json.loads((file.metadata() or {})["state"])
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        begun = told["recipe"]
        if begun["seed"] != self._recipe.seed:
            raise CheckpointRejected(
                self._out, fault=f"its run was begun with seed {begun['seed']}"
            )
        self._recipe = replace(self._recipe, steps=begun["steps"], minutes=begun["minutes"])
        self.step, self._looks = int(told["step"]), int(told["looks"])
        self._elapsed_s, self.lowest = float(told["elapsed_s"]), float(told["lowest"])
        for name in ("network", "average", "best"):
            getattr(self, name).load_state_dict(_under(stored, f"{name}."))
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _under(stored, "optimiser.").items():
            index, moment = name.split(".")
            moments.setdefault(int(index), {})[moment] = tensor
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": moments, "param_groups": groups})

    def _learn(self) -> float:
        torch.manual_seed(self._recipe.seed * 1_000_003 + self.step)
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.rate_at(self.step, self._elapsed_s)
        self.network.train()
        loss = self._study.loss(self.network, self.step)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self._recipe.clip)
        self._optimiser.step()
        self._follow()
        self.step += 1
        return float(loss.detach())

    @torch.no_grad()
    def _follow(self) -> None:
        """Let the average follow the weights, quickly at first."""
        keep = min(self._recipe.average, (1 + self.step) / (10 + self.step))
        for mean, own in zip(self.average.parameters(), self.network.parameters(), strict=True):
            mean.lerp_(own, 1 - keep)


def _under(stored: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in stored.items() if k.startswith(prefix)}
