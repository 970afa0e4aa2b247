"""`audiogroove train`: a data set to a model."""

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from audiogroove.errors import CheckpointRejected
from audiogroove.model import checkpoint
from audiogroove.model.network import Config
from audiogroove.training import dataset
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import config_for
from audiogroove.training.loop import STATE_WEIGHTS, as_it_was_for, train
from audiogroove.training.recipe import Recipe


def run(options: argparse.Namespace) -> int:
    """Train until the recipe is done."""
    if options.threads:
        torch.set_num_threads(options.threads)
    data = dataset.load(options.dataset)
    recipe = Recipe(
        steps=options.steps,
        minutes=options.minutes,
        rows=options.rows,
        window=options.window,
        rate=options.rate,
        seed=options.seed,
    )
    start = checkpoint.load(options.start) if options.start else None
    sizes = {"dropout": options.dropout, "window": options.window}
    if start is None:
        config = config_for(data, hidden=options.hidden, **sizes)
    else:
        data, config = as_it_was_for(start, data), replace(start.network.config, **sizes)
    check_goes_on(options.out, data, config)
    trainer = train(data, options.out, recipe, config, start=start)
    print(f"{options.out}: a model after {trainer.step} steps")
    return 0


def check_goes_on(out: Path, data: Dataset, config: Config) -> None:
    """Check that a run can go on from what lies in its folder, if anything does.

    Raises:
        CheckpointRejected: when that has other sizes, was trained with other words, or is a
            finished model without the state that a run goes on from.
    """
    if not (out / checkpoint.CONFIG).is_file():
        return
    if not (out / STATE_WEIGHTS).is_file():
        raise CheckpointRejected(out, fault="it holds a model already, but no run to go on with")
    before = checkpoint.load(out)
    sizes = replace(before.network.config, dropout=config.dropout, window=config.window)
    if before.vocabulary.fingerprint != data.vocabulary.fingerprint:
        raise CheckpointRejected(out, fault="it was trained on a data set with other words")
    if sizes != config:
        hidden = before.network.config.hidden
        raise CheckpointRejected(out, fault=f"it has other sizes, such as --hidden {hidden}")
