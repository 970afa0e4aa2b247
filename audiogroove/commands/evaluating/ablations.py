"""`audiogroove evaluate ablations`: what each part of the network is worth."""

import argparse
import json
import shlex
from dataclasses import replace

import torch
from tqdm import tqdm

from audiogroove.errors import RequestRefused
from audiogroove.evaluation.ablations import table
from audiogroove.evaluation.ablations.run import Run, Shelf
from audiogroove.evaluation.ablations.running import NAMES, PIECES, RECIPE, Bench, Plan
from audiogroove.training import dataset

BAR = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}"


def run(options: argparse.Namespace) -> int:
    """Train and measure what is not finished yet, and set all arms side by side."""
    # time of the processor is that of all threads, of which small networks make poor use
    torch.set_num_threads(options.threads or 1)
    data = dataset.load(options.dataset)
    recipe = replace(RECIPE, minutes=options.minutes)
    plan = Plan(recipe, options.notes, pieces=PIECES)
    runs = _runs(options, Bench(data, plan), Shelf(options.out, plan.made_from(data)))
    rows = table.rows_of(runs, _command(options))
    if options.json:
        print(json.dumps(table.to_json(rows)))
        return 0
    print(table.draw(rows))
    print(f"\nA row by itself: {_command(options)} --arm NAME")
    return 0


def _runs(options: argparse.Namespace, bench: Bench, shelf: Shelf) -> list[Run]:
    """Find finished runs, and do the others unless only finished ones are asked for.

    Seeds go round before arms do, so that what else the machine does meets all arms alike.

    Raises:
        RequestRefused: when an arm is unknown, or nothing is finished and nothing may be begun.
    """
    arms = options.arm or NAMES
    if unknown := [arm for arm in arms if arm not in NAMES]:
        raise RequestRefused("arm", asked=unknown[0], possible=f"one of {', '.join(NAMES)}")
    asked = [
        (arm, seed) for seed in range(options.seed, options.seed + options.seeds) for arm in arms
    ]
    runs = []
    with tqdm(total=len(asked), bar_format=BAR, disable=None) as bar:
        for number, (arm, seed) in enumerate(asked):
            bar.set_description(f"{arm}, seed {seed}")
            found = shelf.find(arm, seed)
            if found is None and not options.finished:

                def show(share: float, done: int = number) -> None:
                    bar.update(done + share - bar.n)

                found = bench.run(arm, seed, show)
                shelf.put(found)
            runs += [] if found is None else [found]
            bar.update(number + 1 - bar.n)
    if not runs:
        raise RequestRefused("finished", asked=options.out, possible="once a run is finished")
    return sorted(runs, key=lambda run: arms.index(run.arm))


def _command(options: argparse.Namespace) -> str:
    """Write the command that these options came from, but the arms."""
    words = ["audiogroove", "evaluate", "ablations", str(options.dataset)]
    budget = ["--minutes", f"{options.minutes:g}"]
    if options.notes is not None:
        budget = ["--notes", str(options.notes)]
    words += [*budget, "--seeds", str(options.seeds), "--seed", str(options.seed)]
    return shlex.join(words)
