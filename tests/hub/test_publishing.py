"""A model goes to the Hub: all of it in one commit, or nothing."""

from pathlib import Path

import pytest

from audiogroove.errors import CheckpointRejected, HubFault, HubRefused
from audiogroove.hub.publishing import publish
from audiogroove.hub.reference import Reference
from audiogroove.model.checkpoint import CARD, CONFIG, FIGURES, NOVELTY, WEIGHTS, WORDS
from audiogroove.model.sums import SUMS
from tests.hub.people import BOB, TUNES, api_of
from tests.hub.server import HubServer

MODEL = {CONFIG, WEIGHTS, WORDS, CARD, SUMS}


def test_a_model_arrives_as_it_is(hub: HubServer, folder: Path) -> None:
    """Every file of it, byte for byte, in one commit whose hash is told."""
    done = publish(folder, TUNES, message="First", api=api_of(hub))
    assert done.url == f"{hub.url}/ann/tunes"
    assert done.reference.is_pinned
    home = hub.world.repositories["ann/tunes"]
    first = home.commits[done.reference.revision or ""]
    assert first.message == "First"
    assert home.commits[first.parent].message == "initial commit"
    sent = {name: (folder / name).read_bytes() for name in MODEL}
    assert sent == {name: what for name, what in first.files.items() if name in MODEL}


def test_only_a_models_files_are_sent(hub: HubServer, folder: Path) -> None:
    """What else lies in its folder is nobody's business."""
    (folder / "state.json").write_text("{}")
    (folder / ".env").write_text("DISCORD_TOKEN=1")
    publish(folder, TUNES, message="First", api=api_of(hub))
    assert set(hub.world.files("ann/tunes")) == MODEL | {".gitattributes"}


def test_a_model_without_sums_gets_them_on_the_way(hub: HubServer, folder: Path) -> None:
    """Older ones have none; their folder stays as it is."""
    whole = (folder / SUMS).read_bytes()
    (folder / SUMS).unlink()
    publish(folder, TUNES, message="First", api=api_of(hub))
    assert hub.world.files("ann/tunes")[SUMS] == whole
    assert not (folder / SUMS).exists()


def test_what_a_model_no_longer_has_is_removed(hub: HubServer, folder: Path) -> None:
    """In the same commit; what is not of the format stays."""
    stale = {NOVELTY: b"phrases", FIGURES: b"{}", "cover.png": b"picture"}
    before = hub.world.commit("ann/tunes", stale)
    publish(folder, TUNES, message="Second", api=api_of(hub))
    assert set(hub.world.files("ann/tunes")) == MODEL | {"cover.png"}
    assert hub.world.files("ann/tunes", before) == stale


def test_nothing_new_is_no_new_commit(hub: HubServer, folder: Path) -> None:
    """The same pin is told again."""
    first, second = (publish(folder, TUNES, message="Same", api=api_of(hub)) for _ in range(2))
    assert first == second


def test_a_branch_is_made_and_written_to(hub: HubServer, folder: Path) -> None:
    """The main one stays as it is."""
    before = hub.world.commit("ann/tunes", {"README.md": b"# Tunes"})
    trial = Reference("ann/tunes", "trial")
    publish(folder, trial, message="Try", api=api_of(hub))
    publish(folder, trial, message="Try again", api=api_of(hub))
    assert set(hub.world.files("ann/tunes", "trial")) == MODEL
    assert hub.world.repositories["ann/tunes"].branches["main"] == before


def test_a_private_repository_is_made(hub: HubServer, folder: Path) -> None:
    """From its first moment."""
    publish(folder, TUNES, message="Hush", private=True, api=api_of(hub))
    assert hub.world.repositories["ann/tunes"].private


def test_nothing_private_goes_to_a_public_repository(hub: HubServer, folder: Path) -> None:
    """The Hub would take it without a word."""
    before = hub.world.commit("ann/tunes", {})
    with pytest.raises(HubRefused) as refused:
        publish(folder, TUNES, message="Hush", private=True, api=api_of(hub))
    assert refused.value.fault is HubFault.IS_PUBLIC
    assert hub.world.repositories["ann/tunes"].branches == {"main": before}


def test_a_damaged_model_is_refused_before_anything_is_sent(hub: HubServer, folder: Path) -> None:
    """Nobody was even asked."""
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-1])
    with pytest.raises(CheckpointRejected):
        publish(folder, TUNES, message="First", api=api_of(hub))
    assert not hub.asked


def test_a_repository_of_somebody_else_is_left_alone(hub: HubServer, folder: Path) -> None:
    """Whether it is there or not."""
    for there in (False, True):
        if there:
            hub.world.commit("ann/tunes", {CARD: b"Ann's"})
        with pytest.raises(HubRefused) as refused:
            publish(folder, TUNES, message="Mine now", api=api_of(hub, BOB))
        assert refused.value.fault is HubFault.NOT_ALLOWED
    assert hub.world.files("ann/tunes") == {CARD: b"Ann's"}


def test_who_is_not_known_is_told_to_log_in(hub: HubServer, folder: Path) -> None:
    """Without a token nothing is taken."""
    with pytest.raises(HubRefused) as refused:
        publish(folder, TUNES, message="First", api=api_of(hub, None))
    assert refused.value.fault is HubFault.NOT_LOGGED_IN
    assert not hub.world.repositories


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (401, HubFault.NOT_LOGGED_IN),
        (403, HubFault.NOT_ALLOWED),
        (404, HubFault.NOT_FOUND),
        (412, HubFault.HAS_CHANGED),
        (429, HubFault.TOO_MANY_REQUESTS),
        (500, HubFault.FAILED),
        (503, HubFault.FAILED),
    ],
)
@pytest.mark.parametrize("end", ["/create", "/commit/main"])
def test_what_the_hub_answers_is_understood(
    hub: HubServer, folder: Path, end: str, status: int, fault: HubFault
) -> None:
    """At the beginning, and when all but the commit is done; then nothing has changed either."""
    if end != "/create":
        hub.world.commit("ann/tunes", {CARD: b"# Tunes"})
    before = dict(hub.world.repositories)
    hub.mood.statuses[end] = status
    with pytest.raises(HubRefused) as refused:
        publish(folder, TUNES, message="First", api=api_of(hub))
    assert refused.value.fault is fault
    assert hub.world.repositories == before
    assert not before or hub.world.files("ann/tunes") == {CARD: b"# Tunes"}


def test_a_hub_that_is_not_there_is_missed(hub: HubServer, folder: Path) -> None:
    """Connection refused."""
    hub.close()
    with pytest.raises(HubRefused) as refused:
        publish(folder, TUNES, message="First", api=api_of(hub))
    assert refused.value.fault is HubFault.UNREACHABLE


def test_a_card_that_the_hub_does_not_take_is_told(hub: HubServer, folder: Path) -> None:
    """With what the Hub says of it."""
    (folder / CARD).write_text("---\nlicense: none-such\n---\n# Mine\n")
    with pytest.raises(HubRefused) as refused:
        publish(folder, TUNES, message="First", api=api_of(hub))
    assert '"license" must be one of' in refused.value.told
