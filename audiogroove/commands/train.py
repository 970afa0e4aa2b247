"""`audiogroove train`: a data set to a model."""

import argparse

import torch

from audiogroove.training import dataset
from audiogroove.training.habits import config_for
from audiogroove.training.loop import train
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
    config = config_for(data, hidden=options.hidden, dropout=options.dropout, window=options.window)
    trainer = train(data, options.out, recipe, config)
    print(f"{options.out}: a model after {trainer.step} steps")
    return 0
