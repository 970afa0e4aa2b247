"""`audiogroove benchmark`: what this machine gives, as a table or as JSON."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import torch

from audiogroove.commands.keeping import keep
from audiogroove.commands.parser import MAX_THREADS
from audiogroove.commands.rendering import render
from audiogroove.commands.sounding import sound
from audiogroove.errors import RequestRefused
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.music.fuzz import fuzz
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import open_row
from audiogroove.training import reading, sources

REPEATS = 3  # of which the best counts: a shared machine only ever takes time away
BENCH_BARS = 128
READ_WORKERS = 2
MAX_ROWS = 4096


def run(options: argparse.Namespace) -> int:
    """Measure what was asked for and print it."""
    measures = {
        "decode": decode,
        "read": read,
        "fuzz": throw,
        "seeds": keep,
        "render": render,
        "sound": sound,
    }
    rows = measures[options.what](options)
    if options.json:
        print(json.dumps(rows))
    else:
        print(table(rows))
    return 0


def decode(options: argparse.Namespace) -> list[dict[str, object]]:
    """Measure notes a second for pieces alone and together."""
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    found: list[dict[str, object]] = []
    for threads in _numbers(options.threads, "threads", most=MAX_THREADS):
        torch.set_num_threads(threads)
        for rows in _numbers(options.rows, "rows"):
            pace = max(_pace(model, rows, options.notes, options.seed) for _ in range(REPEATS))
            found.append(
                {
                    "pieces at once": rows,
                    "threads": threads,
                    "notes/s": round(pace),
                    "ms/step": round(1000 * rows / pace, 2),
                }
            )
    return found


def _pace(model: Checkpoint, rows: int, notes: int, seed: int) -> float:
    """Write so many notes in each of `rows` long pieces of all styles; give notes a second."""
    batch = Batch(model.network, model.vocabulary)
    styles = sorted(model.styles)
    for index in range(rows):
        style = styles[index % len(styles)]
        batch.join(open_row(model, ComposeRequest(seed=seed + index, style=style, bars=BENCH_BARS)))
    written, began = 0, time.perf_counter()
    for _ in range(notes):
        written += len(batch.rows)
        batch.leave(batch.step())
        if not batch.rows:
            break
    return written / (time.perf_counter() - began)


def read(options: argparse.Namespace) -> list[dict[str, object]]:
    """Measure how many MIDI files a second `prepare` reads, in one process and in two.

    Raises:
        RequestRefused: when no folder was named.
    """
    if options.folder is None:
        raise RequestRefused("folder", asked="", possible="--folder with MIDI files in it")
    found = [one for one in sources.find(options.folder) if not one.is_score]
    dice = np.random.default_rng(options.seed)
    count = min(options.count, len(found))
    chosen = [found[index] for index in dice.permutation(len(found))[:count]]
    rows = []
    for workers in (1, READ_WORKERS):
        began = time.perf_counter()
        outcomes = reading.read_in_parallel(chosen, workers)
        seconds = time.perf_counter() - began
        kept = sum(isinstance(outcome, reading.Reading) for outcome in outcomes)
        rows.append(
            {
                "processes": workers,
                "files": count,
                "kept": kept,
                "files/s": round(count / seconds),
            }
        )
    return rows


def throw(options: argparse.Namespace) -> list[dict[str, object]]:
    """Throw damaged and random bytes at the wall."""
    report = asdict(fuzz(options.count, options.seed))
    outcomes, losses = report.pop("outcomes"), report.pop("losses")
    rows: list[dict[str, object]] = [{"what": name, "figure": n} for name, n in outcomes.items()]
    rows += [{"what": f"lost children: {name}", "figure": n} for name, n in losses.items()]
    rows += [{"what": name, "figure": value} for name, value in report.items()]
    return rows


def table(rows: Sequence[dict[str, object]]) -> str:
    """Draw rows with the same keys as a Markdown table."""
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", "|" + "--:|" * len(names)]
    lines += [f"| {' | '.join(str(row[name]) for name in names)} |" for row in rows]
    return "\n".join(lines)


def _numbers(text: str, field: str, *, most: int = MAX_ROWS) -> list[int]:
    try:
        numbers = [int(word) for word in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1 or max(numbers) > most:
        possible = f"whole numbers such as 1,8,64, up to {most}"
        raise RequestRefused(field, asked=text, possible=possible)
    return numbers
