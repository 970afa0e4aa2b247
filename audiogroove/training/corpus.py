"""Folders of music to one data set: read, refuse with counts, drop doubles, split, learn words.

Deciding is pure (`arrange`), doing is thin (`prepare`). Reading is cut into chunks of files, each
of which leaves a file of its own behind, so that a run that was cut short goes on where it was.
"""

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from audiogroove.errors import DatasetRejected
from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH, POSITION, VELOCITY
from audiogroove.tokens.vocabulary import (
    DRUMS,
    END,
    FIELDS,
    MIN_COUNT,
    Counts,
    Vocabulary,
    count_values,
)
from audiogroove.training import chunk, dataset
from audiogroove.training.duplicates import families
from audiogroove.training.reading import Outcome, Reading, Refusal, pool, read_all
from audiogroove.training.sources import Source

CHUNK_FILES = 128
HELD_OUT_SHARE = 0.015  # of a style's pieces, for each of valid and test …
HELD_OUT_PIECES = 10  # … and at most so many


@dataclass(frozen=True)
class Arrangement:
    """What becomes of the files: kept pieces with their split, and why the others are not."""

    kept: tuple[Reading, ...]
    refused: tuple[Refusal, ...]
    doubles: int

    def report(self) -> dict[str, object]:
        """Count what happened, as JSON values."""
        splits = Counter(one.info.split for one in self.kept)
        return {
            "kept": len(self.kept),
            "notes": sum(len(one.events) for one in self.kept),
            "doubles": self.doubles,
            "refused": dict(Counter(one.reason for one in self.refused).most_common()),
            "splits": {name: splits[name] for name in dataset.SPLITS},
            "styles": dict(Counter(one.info.style for one in self.kept).most_common()),
        }


def prepare(
    sources: Sequence[Source],
    out: Path,
    *,
    workers: int = 2,
    min_count: int = MIN_COUNT,
    progress: Callable[[int], None] = lambda _files: None,
) -> Arrangement:
    """Read all sources into `out/dataset.npz`, with a report of what was refused beside it.

    `progress` is told after each chunk how many files were done in it.

    Raises:
        DatasetRejected: when nothing that was read is worth training on.
    """
    chunks = out / "chunks"
    chunks.mkdir(parents=True, exist_ok=True)
    outcomes = [outcome for some in _read(sources, chunks, workers, progress) for outcome in some]
    arrangement = arrange(outcomes)
    if not any(one.info.split == "train" for one in arrangement.kept):
        raise DatasetRejected(out, fault="no piece among the sources is fit to train on")
    kept = arrangement.kept
    words = learn_words([one for one in kept if one.info.split == "train"], min_count=min_count)
    dataset.save(out, [one.info for one in kept], [one.events for one in kept], words)
    report = {**arrangement.report(), "vocabulary": words.sizes, "min_count": min_count}
    refused = [[one.name, one.reason] for one in arrangement.refused]
    (out / "report.json").write_text(json.dumps({**report, "refused_files": refused}, indent=1))
    shutil.rmtree(chunks)
    return arrangement


def arrange(outcomes: Sequence[Outcome]) -> Arrangement:
    """Decide what is kept and on which side of the split it stands; pure.

    Of pieces with the same notes the first stays. A family of kindred tunes stands on one side
    as a whole. The held-out sides take families in the order of their digests, from each style
    a `HELD_OUT_SHARE`, at least one and at most `HELD_OUT_PIECES`; small families only, so that
    one crowded tune does not stand for a style. The order of `outcomes` changes nothing else.
    """
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    unique = list({one.fingerprint: one for one in reversed(readings)}.values())[::-1]
    split = _split(unique)
    return Arrangement(
        tuple(
            replace(one, info=replace(one.info, split=side))
            for one, side in zip(unique, split, strict=True)
        ),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Refusal)),
        len(readings) - len(unique),
    )


def learn_words(readings: Sequence[Reading], *, min_count: int = MIN_COUNT) -> Vocabulary:
    """Learn the vocabulary from readings, which should be those of the training split alone."""
    columns: dict[str, list[np.ndarray[tuple[int], np.dtype[np.integer]]]] = defaultdict(list)
    for one in readings:
        programs = np.asarray(one.info.programs)[one.events[:, PART]]
        columns["position"].append(one.events[:, POSITION])
        columns["program"].append(programs)
        columns["pitch"].append(one.events[:, PITCH] + DRUMS * (programs == DRUMS))
        columns["duration"].append(one.events[:, DURATION])
        columns["velocity"].append(one.events[:, VELOCITY])
        columns["meter"].append(one.info.bar_meters)
        columns["bar"].append(np.clip(np.diff(one.events[:, BAR], prepend=0), 0, END - 1))
    counts: dict[str, Counts] = {
        name: count_values(name, np.concatenate(columns[name])) for name in FIELDS
    }
    return Vocabulary.learn(counts, min_count=min_count)


def _split(unique: Sequence[Reading]) -> list[str]:
    kin = families([one.sketch for one in unique])
    members: dict[int, list[int]] = defaultdict(list)
    for index, number in enumerate(kin):
        members[number].append(index)
    by_style: dict[str, list[list[int]]] = defaultdict(list)
    for family in members.values():
        by_style[unique[family[0]].info.style].append(family)
    split = ["train"] * len(unique)
    for families_of_style in by_style.values():
        count = sum(len(family) for family in families_of_style)
        wanted = min(HELD_OUT_PIECES, max(1, round(count * HELD_OUT_SHARE)))
        small = [family for family in families_of_style if len(family) <= max(2, wanted // 2)]
        small.sort(
            key=lambda family: hashlib.sha256(unique[family[0]].fingerprint.encode()).digest()
        )
        _hold_out(small[: max(0, len(families_of_style) - 1)], split, wanted)
    return split


def _hold_out(small: list[list[int]], split: list[str], wanted: int) -> None:
    """Give families, in turn, to valid and test until each has as many pieces as wanted."""
    left = {"valid": wanted, "test": wanted}
    for family in small:
        side = max(left, key=lambda name: left[name])
        if left[side] <= 0:
            return
        left[side] -= len(family)
        for index in family:
            split[index] = side


def _read(
    sources: Sequence[Source], folder: Path, workers: int, progress: Callable[[int], None]
) -> Iterator[list[Outcome]]:
    """Read chunk after chunk, several at once; what an earlier run left is taken over.

    Yields:
        What became of each chunk's files, in the order of the sources.
    """
    lots = [sources[at : at + CHUNK_FILES] for at in range(0, len(sources), CHUNK_FILES)]
    paths = [folder / f"{_digest(lot)}.npz" for lot in lots]
    with pool(workers) as readers:
        waiting = {
            readers.submit(_read_chunk, lot, path): len(lot)
            for lot, path in zip(lots, paths, strict=True)
            if not path.exists()
        }
        progress(len(sources) - sum(waiting.values()))
        for done in as_completed(waiting):
            done.result()
            progress(waiting[done])
    for lot, path in zip(lots, paths, strict=True):
        outcomes = chunk.load(path)
        yield read_all(lot) if outcomes is None else outcomes  # a damaged chunk is read again


def _read_chunk(lot: Sequence[Source], path: Path) -> None:
    chunk.save(path, read_all(lot))


def _digest(lot: Sequence[Source]) -> str:
    return hashlib.sha256(repr(lot).encode()).hexdigest()[:16]
