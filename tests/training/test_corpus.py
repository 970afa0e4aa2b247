"""Folders of music become one data set: what is kept, refused, dropped, and on which side."""

import json
import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiogroove.errors import DatasetRejected
from audiogroove.tokens.vocabulary import FIELDS
from audiogroove.training import corpus, dataset
from audiogroove.training.corpus import arrange, learn_words
from audiogroove.training.dataset import Dataset, PieceInfo
from audiogroove.training.reading import Outcome, Reading, Refusal, read_all
from audiogroove.training.sources import Source, find
from tests.training import tunes


def made_up(style: str, number: int, *, kin: int | None = None) -> Reading:
    """Make a reading without music: pieces of equal `kin` share their tune."""
    info = PieceInfo(f"{style}/{number}", style, "", 4, ((0, 4, 4),), (0,), None, None, minor=False)
    start = 1000 * (number if kin is None else kin)
    sketch = np.arange(start, start + 48, dtype=np.uint64)
    return Reading(info, np.zeros((30, 6), dtype=np.int32), f"{style} {number}", sketch)


def sides(readings: list[Reading]) -> dict[str, str]:
    """Arrange readings; tell each one's split."""
    return {one.info.path: one.info.split for one in arrange(readings).kept}


def test_a_folder_becomes_a_data_set(data: Dataset) -> None:
    """Every tune is kept, in its style, and each style is held out from a little."""
    assert dict.fromkeys(tunes.STYLES, 9) == Counter(one.style for one in data.pieces)
    for style in tunes.STYLES:
        splits = Counter(one.split for one in data.pieces if one.style == style)
        assert splits == {"train": 7, "valid": 1, "test": 1}


def test_a_manifest_chooses_what_is_read(tmp_path: Path) -> None:
    """Tiers and styles are taken from it, whatever the folders are called."""
    sources = tunes.write_folder(tmp_path, [(f"x/{n}.mid", tunes.tune(n)) for n in range(4)])
    entries = [
        {"path": source.name, "style": "ragtime", "license_tier": "AB"[index % 2], "license": "PD"}
        for index, source in enumerate(sources)
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, entries)))
    kept = arrange(read_all(find(tmp_path, tiers=("A",)))).kept
    assert [(one.info.path, one.info.style, one.info.license) for one in kept] == [
        ("x/0.mid", "ragtime", "PD"),
        ("x/2.mid", "ragtime", "PD"),
    ]


def test_refused_files_are_counted_and_named(tmp_path: Path) -> None:
    """The report says how many are missing and why; none gets lost without a word."""
    sources = tunes.write_folder(
        tmp_path,
        [("rock/good.mid", tunes.tune(1)), ("rock/short.mid", tunes.tune(2, bars=2))],
    )
    for name in ("a", "b"):
        (tmp_path / f"{name}.mid").write_bytes(b"RIFF, perhaps")
        sources.append(Source(tmp_path / f"{name}.mid", f"{name}.mid", "rock"))
    corpus.prepare(sources, tmp_path, workers=1)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["refused"] == {"not_midi": 2, "too short to learn from": 1}
    assert ["rock/short.mid", "too short to learn from"] in report["refused_files"]
    assert (report["kept"], report["notes"], report["doubles"]) == (1, 48, 0)
    assert len(sources) == report["kept"] + report["doubles"] + sum(report["refused"].values())


def test_the_report_is_about_the_data_set_beside_it(data_folder: Path, data: Dataset) -> None:
    """Pieces, notes, styles, splits and words add up."""
    report = json.loads((data_folder / "report.json").read_text())
    assert (len(data.pieces), len(data.notes["pitch"])) == (report["kept"], report["notes"])
    assert Counter(one.style for one in data.pieces) == report["styles"]
    assert {name: len(data.split(name)) for name in dataset.SPLITS} == report["splits"]
    assert (data.vocabulary.sizes, 1) == (report["vocabulary"], report["min_count"])


def test_a_transposed_double_is_dropped(tmp_path: Path) -> None:
    """Of the same notes in three keys the first file stays."""
    named = [("a/1.mid", 0), ("b/1.mid", 4), ("c/1.mid", -5)]
    sources = tunes.write_folder(tmp_path, [(name, tunes.tune(1, up=up)) for name, up in named])
    arrangement = arrange(read_all(sources))
    assert [one.info.path for one in arrangement.kept] == ["a/1.mid"]
    assert (arrangement.doubles, arrangement.report()["doubles"]) == (2, 2)


