"""`audiogroove evaluate`: how good a model is, in one of several ways."""

import argparse
from importlib import import_module


def run(options: argparse.Namespace) -> int:
    """Measure what was asked for and print it."""
    # torch and music21 take their time: a measure is imported when it is taken
    measure = import_module(f"audiogroove.commands.evaluating.{options.what}")
    status: int = measure.run(options)
    return status
