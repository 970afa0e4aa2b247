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
from audiogroove.evaluation.frames.familiar import FRAGMENT, Familiar, familiar

Heard = dict[str, dict[str, Familiar]]  # by set and split


def run(options: argparse.Namespace) -> int:
    """Train what is not finished, set by set, and draw all of it beside published rows."""
    # time of the processor is that of all threads, of which small networks make poor use
    torch.set_num_threads(options.threads or 1)
    names = [name for name in rolls.SETS if name in (options.set or rolls.SETS)]
    rows: list[polyphony.Row] = []
    heard: Heard = {}
    with ExitStack() as stack:
        out = options.out or Path(stack.enter_context(TemporaryDirectory()))
        for name in names:
            minutes = options.minutes or polyphony.SETTINGS[name].minutes
            recipe = replace(polyphony.RECIPE, minutes=minutes, seed=options.seed)
            splits = rolls.read(options.data, name)
            rows += polyphony.measure(name, splits, out / name, recipe)
            heard[name] = familiar(splits)
    print(json.dumps(to_json(rows, heard)) if options.json else table(rows, heard))
    return 0


def to_json(rows: Sequence[polyphony.Row], heard: Heard) -> dict[str, object]:
    """Write all rows as JSON values, in nats a frame, and what was heard before, as shares."""
    told = [asdict(row) for row in published.POLYPHONY]
    shares = {
        name: {split: one._asdict() for split, one in splits.items()}
        for name, splits in heard.items()
    }
    return {"rows": [row.to_json() for row in rows], "published": told, "heard": shares}


def table(rows: Sequence[polyphony.Row], heard: Heard) -> str:
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
    return "\n".join((*lines, "", f"Ours, best on valid: {'; '.join(ours)}.", "", _told(heard)))


def _told(heard: Heard) -> str:
    """Tell in a sentence a set what of it was heard before."""
    return "\n".join(
        f"{name}: of the runs of {FRAGMENT} chords {splits['valid'].known:.1%} of valid and "
        f"{splits['test'].known:.1%} of test occur in train, in whatever key; "
        f"{splits['valid'].again:.0%} and {splits['test'].again:.0%} occur earlier in their piece."
        for name, splits in heard.items()
    )


def _figures(nats: dict[str, float], names: Sequence[str]) -> str:
    return " | ".join(f"{nats[name]:.2f}" if name in nats else "" for name in names)
