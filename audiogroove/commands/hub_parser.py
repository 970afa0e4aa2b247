"""What may be typed after `audiogroove publish` and `audiogroove fetch`."""

import argparse
from pathlib import Path

from audiogroove.commands.argument import Add, describe
from audiogroove.hub.reference import Reference
from audiogroove.training.figures import MEASURES

MESSAGE = "Publish a model with AudioGroove"


def add_publish(add: Add) -> None:
    """Describe how a model goes to the Hugging Face Hub."""
    parser = describe(
        add, "publish", "Send a model to the Hugging Face Hub, with its card and its checksums."
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the model to send")
    parser.add_argument(
        "--repo",
        type=reference,
        required=True,
        metavar="OWNER/NAME",
        help="where it goes; a repository that is not there yet is made",
    )
    parser.add_argument(
        "--branch", metavar="NAME", help="a branch of it, made where there is none (default main)"
    )
    parser.add_argument(
        "--private", action="store_true", help="let nobody else see it; refused where others can"
    )
    parser.add_argument(
        "--message", default=MESSAGE, help=f"what the commit says (default “{MESSAGE}”)"
    )
    parser.add_argument("--license", metavar="ID", help="what the card says of it, such as mit")
    parser.add_argument(
        "--figures",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.json",
        help="what evaluate --json said, named after the measure: "
        f"{', '.join(f'{name}.json' for name in MEASURES)}; may be said several times",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="complete the card and check all, but send nothing"
    )


def add_fetch(add: Add) -> None:
    """Describe how a model comes from the Hugging Face Hub."""
    parser = describe(
        add, "fetch", "Fetch a model from the Hugging Face Hub, check it, and tell its pin."
    )
    parser.add_argument(
        "what",
        type=reference,
        metavar="OWNER/NAME",
        help="which one; OWNER/NAME@REVISION says --revision, too",
    )
    parser.add_argument(
        "--revision",
        help="a branch, a tag or, to have the same files for ever, a whole commit hash",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="copy it to a folder of your own (default: leave it in the cache of huggingface_hub)",
    )


def reference(text: str) -> Reference:
    """Read what somebody calls a model on the Hub.

    Raises:
        ArgumentTypeError: when it cannot be one.
    """
    try:
        return Reference.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
