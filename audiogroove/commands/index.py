"""`audiogroove index`: teach a model to know a copy of what it was trained on."""

import argparse

from audiogroove.model import checkpoint
from audiogroove.training import dataset
from audiogroove.training.quoting import build_index


def run(options: argparse.Namespace) -> int:
    """Put the index of a data set beside the weights that were trained on it."""
    model = checkpoint.load(options.model)
    index = build_index(dataset.load(options.dataset).divided(model.held_out))
    index.save(options.model / checkpoint.NOVELTY)
    checkpoint.seal(options.model)
    told = {style or "any": moves for style, moves in index.yardsticks.items()}
    print(f"{options.model}: {len(index.fingerprints):,} fingerprints; a copy goes beyond {told}")
    return 0
