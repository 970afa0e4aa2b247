"""Words that can be drawn, whatever strangers type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from audiogroove.render import lettering


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Prélude, Жизнь, Ωδή", "Prélude, Жизнь, Ωδή"),
        ("B♭ and F♯", "Bb and F#"),
        ("a\x00b\x07c\x1b", "abc"),
        ("turned \u202eround\u200d", "turned round"),
        ("two\nlines\tand   more", "two lines and more"),
        ("日本語 🎹🎹 x", "· · x"),
        ("e\u0301tude", "étude"),
        ("", ""),
    ],
)
def test_a_title_keeps_what_the_font_has(typed: str, shown: str) -> None:
    """Letters stay, signs are spelled, controls go, and a dot stands for what is unknown."""
    assert lettering.readable(typed) == shown


@given(st.text())
def test_every_letter_kept_is_in_both_fonts(text: str) -> None:
    """The painter would drop the others in silence."""
    shown = lettering.readable(text)
    assert set(shown) <= set(lettering.load(lettering.REGULAR).advances)
    assert set(shown) <= set(lettering.load(lettering.BOLD).advances)


@pytest.mark.parametrize("text", ["Ragtime in D minor · 16 bars", "Жизнь", "WWWW iiii"])
@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_of_another_reader_of_fonts(text: str, *, bold: bool) -> None:
    """FreeType says the same, but for kerning."""
    font = ImageFont.truetype(lettering.BOLD if bold else lettering.REGULAR, 100)
    assert lettering.width_px(text, 100, bold=bold) == pytest.approx(font.getlength(text), rel=0.04)


@given(st.text().map(lettering.readable), st.floats(0, 500))
def test_what_was_cut_fits(text: str, room_px: float) -> None:
    """Nothing sticks out of its place, however small that is."""
    cut = lettering.fit(text, room_px, 20)
    assert lettering.width_px(cut, 20) <= room_px
    assert cut in (text, "") or cut.endswith(lettering.CUT)
