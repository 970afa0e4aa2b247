"""Where the music to train on is found."""

import json
from pathlib import Path

import pytest

from audiogroove.errors import DatasetRejected
from audiogroove.training.sources import Source, find


def lay_out(folder: Path, *names: str) -> None:
    """Put empty files where the names say."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def write_manifest(folder: Path, *entries: dict[str, object]) -> None:
    """Write a manifest, a line an entry."""
    lines = "\n".join(json.dumps(entry) for entry in entries)
    (folder / "manifest.jsonl").write_text(lines, encoding="utf-8")


def test_without_a_manifest_the_folder_names_the_style(tmp_path: Path) -> None:
    """A small tag is folded into the style that people ask for; an unknown one is a style."""
    lay_out(tmp_path, "ragtime/entertainer.MID", "keyboard_historic/k545.midi", "my_Songs/a.kar")
    styles = {source.name: source.style for source in find(tmp_path)}
    assert styles == {
        "keyboard_historic/k545.midi": "classical piano",
        "my_Songs/a.kar": "my songs",
        "ragtime/entertainer.MID": "ragtime",
    }


def test_what_is_no_music_is_passed_by(tmp_path: Path) -> None:
    """A folder may hold covers and notes beside the music."""
    lay_out(tmp_path, "rock/cover.jpg", "rock/README", "rock/song.mid", "rock/old.mid/notes.txt")
    assert [source.name for source in find(tmp_path)] == ["rock/song.mid"]


def test_files_come_in_one_order(tmp_path: Path) -> None:
    """Whatever order the disk lists them in."""
    names = [f"{style}/{number}.mid" for style in "cab" for number in (2, 10, 1)]
    lay_out(tmp_path, *names)
    assert sorted(names) == [source.name for source in find(tmp_path)]


def test_scores_are_told_from_midi_files(tmp_path: Path) -> None:
    """They take another, slower reader."""
    lay_out(tmp_path, "a/1.mxl", "a/2.abc", "a/3.mid")
    assert [source.is_score for source in find(tmp_path)] == [True, True, False]


def test_a_manifest_says_what_the_folder_cannot(tmp_path: Path) -> None:
    """Style, licence, and whether the tempo is the music's own; files it omits are left out."""
    lay_out(tmp_path, "x/1.mid", "x/2.mid", "x/3.mid")
    write_manifest(
        tmp_path,
        {"path": "x/1.mid", "style": "ragtime", "license": "PD", "tempo_is_default": True},
        {"path": "x/2.mid"},
    )
    assert [
        Source(tmp_path / "x/1.mid", "x/1.mid", "ragtime", "PD", tempo_known=False),
        Source(tmp_path / "x/2.mid", "x/2.mid", "", "", tempo_known=True),
    ] == find(tmp_path)


def test_tiers_choose_by_licence(tmp_path: Path) -> None:
    """A file of which no tier is known is in none."""
    entries: list[dict[str, object]] = [
        {"path": f"{tier}.mid", "license_tier": tier} for tier in "APQ"
    ]
    write_manifest(tmp_path, *entries, {"path": "unknown.mid"})
    assert [source.name for source in find(tmp_path, tiers=("A", "P"))] == ["A.mid", "P.mid"]
    assert len(find(tmp_path)) == 4


def test_a_manifest_may_not_point_outside(tmp_path: Path) -> None:
    """A corpus from elsewhere reads nothing of its host's."""
    write_manifest(tmp_path, {"path": "../secret.mid"})
    with pytest.raises(DatasetRejected, match=r"outside: \.\./secret\.mid"):
        find(tmp_path)


@pytest.mark.parametrize("line", ["{", "[]", '{"style": "rock"}', '{"path": 3}', ""])
def test_a_line_that_names_no_file_is_named(tmp_path: Path, line: str) -> None:
    """Whoever wrote the manifest is told where to look."""
    (tmp_path / "manifest.jsonl").write_text(f'{{"path": "a.mid"}}\n{line}\n')
    with pytest.raises(DatasetRejected, match="line 2"):
        find(tmp_path)


def test_a_folder_without_music_is_refused(tmp_path: Path) -> None:
    """So is one that is not there, or of which the tiers leave nothing."""
    with pytest.raises(DatasetRejected, match="no such folder"):
        find(tmp_path / "nowhere")
    with pytest.raises(DatasetRejected, match="no music"):
        find(tmp_path)
    write_manifest(tmp_path, {"path": "a.mid", "license_tier": "A"})
    with pytest.raises(DatasetRejected, match="no music"):
        find(tmp_path, tiers=("P",))
