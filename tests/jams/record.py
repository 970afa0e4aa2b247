"""Record the dialogues of jams anew: each script's cues stay, and what is said to them changes.

    python -m tests.jams.record [NAME …]

Read every line of what has changed, as somebody in that chat would.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bots.conversation import Quota
from tests.jams.club import Club

DIALOGUES = Path(__file__).parent / "dialogues"
QUOTA = Quota(60, 6)  # takes of one person


def cues(script: str) -> list[str]:
    """List what people do and what happens; what is said is what must come of it."""
    return [line for line in script.splitlines() if line and not line.startswith((" ", "#"))]


async def recorded(script: str, folder: Path) -> str:
    """Perform a script's cues, and write down what comes of them between its comments."""
    lines: list[str] = []
    async with Club(folder, person=QUOTA) as club:
        for line in script.splitlines():
            if line.startswith("#"):
                lines += ["", line] if lines and not lines[-1].startswith("#") else [line]
            elif line and not line.startswith(" "):
                before = len(club.lines)
                await club.perform(line)
                lines += ["", *club.lines[before:]]
    return "\n".join(lines).lstrip() + "\n"


def scripts(names: list[str]) -> list[Path]:
    """Find the scripts of these names, or all."""
    named = [DIALOGUES / f"{name}.txt" for name in names]
    return named or sorted(DIALOGUES.glob("*.txt"))


async def main(names: list[str]) -> None:
    """Record them."""
    for path in scripts(names):
        with tempfile.TemporaryDirectory() as folder:
            script = path.read_text(encoding="utf-8")
            path.write_text(await recorded(script, Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
