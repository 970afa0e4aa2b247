"""`audiogroove evaluate modes`: how continue, vary and accompany keep to what they are given."""

import argparse
import json

import torch
from tqdm import tqdm

from audiogroove.evaluation.composing import compose_all
from audiogroove.evaluation.modes import trials
from audiogroove.model import checkpoint
from audiogroove.music.piece import Piece
from audiogroove.training import dataset


def run(options: argparse.Namespace) -> int:
    """Measure each mode on held-out music; 1 if a note changed that had to stay."""
    if options.threads:
        torch.set_num_threads(options.threads)
    model = checkpoint.load(options.model or checkpoint.SHIPPED)
    data = dataset.load(options.dataset).divided(model.held_out)

    def compose(requests: trials.Requests) -> list[Piece]:
        with tqdm(total=len(requests), unit="piece", disable=None) as bar:
            return compose_all(model, requests, progress=bar.update)

    outcomes = trials.examine(
        data, compose, styles=options.style or (), pieces=options.pieces, seeds=options.seeds
    )
    if options.json:
        print(json.dumps([one.to_json() for one in outcomes]))
    else:
        print("\n\n".join(one.table() for one in outcomes))
    return 0 if all(one.kept for one in outcomes) else 1
