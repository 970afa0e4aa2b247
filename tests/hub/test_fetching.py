"""A model comes from the Hub: pinned, checked, and from the cache where the Hub is not there."""

from pathlib import Path

import pytest

from audiogroove.errors import HubFault, HubRefused, RequestRefused
from audiogroove.hub.fetching import Fetched, fetch, lay_out
from audiogroove.hub.publishing import publish
from audiogroove.hub.reference import Reference
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import CARD, CONFIG, FILES, WEIGHTS, WORDS
from audiogroove.model.sums import SUMS
from audiogroove.music import midi
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import compose
from tests.hub.people import BOB, TUNES, api_of
from tests.hub.server import HubServer, sha256
from tests.model import builders


def sent(hub: HubServer, folder: Path, *, private: bool = False) -> Reference:
    """Publish a model; its pin."""
    api = api_of(hub)
    return publish(folder, TUNES, message="Model", private=private, api=api).reference


def fault_of(hub: HubServer, what: Reference, cache: Path, person: str | None = None) -> HubRefused:
    """Fetch what must be refused."""
    with pytest.raises(HubRefused) as refused:
        fetch(what, cache=cache, api=api_of(hub, person))
    return refused.value


def get(hub: HubServer, what: Reference, cache: Path) -> Fetched:
    """Fetch as somebody who is not known."""
    return fetch(what, cache=cache, api=api_of(hub, None))


def test_a_model_comes_as_it_went(hub: HubServer, folder: Path, cache: Path) -> None:
    """The same bytes, and so the same piece for the same seed."""
    pin = sent(hub, folder)
    fetched = get(hub, TUNES, cache)
    assert fetched.reference == pin
    for name in (CONFIG, WEIGHTS, WORDS, CARD, SUMS):
        assert (folder / name).read_bytes() == (fetched.folder / name).read_bytes()
    request = ComposeRequest(seed=7, style="ragtime", bars=4)
    ours, theirs = (compose(model, request) for model in (checkpoint.load(folder), fetched.model))
    assert midi.write(ours.piece) == midi.write(theirs.piece)


def test_only_a_models_files_are_fetched(hub: HubServer, folder: Path, cache: Path) -> None:
    """What else a repository holds, such as a pickle or a program, stays there."""
    files = {name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()}
    hub.world.commit("ann/tunes", files | {"model.bin": b"pickle", "modeling.py": b"import os"})
    fetched = get(hub, TUNES, cache)
    assert {path.name for path in fetched.folder.iterdir()} == set(files)
    assert not [one for one in hub.asked if "modeling.py" in one.path or "model.bin" in one.path]


def test_an_older_revision_stays_what_it_was(hub: HubServer, folder: Path, cache: Path) -> None:
    """Whatever comes after it."""
    older = sent(hub, folder)
    checkpoint.save(folder, builders.checkpoint(seed=3), card="# Newer\n")
    newer = sent(hub, folder)
    assert older != newer
    was, now = get(hub, older, cache), get(hub, TUNES, cache)
    assert (was.reference, now.reference) == (older, newer)
    assert (was.folder / WEIGHTS).read_bytes() != (now.folder / WEIGHTS).read_bytes()


def test_a_branch_is_pinned_on_the_way(hub: HubServer, folder: Path, cache: Path) -> None:
    """Its name is turned into the commit that it means just now."""
    trial = Reference("ann/tunes", "trial")
    pin = publish(folder, trial, message="Try", api=api_of(hub)).reference
    assert get(hub, trial, cache).reference == pin


def test_an_unknown_revision_is_told(hub: HubServer, folder: Path, cache: Path) -> None:
    """A branch, and a commit, which is asked for once and not again and again."""
    sent(hub, folder)
    for revision in ("nope", "0" * 40):
        asked = len(hub.asked)
        error = fault_of(hub, Reference("ann/tunes", revision), cache)
        assert (error.fault, error.where) == (HubFault.NO_SUCH_REVISION, f"ann/tunes@{revision}")
        assert len(hub.asked) == asked + 1


def test_an_unknown_model_is_told(hub: HubServer, cache: Path) -> None:
    """With its name."""
    error = fault_of(hub, Reference("ann/none"), cache, BOB)
    assert (error.fault, error.where) == (HubFault.NOT_FOUND, "ann/none")


@pytest.mark.parametrize("person", [None, BOB])
def test_what_is_private_stays_so(
    hub: HubServer, folder: Path, cache: Path, person: str | None
) -> None:
    """Neither a stranger nor another member sees more than that there is nothing to see."""
    pin = sent(hub, folder, private=True)
    for what in (TUNES, pin):
        assert fault_of(hub, what, cache, person).fault is HubFault.NOT_FOUND


def test_who_owns_it_fetches_it(hub: HubServer, folder: Path, cache: Path) -> None:
    """With their token."""
    pin = sent(hub, folder, private=True)
    assert fetch(TUNES, cache=cache, api=api_of(hub)).reference == pin


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (401, HubFault.NOT_LOGGED_IN),
        (403, HubFault.NOT_ALLOWED),
        (429, HubFault.TOO_MANY_REQUESTS),
        (500, HubFault.FAILED),
    ],
)
def test_what_the_hub_answers_is_understood(
    hub: HubServer, cache: Path, status: int, fault: HubFault
) -> None:
    """Each with a sentence of its own."""
    hub.mood.statuses["/tunes/revision/main"] = status
    assert fault_of(hub, Reference("ann/tunes", "main"), cache).fault is fault


