"""What is compiled is kept, and made anew when anything that it is made of has changed."""

import shutil
from pathlib import Path

import pytest

import audiogroove
from audiogroove.compiled import CONSTANTS, MARK, cache_of, compiled, digest, reordering

HOME = Path(audiogroove.__file__).parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Copy the package's sources."""
    there = tmp_path / "audiogroove"
    shutil.copytree(HOME, there, ignore=shutil.ignore_patterns("__pycache__", "shipped", "*.npz"))
    return there


def test_a_compiled_function_is_the_function() -> None:
    """Whatever order its sums are taken in."""

    def total(numbers: list[float]) -> float:
        return sum(numbers)

    for make in (compiled, reordering):
        assert make(total).py_func is total  # type: ignore[attr-defined]


def test_every_source_of_compiled_functions_tells(home: Path) -> None:
    """A change in one that is only called by others is a change, too."""
    before = digest(home)
    marked = [path for path in sorted(home.glob("*/*.py")) if MARK in path.read_text()]
    assert {"sheet.py", "deciding.py", "step.py", "arithmetic.py"} <= {one.name for one in marked}
    for path in [*marked, *(home / name for name in CONSTANTS), home / "compiled.py"]:
        text = path.read_text()
        path.write_text(text + "\n")
        assert digest(home) != before, path.name
        path.write_text(text)
    assert digest(home) == before


def test_other_sources_do_not_tell(home: Path) -> None:
    """Nobody waits for a translation because a sentence was mended."""
    before = digest(home)
    for name in ("sentences.py", "service/composer.py", "tokens/brief.py"):
        (home / name).write_text((home / name).read_text() + "\n")
    assert digest(home) == before


def test_what_is_compiled_is_kept_beside_its_sources(home: Path) -> None:
    """In a folder of their state."""
    assert cache_of(home) == home / "__pycache__" / f"compiled-{digest(home)}"


def test_where_nothing_can_be_written_it_is_kept_elsewhere(home: Path, tmp_path: Path) -> None:
    """Under the same name, so that a new release never runs what an old one has compiled."""
    (home / "__pycache__").write_text("a file where the folder would be")
    assert cache_of(home, tmp_path / "own") == tmp_path / "own" / f"compiled-{digest(home)}"
    last = cache_of(home, home / "__pycache__")
    assert last.is_dir()
    assert digest(home) in last.name
