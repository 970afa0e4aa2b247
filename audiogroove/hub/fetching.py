"""A checkpoint folder from the Hub: pinned by its commit, checked, and kept in the cache."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.errors import LocalEntryNotFoundError

from audiogroove.errors import CheckpointRejected, HubFault, HubRefused, RequestRefused
from audiogroove.hub.faults import ask
from audiogroove.hub.reference import Reference
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import FILES, Checkpoint


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that came from the Hub: its pin, where its files lie, and what they hold."""

    reference: Reference
    folder: Path
    model: Checkpoint


def fetch(what: Reference, *, cache: Path | None = None, api: HfApi | None = None) -> Fetched:
    """Fetch a model, of its files only those of the format; nothing in them is executed.

    A commit that lies in the cache (by default that of huggingface_hub) is not asked for again,
    so a pinned model needs no network the second time. A branch or tag is asked for, and where
    the Hub cannot be reached, stands for what it was the last time.

    HubRefused says that there is no such model or revision, that it is not ours to see, that the
    Hub cannot be reached, or that what came is no usable model.
    """
    api = api or HfApi(library_name="audiogroove")
    pinned, folder = ask(str(what), lambda: _find(api, what, cache))
    try:
        return Fetched(pinned, folder, checkpoint.load(folder))
    except CheckpointRejected as rejected:
        damaged = HubRefused(HubFault.DAMAGED, str(pinned), told=rejected.fault)
    return _fetch_anew(api, pinned, cache, damaged)


def lay_out(folder: Path, out: Path) -> None:
    """Copy the files of a model to a folder of one's own, all or none; see `check_free`."""
    check_free(out)
    half = out.with_name(out.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        for name in FILES:
            if (folder / name).is_file():
                shutil.copyfile(folder / name, half / name)  # what a link of the cache points to
        half.replace(out)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def check_free(out: Path) -> None:
    """Check that a folder can be made there.

    Raises:
        RequestRefused: when something else is there.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        possible = "a folder that is not there yet, or an empty one"
        raise RequestRefused("out", asked=out, possible=possible)


def _find(api: HfApi, what: Reference, cache: Path | None) -> tuple[Reference, Path]:
    """Give the pin of a model and the folder in the cache where it now lies."""
    if what.is_pinned:
        return what, _at_hand(api, what, cache) or _download(api, what, cache)
    found = api.resolve_revision(what.repository, revision=what.revision, cache_dir=cache)
    pinned = Reference(what.repository, found.resolved)
    return pinned, _download(api, pinned, cache)


def _at_hand(api: HfApi, pinned: Reference, cache: Path | None) -> Path | None:
    """Look in the cache; where it is not there, ask the Hub once whether it has it at all.

    The client would ask again and again for half a minute before it gives up.
    """
    try:
        return _download(api, pinned, cache, only_local=True)
    except LocalEntryNotFoundError:
        api.model_info(pinned.repository, revision=pinned.revision)
        return None


def _download(
    api: HfApi,
    pinned: Reference,
    cache: Path | None,
    *,
    only_local: bool = False,
    anew: bool = False,
) -> Path:
    folder = api.snapshot_download(
        pinned.repository,
        revision=pinned.revision,
        cache_dir=cache,
        allow_patterns=list(FILES),
        local_files_only=only_local,
        force_download=anew,
    )
    return Path(folder)


def _fetch_anew(api: HfApi, pinned: Reference, cache: Path | None, damaged: HubRefused) -> Fetched:
    """Fetch once more what may have been damaged on its way or in the cache, or give up."""
    try:
        folder = ask(str(pinned), lambda: _download(api, pinned, cache, anew=True))
        return Fetched(pinned, folder, checkpoint.load(folder))
    except (CheckpointRejected, HubRefused):
        raise damaged from None
