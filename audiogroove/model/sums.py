"""What the files of a model should hash to: `SHA256SUMS`, as `sha256sum` writes and checks it.

It tells a file that was damaged on its way or on its disk, not one that somebody forged.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from audiogroove.errors import CheckpointRejected

SUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([\w-][\w.-]*)")  # a plain name: nothing outside the folder


def of(folder: Path, names: Iterable[str]) -> str:
    """Sum up some files of a folder, a line each."""
    return "".join(f"{digest(folder / name)}  {name}\n" for name in names)


def write(folder: Path, names: Iterable[str]) -> None:
    """Write down the sums of some files of a folder; see `check`."""
    half = folder / (SUMS + ".half")
    half.write_text(of(folder, names), encoding="utf-8")
    half.replace(folder / SUMS)


def check(folder: Path) -> None:
    """Compare the files of a folder with their sums, where it has any.

    Raises:
        CheckpointRejected: when a file is missing or another one than was written.
    """
    if not (folder / SUMS).is_file():
        return
    for line in (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines():
        told = _LINE.fullmatch(line)
        if told is None:
            raise CheckpointRejected(folder, fault=f"{SUMS} is damaged")
        wanted, name = told.groups()
        if not (folder / name).is_file():
            raise CheckpointRejected(folder, fault=f"there is no {name} in it")
        if digest(folder / name) != wanted:
            fault = f"{name} is damaged (its checksum is not the one in {SUMS})"
            raise CheckpointRejected(folder, fault=fault)


def digest(path: Path) -> str:
    """Give the SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
