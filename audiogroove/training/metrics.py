"""How well music is foretold that was held out: nats a note, field by field.

What is measured is the negative natural logarithm of the likelihood of whole pieces, shared out
over their notes; the end of a piece is one more value of the field "bar" and counted there.

Conventions

- Values are told apart as the vocabulary does: a folded duration costs what its id costs.
- Nothing is given: the memory holds wishes and parts. A piece's parts and the meter of each bar
  are known beforehand; what listing the parts would cost is told as `parts_list`, so that the
  total and `parts_list` together bound the price of a piece of which not even those are known.
- *Without wishes* style, key, tempo, density, form and number of bars are unknown too. That is
  the figure to compare with others'; *with wishes* shows what knowing them is worth.
- All notes of all pieces are pooled, so a long piece counts more than a short one. The interval
  says how much the figure owes to the choice of pieces: a bootstrap over pieces (Efron 1979).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from audiogroove.errors import RequestRefused
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.network import FIELDS, Chosen, Inputs, Network
from audiogroove.tokens.form import Form, find_form
from audiogroove.tokens.vocabulary import DRUMS, Vocabulary
from audiogroove.training.dataset import Dataset
from audiogroove.training.loss import field_losses_of
from audiogroove.training.windows import (
    Batch,
    Window,
    activities_of,
    collate,
    frame_of,
    to_device,
    without_wishes,
)

STRETCH = 512  # steps that are computed at once; what it is changes no figure
BATCH_ROWS = 16
BATCH_STEPS = 32_768  # of all rows together, unless one piece is longer
RESAMPLES = 2_000
CONFIDENCE = 0.95
SEED = 1

Costs = NDArray[np.float64]  # (pieces, fields) nats, fields as FIELDS


@dataclass(frozen=True, slots=True)
class Cost:
    """What the notes of some pieces cost; `fields` holds nats a note by the names of `FIELDS`."""

    pieces: int
    notes: int
    fields: dict[str, float]

    @property
    def total(self) -> float:
        """All fields together, nats a note."""
        return sum(self.fields.values())


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well one foreteller did on one split: over all notes, and style by style."""

    name: str
    split: str
    overall: Cost
    interval: tuple[float, float]  # of the overall total, 95 %
    styles: dict[str, Cost]  # most notes first
    parts_list: float  # nats a note, not in the total

    def to_json(self) -> dict[str, object]:
        """Write an evaluation as JSON values, its totals beside its fields; see `of`."""
        told = asdict(self) | {"interval": list(self.interval)}
        told["overall"]["total"] = self.overall.total
        for style, cost in self.styles.items():
            told["styles"][style]["total"] = cost.total
        return told

    @classmethod
    def of(cls, entry: dict[str, Any]) -> "Evaluation":
        """Make an evaluation from its JSON object; undoes `to_json`."""
        low, high = entry["interval"]
        return cls(
            entry["name"],
            entry["split"],
            _cost_of(entry["overall"]),
            (low, high),
            {style: _cost_of(cost) for style, cost in entry["styles"].items()},
            entry["parts_list"],
        )

    def table(self) -> str:
        """Draw a line for all notes and one a style, as a Markdown table."""
        rows = [(self.name, self.overall), *self.styles.items()]
        lines = [f"| {self.split} | pieces | notes | nats a note | {' | '.join(FIELDS)} |"]
        lines.append("|---|" + "--:|" * (3 + len(FIELDS)))
        for name, cost in rows:
            lines.append(f"| {name} | {cost.pieces} | {cost.notes} | {_figures(cost)} |")
        return "\n".join(lines)


def compare(evaluations: Sequence[Evaluation]) -> str:
    """Draw evaluations of the same pieces under one another, as a Markdown table."""
    lines = [f"| on {evaluations[0].split} | nats a note | {' | '.join(FIELDS)} | 95 % |"]
    lines.append("|---|" + "--:|" * (2 + len(FIELDS)))
    for one in evaluations:
        low, high = one.interval
        lines.append(f"| {one.name} | {_figures(one.overall)} | {low:.2f}–{high:.2f} |")
    return "\n".join(lines)


def evaluate(
    checkpoint: Checkpoint,
    data: Dataset,
    *,
    split: str = "test",
    limit: int | None = None,
    wishes: bool = False,
    progress: Callable[[int], None] = lambda _notes: None,
) -> Evaluation:
    """Read the pieces of a split with a network and add up what their notes cost.

    `progress` is told after each batch how many notes were read in it. Refuses as `pick` does.
    """
    pieces = pick(data, split, limit=limit)
    numbers = {style: index + 1 for index, style in enumerate(checkpoint.styles)}
    costs = np.zeros((len(pieces), len(FIELDS)))
    for rows in _batches([data.length(piece) for piece in pieces]):
        windows = [
            whole(data, pieces[row], numbers, checkpoint.vocabulary, wishes=wishes) for row in rows
        ]
        costs[rows] = costs_of(checkpoint.network, windows, checkpoint.vocabulary)
        progress(sum(len(window.events) for window in windows))
    name = f"{checkpoint.name}, {'with' if wishes else 'without'} wishes"
    return summarise(name, data, split, pieces, costs)


def pick(data: Dataset, split: str, *, limit: int | None = None) -> list[int]:
    """List the pieces of a split, rising; with a limit, so many of them, always the same.

    Raises:
        RequestRefused: when the split has no pieces, or the limit allows none.
    """
    pieces = data.split(split)
    if not pieces:
        known = sorted({piece.split for piece in data.pieces})
        raise RequestRefused("split", asked=split, possible=f"one of {', '.join(known)}")
    if limit is not None and limit < 1:
        raise RequestRefused("limit", asked=limit, possible="1 or more")
    if limit is None or limit >= len(pieces):
        return pieces
    return sorted(np.random.default_rng(SEED).permutation(pieces)[:limit].tolist())


