"""The training loop: resumable to the step, on a CPU, a GPU, or several through torchrun.

Needs torch, numpy and safetensors only. Every batch follows from (seed, step, rank), so that a
run that was killed goes on with the very batch it would have seen.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, distributed

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.checkpoint import save as save_checkpoint
from audiogroove.model.network import FIELDS, Config, Network
from audiogroove.training import card
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import learn_customs, number_styles
from audiogroove.training.loss import field_losses, nats_a_note
from audiogroove.training.progress import Progress
from audiogroove.training.recipe import Recipe
from audiogroove.training.windows import Batch, Sampler, to_device

STATE, STATE_WEIGHTS, LOG = "state.json", "state.safetensors", "log.jsonl"


@dataclass(frozen=True)
class Place:
    """Where a process stands among those that train together, and on what it computes."""

    rank: int
    count: int
    device: torch.device

    @classmethod
    def here(cls) -> "Place":
        """Join the processes that torchrun started, or stand alone."""
        cuda = torch.cuda.is_available()
        if not distributed.is_torchelastic_launched():
            return cls(0, 1, torch.device("cuda" if cuda else "cpu"))
        distributed.init_process_group("nccl" if cuda else "gloo")
        rank = distributed.get_rank()
        index = rank % max(1, torch.cuda.device_count())
        device = torch.device("cuda", index) if cuda else torch.device("cpu")
        return cls(rank, distributed.get_world_size(), device)

    def agree(self, value: float) -> float:
        """Give the first process's value to all, so that all end a run at the same step."""
        if self.count == 1:
            return value
        told = torch.tensor([value], dtype=torch.float64, device=self.device)
        distributed.broadcast(told, src=0)
        return float(told)


