"""A request made definite by what is customary: how busy and strict, where parts lie, what form."""

from dataclasses import replace
from math import log

import pytest

from audiogroove.music.instruments import DRUMS as KIT
from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.tokens import brief as briefs
from audiogroove.tokens.brief import Brief, make_brief
from audiogroove.tokens.counterpoint import (
    LEAST,
    LENIENT,
    USUAL_CLASHES,
    USUAL_PARALLELS,
    Strictness,
)
from audiogroove.tokens.features import density_id
from audiogroove.tokens.tessitura import Lays
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import BASS, CUSTOMS, FLUTE, PIANO, STRINGS, STYLES, WORDS, part

PIANIST = parse_part("piano")
TUNE = Piece(
    (part((0, 64, 12), (48, 65, 12), (96, 67, 24)), part((0, 36, 3), (96, 38, 3), program=DRUMS)),
    bars=3,
)
LINE = Piece((Part(tuple(Note(48 * bar, 60 + bar, 12) for bar in range(4))),), bars=4)
BUSY = {
    "ragtime": replace(
        CUSTOMS["ragtime"],
        balances=((8.0,), (4.0, 2.0, 8.0)),
        activities=((PIANO, 90, (6.0, 8.0, 10.0)), (BASS, 20, (2.0, 2.0, 2.0))),
    ),
    "waltz": replace(
        CUSTOMS["waltz"],
        activities=((STRINGS, 60, (4.0, 4.0, 4.0)), (FLUTE, 60, (4.0, 4.0, 4.0))),
    ),
}


def busy(request: ComposeRequest) -> Brief:
    """Settle a request with customs that know how busy programs are."""
    return make_brief(request, WORDS, STYLES, BUSY)


def older(request: ComposeRequest) -> Brief:
    """Settle a request with customs of before there were activities and forms."""
    return make_brief(request, WORDS, STYLES, CUSTOMS)


def ids(*notes_a_bar: float) -> list[int]:
    """Give the density ids of so many notes a bar."""
    return [density_id(notes) for notes in notes_a_bar]


def test_every_part_is_told_how_busy_it_is() -> None:
    """As is customary, and the density is that of all together."""
    one = busy(ComposeRequest(1, style="waltz"))
    assert one.frame.activities.tolist() == ids(4, 4)
    assert one.frame.density == density_id(8)


def test_pieces_are_not_equally_busy() -> None:
    """The dice decide, within what is usual."""
    solos = {
        int(busy(ComposeRequest(seed, style="ragtime", parts=(PIANIST,))).frame.activities[0])
        for seed in range(20)
    }
    assert solos == set(ids(6, 8))


def test_a_wished_ensemble_may_be_a_customary_one() -> None:
    """Then it has that one's balance: a bass that plays two notes a bar beside a piano of four."""
    trio = busy(ComposeRequest(1, style="ragtime", parts=(PIANIST, parse_part("bass"), KIT)))
    assert abs(int(trio.frame.activities[0]) - density_id(4)) <= 1
    assert trio.frame.activities[1] == density_id(2)


@pytest.mark.parametrize("density", ["sparse", "light", "medium", "busy", "dense"])
def test_a_wished_density_is_shared_by_all(density: str) -> None:
    """Each part has as many times more notes, or fewer."""
    fill = 2.0 ** briefs.DOUBLINGS[density]
    one = busy(ComposeRequest(1, style="waltz", density=density))
    assert one.frame.activities.tolist() == ids(4 * fill, 4 * fill)
    assert one.frame.density == density_id(8 * fill)


def test_of_older_customs_no_activity_is_told() -> None:
    """Nothing is known of any part."""
    assert older(ComposeRequest(1, style="waltz")).frame.activities.tolist() == [0, 0]


def test_company_is_as_busy_as_is_customary() -> None:
    """The given parts are told as they are in the bars asked for, the new one as usual."""
    piano = Part(tuple(Note(6 * place, 60 + place % 7, 6) for place in range(24)), PIANO)
    piece = Piece((replace(piano, notes=piano.notes[:16]),), bars=3)
    one = busy(ComposeRequest(1, Mode.ACCOMPANY, piece, parts=(parse_part("bass"),)))
    assert one.frame.activities[0] == density_id(16 / 3)
    assert one.frame.activities[1] in ids(1.5, 2)
    assert one.frame.density in ids(16 / 3 + 1.5, 16 / 3 + 2)
    request = ComposeRequest(
        1, Mode.ACCOMPANY, piece, style="ragtime", parts=(parse_part("bass"),), bar_range=(0, 1)
    )
    assert busy(request).frame.activities.tolist() == ids(8, 2)
    fuller = busy(replace(request, density="busy"))
    assert fuller.frame.activities.tolist() == ids(8, 2 * fuller.fill)


