"""`audiogroove evaluate jsb`: the JSB chorales on the sixteenth grid, beside published figures."""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from audiogroove.evaluation.frames import chorales, jsb, published
from audiogroove.evaluation.frames.leak import LONG_RUN, Leak

HEAD = "| JSB chorales, 16th grid | weights | valid | test | {} | source |"
COLUMNS = ("valid, mean of pieces", "valid, a frame", "valid, changed cells", "valid, accuracy")


def run(options: argparse.Namespace) -> int:
    """Train what is not finished, measure it, and set it beside counting and published rows."""
    # time of the processor is that of all threads, of which small networks make poor use
    torch.set_num_threads(options.threads or 1)
    splits = chorales.read(options.data)
    recipe = replace(jsb.RECIPE, minutes=options.minutes, seed=options.seed)
    with ExitStack() as stack:
        out = options.out or Path(stack.enter_context(TemporaryDirectory()))
        outcome = jsb.measure(splits, out, recipe)
    print(json.dumps(to_json(outcome)) if options.json else table(outcome))
    return 0


def to_json(outcome: jsb.Outcome) -> dict[str, object]:
    """Write all that was measured as JSON values, in nats."""
    rows = [
        {
            "model": row.name,
            "parameters": row.parameters,
            "valid": row.valid.to_json(),
            "test": row.test.to_json(),
        }
        for row in outcome.rows
    ]
    return {
        "rows": rows,
        "steps": outcome.steps,
        "minutes": outcome.minutes,
        "leak": asdict(outcome.leak),
        "published": [asdict(row) for row in published.JSB],
    }


def table(outcome: jsb.Outcome) -> str:
    """Draw all rows, best last, as a Markdown table in nats a cell, and tell of the leak."""
    lines = [HEAD.format(" | ".join(COLUMNS)), "|---|" + "--:|" * (3 + len(COLUMNS)) + "---|"]
    lines += [_ours(row) for row in outcome.rows]
    blank = " | ".join("" for _ in COLUMNS)
    for one in published.JSB:
        source = f"{one.source}; {one.remark}" if one.remark else one.source
        lines.append(f"| {one.model} | | {one.nats['valid']:.3f} | | {blank} | {source} |")
    return "\n".join((*lines, "", *_notes(outcome)))


def _ours(row: jsb.Row) -> str:
    valid, weights = row.valid, f"{row.parameters:,}" if row.parameters else ""
    figures = (valid.cell, row.test.cell, valid.piece_mean, valid.frame, valid.changed)
    told = " | ".join(f"{nats:.4f}" for nats in figures)
    return f"| {row.name} | {weights} | {told} | {valid.accuracy:.1%} | measured here |"


def _notes(outcome: jsb.Outcome) -> Sequence[str]:
    ours = outcome.rows[-1]
    return (
        (
            f"Nats a cell; ours after {outcome.steps} steps of a fixed schedule in "
            f"{outcome.minutes:.1f} minutes of the processor. The last step is measured, on "
            "settings that were found with the help of the validation split. "
            f"{ours.valid.changed_share:.1%} of its cells are changed; on test such a cell costs "
            f"{ours.test.changed:.4f}, the mean of pieces is {ours.test.piece_mean:.4f} and "
            f"{ours.test.accuracy:.1%} are right."
        ),
        "",
        _leaking(outcome.leak),
    )


def _leaking(leak: Leak) -> str:
    told = (
        f"The split leaks: {leak.share:.1%} of the fragments of eight moves of a validation "
        f"melody occur in train, and the longest run in both is {leak.longest_run} moves. "
        f"{leak.known} of {leak.pieces} pieces share {LONG_RUN} moves or more"
    )
    if leak.known_cell is None or leak.unknown_cell is None:
        return f"{told}."
    return (
        f"{told}: they cost {leak.known_cell:.4f} nats a cell, the others {leak.unknown_cell:.4f}."
    )