def test_a_family_stands_on_one_side() -> None:
    """Whatever is held out, no kin of it is trained on."""
    readings = [
        made_up(style, number, kin=number // 2 + 1000 * kind)
        for kind, style in enumerate(("waltz", "rock"))
        for number in range(200)
    ]
    found = sides(readings)
    assert {"train", "valid", "test"} == set(found.values())
    family_sides = defaultdict(set)
    for name, side in found.items():
        style, number = name.split("/")
        family_sides[style, int(number) // 2].add(side)
    assert {1} == {len(some) for some in family_sides.values()}


def test_a_crowded_tune_is_not_held_out() -> None:
    """Thirty versions of one tune stay in training: they would stand for their whole style."""
    crowd = [made_up("folk", number, kin=7) for number in range(30)]
    found = sides([*crowd, *(made_up("folk", number) for number in range(100, 140))])
    assert {"train"} == {found[one.info.path] for one in crowd}


@pytest.mark.parametrize("count", [1, 2, 3, 40, 800])
def test_each_style_is_held_out_in_proportion(count: int) -> None:
    """At least one piece where there are three; ten at most; something is left to train on."""
    splits = Counter(sides([made_up("folk", number) for number in range(count)]).values())
    wanted = min(corpus.HELD_OUT_PIECES, max(1, round(count * corpus.HELD_OUT_SHARE)))
    assert min(wanted, count // 2) == splits["valid"]
    assert min(wanted, (count - 1) // 2) == splits["test"]
    assert splits["train"] >= 1


def test_what_is_held_out_does_not_hang_on_the_order_of_files() -> None:
    """A piece without kin stands where its digest puts it."""
    readings = [made_up("folk", number) for number in range(60)]
    assert sides(readings) == sides(readings[::-1])


def test_words_are_learnt_from_training_alone(tmp_path: Path) -> None:
    """A value that only held-out pieces have is folded, as it would be in a stranger's music."""
    named = [(f"folk/{number}.mid", tunes.tune(number)) for number in range(12)]
    readings = [
        one for one in read_all(tunes.write_folder(tmp_path, named)) if isinstance(one, Reading)
    ]
    found = sides(readings)
    odd = [
        replace(one, events=np.where(np.arange(6) == 3, 1, one.events).astype(np.int32))
        if found[one.info.path] == "test"
        else one
        for one in readings
    ]
    outcomes: list[Outcome] = [*odd]
    kept = arrange(outcomes).kept
    assert found == {one.info.path: one.info.split for one in kept}
    words = learn_words([one for one in kept if one.info.split == "train"], min_count=1)
    assert 1 not in words["pitch"].values
    assert 1 in learn_words(kept, min_count=1)["pitch"].values


def test_prepared_words_are_those_of_the_training_split(data: Dataset) -> None:
    """Counts and all: the vocabulary's print can be found again from the data set."""
    train = [
        Reading(data.pieces[index], data.events(index), "", np.zeros(0, np.uint64))
        for index in data.split("train")
    ]
    assert data.vocabulary.fingerprint == learn_words(train, min_count=1).fingerprint
    for field in set(FIELDS) - {"bar", "meter"}:
        notes = sum(len(one.events) for one in train)
        assert notes == sum(data.vocabulary[field].counts)


class CutShortError(Exception):
    """The power failed."""


def test_a_run_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    """What was read once is not read again: by then the files are gone."""
    sources = tunes.write_corpus(tmp_path / "music")

    def fail(files: int) -> None:
        if files:
            raise CutShortError

    with pytest.raises(CutShortError):
        corpus.prepare(sources, tmp_path / "out", workers=1, progress=fail)
    shutil.rmtree(tmp_path / "music")
    told: list[int] = []
    arrangement = corpus.prepare(sources, tmp_path / "out", workers=1, progress=told.append)
    assert (len(arrangement.kept), len(arrangement.refused)) == (27, 0)
    assert told == [27]  # all at once, before anything was read


def test_a_damaged_chunk_is_read_again(tmp_path: Path) -> None:
    """A disk that was full leaves no hole in the corpus."""
    sources = tunes.write_corpus(tmp_path / "music")
    chunks = tmp_path / "out" / "chunks"
    chunks.mkdir(parents=True)
    (chunks / f"{corpus._digest(sources)}.npz").write_bytes(b"PK\3\4 and no more")
    assert len(corpus.prepare(sources, tmp_path / "out", workers=1).kept) == 27


def test_a_refused_corpus_leaves_no_data_set(tmp_path: Path) -> None:
    """Where nothing is fit to train on, that is said."""
    (tmp_path / "a.mid").write_bytes(b"")
    with pytest.raises(DatasetRejected, match="no piece among the sources"):
        corpus.prepare([Source(tmp_path / "a.mid", "a.mid", "rock")], tmp_path, workers=1)
    assert not (tmp_path / dataset.FILE_NAME).exists()


def test_nothing_but_data_set_and_report_stays(data_folder: Path) -> None:
    """The chunks have done their work."""
    assert {"dataset.npz", "report.json"} == {path.name for path in data_folder.iterdir()}


def test_an_arrangement_counts_by_reason() -> None:
    """The commonest reason first."""
    refused = [Refusal("a", "no_notes"), Refusal("b", "damaged"), Refusal("c", "damaged")]
    report = arrange([*refused, made_up("folk", 1)]).report()
    assert list(dict[str, int](report["refused"]).items()) == [("damaged", 2), ("no_notes", 1)]  # type: ignore[call-overload]
