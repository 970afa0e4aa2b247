"""What travels with a button comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat import Button, Verb, decode_button

CELLS = st.text("abcdefghijkmnpqrstuvwxyz23456789.-_", max_size=30)


@given(st.sampled_from(Verb), CELLS, st.text("abc0123456789:-", max_size=12))
def test_a_button_comes_back_as_it_was(verb: Verb, subject: str, argument: str) -> None:
    """Whatever it belongs to and says."""
    button = Button("Press me", verb, subject, argument)
    assert (verb, subject, argument) == decode_button(button.encoded)


@pytest.mark.parametrize("text", ["", "1", "1:again", "2:again:x:", "1:sing:x:", "again:x", "::::"])
def test_what_is_no_button_of_ours_is_none(text: str) -> None:
    """Other bots and other versions have buttons, too."""
    assert decode_button(text) is None


def test_the_longest_button_fits_telegram() -> None:
    """64 bytes: a cancel button carries the id of a Discord or Telegram event."""
    longest = Button("Cancel", Verb.CANCEL, "telegram.-1009999999999.2147483647")
    assert len(longest.encoded) <= 64
    assert len(Button("Vary", Verb.ACCOMPANY, "k3v9x2m4qa", "distortion guitar").encoded) <= 64
