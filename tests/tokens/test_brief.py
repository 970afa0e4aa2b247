"""A request made definite: what is given, where new notes go, and what custom answers."""

from dataclasses import replace

import numpy as np
import pytest

from audiogroove.errors import RequestRefused
from audiogroove.music import theory
from audiogroove.music.instruments import DRUMS as KIT
from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import MAX_BARS, MAX_NOTES, Key, Meter, Note, Part, Piece
from audiogroove.request import DEFAULT_BARS, ComposeRequest, Mode
from audiogroove.tokens import brief as briefs
from audiogroove.tokens.brief import MAX_KNOWN_NOTES, Brief, make_brief
from audiogroove.tokens.codec import BAR, encode, frame_of
from audiogroove.tokens.draft import MAX_NEW_NOTES
from audiogroove.tokens.features import density_id, key_id, tempo_id
from audiogroove.tokens.form import LIKE, NEW, SAME, UNKNOWN
from audiogroove.tokens.grammar import Region
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import BASS, CUSTOMS, FLUTE, PIANO, STRINGS, STYLES, WORDS, part

TUNE = Piece(
    (part((0, 64, 12), (48, 65, 12), (96, 67, 24)), part((0, 36, 3), (96, 38, 3), program=DRUMS)),
    bars=3,
    tempos=((0, 90.0), (48, 100.0)),
    key=Key(9, "minor"),
)


def brief(request: ComposeRequest) -> Brief:
    """Settle a request with the small vocabulary and two styles."""
    return make_brief(request, WORDS, STYLES, CUSTOMS)


def told(one: Brief) -> tuple[object, ...]:
    """Put everything a brief says into values that can be compared."""
    frame = one.frame
    arrays = (one.known, frame.bar_lines, frame.meters, frame.programs, frame.wishes)
    settled = (one.mode, one.style, one.paper, one.region, frame.ending, frame.form.text)
    return (*settled, frame.activities.tolist(), [array.tolist() for array in arrays])


# Compose


def test_every_wish_is_granted() -> None:
    """What is wished stands on the paper and in the frame as it was wished."""
    one = brief(
        ComposeRequest(
            5,
            bars=8,
            style="waltz",
            key=Key(2, "minor"),
            tempo_bpm=92.5,
            meter=Meter(4, 4),
            parts=(parse_part("piano"),),
            form="AABA'",
        )
    )
    assert (one.mode, one.style, one.paper.bars) == (Mode.COMPOSE, "waltz", 8)
    assert one.paper.parts == (Part((), PIANO, name="Piano"),)
    assert (one.paper.key, one.paper.tempos) == (Key(2, "minor"), ((0, 92.5),))
    assert one.paper.meters == ((0, Meter(4, 4)),)
    assert one.frame.form.levels.tolist() == [NEW, NEW, SAME, SAME, NEW, NEW, SAME, LIKE]
    wishes = [2, key_id(2, minor=True), tempo_id(92.5)]
    assert wishes == one.frame.wishes.tolist()[:3]


def test_the_whole_paper_is_new() -> None:
    """Nothing stands yet, and every part may play in every bar."""
    one = brief(ComposeRequest(5, bars=4, parts=(parse_part("flute"), parse_part("bass"))))
    assert one.known.shape == (0, 6)
    assert one.region == Region(0, 4, frozenset({0, 1}))
    assert one.paper.note_count == 0


@pytest.mark.parametrize("seed", range(5))
def test_custom_answers_open_wishes(seed: int) -> None:
    """Who plays, in which meter, how fast, in which mode: as the style is used to."""
    one = brief(ComposeRequest(seed, style="waltz"))
    assert one.frame.programs.tolist() == [FLUTE, STRINGS]
    assert one.paper.meters[0][1] in (Meter(3, 4), Meter(6, 8))
    assert 150 <= one.paper.tempos[0][1] <= 180
    assert one.paper.key
    assert one.paper.key.mode == "minor"
    assert one.paper.bars == DEFAULT_BARS
    assert one.frame.density == density_id(5)
    assert one.frame.form.levels.max() == UNKNOWN