# Damage


def test_a_damaged_download_is_refused(hub: HubServer, folder: Path, cache: Path) -> None:
    """One bit is enough; it is tried once more, and well when the Hub is well again."""
    sent(hub, folder)
    hub.mood.corrupts = True
    error = fault_of(hub, TUNES, cache)
    assert error.fault is HubFault.DAMAGED
    assert error.told == f"{WEIGHTS} is damaged (its checksum is not the one in {SUMS})"
    assert len([one for one in hub.asked if one.path.startswith("/blobs")]) == 2
    hub.mood.corrupts = False
    assert get(hub, TUNES, cache).model.name == "tiny"


def test_what_was_damaged_in_the_cache_is_fetched_anew(
    hub: HubServer, folder: Path, cache: Path
) -> None:
    """A disk may forget, too."""
    pin = sent(hub, folder)
    weights = get(hub, pin, cache).folder / WEIGHTS
    weights.resolve().write_bytes(b"rust")
    again = get(hub, pin, cache)
    assert (folder / WEIGHTS).read_bytes() == (again.folder / WEIGHTS).read_bytes()


def test_a_damaged_cache_is_not_used_offline(hub: HubServer, folder: Path, cache: Path) -> None:
    """It is told which file it is."""
    pin = sent(hub, folder)
    (get(hub, pin, cache).folder / WEIGHTS).resolve().write_bytes(b"rust")
    hub.close()
    error = fault_of(hub, pin, cache)
    assert error.fault is HubFault.DAMAGED
    assert error.told.startswith(WEIGHTS)


def test_a_repository_without_a_model_is_refused(hub: HubServer, cache: Path) -> None:
    """It is told what is missing."""
    hub.world.commit("ann/tunes", {CARD: b"# Soon"})
    error = fault_of(hub, TUNES, cache)
    assert (error.fault, error.told) == (HubFault.DAMAGED, f"there is no {CONFIG} in it")


def test_a_download_that_breaks_off_is_taken_up(hub: HubServer, folder: Path, cache: Path) -> None:
    """Nobody notices."""
    sent(hub, folder)
    hub.mood.stalls_at = 1000
    fetched = get(hub, TUNES, cache)
    assert (folder / WEIGHTS).read_bytes() == (fetched.folder / WEIGHTS).read_bytes()
    assert len([one for one in hub.asked if one.path.startswith("/blobs")]) == 2


def test_a_download_that_fails_leaves_nothing_half(
    hub: HubServer, folder: Path, cache: Path
) -> None:
    """And what is there by then is no model, even offline."""
    pin = sent(hub, folder)
    hub.mood.statuses[sha256((folder / WEIGHTS).read_bytes())] = 500
    assert fault_of(hub, TUNES, cache).fault is HubFault.FAILED
    assert not list(cache.rglob("*.incomplete"))
    hub.close()
    assert fault_of(hub, pin, cache).fault is HubFault.UNREACHABLE


# Offline


def test_a_pinned_model_is_asked_for_once(hub: HubServer, folder: Path, cache: Path) -> None:
    """After that the Hub may be there or not."""
    pin = sent(hub, folder)
    get(hub, pin, cache)
    asked = len(hub.asked)
    assert get(hub, pin, cache).reference == pin
    assert len(hub.asked) == asked
    hub.close()
    assert get(hub, pin, cache).reference == pin


def test_without_the_hub_a_branch_is_what_it_was(hub: HubServer, folder: Path, cache: Path) -> None:
    """The pin tells which one that is."""
    pin = sent(hub, folder)
    get(hub, TUNES, cache)
    hub.close()
    assert get(hub, TUNES, cache).reference == pin


def test_without_the_hub_nothing_new_comes(hub: HubServer, folder: Path, cache: Path) -> None:
    """Neither by a branch nor by a pin."""
    pin = sent(hub, folder)
    hub.close()
    for what in (TUNES, pin):
        assert fault_of(hub, what, cache).fault is HubFault.UNREACHABLE
    assert not list(cache.rglob("*.safetensors"))


# A folder of one's own


def test_a_model_is_laid_out_as_files(hub: HubServer, folder: Path, tmp_path: Path) -> None:
    """Without links into the cache, which may be emptied."""
    sent(hub, folder)
    fetched = get(hub, TUNES, tmp_path / "cache")
    lay_out(fetched.folder, tmp_path / "models" / "mine")
    mine = tmp_path / "models" / "mine"
    assert not [path for path in mine.iterdir() if path.is_symlink()]
    assert {path.name for path in mine.iterdir()} == {CONFIG, WEIGHTS, WORDS, CARD, SUMS}
    assert [path.name for path in mine.parent.iterdir()] == ["mine"]
    assert checkpoint.load(mine).name == "tiny"


def test_an_empty_folder_is_filled(folder: Path, tmp_path: Path) -> None:
    """As one that was made for it."""
    (tmp_path / "mine").mkdir()
    lay_out(folder, tmp_path / "mine")
    assert checkpoint.load(tmp_path / "mine").name == "tiny"


def test_nothing_is_written_over(folder: Path, tmp_path: Path) -> None:
    """Neither a file nor a folder with something in it."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("today")
    for taken in (tmp_path / "full", tmp_path / "full" / "diary.txt"):
        with pytest.raises(RequestRefused, match="not there yet, or an empty one"):
            lay_out(folder, taken)
    assert (tmp_path / "full" / "diary.txt").read_text() == "today"
