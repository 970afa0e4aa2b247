"""The form of a piece where none is wished."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.music.piece import Piece
from audiogroove.tokens.codec import Events, encode
from audiogroove.tokens.form import LIKE, Form, find_form
from audiogroove.tokens.outline import DRAWS, accompanied, continued, customary, go_on
from audiogroove.tokens.vocabulary import DRUMS
from tests.strategies import pieces
from tests.tokens.scores import BASS, CUSTOMS, FLUTE, PIANO, rows

ROUND = replace(CUSTOMS["ragtime"], forms=(".*4=4*12",), activities=((PIANO, 99, (1, 1, 1)),))
FREE = replace(CUSTOMS["waltz"], forms=(".*16",), activities=((FLUTE, 99, (1, 1, 1)),))
KNOWN = {"ragtime": ROUND, "waltz": FREE}


def drawing(*texts: str) -> list[Form]:
    """Draw always these."""
    return [Form.read(text) for text in texts]


def melody(pitches: str) -> Events:
    """Play two notes a bar: each letter is a bar's own pitch, a space a silent bar."""
    return rows(
        *[
            (bar, beat, 0, ord(letter), 12, 80)
            for bar, letter in enumerate(pitches)
            for beat in (0, 24)
            if letter != " "
        ]
    )


def text_after(pitches: str, bars: int, *texts: str) -> str:
    """Continue a melody as one of these forms does."""
    return continued(melody(pitches), len(pitches), bars, lambda: drawing(*texts)).text


# What is customary


def test_a_style_has_its_own_forms() -> None:
    """Whoever plays."""
    drawn = customary((FLUTE,), ROUND, KNOWN, np.random.default_rng(1))
    assert [form.text for form in drawn] == [".*4=4*12"] * DRAWS


def test_without_a_style_the_players_tell() -> None:
    """Flutes play like those who have them; both styles know as little of a bass."""
    dice = np.random.default_rng(1)
    flutes = [form.text for _ in range(25) for form in customary((FLUTE,), None, KNOWN, dice)]
    assert flutes.count(".*16") > 0.9 * len(flutes)
    basses = [form.text for _ in range(25) for form in customary((BASS,), None, KNOWN, dice)]
    assert 0.3 < basses.count(".*16") / len(basses) < 0.7


def test_older_customs_show_no_form() -> None:
    """Then none is drawn, and a style that shows one answers for all."""
    dice = np.random.default_rng(1)
    assert customary((PIANO,), CUSTOMS["waltz"], CUSTOMS, dice) == []
    drawn = customary((FLUTE,), None, {**CUSTOMS, "ragtime": ROUND}, dice)
    assert {form.text for form in drawn} == {".*4=4*12"}


# From nothing


def test_a_new_piece_has_a_customary_form() -> None:
    """Cut to its bars."""
    assert go_on(Form.unknown(0), 12, lambda: drawing(".*8=8*8")).text == ".*8=8*4"


def test_a_long_piece_goes_on_with_later_halves() -> None:
    """Of forms whose first half is laid upon what stands."""
    form = go_on(Form.unknown(0), 30, lambda: drawing(".*8=8*4.*4"))
    assert form.text == ".*8=8*4.*4=8*4.*4=8*4.*2"


def test_where_none_is_customary_nothing_is_told() -> None:
    """However many bars there are."""
    assert go_on(Form.unknown(0), 200, list).text == "?*200"


# A continuation


def test_new_bars_look_back_at_the_seed() -> None:
    """As far as in the form that is drawn, there and at each other."""
    assert text_after("abcd", 12, ".*4=4*4~8*4") == ".*4=4*4~8*4"
    assert text_after("abcd", 12, ".*8=8*8") == ".*8=8*4"


def test_the_last_bars_stand_for_the_first_of_the_form() -> None:
    """Six bars and the form's first half of four: what comes next looks four bars back."""
    assert text_after("abcdef", 10, ".*4=4*4") == ".*6=4*4"


def test_a_form_that_begins_like_the_seed_is_preferred() -> None:
    """A seed that repeats itself goes on so, another does not."""
    steady, free = "..=2*6", ".*8"
    assert text_after("abab", 8, free, steady) == ".*2=2*6"
    assert text_after("abcd", 8, steady, free) == ".*8"


def test_nothing_comes_again_from_silence() -> None:
    """A bar whose source would be silent is new."""
    assert text_after("a c ", 8, ".*4=4*4") == ".*4=4.=4."


def test_after_a_seed_of_unknown_customs_nothing_is_told() -> None:
    """The seed's own form is told all the same."""
    form = continued(melody("abab"), 4, 6, list)
    assert form.text == ".*2=2*2?*2"


@settings(max_examples=15, deadline=None)
@given(pieces(), st.integers(1, 128), st.integers(0, 99))
def test_the_form_of_any_seed_goes_on(piece: Piece, bars: int, seed: int) -> None:
    """Its own stays as it is, and every source lies before its bar."""
    whole, dice = piece.bars + bars, np.random.default_rng(seed)
    form = continued(
        encode(piece), piece.bars, whole, lambda: customary((PIANO,), None, KNOWN, dice)
    )
    own = find_form(encode(piece), piece.bars)
    assert form.bars == whole
    assert form.first(piece.bars).text == own.text
    assert (form.sources < np.arange(whole)).all()
    assert ((form.sources >= 0) == (form.levels >= LIKE)).all()


# Company


def test_company_comes_again_with_the_others() -> None:
    """With all that are given."""
    form = accompanied(melody("abab"), (PIANO, BASS), 4, list)
    assert form.text == ".*2=2*2"


def test_a_kit_alone_tells_no_form() -> None:
    """Its company has a customary one."""
    form = accompanied(melody("aaaaaaaa"), (DRUMS, BASS), 8, lambda: drawing(".*4=4*4"))
    assert form.text == ".*4=4*4"
