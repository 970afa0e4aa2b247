"""The command line: `audiogroove` or `python -m audiogroove`."""

import sys
from collections.abc import Sequence
from importlib import import_module

from audiogroove.commands.parser import build_parser
from audiogroove.errors import AudioGrooveError
from audiogroove.sentences import sentence_for

REFUSED = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it is done, 2 when it was refused with a line on stderr."""
    options = build_parser().parse_args(arguments)
    try:
        # a command is imported when it is run: torch and music21 take their time
        command = import_module(f"audiogroove.commands.{options.command}")
        status: int = command.run(options)
    except AudioGrooveError as error:
        sys.stderr.write(f"audiogroove: {sentence_for(error)}\n")
        return REFUSED
    except OSError as error:
        sys.stderr.write(f"audiogroove: {error.filename or 'a file'}: {error.strerror or error}.\n")
        return REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("\naudiogroove: stopped.\n")
        return INTERRUPTED
    return status


if __name__ == "__main__":
    sys.exit(main())