def whole(
    data: Dataset, piece: int, styles: dict[str, int], words: Vocabulary, *, wishes: bool
) -> Window:
    """Make a whole piece a window, its end included, with nothing given."""
    events, info = data.events(piece), data.pieces[piece]
    form = find_form(events, info.bars) if wishes else Form.unknown(info.bars)
    frame = frame_of(info, form, len(events), styles, words)
    window = Window(events, frame, 0, len(events) + 1, np.zeros(0, np.int64))
    told = replace(frame, activities=activities_of(window))
    return replace(window, frame=told if wishes else without_wishes(frame))


@torch.inference_mode()
def costs_of(
    network: Network, windows: Sequence[Window], words: Vocabulary, *, stretch: int = STRETCH
) -> Costs:
    """Tell what each window costs in nats, (windows, fields), reading `stretch` steps at once.

    The decoder's state goes from stretch to stretch, and all times are told from the windows'
    beginnings, so that the sum is that of one pass; attention over all steps of a long piece at
    once would need memory in proportion to their square.
    """
    steps = max(window.stop - window.start for window in windows)
    device = next(network.parameters()).device
    batch = to_device(collate(list(windows), words, steps=steps), device)
    memory, state = network.encode(batch.memory), None
    costs = torch.zeros(len(windows), len(FIELDS), dtype=torch.float64)
    for start in range(0, steps, stretch):
        part = _stretch_of(batch, slice(start, start + stretch))
        hidden, state = network(part.inputs, memory, state)
        losses = field_losses_of(network, hidden, part)
        sums = [losses[field].sum(1, dtype=torch.float64) for field in FIELDS]
        costs += torch.stack(sums, dim=1).cpu()
    return costs.numpy()


def summarise(
    name: str, data: Dataset, split: str, pieces: Sequence[int], costs: Costs
) -> Evaluation:
    """Add up costs of pieces, (pieces, fields) in nats, over all and by style."""
    notes = np.array([data.length(piece) for piece in pieces], dtype=np.int64)
    styles = np.array([data.pieces[piece].style for piece in pieces])
    by_style = {str(one): _pool(notes, costs, styles == one) for one in np.unique(styles)}
    order = sorted(by_style, key=lambda style: -by_style[style].notes)
    return Evaluation(
        name,
        split,
        _pool(notes, costs, np.ones(len(pieces), dtype=bool)),
        _interval(notes, costs.sum(axis=1)),
        {style: by_style[style] for style in order},
        parts_list(data, pieces),
    )


def parts_list(data: Dataset, pieces: Sequence[int]) -> float:
    """Tell what naming the pieces' parts, one program after another, costs in nats a note.

    Programs are drawn as often as the training split has them, each counted once more than it
    occurs; the end of a list is one more value.
    """
    counts = np.ones(DRUMS + 2)
    for piece in data.split("train"):
        np.add.at(counts, [*data.pieces[piece].programs, DRUMS + 1], 1)
    nats = -np.log(counts / counts.sum())
    listed = [[*data.pieces[piece].programs, DRUMS + 1] for piece in pieces]
    return float(sum(nats[own].sum() for own in listed) / sum(map(data.length, pieces)))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group rows of like length within `BATCH_ROWS` and `BATCH_STEPS`.

    Yields:
        Rows, those of the longest pieces first, so that memory runs out at once if it does.
    """
    waiting = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    while waiting:
        longest = lengths[waiting[0]] + 1
        count = min(BATCH_ROWS, max(1, BATCH_STEPS // longest))
        yield waiting[:count]
        waiting = waiting[count:]


def _stretch_of(batch: Batch, steps: slice) -> Batch:
    """Cut some steps out of a batch, of which programs, wishes and memory hold for all steps."""
    inputs = {name: tensor[:, steps] for name, tensor in batch.inputs._asdict().items()}
    chosen = {name: tensor[:, steps] for name, tensor in batch.chosen._asdict().items()}
    return Batch(
        Inputs(**inputs | {"wishes": batch.inputs.wishes}),
        batch.memory,
        Chosen(
            **chosen | {"programs": batch.chosen.programs, "activities": batch.chosen.activities}
        ),
        *(tensor[:, steps] for tensor in batch[3:]),
    )


def _pool(notes: NDArray[np.int64], costs: Costs, chosen: NDArray[np.bool_]) -> Cost:
    count = int(notes[chosen].sum())
    sums = costs[chosen].sum(axis=0) / count
    return Cost(int(chosen.sum()), count, dict(zip(FIELDS, sums.tolist(), strict=True)))


def _interval(notes: NDArray[np.int64], totals: Costs) -> tuple[float, float]:
    """Tell between which totals a note the pieces' mean lies when other pieces are drawn."""
    dice = np.random.default_rng(SEED)
    draws = dice.integers(len(notes), size=(RESAMPLES, len(notes)))
    means = totals[draws].sum(axis=1) / notes[draws].sum(axis=1)
    low, high = np.quantile(means, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return float(low), float(high)


def _cost_of(entry: dict[str, Any]) -> Cost:
    return Cost(entry["pieces"], entry["notes"], {name: entry["fields"][name] for name in FIELDS})


def _figures(cost: Cost) -> str:
    fields = " | ".join(f"{cost.fields[field]:.3f}" for field in FIELDS)
    return f"{cost.total:.2f} | {fields}"
