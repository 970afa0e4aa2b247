"""A model on the Hub is named by its owner, its name, and a revision where one is meant."""

import pytest
from huggingface_hub.utils._validators import validate_repo_id
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.hub.reference import Reference

PIN = "607a30d783dfa663caf39e06633721c8d4cfcd7e"


@pytest.mark.parametrize(
    ("text", "repository", "revision"),
    [
        ("ann/tunes", "ann/tunes", None),
        ("hf:ann/tunes", "ann/tunes", None),
        (f" hf:ann/tunes@{PIN}\n", "ann/tunes", PIN),
        ("Ann-1/tunes_2.0@v1.0", "Ann-1/tunes_2.0", "v1.0"),
        ("ann/tunes@refs/pr/4", "ann/tunes", "refs/pr/4"),
    ],
)
def test_a_model_is_named(text: str, repository: str, revision: str | None) -> None:
    """With or without the scheme, with or without a revision."""
    assert Reference.parse(text) == Reference(repository, revision)


@pytest.mark.parametrize(
    "text",
    [
        *("", "tunes", "ann/", "/tunes", "ann/tunes/x", "ann/tu nes", "ann/../secret", "./tunes"),
        *("ann--x/tunes", "-ann/tunes", "ann/tunes.", "ann/tunes.git", "hf:hf:ann/tunes"),
        *("ann/tunes@", "ann/tunes@-v", "ann/tunes@a..b", "ann/tunes@a b", "ann/tünes"),
        f"ann/{'x' * 97}",
    ],
)
def test_what_is_no_name_is_refused(text: str) -> None:
    """Before anybody is asked, and before it becomes part of a path."""
    with pytest.raises(ValueError, match="is not"):
        Reference.parse(text)


@given(st.from_regex(r"\A[\w./-]{1,12}\Z"))
def test_the_hub_takes_every_name_that_we_take(text: str) -> None:
    """Its client looks at names, too."""
    try:
        name = Reference(text).repository
    except ValueError:
        return
    validate_repo_id(name)


def test_only_a_whole_commit_is_a_pin() -> None:
    """A short one may come to mean two, and a branch moves."""
    assert Reference("ann/tunes", PIN).is_pinned
    for loose in (None, "main", PIN[:7], PIN.upper()):
        assert not Reference("ann/tunes", loose).is_pinned


def test_a_reference_reads_what_it_says() -> None:
    """There and back."""
    for reference in (Reference("ann/tunes"), Reference("ann/tunes", PIN)):
        assert Reference.parse(str(reference)) == reference
