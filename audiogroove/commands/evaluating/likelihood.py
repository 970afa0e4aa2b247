"""`audiogroove evaluate likelihood`: how well a model foresees music that it has not seen."""

import argparse
import json
from dataclasses import replace

import torch
from tqdm import tqdm

from audiogroove.model import checkpoint
from audiogroove.model.weights import rounded
from audiogroove.training import baselines, dataset, metrics


def run(options: argparse.Namespace) -> int:
    """Measure baselines and the model on held-out pieces: without wishes, with them, as composing.

    Composing rounds weights to eight bits; see `audiogroove.model.weights`.
    """
    if options.threads:
        torch.set_num_threads(options.threads)
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    data = dataset.load(options.dataset).divided(model.held_out)
    split, limit = options.split, options.limit
    notes = sum(data.length(piece) for piece in metrics.pick(data, split, limit=limit))
    small = replace(model, network=rounded(model.network), name=f"{model.name} in eight bits")
    with tqdm(total=3 * notes, unit="note", unit_scale=True, disable=None) as bar:
        told = [
            metrics.evaluate(
                one, data, split=split, limit=limit, wishes=wishes, progress=bar.update
            )
            for one, wishes in ((model, False), (model, True), (small, True))
        ]
    rows = [*baselines.evaluate(data, model.vocabulary, split=split, limit=limit), *told]
    if options.json:
        print(json.dumps([row.to_json() for row in rows]))
        return 0
    print(metrics.compare(rows))
    print(f"\nThe list of parts, known beforehand, would cost {rows[-1].parts_list:.3f} more.\n")
    print(told[0].table())
    return 0
