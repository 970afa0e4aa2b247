"""`audiogroove publish`: a model to the Hugging Face Hub."""

import argparse
from pathlib import Path

from audiogroove.errors import RequestRefused
from audiogroove.hub.publishing import files_of, publish
from audiogroove.hub.reference import Reference
from audiogroove.training import card, figures

BRANCH = "the name of a branch"


def run(options: argparse.Namespace) -> int:
    """Complete the card, check the folder, send it, and tell its pin."""
    to = target(options.repo, options.branch)
    folder: Path = options.folder
    files_of(folder)  # refused before its card is touched
    card.complete(folder, figures.read(options.figures), license_id=options.license)
    if options.dry_run:
        for name, content in files_of(folder).items():
            size = content.stat().st_size if isinstance(content, Path) else len(content)
            print(f"{name}: {size:,} bytes")
        print(f"{folder}: fit to be sent to {to}; nothing was sent")
        return 0
    done = publish(folder, to, message=options.message, private=options.private)
    print(f"{done.url}: {folder} is there as commit {done.reference.revision}")
    print(f"audiogroove fetch {done.reference.repository} --revision {done.reference.revision}")
    return 0


def target(repository: Reference, branch: str | None) -> Reference:
    """Say where a model goes: a branch can be written to, a commit cannot.

    Raises:
        RequestRefused: when it is no branch.
    """
    if repository.revision is not None:
        raise RequestRefused("repo", asked=repository, possible="OWNER/NAME; say --branch, too")
    try:
        to = Reference(repository.repository, branch)
    except ValueError:
        raise RequestRefused("branch", asked=branch, possible=BRANCH) from None
    if to.is_pinned:
        raise RequestRefused("branch", asked=branch, possible=BRANCH)
    return to
