"""`audiogroove evaluate wishes`, as it is typed."""

from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.model import checkpoint
from tests.model import builders


def test_it_draws_two_tables(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One of shares, one of amounts."""
    checkpoint.save(tmp_path, builders.checkpoint(), card="")
    words = f"evaluate wishes --model {tmp_path} --style waltz --pieces 1 --seeds 1 --threads 1"
    assert main(words.split()) == 0
    shares, amounts = capsys.readouterr().out.strip().split("\n\n")
    assert shares.startswith("| wish | granted when |")
    assert amounts.startswith("| wish | how much |")
