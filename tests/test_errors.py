"""The tree of errors: what it promises, and what it looks like in its own docstring."""

import re
from pathlib import Path

import pytest

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


def test_an_unknown_wish_carries_its_facts() -> None:
    """The word, and what may have been meant, if anything."""
    error = errors.WishUnknown("jaz", near=("jazz",))
    assert (error.word, error.near) == ("jaz", ("jazz",))
    assert errors.WishUnknown("xyzzy").near == ()


def test_too_much_at_once_carries_its_facts() -> None:
    """Whose pile is full, how high it is, and when to come back."""
    error = errors.Busy(own=True, waiting=4, retry_after_s=12.5)
    assert (error.own, error.waiting, error.retry_after_s) == (True, 4, 12.5)
    quota = errors.QuotaReached("chat", retry_after_s=90)
    assert (quota.whose, quota.retry_after_s) == ("chat", 90)


@pytest.mark.parametrize(
    ("error", "facts"),
    [
        (errors.Lost("the engine fell silent"), {"cause": "the engine fell silent"}),
        (errors.Gone("piece"), {"what": "piece"}),
        (errors.NotAllowed("delete this piece"), {"what": "delete this piece"}),
        (errors.NothingThere("vary"), {"verb": "vary"}),
        (errors.FileUnreachable("a.mid", fault="404"), {"name": "a.mid", "fault": "404"}),
        (errors.StoreFailed("disk full"), {"fault": "disk full"}),
    ],
)
def test_what_goes_wrong_at_work_carries_its_facts(
    error: AudioGrooveError, facts: dict[str, str]
) -> None:
    """A log line or a traceback shows them."""
    assert facts == vars(error)
    assert all(fact in str(error) for fact in facts.values())
