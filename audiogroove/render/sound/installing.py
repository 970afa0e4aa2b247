"""How the library that makes sound is installed, system by system."""

import platform
import sys
from collections.abc import Mapping
from types import MappingProxyType

LINES: Mapping[str, str] = MappingProxyType(  # by ID or ID_LIKE of os-release(5)
    {
        "debian": "sudo apt-get install libfluidsynth3",
        "ubuntu": "sudo apt-get install libfluidsynth3",
        "fedora": "sudo dnf install fluidsynth-libs",
        "arch": "sudo pacman -S fluidsynth",
        "suse": "sudo zypper install libfluidsynth3",
        "alpine": "sudo apk add fluidsynth",
        "darwin": "brew install fluid-synth",
    }
)
ELSEWHERE = "install libfluidsynth, version 2 or newer"


def how_to_install(system: str, release: Mapping[str, str]) -> str:
    """Tell what to type; `system` is as `sys.platform`, `release` as os-release(5) has it."""
    for name in (system, release.get("ID", ""), *release.get("ID_LIKE", "").split()):
        if name in LINES:
            return LINES[name]
    return ELSEWHERE


def how_to_install_here() -> str:
    """Tell what to type on this machine."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:  # not a Linux, or one that says nothing about itself
        release = {}
    return how_to_install(sys.platform, release)
