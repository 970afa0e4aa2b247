"""`audiogroove evaluate polyphony`: the Boulanger-Lewandowski sets, beside published figures."""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from audiogroove.evaluation.frames import polyphony, published, rolls


def run(options: argparse.Namespace) -> int:
    """Train what is not finished, set by set, and draw all of it beside published rows."""
    # time of the processor is that of all threads, of which small networks make poor use
    torch.set_num_threads(options.threads or 1)
    names = [name for name in rolls.SETS if name in (options.set or rolls.SETS)]
    rows: list[polyphony.Row] = []
    with ExitStack() as stack:
        out = options.out or Path(stack.enter_context(TemporaryDirectory()))
        for name in names:
            minutes = options.minutes or polyphony.SETTINGS[name].minutes
            recipe = replace(polyphony.RECIPE, minutes=minutes, seed=options.seed)
            rows += polyphony.measure(name, rolls.read(options.data, name), out / name, recipe)
    print(json.dumps(to_json(rows)) if options.json else table(rows))
    return 0


def to_json(rows: Sequence[polyphony.Row]) -> dict[str, object]:
    """Write all rows as JSON values, in nats a frame."""
    told = [asdict(row) for row in published.POLYPHONY]
    return {"rows": [row.to_json() for row in rows], "published": told}


def table(rows: Sequence[polyphony.Row]) -> str:
    """Draw a line a model and a column a set, test nats a frame, as a Markdown table."""
    names = list(dict.fromkeys(row.set for row in rows))
    lines = [f"| test, nats a frame | {' | '.join(names)} | source |"]
    lines.append("|---|" + "--:|" * len(names) + "---|")
    for model in dict.fromkeys(row.name for row in rows):
        figures = {row.set: row.test for row in rows if row.name == model}
        lines.append(f"| {model} | {_figures(figures, names)} | measured here |")
    for one in published.POLYPHONY:
        if any(name in one.nats for name in names):
            source = f"{one.source}; {one.remark}" if one.remark else one.source
            lines.append(f"| {one.model} | {_figures(one.nats, names)} | {source} |")
    ours = [
        f"{row.set}: {row.parameters:,} weights, {row.steps} steps in {row.minutes:.1f} minutes "
        f"of the processor, valid {row.valid:.3f}, "
        f"test {row.test:.3f} over {row.test_frames:,} frames"
        for row in rows
        if row.parameters
    ]
    return "\n".join((*lines, "", f"Ours, best on valid: {'; '.join(ours)}."))


def _figures(nats: dict[str, float], names: Sequence[str]) -> str:
    return " | ".join(f"{nats[name]:.2f}" if name in nats else "" for name in names)
