"""The tree of errors: what it promises, and what it looks like in its own docstring."""

import re
from pathlib import Path

from audiogroove import errors
from audiogroove.errors import AudioGrooveError, RequestRefused, SeedFault, SeedRejected


def test_the_drawn_tree_is_the_tree() -> None:
    """Each class is drawn in the module's docstring, with nothing else."""
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert drawn == [one.__name__ for one in AudioGrooveError.__subclasses__()]


def test_a_refused_seed_carries_its_facts() -> None:
    """The fault, and how much there was and may be, where it is one of amount."""
    error = SeedRejected(SeedFault.TOO_LARGE, found=9, limit=8)
    assert (error.fault, error.found, error.limit) == (SeedFault.TOO_LARGE, 9, 8)
    assert SeedRejected(SeedFault.DAMAGED).found is None


def test_a_refused_wish_carries_its_facts() -> None:
    """Which field, what was asked, what is possible; a traceback shows them."""
    error = RequestRefused("bars", asked=0, possible="1 to 128 new bars")
    assert (error.field, error.asked, error.possible) == ("bars", 0, "1 to 128 new bars")
    assert "1 to 128 new bars" in str(error)


def test_a_rejected_folder_carries_its_facts() -> None:
    """Which folder, and why."""
    for kind in (errors.CheckpointRejected, errors.DatasetRejected):
        error = kind(Path("there"), fault="it is empty")
        assert (error.folder, error.fault) == (Path("there"), "it is empty")