def test_company_of_nothing_known_is_told_nothing() -> None:
    """But what is given is counted all the same."""
    one = older(ComposeRequest(1, Mode.ACCOMPANY, TUNE, parts=(parse_part("bass"),)))
    assert one.frame.activities.tolist() == [density_id(1), 0, density_id(2 / 3)]


def test_a_continuation_is_as_busy_as_what_it_follows() -> None:
    """The last sixteen bars; who is silent there may come in again."""
    early = tuple(Note(12 * place, 60, 12) for place in range(40))
    late = tuple(Note(48 * 10 + 24 * place, 60, 12) for place in range(40))
    piece = Piece((Part(early), Part(late)), bars=30)
    one = busy(ComposeRequest(1, Mode.CONTINUE, piece, density="busy"))
    assert one.frame.activities.tolist() == [0, density_id(one.fill * 32 / 16)]


def test_a_variation_is_as_busy_as_what_it_replaces() -> None:
    """In just those bars."""
    one = busy(ComposeRequest(1, Mode.VARY, TUNE, bar_range=(2, 3)))
    assert one.frame.activities.tolist() == ids(1, 1)
    one = busy(ComposeRequest(1, Mode.VARY, TUNE, bar_range=(1, 2)))
    assert one.frame.activities.tolist() == [density_id(1), 0]


@pytest.mark.parametrize("density", ["sparse", "medium", "dense"])
def test_parts_play_what_is_told(density: str) -> None:
    """What keeps them in pace is what the network is told; of older customs nothing."""
    for request in (
        ComposeRequest(1, style="waltz", density=density),
        ComposeRequest(1, Mode.CONTINUE, TUNE, bars=2, density=density),
        ComposeRequest(1, Mode.VARY, TUNE, bar_range=(0, 2), density=density),
        ComposeRequest(1, Mode.ACCOMPANY, TUNE, parts=(PIANIST,), density=density),
    ):
        one = busy(request)
        assert one.frame.activities.tolist() == [
            density_id(rate) if rate else 0 for rate in one.rates.tolist()
        ]
        assert one.rates.any()
    assert older(ComposeRequest(1, style="waltz", density=density)).rates.tolist() == [0, 0]


# Where they lie


KIT_LAYS = ((36, 38, 42), (37, 44))
SEATED = {
    "ragtime": replace(
        BUSY["ragtime"],
        seatings=((((36, 84),),), tuple(((60, 84), (40, 55), kit) for kit in KIT_LAYS)),
        registers=((PIANO, 90, (43.0, 60.0, 77.0)), (BASS, 10, (28.0, 39.0, 50.0))),
    ),
    "waltz": BUSY["waltz"],
}


def lays_of(request: ComposeRequest) -> Lays:
    """Tell how parts lie where ragtime knows it."""
    return make_brief(request, WORDS, STYLES, SEATED).lays


def test_new_music_lies_as_is_customary() -> None:
    """A wished ensemble, too, whether the style knows it or not; of older customs nothing."""
    solo = ComposeRequest(1, style="ragtime", parts=(PIANIST,))
    assert lays_of(solo) == ((36, 84),)
    trio = replace(solo, parts=(PIANIST, parse_part("bass"), KIT))
    drawn = {lays_of(replace(trio, seed=seed)) for seed in range(20)}
    assert drawn == {((60, 84), (40, 55), kit) for kit in KIT_LAYS}
    assert lays_of(replace(solo, parts=(PIANIST, parse_part("bass")))) == ((43, 77), (28, 50))
    assert older(solo).lays == (None,)


def test_where_parts_lie_changes_nothing_else() -> None:
    """The same seed settles the same piece, whatever is known of it."""
    for seed in range(10):
        one, two = (
            make_brief(ComposeRequest(seed, style="ragtime"), WORDS, STYLES, customs)
            for customs in (BUSY, SEATED)
        )
        assert one.paper == two.paper
        assert one.rates.tolist() == two.rates.tolist()
        assert one.frame.form.text == two.frame.form.text


LONG = Piece((Part(tuple(Note(6 * place, 60 + place % 5, 6) for place in range(48))),), bars=8)


@pytest.mark.parametrize(
    "asked",
    [
        ComposeRequest(1, Mode.CONTINUE, LONG, style="ragtime", bars=2),
        ComposeRequest(1, Mode.VARY, LONG, style="ragtime", bar_range=(2, 4)),
    ],
    ids=["continue", "vary"],
)
def test_what_stands_tells_where_it_lies(asked: ComposeRequest) -> None:
    """Whatever the style is used to; too few notes tell nothing."""
    assert lays_of(asked) == ((60, 64),)
    short = replace(LONG, parts=(replace(LONG.parts[0], notes=LONG.parts[0].notes[:3]),))
    assert lays_of(replace(asked, material=short)) == (None,)


