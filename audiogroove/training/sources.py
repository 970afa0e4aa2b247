"""Where the music to train on comes from: folders, their manifests, music21's own works.

A folder may hold a `manifest.jsonl`, a line a file with `path` and, where known, `style`,
`license`, `license_tier`, `tempo_is_default`. Without one, a file's style is the name of the
folder it lies in.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiogroove.errors import DatasetRejected
from audiogroove.music import styles

MIDI_SUFFIXES = frozenset({".mid", ".midi", ".kar", ".rmi"})
SCORE_SUFFIXES = frozenset({".mxl", ".musicxml", ".xml", ".abc", ".krn"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read."""

    path: Path
    name: str  # how reports call it
    style: str
    license: str = ""
    tempo_known: bool = True

    @property
    def is_score(self) -> bool:
        """Whether music21 must read it."""
        return self.path.suffix.lower() in SCORE_SUFFIXES


def find(folder: Path, *, tiers: Sequence[str] = ()) -> list[Source]:
    """List the music files of a folder; with `tiers`, only those whose licence tier is named.

    Raises:
        DatasetRejected: when there is no such folder, nothing to read in it, or a manifest that
            cannot be understood.
    """
    if not folder.is_dir():
        raise DatasetRejected(folder, fault="there is no such folder")
    manifest = folder / "manifest.jsonl"
    found = list(_listed(folder, manifest, tiers) if manifest.is_file() else _walked(folder))
    if not found:
        raise DatasetRejected(folder, fault="there is no music in it that could be read")
    return found


def bundled() -> list[Source]:
    """List the works that come with music21; their style is the folder that they lie in."""
    from audiogroove.music import notation  # noqa: PLC0415  (music21 takes a second to import)

    return [
        Source(path, f"music21/{path.parent.name}/{path.name}", _style(path.parent.name))
        for path in notation.corpus_works()
    ]


def _listed(folder: Path, manifest: Path, tiers: Sequence[str]) -> Iterator[Source]:
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), start=1):
        entry = _entry(line)
        if entry is None:
            raise DatasetRejected(folder, fault=f"line {number} of its manifest names no file")
        if tiers and entry.get("license_tier") not in tiers:
            continue
        path = (folder / entry["path"]).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise DatasetRejected(folder, fault=f"its manifest points outside: {entry['path']}")
        yield Source(
            path,
            entry["path"],
            _style(str(entry.get("style", "")), entry.get("tags", ()), entry.get("programs", ())),
            str(entry.get("license", "")),
            not entry.get("tempo_is_default", False),
        )


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("path"), str) else None


def _walked(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in MIDI_SUFFIXES | SCORE_SUFFIXES and path.is_file():
            yield Source(path, str(path.relative_to(folder)), _style(path.parent.name))


def _style(tag: str, tags: Collection[str] = (), programs: Collection[int] = ()) -> str:
    """Name the style that a tag belongs to; a tag of which nothing is known is a style itself."""
    return styles.style_of(tag, tags, programs) or tag.replace("_", " ").strip().lower()
