"""What a word on the command line may be, and how it is refused."""

import argparse
import sys
from collections.abc import Callable
from math import inf, nan
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

from audiogroove.request import MAX_SEED


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong."""

    @override
    def error(self, message: str) -> NoReturn:
        """Say what cannot be understood, and leave with status 2.

        Raises:
            SystemExit: always.
        """
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        raise SystemExit(2)


def within(
    low: float, high: float, words: str, *, kind: Callable[[str], float] = int
) -> Callable[[str], float]:
    """Make a reader of numbers from `low` to `high`; whoever types another is told `words`."""

    def read(text: str) -> float:
        try:
            number = kind(text)
        except ValueError:
            number = nan
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text} is not {words}")
        return number

    return read


COUNT = within(1, inf, "a whole number from 1 on")
SEED = within(0, MAX_SEED, f"a whole number from 0 to {MAX_SEED}")
MAX_THREADS = 256  # torch itself is killed by very many
THREADS = within(1, MAX_THREADS, f"a whole number from 1 to {MAX_THREADS}")
Add = Callable[..., Parser]  # argparse's own `add_parser`


def describe(add: Add, name: str, about: str) -> Parser:
    """Begin a command: its name, and what its help says of it."""
    return add(name, help=about, description=about)


def add_model(parser: Parser) -> None:
    """Let a model be named."""
    parser.add_argument(
        "--model", type=Path, metavar="FOLDER", help="a model (default: the one that comes along)"
    )


def add_json(parser: Parser) -> None:
    """Let the result be for programs."""
    parser.add_argument("--json", action="store_true", help="say the result as one line of JSON")


def add_threads(parser: Parser) -> None:
    """Let the work be kept to some of the processor."""
    parser.add_argument(
        "--threads", type=THREADS, metavar="N", help="processor threads (default: all)"
    )
