"""`audiogroove evaluate wishes`: how often each wish is granted."""

import argparse
import json

import torch
from tqdm import tqdm

from audiogroove.evaluation.composing import compose_all
from audiogroove.evaluation.wishes import trials
from audiogroove.model import checkpoint
from audiogroove.music.piece import Piece


def run(options: argparse.Namespace) -> int:
    """Wish for everything that can be wished, and judge what comes."""
    if options.threads:
        torch.set_num_threads(options.threads)
    model = checkpoint.load(options.model or checkpoint.SHIPPED)

    def compose(requests: trials.Requests) -> list[Piece]:
        with tqdm(total=len(requests), unit="piece", disable=None) as bar:
            return compose_all(model, requests, progress=bar.update)

    outcome = trials.examine(
        model, compose, styles=options.style or (), pieces=options.pieces, seeds=options.seeds
    )
    print(json.dumps(outcome.to_json()) if options.json else outcome.tables())
    return 0
