"""Short names of parts."""

import pytest

from audiogroove.music.abbreviations import abbreviate, abbreviations


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Violin 2", "Vln. 2"),
        ("Alto sax", "A. Sax."),
        ("Acoustic Grand Piano", "Ac. Gr."),
        ("Electric Guitar (jazz)", "El. Gtr."),
        ("Ada", "Ada"),
        ("Bartholomew's drums", "Bart. Dr."),
        ("", ""),
    ],
)
def test_names_are_shortened_as_publishers_do(name: str, short: str) -> None:
    """By custom where there is one, else to the first letters; a number stays."""
    assert abbreviate(name) == short


def test_parts_that_come_out_alike_are_numbered() -> None:
    """Nobody should have to guess which violin this is."""
    assert abbreviations(["Violin", "Viola", "Violin"]) == ["Vln. 1", "Vla.", "Vln. 2"]
