"""`audiogroove prepare`: folders of music to a data set."""

import argparse
import json

from tqdm import tqdm

from audiogroove.errors import RequestRefused
from audiogroove.training import corpus, sources


def run(options: argparse.Namespace) -> int:
    """Read, refuse, split, learn the vocabulary, and say what became of the files.

    Raises:
        RequestRefused: when there is nothing to read.
    """
    if not options.sources and not options.music21:
        raise RequestRefused("prepare", asked="", possible="a folder of music, or --music21")
    found = [one for folder in options.sources for one in sources.find(folder, tiers=options.tier)]
    if options.music21:
        found += sources.bundled()
    with tqdm(total=len(found), unit="file", disable=None) as bar:
        arrangement = corpus.prepare(
            found,
            options.out,
            workers=options.workers,
            min_count=options.min_count,
            progress=bar.update,
        )
    print(json.dumps(arrangement.report(), indent=1))
    return 0
