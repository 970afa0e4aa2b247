"""What may be typed after `audiogroove`, and the help that says so."""

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
from audiogroove.commands.evaluating.parser import add_evaluate
from audiogroove.commands.hub_parser import add_fetch, add_publish
from audiogroove.music.styles import STYLE_NAMES
from audiogroove.request import DENSITIES, MAX_NEW_BARS, Mode, Sampling
from audiogroove.wishes import PRESETS


def build_parser() -> Parser:
    """Build the parser of the whole command line."""
    parser = Parser(
        prog="audiogroove", description="Composes music, from wishes or from a MIDI file of yours."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add_command in (
        *(_add_compose, _add_render),
        *(_add_prepare, _add_train, _add_index, add_evaluate, _add_benchmark),
        *(add_publish, add_fetch),
    ):
        add_command(commands.add_parser)
    return parser


def _add_compose(add: Add) -> None:
    parser = describe(add, "compose", "Compose a piece and write it as a MIDI file.")
    usual = Sampling()
    parser.add_argument(
        "material", nargs="?", type=Path, metavar="SEED.mid", help="a MIDI file to start from"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.mid", help="where to write the piece"
    )
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        help="what to do: compose from wishes, continue a seed file, vary some of its bars, "
        "accompany it with new parts (default: continue with a seed file, compose without)",
    )
    parser.add_argument("--style", help=f"one of: {', '.join(STYLE_NAMES)}")
    parser.add_argument("--key", help='such as "D minor", F#, Bb, "E dorian", "A blues"')
    parser.add_argument(
        "--strict-key", action="store_true", help="use no note outside the key's scale"
    )
    parser.add_argument(
        "--tempo", type=float, metavar="BPM", help="quarter notes a minute, 20 to 400"
    )
    parser.add_argument("--meter", help="such as 4/4, 3/4 or 6/8")
    parser.add_argument(
        "--bars", type=int, help=f"how many new bars, 1 to {MAX_NEW_BARS} (default 16)"
    )
    parser.add_argument("--range", metavar="5-8", help="which bars to vary, or to accompany")
    parser.add_argument(
        "--parts", help="who plays, such as violin,cello,piano,drums; with accompany, who joins in"
    )
    parser.add_argument("--density", help=f"how busy: {', '.join(DENSITIES)}")
    parser.add_argument(
        "--form", help="what comes again, such as AABA, or AA'BA for a changed return"
    )
    presets = "; ".join(f"{preset.name}: {preset.about}" for preset in PRESETS)
    parser.add_argument(
        "--preset",
        help=f"how freely it plays ({presets}); the five options below change single values of it",
    )
    for name, about in (
        ("temperature", "how adventurous the notes are, 0.05 to 3"),
        ("rhythm-temperature", "the same for rhythm and dynamics"),
        ("top-p", "keep the likeliest choices that make up this share, up to 1"),
        ("min-p", "drop choices less likely than this share of the likeliest"),
    ):
        default = getattr(usual, name.replace("-", "_"))
        # No default here: what is not typed is left to the preset.
        parser.add_argument(
            f"--{name}", type=float, help=f"{about} (default: the preset's, or {default})"
        )
    parser.add_argument(
        "--top-k",
        type=int,
        help="choose among this many likeliest only (0: all; default: the preset's, or all)",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="repeat a piece: same wishes, same number, same notes"
    )
    add_json(parser)
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FOLDER",
        help="a model of your own (default: the one that comes along)",
    )


def _add_render(add: Add) -> None:
    parser = describe(add, "render", "Make a MIDI file audible and visible.")
    parser.add_argument("material", type=Path, metavar="FILE.mid", help="what to render")
    parser.add_argument(
        "--out",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="where to, and as what: .mp3, .ogg, .png, .svg, .pdf, .musicxml or .mp4",
    )
    parser.add_argument("--title", help="what is written above it (default: the file's own)")
    parser.add_argument(
        "--soundfont", type=Path, metavar="FILE", help="what to play with (default: as found)"
    )


def _add_prepare(add: Add) -> None:
    parser = describe(add, "prepare", "Make a data set to train on from folders of music.")
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="FOLDER",
        help="folders of MIDI, MusicXML, ABC and kern files",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="where the data set goes"
    )
    parser.add_argument(
        "--music21", action="store_true", help="add the works that come with music21"
    )
    parser.add_argument(
        "--tier",
        action="append",
        default=[],
        metavar="A",
        help="only files whose manifest names this licence tier",
    )
    parser.add_argument(
        "--min-count",
        type=COUNT,
        default=50,
        help="values rarer than this fold into their neighbour (default 50)",
    )
    parser.add_argument("--workers", type=COUNT, default=2, help="processes that read (default 2)")


def _add_train(add: Add) -> None:
    parser = describe(
        add, "train", "Train a model on a prepared data set, or go on where a run was stopped."
    )
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="a folder made by prepare")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="where the model goes"
    )
    parser.add_argument(
        "--from",
        dest="start",
        type=Path,
        metavar="FOLDER",
        help="begin with the weights of this model, in its words and sizes",
    )
    ends = parser.add_mutually_exclusive_group()
    ends.add_argument(
        "--steps", type=COUNT, default=4000, help="how many batches to learn from (default 4000)"
    )
    ends.add_argument(
        "--minutes",
        type=within(1e-3, inf, "a number of minutes", kind=float),
        help="how long to learn, instead of counting steps",
    )
    parser.add_argument("--rows", type=COUNT, default=48, help="windows a batch (default 48)")
    parser.add_argument(
        "--window",
        type=within(8, inf, "a whole number from 8 on"),
        default=256,
        help="notes a window (default 256)",
    )
    parser.add_argument(
        "--rate",
        type=within(1e-9, 1, "a number above 0 and up to 1", kind=float),
        default=2e-3,
        help="peak learning rate (default 0.002)",
    )
    parser.add_argument(
        "--hidden", type=COUNT, default=384, help="size of the decoder's LSTMs (default 384)"
    )
    parser.add_argument(
        "--dropout",
        type=within(0, 0.95, "a number from 0 to 0.95", kind=float),
        default=0.1,
        help="share of features dropped (default 0.1)",
    )
    add_threads(parser)
    parser.add_argument("--seed", type=SEED, default=1, help="of the dice (default 1)")


def _add_index(add: Add) -> None:
    parser = describe(
        add, "index", "Let a model know what it learned from, so that it does not copy it."
    )
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="what it was trained on")
    parser.add_argument(
        "--model",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="the model, which gets the index",
    )


def _add_benchmark(add: Add) -> None:
    parser = describe(
        add,
        "benchmark",
        "Measure decoding, reading, the wall for strangers' files, what is kept of seeds, "
        "rendering, sound, or the check for quotations.",
    )
    parser.add_argument(
        "what",
        choices=["decode", "read", "fuzz", "seeds", "render", "sound", "novelty"],
        help="what to measure",
    )
    parser.add_argument("--folder", type=Path, help="with read and seeds: a folder of MIDI files")
    parser.add_argument(
        "--count",
        type=COUNT,
        default=10_000,
        help="how many files to throw or read, or pieces to check (default 10000)",
    )
    parser.add_argument("--seed", type=SEED, default=1, help="of the dice (default 1)")
    parser.add_argument(
        "--rows", default="1,8,32,64", help="with decode: pieces at once (default 1,8,32,64)"
    )
    parser.add_argument(
        "--threads", default="1,2", help="with decode: processor threads (default 1,2)"
    )
    parser.add_argument(
        "--notes", type=COUNT, default=256, help="with decode: notes a piece (default 256)"
    )
    add_model(parser)
    add_json(parser)
