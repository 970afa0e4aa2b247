"""Wishes as text, and a chat's defaults for what is not wished."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused, WishUnknown
from audiogroove.music.instruments import DRUMS, INSTRUMENTS, parse_part
from audiogroove.music.piece import Key, Meter
from audiogroove.request import ComposeRequest, Mode, Sampling
from audiogroove.tokens.form import plan_form
from audiogroove.wishes import BY_NAME, MAX_WISH_CHARS, applicable, request_of
from tests.wishes.granting import granted, is_granted, refusal, wished


@pytest.mark.parametrize(
    ("name", "typed", "field", "meant"),
    [
        ("style", "Bossa Nova", "style", "latin"),
        ("key", "Dm", "key", Key(2, "minor")),
        ("tempo", "96", "tempo_bpm", 96),
        ("tempo", "96.12345", "tempo_bpm", 96.12),
        ("tempo", "120 bpm", "tempo_bpm", 120),
        ("tempo", "100 beats per minute", "tempo_bpm", 100),
        ("tempo", "90,5", "tempo_bpm", 90.5),
        ("tempo", "Andante", "tempo_bpm", 84),
        ("tempo", "very  fast", "tempo_bpm", 176),
        ("tempo", "up-tempo", "tempo_bpm", 144),
        ("meter", "6/8", "meter", Meter(6, 8)),
        ("bars", " 12 ", "bars", 12),
        ("bars", "12 bars", "bars", 12),
        ("bars", "short", "bars", 8),
        ("parts", "violin, piano", "parts", (parse_part("violin"), parse_part("piano"))),
        ("parts", "bass and drums", "parts", (parse_part("bass"), DRUMS)),
        ("parts", "flute & harp", "parts", (parse_part("flute"), parse_part("harp"))),
        ("parts", "bass and lead", "parts", (INSTRUMENTS[87],)),
        ("parts", "violin,,", "parts", (parse_part("violin"),)),
        ("density", "Sparse", "density", "sparse"),
        ("form", "AA’BA", "form", "AA'BA"),
        ("preset", "In the Pocket", "sampling", Sampling()),
        ("temperature", "1.2", "sampling", Sampling(temperature=1.2)),
        ("temperature", "safer", "sampling", Sampling(temperature=0.8)),
        ("rhythm_temperature", "steady", "sampling", Sampling(rhythm_temperature=0.75)),
        ("top_k", "40", "sampling", Sampling(top_k=40)),
        ("top_p", ".9", "sampling", Sampling(top_p=0.9)),
        ("min_p", "0.05", "sampling", Sampling(min_p=0.05)),
        ("seed", "42", "seed", 42),
    ],
)
def test_a_wish_is_understood_as_it_is_typed(
    name: str, typed: str, field: str, meant: object
) -> None:
    """Capitals, units and words for numbers are forgiven."""
    assert getattr(wished(**{name: typed}), field) == meant


def test_bars_are_counted_from_one() -> None:
    """As everywhere that people type."""
    assert granted(Mode.VARY, {"range": "5-8"}).bar_range == (4, 8)


def test_the_dice_are_thrown_where_no_seed_is_wished() -> None:
    """And not where one is."""
    assert request_of(Mode.COMPOSE, {}, seed=7) == ComposeRequest(7)
    assert request_of(Mode.COMPOSE, {"seed": "8"}, seed=7) == ComposeRequest(8)


def test_a_wish_for_nothing_is_none() -> None:
    """A chat may send a field that was left empty."""
    assert wished(style="", key=" ", tempo="") == ComposeRequest(1)


@pytest.mark.parametrize("typed", ["yes", "True", "on", "1"])
def test_a_strict_key_is_kept_to(typed: str) -> None:
    """However yes is said."""
    assert wished(key="C", strict_key=typed).strict_scale


def test_a_key_need_not_be_strict() -> None:
    """No is an answer."""
    assert not wished(key="C", strict_key="no").strict_scale
    assert wished(strict_key="off") == ComposeRequest(1)


@pytest.mark.parametrize(
    ("wishes", "field", "possible"),
    [
        ({"style": "polka-metal"}, "style", "ballroom"),
        ({"key": "H"}, "key", "C major"),
        ({"strict_key": "yes"}, "strict_key", "together with a key"),
        ({"strict_key": "maybe", "key": "C"}, "strict_key", "yes or no"),
        ({"tempo": "soon"}, "tempo", "20 to 400, or a word such as grave"),
        ({"tempo": "9000"}, "tempo", "20 to 400"),
        ({"tempo": "nan"}, "tempo", "20 to 400"),
        ({"meter": "7"}, "meter", "7/8"),
        ({"bars": "0"}, "bars", "1 to 128"),
        ({"bars": "many"}, "bars", "1 to 128, or a word such as short"),
        ({"bars": "2.5"}, "bars", "1 to 128"),
        ({"parts": "zzz"}, "parts", "piano"),
        ({"parts": "bass and flut"}, "parts", "flute"),
        ({"density": "heavy"}, "density", "sparse, light"),
        ({"form": "A1B2"}, "form", "1 to 16 letters"),
        ({"form": "AABA", "bars": "3"}, "form", "1 to 3 letters"),
        ({"form": "A" * 17}, "form", "1 to 16 letters"),
        ({"preset": "happy"}, "preset", "tight, in the pocket, loose, out"),
        ({"temperature": "hot"}, "temperature", "0.05 to 3, or a word such as very safe"),
        ({"top_k": "1001"}, "top_k", "1000"),
        ({"top_p": "all"}, "top_p", "0.01 to 1"),
        ({"seed": "abc"}, "seed", "0 to 9223372036854775807"),
        ({"seed": "-1"}, "seed", "0 to 9223372036854775807"),
        ({"range": "1-2"}, "range", "vary"),
        ({"style": "x" * (MAX_WISH_CHARS + 1)}, "style", "up to 500 characters"),
    ],
    ids=str,
)
def test_what_cannot_be_granted_is_refused(
    wishes: dict[str, str], field: str, possible: str
) -> None:
    """By the wish's own name, with what would do."""
    error = refusal(**wishes)
    assert error.field == field
    assert possible in error.possible