def test_custom_draws_from_all_it_knows() -> None:
    """With other dice another style, ensemble, meter and key."""
    many = [brief(ComposeRequest(seed)) for seed in range(40)]
    assert {one.style for one in many} == set(STYLES)
    assert len({tuple(one.frame.programs.tolist()) for one in many}) == 3
    assert len({one.paper.meters for one in many}) == 3
    assert len({one.paper.key for one in many}) > 4


def test_a_rare_style_plays_only_when_named() -> None:
    """Who names none gets one that the model knows well, if there is one."""
    rare = CUSTOMS | {"waltz": replace(CUSTOMS["waltz"], pieces=briefs.LEAST_PIECES - 1)}
    drawn = {make_brief(ComposeRequest(seed), WORDS, STYLES, rare).style for seed in range(20)}
    assert drawn == {"ragtime"}
    assert make_brief(ComposeRequest(1, style="waltz"), WORDS, STYLES, rare).style == "waltz"
    rare = {style: replace(custom, pieces=1) for style, custom in CUSTOMS.items()}
    assert make_brief(ComposeRequest(1), WORDS, STYLES, rare).style in STYLES


def test_the_same_request_is_settled_alike() -> None:
    """A request and its seed settle everything; another seed may settle it otherwise."""
    assert told(brief(ComposeRequest(3))) == told(brief(ComposeRequest(3)))
    assert len({str(told(brief(ComposeRequest(seed)))) for seed in range(10)}) == 10


def test_parts_stand_as_scores_have_them() -> None:
    """High before low, drums last."""
    wished = tuple(map(parse_part, ("drums", "bass", "flute", "piano")))
    one = brief(ComposeRequest(1, parts=wished))
    assert one.frame.programs.tolist() == [FLUTE, PIANO, BASS, DRUMS]
    assert one.paper.parts[-1] == Part((), 0, is_drums=True, name="Drums")


def test_players_of_one_name_are_numbered() -> None:
    """In score order, going on from those who are there already."""
    wished = tuple(map(parse_part, ("violin", "violin", "cello")))
    one = brief(ComposeRequest(1, parts=wished))
    assert [part.name for part in one.paper.parts] == ["Violin 1", "Violin 2", "Cello"]
    stage = one.paper.with_parts([*one.paper.parts, TUNE.parts[0]])
    one = brief(ComposeRequest(1, Mode.ACCOMPANY, stage, parts=(parse_part("cello"),)))
    assert one.paper.parts[-1].name == "Cello 2"


def test_drums_alone_have_no_key() -> None:
    """But keep one that is wished."""
    assert brief(ComposeRequest(1, parts=(KIT,))).paper.key is None
    assert brief(ComposeRequest(1, parts=(KIT,))).frame.key == 0
    assert brief(ComposeRequest(1, parts=(KIT,), key=Key(0))).paper.key == Key(0)


def test_a_tempo_is_kept_to_a_hundredth() -> None:
    """Whatever is wished within the range can stand on paper."""
    assert brief(ComposeRequest(1, tempo_bpm=100 / 3)).paper.tempos == ((0, 33.33),)
    assert brief(ComposeRequest(1, tempo_bpm=399.9999)).paper.tempos == ((0, 400.0),)


@pytest.mark.parametrize(
    ("density", "fill"),
    [("sparse", 0.35), ("light", 0.59), ("medium", 1), ("busy", 1.68), ("dense", 2.83)],
)
def test_density_is_told_of_the_custom(density: str, fill: float) -> None:
    """A ragtime has nine notes a bar; one part of three has a third of them."""
    one = brief(ComposeRequest(1, style="ragtime", parts=(parse_part("piano"),), density=density))
    ensemble = brief(ComposeRequest(1, style="ragtime")).frame.programs
    assert len(ensemble) in (1, 3)
    assert one.frame.density == density_id(fill * 9 / len(ensemble))
    assert one.fill == pytest.approx(fill, abs=0.01)


