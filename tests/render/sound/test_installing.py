"""How FluidSynth is installed: each system has its own line."""

import pytest

from audiogroove.render.sound.installing import (
    ELSEWHERE,
    LINES,
    how_to_install,
    how_to_install_here,
)


@pytest.mark.parametrize(
    ("system", "release", "line"),
    [
        ("linux", {"ID": "debian"}, "sudo apt-get install libfluidsynth3"),
        (
            "linux",
            {"ID": "linuxmint", "ID_LIKE": "ubuntu debian"},
            "sudo apt-get install libfluidsynth3",
        ),
        ("linux", {"ID": "fedora"}, "sudo dnf install fluidsynth-libs"),
        ("linux", {"ID": "manjaro", "ID_LIKE": "arch"}, "sudo pacman -S fluidsynth"),
        ("darwin", {}, "brew install fluid-synth"),
        ("linux", {"ID": "of my own"}, ELSEWHERE),
    ],
)
def test_each_system_has_its_line(system: str, release: dict[str, str], line: str) -> None:
    """A system that is like another is installed like the other."""
    assert how_to_install(system, release) == line


def test_this_machine_has_a_line() -> None:
    """Whatever it says about itself."""
    assert how_to_install_here() in {*LINES.values(), ELSEWHERE}
