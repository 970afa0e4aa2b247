"""Where SoundFonts lie: the instruments that a piece is played on."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

FOLDERS = (
    Path("/usr/share/sounds/sf3"),  # Debian and its kin
    Path("/usr/share/sounds/sf2"),
    Path("/usr/share/soundfonts"),  # Fedora, Arch, openSUSE
    Path("/usr/local/share/soundfonts"),
    Path("/opt/homebrew/share/soundfonts"),
)
NAMES = (  # patterns, best first
    "MuseScore_General.sf[23]",
    "MuseScore_General*.sf[23]",
    "FluidR3_GM.sf[23]",
    "FluidR3*.sf[23]",
    "default-GM.sf[23]",  # whichever the system's owner has chosen
    "TimGM6mb.sf2",
)


def candidates(
    preferred: Path | None = None, folders: Iterable[Path] = FOLDERS
) -> tuple[Path, ...]:
    """Find the fonts that are there, best first, each once and under its own name.

    First what the host prefers, then what the system has, last TimGM6mb, which the package
    pretty_midi brings along. A link is followed, so that a font's name tells which one it is.
    """
    found = (path for path in _named(preferred, tuple(folders)) if path.is_file())
    return tuple(dict.fromkeys(path.resolve() for path in found))


def is_soundfont(path: Path) -> bool:
    """Tell whether a file begins as SoundFonts do: with a RIFF header of the form "sfbk"."""
    try:
        with path.open("rb") as file:
            header = file.read(12)
    except OSError:
        return False
    return header[:4] == b"RIFF" and header[8:] == b"sfbk"


def _named(preferred: Path | None, folders: tuple[Path, ...]) -> Iterator[Path]:
    if preferred is not None:
        yield preferred.expanduser()
    for name in NAMES:
        for folder in folders:
            yield from sorted(folder.glob(name))
    package = find_spec("pretty_midi")  # found and not imported: one file of it is wanted
    if package is not None and package.origin is not None:
        yield Path(package.origin).with_name("TimGM6mb.sf2")