class Trainer:
    """One run: weights, their moving average, the optimiser, and how far it is."""

    def __init__(
        self,
        data: Dataset,
        out: Path,
        recipe: Recipe,
        config: Config,
        place: Place,
        *,
        start: Checkpoint | None = None,
    ) -> None:
        """Begin a run, or take up the one in `out`; a new one begins with the weights of `start`.

        Data set and sizes must be those of `start` then, see `as_it_was_for`.
        """
        torch.manual_seed(recipe.seed)
        self._data, self._out, self._recipe, self._place = data, out, recipe, place
        self._styles = number_styles(data, () if start is None else start.styles)
        self._sampler = Sampler(data, self._styles, steps=recipe.window, temper=recipe.temper)
        self.network = Network(config).to(place.device)
        if start is not None:
            self.network.load_state_dict(start.network.state_dict())
        self.average = Network(config).to(place.device).eval().requires_grad_(requires_grad=False)
        self.average.load_state_dict(self.network.state_dict())
        self._optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay
        )
        self.step = 0
        self._elapsed_s = 0.0
        self._progress = Progress(out / LOG if place.rank == 0 else None, quiet=place.rank > 0)
        out.mkdir(parents=True, exist_ok=True)
        if (out / STATE_WEIGHTS).is_file():
            self._resume()

    def run(self) -> None:
        """Train until the recipe is done, saving at intervals and at the end."""
        recipe, saved = self._recipe, time.monotonic()
        if recipe.done(self.step, self._elapsed_s) >= 1:
            return
        tick = saved
        recent: list[dict[str, float]] = []
        for batch in self._batches():
            losses = self._learn(batch)
            now = time.monotonic()
            self._elapsed_s = self._place.agree(self._elapsed_s + now - tick)
            tick = now
            recent.append(losses)
            share = recipe.done(self.step, self._elapsed_s)
            self._progress.show(share, self._elapsed_s, f"{losses['total']:.3f} nats a note")
            if self.step % recipe.log_steps == 0:
                self._log(recent)
                recent = []
            if now - saved > 60 * recipe.save_minutes or share >= 1:
                self.save()
                saved = time.monotonic()
                tick = saved
            if share >= 1:
                return

    def save(self) -> None:
        """Write the state to go on from, and the checkpoint to compose with."""
        if self._place.rank:
            return
        weights = {f"network.{k}": v for k, v in self.network.state_dict().items()}
        weights |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        for index, moments in self._optimiser.state_dict()["state"].items():
            weights |= {f"optimiser.{index}.{k}": v for k, v in moments.items()}
        state = {"step": self.step, "elapsed_s": self._elapsed_s, "recipe": asdict(self._recipe)}
        told = json.dumps(state, indent=1) + "\n"
        # two files cannot be replaced at one stroke: the weights say themselves how old they are
        half = self._out / (STATE_WEIGHTS + ".half")
        stored = {k: v.detach().cpu().contiguous() for k, v in weights.items()}
        save_file(stored, half, metadata={"state": told})
        half.replace(self._out / STATE_WEIGHTS)
        (self._out / STATE).write_text(told)  # for people
        about = Checkpoint(
            self.average,
            self._data.vocabulary,
            tuple(self._styles),
            learn_customs(self._data),
            self._out.name,
            self._data.held_out(),
        )
        save_checkpoint(self._out, about, card=card.write(self._data, state))

    def _resume(self) -> None:
        with safe_open(self._out / STATE_WEIGHTS, framework="pt") as file:
            told = (file.metadata() or {}).get("state") or (self._out / STATE).read_text()
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        state = json.loads(told)
        self.step, self._elapsed_s = int(state["step"]), float(state["elapsed_s"])
        self.network.load_state_dict(_under(stored, "network."))
        self.average.load_state_dict(_under(stored, "average."))
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _under(stored, "optimiser.").items():
            index, moment = name.split(".")
            moments.setdefault(int(index), {})[moment] = tensor
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": moments, "param_groups": groups})

    def _batches(self) -> Iterator[Batch]:
        """Draw batches for ever.

        Yields:
            The batch of the next step; its successor is drawn while it is learnt from.
        """
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self._draw, self.step)
            while True:
                batch = waiting.result()
                waiting = pool.submit(self._draw, self.step + 1)
                yield batch

    def _draw(self, step: int) -> Batch:
        dice = np.random.default_rng((self._recipe.seed, step, self._place.rank))
        return to_device(self._sampler.batch(self._recipe.rows, dice), self._place.device)

    def _learn(self, batch: Batch) -> dict[str, float]:
        """Take one step; give the losses by field and in total, in nats a note."""
        torch.manual_seed(self._recipe.seed * 1_000_003 + self.step * 64 + self._place.rank)
        rate = self._recipe.rate_at(self.step, self._elapsed_s)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self.network.train()
        cuda = self._place.device.type == "cuda"
        with torch.autocast(self._place.device.type, torch.bfloat16, enabled=cuda):
            losses = field_losses(self.network, batch)
            total = nats_a_note(losses, batch)
        self._optimiser.zero_grad(set_to_none=True)
        total.backward()
        self._share_gradients()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self._recipe.clip)
        self._optimiser.step()
        self._follow()
        self.step += 1
        notes = batch.sounding.sum().clamp(min=1)
        by_field = {name: float(loss.detach().sum() / notes) for name, loss in losses.items()}
        return {"total": float(total.detach()), **by_field}

    def _share_gradients(self) -> None:
        if self._place.count == 1:
            return
        gradients = [p.grad for p in self.network.parameters() if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        parts = (flat / self._place.count).split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    @torch.no_grad()
    def _follow(self) -> None:
        """Let the average follow the weights, quickly at first."""
        keep = min(self._recipe.average, (1 + self.step) / (10 + self.step))
        for mean, own in zip(self.average.parameters(), self.network.parameters(), strict=True):
            mean.lerp_(own, 1 - keep)

    def _log(self, recent: list[dict[str, float]]) -> None:
        """Tell the mean of recent losses: fewer than `log_steps` after a run was taken up."""
        notes = self.step * self._recipe.rows * self._recipe.window * self._place.count
        rounded = {
            name: round(sum(losses[name] for losses in recent) / len(recent), 4)
            for name in ("total", *FIELDS)
        }
        rate = self._recipe.rate_at(self.step, self._elapsed_s)
        pace = {"elapsed_s": round(self._elapsed_s, 1), "notes": notes, "rate": round(rate, 6)}
        self._progress.tell({"step": self.step, **pace, **rounded})


def train(
    data: Dataset, out: Path, recipe: Recipe, config: Config, *, start: Checkpoint | None = None
) -> Trainer:
    """Train a network on a data set into a folder, or go on with what lies there; see `Trainer`."""
    trainer = Trainer(data, out, recipe, config, Place.here(), start=start)
    trainer.run()
    return trainer


def as_it_was_for(start: Checkpoint, data: Dataset) -> Dataset:
    """Give the data set in the words and with the division that a model was trained with.

    What it was examined on stays unknown to those that begin with its weights.
    """
    return replace(data.divided(start.held_out), vocabulary=start.vocabulary)


def _under(stored: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in stored.items() if k.startswith(prefix)}
