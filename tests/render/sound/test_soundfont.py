"""SoundFonts: found where systems keep them, best first."""

import subprocess
import sys
from pathlib import Path

import pytest

from audiogroove.render.sound.soundfont import candidates, is_soundfont


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A system's folder with four fonts and something else."""
    for name in (
        "TimGM6mb.sf2",
        "FluidR3Mono_GM.sf3",
        "MuseScore_General_Lite.sf3",
        "MuseScore_General.sf3",
        "readme.txt",
    ):
        (tmp_path / name).touch()
    return tmp_path


def names(fonts: tuple[Path, ...]) -> list[str]:
    """Tell the names of files."""
    return [font.name for font in fonts]


def test_the_best_font_comes_first(folder: Path) -> None:
    """The larger ones sound better; what is no font is not among them."""
    assert names(candidates(None, [folder]))[:4] == [
        "MuseScore_General.sf3",
        "MuseScore_General_Lite.sf3",
        "FluidR3Mono_GM.sf3",
        "TimGM6mb.sf2",
    ]


def test_the_hosts_choice_comes_before_all(folder: Path, tmp_path: Path) -> None:
    """Whatever it is called, and whatever else there is."""
    chosen = tmp_path / "my own.sf2"
    chosen.touch()
    assert candidates(chosen, [folder])[0] == chosen.resolve()


def test_a_choice_that_is_not_there_is_passed_over(folder: Path) -> None:
    """The others are found all the same."""
    fonts = candidates(folder / "missing.sf2", [folder])
    assert names(fonts)[0] == "MuseScore_General.sf3"


def test_a_link_is_followed_and_a_font_named_once(folder: Path) -> None:
    """Debian's default-GM is a link to one of the others, whose name tells which."""
    (folder / "default-GM.sf3").symlink_to("TimGM6mb.sf2")
    found = [font for font in candidates(None, [folder]) if font.parent == folder.resolve()]
    assert names(tuple(found)).count("TimGM6mb.sf2") == 1
    assert "default-GM.sf3" not in names(tuple(found))


def test_there_is_always_a_font(tmp_path: Path) -> None:
    """On a system that has none, the one of a package that is installed with this one."""
    (font,) = candidates(None, [tmp_path])
    assert font.read_bytes()[8:12] == b"sfbk"


def test_a_font_is_known_by_its_first_bytes(folder: Path, tmp_path: Path) -> None:
    """Not by its name; what cannot be read is none."""
    assert is_soundfont(candidates(None, [])[-1])
    assert not is_soundfont(folder / "MuseScore_General.sf3")
    assert not is_soundfont(tmp_path / "missing.sf2")


def test_that_package_is_not_loaded_for_it() -> None:
    """It brings much that is not needed here."""
    code = (
        "import sys; from audiogroove.render.sound.soundfont import candidates; "
        "assert candidates() and 'pretty_midi' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
