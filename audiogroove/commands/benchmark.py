"""`audiogroove benchmark`: what this machine gives, as a table or as JSON."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from math import inf

import numpy as np
import torch

from audiogroove.commands.argument import MAX_THREADS
from audiogroove.commands.guarding import guard
from audiogroove.commands.keeping import keep
from audiogroove.commands.rendering import render
from audiogroove.commands.sounding import sound
from audiogroove.errors import RequestRefused
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import HOP_NOTES, Batch
from audiogroove.model.weights import Weights
from audiogroove.music.fuzz import fuzz
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import open_row
from audiogroove.training import reading, sources

READINGS = 200  # of all weights, to measure one
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
        "novelty": guard,
    }
    rows = measures[options.what](options)
    if options.json:
        print(json.dumps(rows))
    else:
        print(table(rows))
    return 0


def decode(options: argparse.Namespace) -> list[dict[str, object]]:
    """Measure notes a second for pieces alone and together.

    A step reads every weight once: were there nothing else to do, so many notes a second would be
    the limit that memory sets one piece alone.
    """
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    weights_s = _reading_s(Weights.of(model.network))
    found: list[dict[str, object]] = []
    for threads in _numbers(options.threads, "threads", most=MAX_THREADS):
        torch.set_num_threads(threads)
        for rows in _numbers(options.rows, "rows"):
            pace = max(_pace(model, rows, threads, options) for _ in range(REPEATS))
            found.append(
                {
                    "pieces at once": rows,
                    "threads": threads,
                    "notes/s": round(pace),
                    "ms/step": round(1000 * rows / pace, 2),
                    "limit": round(1 / weights_s) if rows == 1 else "",
                    "of it": round(pace * weights_s, 2) if rows == 1 else "",
                }
            )
    return found


def _reading_s(weights: Weights) -> float:
    """Measure how long one thread takes to read what a step reads of the weights, over and over."""
    layers = (weights.beside, weights.first, weights.second, weights.own, weights.attended)
    whole_bytes = sum(layer.weight.nbytes for layer in (*layers, weights.query))
    whole = np.zeros((whole_bytes + sum(one.nbytes for one in weights.scores)) // 8, dtype=np.int64)
    best = inf
    for _ in range(REPEATS):
        began = time.perf_counter()
        for _ in range(READINGS):
            whole.max()
        best = min(best, (time.perf_counter() - began) / READINGS)
    return best


def _pace(model: Checkpoint, rows: int, threads: int, options: argparse.Namespace) -> float:
    """Write so many notes in each of `rows` long pieces of all styles; give notes a second."""
    batch = Batch(model.network, model.vocabulary, threads=threads)
    styles = sorted(model.styles)
    for index in range(rows):
        wish = ComposeRequest(
            seed=options.seed + index, style=styles[index % len(styles)], bars=BENCH_BARS
        )
        batch.join(open_row(model, wish))
    drafts = [row.draft for row in batch.rows]
    began = time.perf_counter()
    for _ in range(0, options.notes, HOP_NOTES):
        batch.leave(batch.hop())
        if not batch.rows:
            break
    return sum(draft.new_notes for draft in drafts) / (time.perf_counter() - began)


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
