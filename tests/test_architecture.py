"""The run-time twin of the import contracts.

Lint reads import statements; these tests see what is really loaded, side effects included.
"""

import subprocess
import sys

CORE = (
    "audiogroove.music.piece",
    "audiogroove.music.theory",
    "audiogroove.request",
    "audiogroove.tokens",
)
TRAINER = ("audiogroove.model.network", "audiogroove.training.loop")


def run_fresh(code: str) -> str:
    """Run code in an interpreter that has imported nothing yet; return what it prints."""
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert child.returncode == 0, child.stderr
    return child.stdout


def test_core_wakes_without_heavy_guests() -> None:
    """Asking and checking costs no torch, and no parser of files."""
    heavy = {"music21", "symusic", "torch"}
    loaded = run_fresh(f"import sys, {', '.join(CORE)}; print(*sys.modules)").split()
    assert set() == heavy & set(loaded)
    assert set(CORE) <= set(loaded)


def test_trainer_needs_nothing_but_arithmetic() -> None:
    """A bare GPU machine trains with torch, numpy and safetensors alone."""
    absent = ("mido", "music21", "symusic", "tqdm")
    block = f"sys.modules.update(dict.fromkeys({absent!r}))"  # None there means: cannot be imported
    run_fresh(f"import sys; {block}; import {', '.join(TRAINER)}")
