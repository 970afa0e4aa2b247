"""`audiogroove evaluate likelihood`: how well a model foresees music that it has not seen."""

import argparse
import json

import torch
from tqdm import tqdm

from audiogroove.model import checkpoint
from audiogroove.training import baselines, dataset, metrics


def run(options: argparse.Namespace) -> int:
    """Measure baselines and the model, without and with wishes, on held-out pieces."""
    if options.threads:
        torch.set_num_threads(options.threads)
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    data = dataset.load(options.dataset).divided(model.held_out)
    split, limit = options.split, options.limit
    notes = sum(data.length(piece) for piece in metrics.pick(data, split, limit=limit))
    with tqdm(total=2 * notes, unit="note", unit_scale=True, disable=None) as bar:
        told = [
            metrics.evaluate(
                model, data, split=split, limit=limit, wishes=wishes, progress=bar.update
            )
            for wishes in (False, True)
        ]
    rows = [*baselines.evaluate(data, model.vocabulary, split=split, limit=limit), *told]
    if options.json:
        print(json.dumps([row.to_json() for row in rows]))
        return 0
    print(metrics.compare(rows))
    print(f"\nThe list of parts, known beforehand, would cost {rows[-1].parts_list:.3f} more.\n")
    print(told[0].table())
    return 0
