"""What may be typed after `audiogroove evaluate`."""

from math import inf
from pathlib import Path

from audiogroove.commands.argument import (
    COUNT,
    SEED,
    Add,
    Parser,
    add_json,
    add_model,
    add_threads,
    describe,
    within,
)

# each reads its numbers; what they may be, audiogroove.request.Sampling knows
SAMPLING = {
    "temperature": float,
    "rhythm-temperature": float,
    "top-k": int,
    "top-p": float,
    "min-p": float,
}
MINUTES = within(1e-3, inf, "a number of minutes", kind=float)


def add_evaluate(add: Add) -> None:
    """Describe all that can be measured of a model."""
    parser = describe(add, "evaluate", "Measure how good a model is, and by which yardstick.")
    measures = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for add_measure in (
        *(_add_likelihood, _add_scorecard, _add_modes, _add_wishes),
        *(_add_jsb, _add_polyphony, _add_ablations),
    ):
        add_measure(measures.add_parser)


def _add_likelihood(add: Add) -> None:
    parser = describe(
        add, "likelihood", "Tell how well a model foresees music that it has not seen."
    )
    _add_dataset(parser)
    add_model(parser)
    parser.add_argument(
        "--split",
        choices=["valid", "test"],
        default="test",
        help="which held-out pieces (default test)",
    )
    parser.add_argument(
        "--limit", type=COUNT, metavar="N", help="only N pieces, always the same ones"
    )
    _add_rest(parser)


def _add_scorecard(add: Add) -> None:
    parser = describe(
        add, "scorecard", "Set composed pieces beside real ones, and both beside controls."
    )
    _add_dataset(parser)
    add_model(parser)
    _add_styles(parser)
    _add_counts(parser, pieces=24)
    for knob, kind in SAMPLING.items():
        parser.add_argument(
            f"--{knob}", type=kind, metavar="X", help="of sampling, in place of the usual"
        )
    parser.add_argument(
        "--no-quotes", action="store_true", help="do not look for quotations: a minute less"
    )
    _add_rest(parser)


def _add_modes(add: Add) -> None:
    parser = describe(
        add, "modes", "Measure how continue, vary and accompany keep to what is given."
    )
    _add_dataset(parser)
    add_model(parser)
    _add_styles(parser)
    _add_counts(parser, pieces=48)
    _add_rest(parser)


def _add_wishes(add: Add) -> None:
    parser = describe(add, "wishes", "Measure how often each wish is granted.")
    add_model(parser)
    _add_styles(parser)
    _add_counts(parser, pieces=48)
    _add_rest(parser)


def _add_jsb(add: Add) -> None:
    parser = describe(
        add, "jsb", "Train and measure on the JSB chorales: nats a cell of the 16th-note grid."
    )
    parser.add_argument(
        "data", type=Path, metavar="FILE", help="Jsb16thSeparated.json, as it was published"
    )
    _add_training(parser, minutes=10)


def _add_polyphony(add: Add) -> None:
    parser = describe(
        add, "polyphony", "Train and measure on the four Boulanger-Lewandowski sets: nats a frame."
    )
    parser.add_argument(
        "data", type=Path, metavar="FOLDER", help="JSB_Chorales.mat and the others, as published"
    )
    parser.add_argument(
        "--set",
        action="append",
        choices=["JSB_Chorales", "Nottingham", "MuseData", "Piano_midi"],
        help="only this one; may be said several times",
    )
    _add_training(parser, minutes=None)


def _add_ablations(add: Add) -> None:
    parser = describe(
        add, "ablations", "Train small networks with something left out, and set them side by side."
    )
    _add_dataset(parser)
    parser.add_argument(
        "--arm", action="append", metavar="NAME", help="only this one; may be said several times"
    )
    parser.add_argument(
        "--seeds",
        type=within(1, 10, "a whole number from 1 to 10"),
        default=3,
        help="runs of each (default 3)",
    )
    parser.add_argument(
        "--notes", type=COUNT, help="learn from about so many notes, however long it takes"
    )
    parser.add_argument(
        "--finished", action="store_true", help="train nothing; tell of what lies in --out"
    )
    _add_training(parser, minutes=4)


def _add_dataset(parser: Parser) -> None:
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="a folder made by prepare")


def _add_styles(parser: Parser) -> None:
    parser.add_argument(
        "--style", action="append", help="only this style; may be said several times"
    )


def _add_counts(parser: Parser, *, pieces: int) -> None:
    parser.add_argument(
        "--pieces",
        type=COUNT,
        default=pieces,
        help=f"how many to compose for each figure and seed (default {pieces})",
    )
    parser.add_argument(
        "--seeds", type=COUNT, default=3, help="how often to repeat it with other dice (default 3)"
    )


def _add_training(parser: Parser, *, minutes: int | None) -> None:
    """Let a run be bounded; without `minutes` each network has a budget of its own."""
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="keep what is trained here, go on from it, and only measure what is finished",
    )
    parser.add_argument(
        "--minutes",
        type=MINUTES,
        default=minutes,
        help=f"of the processor, for each network (default {minutes or 'its own'})",
    )
    parser.add_argument("--seed", type=SEED, default=1, help="of the dice (default 1)")
    _add_rest(parser)


def _add_rest(parser: Parser) -> None:
    add_json(parser)
    add_threads(parser)