def test_density_has_ends() -> None:
    """Nothing is sparser than the first step or denser than the last."""
    thin = CUSTOMS | {"waltz": replace(CUSTOMS["waltz"], notes_a_bar=(0.1, 0.1, 0.1))}
    sparse = ComposeRequest(1, style="waltz", density="sparse")
    assert make_brief(sparse, WORDS, STYLES, thin).frame.density == 1
    thick = CUSTOMS | {"waltz": replace(CUSTOMS["waltz"], notes_a_bar=(99.0, 99.0, 99.0))}
    dense = ComposeRequest(1, style="waltz", density="dense")
    assert make_brief(dense, WORDS, STYLES, thick).frame.density == 16


def test_only_a_strict_scale_is_kept_to() -> None:
    """Others are leant to, which is the sampler's business."""
    dorian = ComposeRequest(1).with_key("D dorian")
    assert brief(dorian).keep_to is None
    assert brief(replace(dorian, strict_scale=True)).keep_to == frozenset({0, 2, 4, 5, 7, 9, 11})
    assert brief(ComposeRequest(1, strict_scale=True)).keep_to is None


# From a piece


def test_a_continuation_adds_bars() -> None:
    """The seed stands; all its parts play on in the new bars."""
    one = brief(ComposeRequest(1, Mode.CONTINUE, TUNE, bars=4))
    assert one.known.tolist() == encode(TUNE).tolist()
    assert one.region == Region(3, 7, frozenset({0, 1}))
    assert one.paper == replace(frame_of(TUNE), bars=7)


def test_a_continuation_is_as_long_as_is_custom() -> None:
    """Sixteen bars."""
    assert brief(ComposeRequest(1, Mode.CONTINUE, TUNE)).paper.bars == 3 + DEFAULT_BARS


def test_a_continuation_may_change_its_tempo() -> None:
    """Where the new bars begin."""
    one = brief(ComposeRequest(1, Mode.CONTINUE, TUNE, tempo_bpm=200 / 3))
    assert one.paper.tempos == ((0, 90.0), (48, 100.0), (144, 66.67))
    assert one.frame.tempo == tempo_id(66.67)


def test_a_variation_forgets_just_its_bars() -> None:
    """The notes before and after are known, and all parts may play between them."""
    one = brief(ComposeRequest(1, Mode.VARY, TUNE, bar_range=(1, 2)))
    assert one.known[:, BAR].tolist() == [0, 0, 2, 2]
    assert one.region == Region(1, 2, frozenset({0, 1}))
    assert one.paper == frame_of(TUNE)


def test_company_stands_before_the_drums() -> None:
    """All notes are known, and only the new parts may play."""
    added = (parse_part("bass"), parse_part("flute"))
    one = brief(ComposeRequest(1, Mode.ACCOMPANY, TUNE, parts=added))
    assert one.frame.programs.tolist() == [PIANO, BASS, FLUTE, DRUMS]
    assert one.region == Region(0, 3, frozenset({1, 2}))
    assert len(one.known) == TUNE.note_count
    stage = one.paper.with_parts([TUNE.parts[0], *one.paper.parts[1:3], TUNE.parts[1]])
    assert one.known.tolist() == encode(stage).tolist()


def test_drums_come_last() -> None:
    """After all parts of a piece that has none."""
    duet = TUNE.with_parts([TUNE.parts[0], TUNE.parts[0]])
    one = brief(ComposeRequest(1, Mode.ACCOMPANY, duet, parts=(KIT, parse_part("bass"))))
    assert one.frame.programs.tolist() == [PIANO, PIANO, BASS, DRUMS]
    assert one.region.parts == {2, 3}


def test_company_may_play_in_some_bars_only() -> None:
    """In those of the range."""
    request = ComposeRequest(1, Mode.ACCOMPANY, TUNE, parts=(parse_part("bass"),), bar_range=(1, 2))
    assert brief(request).region == Region(1, 2, frozenset({1}))