def test_company_lies_beside_what_stands() -> None:
    """Where it does in such a band; what stands lies where it did."""
    request = ComposeRequest(
        1, Mode.ACCOMPANY, LONG, style="ragtime", parts=(parse_part("bass"), KIT)
    )
    piano, bass, kit = lays_of(request)
    assert (piano, bass) == ((60, 64), (40, 55))
    assert kit in KIT_LAYS


# In which form


ROUNDS = {style: replace(custom, forms=(".*4=4*12",)) for style, custom in CUSTOMS.items()}


def form_of(request: ComposeRequest, **forms: tuple[str, ...]) -> str:
    """Tell the form that is settled where styles have such forms, rounds if they are not named."""
    own = {style: replace(CUSTOMS[style], forms=texts) for style, texts in forms.items()}
    return make_brief(request, WORDS, STYLES, ROUNDS | own).frame.form.text


def test_a_customary_form_is_drawn() -> None:
    """Where none is wished, and cut to the bars."""
    forms = (".*8=8*8", ".*4~4*12")
    requests = [ComposeRequest(seed, style="waltz", bars=12) for seed in range(20)]
    assert {form_of(one, waltz=forms) for one in requests} == {".*8=8*4", ".*4~4*8"}
    assert form_of(replace(requests[0], form="AB"), waltz=forms) == ".*12"


def test_long_pieces_go_on_as_forms_do() -> None:
    """With the later half of another one, which looks back at the section before."""
    forms = (".*8=8*4.*4",)
    drawn = {form_of(ComposeRequest(n, bars=30), waltz=forms, ragtime=forms) for n in range(20)}
    assert drawn == {".*8=8*4.*4=8*4.*4=8*4.*2"}


def test_a_continuation_goes_on_in_a_customary_form() -> None:
    """Its new bars look back at the seed, in the way of the style that is wished."""
    request = ComposeRequest(1, Mode.CONTINUE, LINE, style="waltz", bars=6)
    assert form_of(request) == ".*4=4*6"
    assert form_of(request, waltz=(".*2=2*14",)) == ".*4=2*6"
    assert form_of(replace(request, style="ragtime"), waltz=(".*2=2*14",)) == ".*4=4*6"
    assert form_of(replace(request, style=None)) == ".*4=4*6"
    assert older(request).frame.form.text == ".*4?*6"


def test_a_variation_is_told_no_form() -> None:
    """It need not be what was there, nor what is around."""
    request = ComposeRequest(1, Mode.VARY, LINE, style="waltz", bar_range=(1, 3))
    assert form_of(request) == "?*4"


def test_company_keeps_to_the_form_of_what_is_given() -> None:
    """Of melodies; a kit that plays alone has company in a customary form."""
    notes = tuple(Note(48 * bar, 60 + bar % 2, 12) for bar in range(8))
    piece = Piece((Part(notes),), bars=8)
    request = ComposeRequest(1, Mode.ACCOMPANY, piece, parts=(parse_part("bass"),))
    assert form_of(request) == ".*2=2*6"
    kit = Piece((replace(piece.parts[0], is_drums=True),), bars=8)
    assert form_of(replace(request, material=kit)) == ".*4=4*4"


# How strict their counterpoint is


STRICT = {
    "ragtime": replace(CUSTOMS["ragtime"], clashes=USUAL_CLASHES / 2, parallels=None),
    "waltz": replace(CUSTOMS["waltz"], clashes=2 * USUAL_CLASHES, parallels=USUAL_PARALLELS / 4),
}


def strictness(request: ComposeRequest) -> Strictness:
    """Tell how strict a brief is where customs know their counterpoint."""
    return make_brief(request, WORDS, STYLES, STRICT).strictness


def test_new_music_is_as_strict_as_is_customary() -> None:
    """Of older customs nothing is known."""
    rag, waltz = (strictness(ComposeRequest(1, style=style)) for style in ("ragtime", "waltz"))
    assert (rag.clashes, rag.parallels) == pytest.approx((log(2), 0))
    assert (waltz.clashes, waltz.parallels) == pytest.approx((0, log(4)))
    assert older(ComposeRequest(1, style="waltz")).strictness == LENIENT


def test_what_stands_tells_how_strict_it_is() -> None:
    """Thirds that clash with nothing; what it is too short to tell is as the style has it."""
    lines = (
        Part(tuple(Note(12 * at, 60 + third + at % 2, 12) for at in range(32))) for third in (0, 4)
    )
    thirds = Piece(tuple(lines), bars=8)
    request = ComposeRequest(1, Mode.CONTINUE, thirds, style="waltz", bars=2)
    most = Strictness(log(USUAL_CLASHES / LEAST), log(USUAL_PARALLELS / LEAST))
    assert strictness(request) == most
    assert strictness(replace(request, style=None)) == most
    assert strictness(replace(request, material=LINE)).parallels == pytest.approx(log(4))
    assert strictness(replace(request, material=LINE, style=None)) == LENIENT
