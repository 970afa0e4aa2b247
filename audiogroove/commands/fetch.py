"""`audiogroove fetch`: a model from the Hugging Face Hub."""

import argparse
from pathlib import Path

from audiogroove.errors import RequestRefused
from audiogroove.hub.fetching import check_free, fetch, lay_out
from audiogroove.hub.reference import SCHEME, Reference


def run(options: argparse.Namespace) -> int:
    """Fetch a model, put it where it is wanted, and tell its pin."""
    what = wanted(options.what, options.revision)
    out: Path | None = options.out
    if out is not None:
        check_free(out)
    fetched = fetch(what)
    if out is not None:
        lay_out(fetched.folder, out)
    model, pinned = fetched.model, fetched.reference
    print(f"{out or fetched.folder}: {model.name}, {len(model.styles)} styles, from {pinned}")
    print(f"AUDIOGROOVE_MODEL={SCHEME}{pinned}")
    return 0


def wanted(what: Reference, revision: str | None) -> Reference:
    """Put together what is wanted from OWNER/NAME and a revision.

    Raises:
        RequestRefused: when it is no revision, or when two are named.
    """
    if revision is None:
        return what
    try:
        told = Reference(what.repository, revision)
    except ValueError:
        possible = "a branch, a tag or a whole commit hash"
        raise RequestRefused("revision", asked=revision, possible=possible) from None
    if what.revision not in {None, revision}:
        raise RequestRefused("revision", asked=revision, possible=f"only {what.revision}")
    return told
