"""`audiogroove benchmark novelty`: what a check for quotations costs, and how many pieces quote."""

import argparse
import time

import numpy as np

from audiogroove.errors import RequestRefused
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.row import Row
from audiogroove.request import ComposeRequest
from audiogroove.service.attempt import Attempt
from audiogroove.service.composing import open_row

BARS = 16
MOST_PIECES = 1000


def guard(options: argparse.Namespace) -> list[dict[str, object]]:
    """Compose `--count` pieces, a thousand at most, in all styles by turns, and check each once.

    Raises:
        RequestRefused: when the model has no index.
    """
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    if model.novelty is None:
        possible = "a model with an index, see `audiogroove index`"
        raise RequestRefused("model", asked=model.name, possible=possible)
    rows = _written(model, min(options.count, MOST_PIECES), options.seed)
    times_ms, copies = [], 0
    for row in rows:
        began = time.perf_counter()
        attempt = Attempt.judge(row.draft, model.novelty)
        times_ms.append(1000 * (time.perf_counter() - began))
        copies += attempt.is_copy
    middle, high, most = np.quantile(times_ms, (0.5, 0.95, 1.0)).round(1).tolist()
    return [
        {
            "pieces": len(rows),
            "copies": copies,
            "ms a check": middle,
            "p95": high,
            "most": most,
            "fingerprints": len(model.novelty.fingerprints),
        }
    ]


def _written(model: Checkpoint, count: int, seed: int) -> list[Row]:
    styles = sorted(model.styles)
    wishes = (
        ComposeRequest(seed=seed + index, style=styles[index % len(styles)], bars=BARS)
        for index in range(count)
    )
    rows = [open_row(model, wish) for wish in wishes]
    batch = Batch(model.network, model.vocabulary)
    for row in rows:
        batch.join(row)
    while batch.rows:
        batch.leave(batch.hop())
    return rows