def test_an_unknown_wish_is_named_with_its_nearest() -> None:
    """It is most often a slip."""
    with pytest.raises(WishUnknown) as caught:
        wished(temprature="1")
    assert (caught.value.word, caught.value.near[0]) == ("temprature", "temperature")


@given(st.sampled_from(sorted(BY_NAME)), st.text(max_size=40))
def test_any_text_is_a_wish_or_refused(name: str, text: str) -> None:
    """Whatever is typed, nothing else is raised."""
    with suppress(RequestRefused):
        wished(**{name: text})


@given(st.text("AaBbz' ,-’1", max_size=20), st.integers(1, 20))
def test_a_form_that_is_granted_can_be_planned(text: str, bars: int) -> None:
    """Nobody waits for a piece whose form is refused when its turn comes."""
    try:
        form = wished(form=text, bars=str(bars)).form
    except RequestRefused:
        with pytest.raises(RequestRefused):
            plan_form(text, bars)
    else:
        assert form is None or len(plan_form(form, bars).levels) == bars


# A chat's defaults

DEFAULTS = {
    "style": "jazz",
    "key": "D minor",
    "strict_key": "yes",
    "tempo": "slow",
    "meter": "3/4",
    "bars": "8",
    "parts": "piano",
    "density": "light",
    "temperature": "1.2",
    "top_k": "40",
}


def test_a_new_piece_takes_every_default() -> None:
    """That is what they are for."""
    assert applicable(Mode.COMPOSE, DEFAULTS) == DEFAULTS


@pytest.mark.parametrize(
    ("mode", "taken"),
    [
        (Mode.CONTINUE, {"bars", "density", "temperature", "top_k"}),
        (Mode.VARY, {"density", "temperature", "top_k"}),
        (Mode.ACCOMPANY, {"density", "temperature", "top_k"}),
    ],
)
def test_a_file_sets_its_own_tone(mode: Mode, taken: set[str]) -> None:
    """A jazz chat may send a hymn and have it continued as a hymn."""
    assert set(applicable(mode, DEFAULTS)) == taken
    assert is_granted(mode, applicable(mode, DEFAULTS))


def test_a_default_gives_way_to_a_wish() -> None:
    """Whoever says something means it."""
    assert applicable(Mode.COMPOSE, DEFAULTS, {"style": "waltz"}) == {
        name: text for name, text in DEFAULTS.items() if name != "style"
    }


@pytest.mark.parametrize(
    ("defaults", "wished"),
    [
        ({"style": "a style of last year's"}, {}),
        ({"colour": "red"}, {}),
        ({"strict_key": "yes"}, {}),
        ({"bars": "2"}, {"form": "AABA"}),
        ({"seed": "4"}, {}),
    ],
    ids=str,
)
def test_nobody_is_refused_because_of_a_default(
    defaults: dict[str, str], wished: dict[str, str]
) -> None:
    """One that is no longer understood, or does not go with the wishes, is left out."""
    assert applicable(Mode.COMPOSE, defaults, wished) == {}


@pytest.mark.parametrize(
    ("wished", "left"),
    [
        ({"preset": "out"}, {"bars": "8"}),
        ({"preset": " "}, {"bars": "8", "temperature": "0.8", "top_k": "40"}),
        ({"temperature": "1.1"}, {"bars": "8", "top_k": "40"}),
    ],
    ids=str,
)
def test_a_preset_is_not_held_back_by_the_dice_of_a_chat(
    wished: dict[str, str], left: dict[str, str]
) -> None:
    """It says all of them anew."""
    defaults = {"bars": "8", "temperature": "0.8", "top_k": "40"}
    assert applicable(Mode.COMPOSE, defaults, wished) == left


def test_one_value_refines_a_preset_that_a_chat_has() -> None:
    """Nobody asked for the others to go."""
    wished = {"temperature": "0.9"}
    assert applicable(Mode.COMPOSE, {"preset": "out"}, wished) == {"preset": "out"}


def test_a_strict_default_waits_for_a_key() -> None:
    """The key may be wished."""
    assert applicable(Mode.COMPOSE, {"strict_key": "yes"}, {"key": "C"}) == {"strict_key": "yes"}
