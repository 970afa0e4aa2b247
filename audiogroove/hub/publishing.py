"""A checkpoint folder to the Hub: checked first, then all of it in one commit."""

from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import RepositoryNotFoundError
from huggingface_hub.hf_api import CommitInfo, ModelInfo

from audiogroove.errors import HubFault, HubRefused
from audiogroove.hub.faults import ask
from audiogroove.hub.reference import Reference
from audiogroove.model import checkpoint, sums
from audiogroove.model.checkpoint import FILES, SUMMED
from audiogroove.model.sums import SUMS


@dataclass(frozen=True, slots=True)
class Published:
    """Where a model lies now, pinned by its commit."""

    url: str
    reference: Reference


def files_of(folder: Path) -> dict[str, bytes | Path]:
    """List what is sent of a folder: the files of the format, and sums even where it has none.

    A folder without a usable model is refused with CheckpointRejected.
    """
    checkpoint.load(folder)
    found: dict[str, bytes | Path] = {
        name: folder / name for name in FILES if (folder / name).is_file()
    }
    if SUMS not in found:
        found[SUMS] = sums.of(folder, [name for name in SUMMED if name in found]).encode()
    return found


def publish(
    folder: Path, to: Reference, *, message: str, private: bool = False, api: HfApi | None = None
) -> Published:
    """Send a model to a repository, which is made where there is none; a revision is a branch.

    All files change in one commit or none does. Files of the format that the folder has not are
    removed there; others, such as pictures, stay. The token is found by huggingface_hub's own
    ways, unless `api` has one.

    A folder without a usable model is refused with CheckpointRejected before anything is sent.
    HubRefused says that the Hub cannot be reached or will not have it; then nothing has changed
    there, but that an empty repository or a branch may have been made.
    """
    files = files_of(folder)
    api = api or HfApi(library_name="audiogroove")

    def send() -> CommitInfo:
        there = _prepare(api, to, private=private)
        stale = {one.rfilename for one in there.siblings or ()} & set(FILES) - set(files)
        return api.create_commit(
            to.repository,
            [
                *(CommitOperationAdd(name, content) for name, content in files.items()),
                *(CommitOperationDelete(name) for name in sorted(stale)),
            ],
            commit_message=message,
            revision=to.revision,
            parent_commit=there.sha,
        )

    done = ask(str(to), send)
    return Published(f"{api.endpoint}/{to.repository}", Reference(to.repository, done.oid))


def _prepare(api: HfApi, to: Reference, *, private: bool) -> ModelInfo:
    """Look at what is there; make the repository and the branch where there is none.

    Raises:
        HubRefused: when it is public and should not be: the Hub makes only new ones private.
    """
    try:
        there = api.model_info(to.repository)
    except RepositoryNotFoundError:
        api.create_repo(to.repository, private=private or None)
        there = api.model_info(to.repository)
    if private and not there.private:
        raise HubRefused(HubFault.IS_PUBLIC, to.repository)
    if to.revision is None:
        return there
    api.create_branch(to.repository, branch=to.revision, exist_ok=True)
    return api.model_info(to.repository, revision=to.revision)