def test_a_piece_s_own_key_is_kept_or_found() -> None:
    """A wish goes before the piece's own, and that before what it sounds like."""
    vary = ComposeRequest(1, Mode.VARY, TUNE, bar_range=(0, 1))
    assert brief(vary).paper.key == Key(9, "minor")
    assert brief(replace(vary, key=Key(5))).paper.key == Key(5)
    keyless = replace(TUNE, key=None)
    assert brief(replace(vary, material=keyless)).paper.key == theory.find_key(TUNE)
    beat = keyless.with_parts(TUNE.parts[1:])
    assert brief(replace(vary, material=beat)).paper.key is None


def test_a_piece_sets_the_tone() -> None:
    """Its density and last tempo are told; a style only if one is wished."""
    one = brief(ComposeRequest(1, Mode.CONTINUE, TUNE))
    assert (one.style, one.frame.style) == ("", 0)
    assert (one.frame.tempo, one.frame.density) == (tempo_id(100), density_id(5 / 3))
    one = brief(ComposeRequest(1, Mode.CONTINUE, TUNE, style="ragtime", density="busy"))
    assert (one.style, one.frame.style) == ("ragtime", 1)
    assert one.frame.density == density_id(one.fill * 5 / 3) > density_id(5 / 3)


def test_every_bar_is_told_its_meter() -> None:
    """Those that the vocabulary lacks are told as the nearest it has."""
    walk = replace(TUNE, meters=((0, Meter(4, 4)), (1, Meter(2, 2)), (2, Meter(10, 4))))
    one = brief(ComposeRequest(1, Mode.CONTINUE, walk, bars=2))
    four, six = WORDS["meter"].ids(np.array([404, 604])).tolist()
    assert [four, four, six, six, six] == one.frame.meters.tolist()
    assert one.frame.bar_lines.tolist() == [0, 48, 96, 216, 336, 456]


# The impossible


def test_a_style_nobody_taught_is_refused() -> None:
    """With those that were."""
    for request in (ComposeRequest(1), ComposeRequest(1, Mode.CONTINUE, TUNE)):
        with pytest.raises(RequestRefused) as caught:
            brief(replace(request, style="polka"))
        assert (caught.value.field, caught.value.asked) == ("style", "polka")
        assert caught.value.possible == "ragtime, waltz"


def test_a_form_needs_its_bars() -> None:
    """Four sections do not fit into three bars."""
    with pytest.raises(RequestRefused) as caught:
        brief(ComposeRequest(1, bars=3, form="AABA"))
    assert caught.value.possible == "1 to 3 letters such as AABA or AA'BA"


def test_a_piece_has_an_end() -> None:
    """No continuation goes beyond as many bars as a piece may have."""
    long = replace(TUNE, bars=MAX_BARS - 10)
    assert brief(ComposeRequest(1, Mode.CONTINUE, long, bars=10)).paper.bars == MAX_BARS
    with pytest.raises(RequestRefused) as caught:
        brief(ComposeRequest(1, Mode.CONTINUE, long, bars=11))
    assert (caught.value.field, caught.value.asked) == ("bars", 2001)
    assert caught.value.possible == "pieces of up to 2000 bars"


def test_a_crowded_piece_is_refused_before_it_overflows() -> None:
    """Known and new notes together always fit into a piece."""
    assert MAX_KNOWN_NOTES + MAX_NEW_NOTES <= MAX_NOTES
    notes = tuple(Note(onset, 60, 1) for onset in range(MAX_KNOWN_NOTES + 1))
    crowd = Piece((Part(notes),), bars=1000)
    for request in (
        ComposeRequest(1, Mode.CONTINUE, crowd),
        ComposeRequest(1, Mode.VARY, crowd, bar_range=(0, 1)),
        ComposeRequest(1, Mode.ACCOMPANY, crowd, parts=(KIT,)),
    ):
        with pytest.raises(RequestRefused) as caught:
            brief(request)
        assert (caught.value.field, caught.value.asked) == ("file", "40,001 notes")
        assert caught.value.possible == "a piece of up to 40,000 notes"
