"""Wishing, and what comes of it: shared by the tests of wishes."""

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.wishes import request_of

TUNE = Piece((Part((Note(0, 60, 12), Note(96, 62, 12))),), bars=8)
# What each mode cannot do without.
NEEDED = {
    Mode.COMPOSE: {},
    Mode.CONTINUE: {},
    Mode.VARY: {"range": "1-2"},
    Mode.ACCOMPANY: {"parts": "bass"},
}


def wished(**wishes: str) -> ComposeRequest:
    """Wish for a new piece."""
    return request_of(Mode.COMPOSE, wishes, seed=1)


def granted(mode: Mode, wishes: dict[str, str]) -> ComposeRequest:
    """Wish for something, together with what the mode needs."""
    material = None if mode is Mode.COMPOSE else TUNE
    return request_of(mode, NEEDED[mode] | wishes, seed=1, material=material)


def is_granted(mode: Mode, wishes: dict[str, str]) -> bool:
    """Tell whether a wish is granted in a mode."""
    try:
        granted(mode, wishes)
    except RequestRefused:
        return False
    return True


def refusal(**wishes: str) -> RequestRefused:
    """Wish for the impossible."""
    with pytest.raises(RequestRefused) as caught:
        wished(**wishes)
    return caught.value
