"""A request made definite: the frame of the piece, what is given, and where new notes go.

Open wishes are answered here by the style's customs, with dice of their own, so that a request
and its seed settle everything. Pure: no tensor, no clock.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from audiogroove.errors import RequestRefused
from audiogroove.music import instruments, theory
from audiogroove.music.piece import MAX_BARS, TEMPO_RANGE_BPM, Key, Part, Piece
from audiogroove.request import DEFAULT_BARS, ComposeRequest, Mode
from audiogroove.tokens import balance, outline, tessitura
from audiogroove.tokens.balance import Rates
from audiogroove.tokens.codec import BAR, Events, encode, frame_of
from audiogroove.tokens.counterpoint import (
    LENIENT,
    Roughness,
    Strictness,
    count_roughness,
    strictness_of,
)
from audiogroove.tokens.customs import Custom
from audiogroove.tokens.features import Frame, density_id, key_id, tempo_id
from audiogroove.tokens.form import Form, plan_form
from audiogroove.tokens.grammar import Region
from audiogroove.tokens.tessitura import Lays
from audiogroove.tokens.vocabulary import DRUMS, Vocabulary, meter_value

T = TypeVar("T")

LEAST_PIECES = 40  # a style with fewer training pieces is not chosen for those who name none
MAX_KNOWN_NOTES = 40_000  # with those that a draft may add at most, MAX_NOTES
RECENT_BARS = 16  # a continuation is as busy as what it follows
# of the notes a bar: with twice as many, let alone four times, most styles have no room
DOUBLINGS = {"sparse": -1.5, "light": -0.75, "medium": 0, "busy": 0.75, "dense": 1.5}


@dataclass(frozen=True)
class Brief:
    """What is settled before the first new note."""

    mode: Mode
    style: str
    paper: Piece  # the finished piece without any notes
    frame: Frame  # the same as the network is told it
    known: Events  # events that stand already, in score order
    region: Region  # where the new ones go
    rates: Rates  # notes a bar that each part is to play, 0 where it is open
    lays: Lays = ()  # where each part lies; () where nothing is known
    strictness: Strictness = LENIENT
    fill: float = 1.0  # how many times as busy as usual the rates are
    keep_to: frozenset[int] | None = None  # the only pitch classes of new notes, 0..11


def make_brief(
    request: ComposeRequest, words: Vocabulary, styles: Sequence[str], customs: Mapping[str, Custom]
) -> Brief:
    """Settle a request.

    Raises:
        RequestRefused: when the model does not know the style, or the form does not fit the bars.
    """
    if request.style is not None and request.style not in styles:
        raise RequestRefused("style", asked=request.style, possible=", ".join(sorted(styles)))
    dice = np.random.default_rng((request.seed, 0))
    if request.material is None:
        brief = _compose(request, words, styles, customs, dice)
    else:
        brief = _from_material(request, request.material, words, styles, customs, dice)
    strict = request.scale if request.strict_scale else None
    frame = replace(brief.frame, ending=request.ending)
    kept = strict.pitch_classes if strict else None
    return replace(brief, frame=frame, keep_to=kept, fill=_fill(request))


def _compose(
    request: ComposeRequest,
    words: Vocabulary,
    styles: Sequence[str],
    customs: Mapping[str, Custom],
    dice: Generator,
) -> Brief:
    style = request.style or _draw_style(customs, dice)
    custom = customs[style]
    bars = request.bars or DEFAULT_BARS
    meter = request.meter or theory.parse_meter(_draw(custom.meters, dice))
    ensemble = _draw(custom.ensembles, dice)
    players = _named(_in_score_order(request) or [_part(program) for program in ensemble])
    bpm = request.tempo_bpm or round(float(dice.uniform(*custom.tempos_bpm[::2])), 0)
    low, high = TEMPO_RANGE_BPM
    key = request.key
    if key is None and any(not part.is_drums for part in players):
        minor = dice.random() < custom.minor_share
        key = Key(int(dice.choice([0, 2, 5, 7, 9, 10])), "minor" if minor else "major")
    paper = Piece(
        parts=tuple(players),
        bars=bars,
        meters=((0, meter),),
        tempos=((0, round(min(max(bpm, low), high), 2)),),
        key=key,
        title=f"{style.capitalize()} no. {request.seed % 10_000}",
    )
    if request.form:
        form = plan_form(request.form, bars)
    else:
        draw = partial(outline.customary, _programs(paper), custom, customs, dice)
        form = outline.go_on(Form.unknown(0), bars, draw)
    frame = _frame(paper, words, form, style=1 + styles.index(style))
    rates = balance.customary(_programs(paper), custom, customs, dice)
    if rates is None:  # customs of before there were activities
        rates = np.zeros(len(players))
    notes_a_bar = rates.sum() or custom.notes_a_bar[1] * len(players) / max(1, len(ensemble))
    rates = rates * _fill(request)
    frame = _filled(frame, notes_a_bar * _fill(request), rates)
    region = Region(0, bars, frozenset(range(len(players))))
    nothing = np.zeros((0, 6), dtype=np.int32)
    lays = tessitura.customary(_programs(paper), custom, customs, dice)
    strict = strictness_of(Roughness(custom.clashes, custom.parallels))
    return Brief(request.mode, style, paper, frame, nothing, region, rates, lays, strict)


def _from_material(
    request: ComposeRequest,
    material: Piece,
    words: Vocabulary,
    styles: Sequence[str],
    customs: Mapping[str, Custom],
    dice: Generator,
) -> Brief:
    material = _extended(material, request)
    key = request.key or material.key or theory.find_key(material)
    material = replace(material, key=key)
    old = request.material.bars if request.material else 0
    first, past = request.bar_range or (0, material.bars)
    parts = frozenset(range(len(material.parts)))
    known = encode(material)
    if request.mode is Mode.CONTINUE:
        first, past = old, material.bars
    elif request.mode is Mode.ACCOMPANY:
        material, known, parts = _with_players(material, request)
    elif request.mode is Mode.VARY:
        known = known[(known[:, BAR] < first) | (known[:, BAR] >= past)]
    region = Region(first, past, parts)
    rates = _rates(request, material, region, customs, dice)
    notes_a_bar = _notes_a_bar(request, material.note_count / old, rates[sorted(parts)])
    paper = frame_of(material)
    custom = customs[request.style] if request.style else None
    draw = partial(outline.customary, _programs(paper), custom, customs, dice)
    form = _form(request.mode, known, paper, old, draw)
    style = 1 + styles.index(request.style) if request.style else 0
    frame = _filled(_frame(paper, words, form, style=style), notes_a_bar, rates)
    lays = tessitura.counted(material)
    if request.mode is Mode.ACCOMPANY:
        lays = tessitura.in_company(lays, parts, _programs(paper), custom, customs, dice)
    strict = strictness_of(_roughness(material, custom))
    named = request.style or ""
    return Brief(request.mode, named, paper, frame, known, region, rates, lays, strict)


def _form(mode: Mode, known: Events, paper: Piece, begun: int, draw: outline.Draw) -> Form:
    """Tell the form of a piece of whose bars `begun` stand; a variation is free of any."""
    if mode is Mode.CONTINUE:
        return outline.continued(known, begun, paper.bars, draw)
    if mode is Mode.ACCOMPANY:
        return outline.accompanied(known, _programs(paper), paper.bars, draw)
    return Form.unknown(paper.bars)


def _rates(
    request: ComposeRequest,
    material: Piece,
    region: Region,
    customs: Mapping[str, Custom],
    dice: Generator,
) -> Rates:
    """Tell how many notes a bar each part is to play, 0 where nothing is known.

    That is what it plays in the bars that are written anew, or at the end of what is continued;
    for new parts it is what is customary.
    """
    first, past = region.first, region.past
    if request.mode is Mode.CONTINUE:
        first, past = max(0, first - RECENT_BARS), first
    rates = balance.counted(material, first, past)
    if request.mode is Mode.ACCOMPANY:
        custom = customs[request.style] if request.style else None
        joined = balance.in_company(rates, region.parts, _programs(material), custom, customs, dice)
        rates = rates if joined is None else joined
    rates[sorted(region.parts)] *= _fill(request)
    return rates


def _roughness(material: Piece, custom: Custom | None) -> Roughness:
    """Count what stands; where that is too little, the style tells."""
    kits = np.array([part.is_drums for part in material.parts])
    heard = count_roughness(encode(material), np.asarray(material.bar_lines), kits)
    usual = Roughness(custom.clashes, custom.parallels) if custom else Roughness()
    return Roughness(
        *(own if own is not None else other for own, other in zip(heard, usual, strict=True))
    )


def _notes_a_bar(request: ComposeRequest, heard: float, new: Rates) -> float:
    """Tell how busy all parts together are to be where so much was `heard` of the old ones."""
    if request.mode is Mode.ACCOMPANY and new.any():
        return heard + float(new.sum())
    return heard * _fill(request)


def _extended(material: Piece, request: ComposeRequest) -> Piece:
    """Add the new bars of a continuation, and its tempo from there on if one is wished.

    Raises:
        RequestRefused: when there are too many notes to add any, or too many bars with the new.
    """
    if material.note_count > MAX_KNOWN_NOTES:
        asked = f"{material.note_count:,} notes"
        possible = f"a piece of up to {MAX_KNOWN_NOTES:,} notes"
        raise RequestRefused("file", asked=asked, possible=possible)
    if request.mode is not Mode.CONTINUE:
        return material
    bars = material.bars + (request.bars or DEFAULT_BARS)
    if bars > MAX_BARS:
        raise RequestRefused("bars", asked=bars, possible=f"pieces of up to {MAX_BARS} bars")
    tempos = material.tempos
    if request.tempo_bpm is not None:
        tempos = (*tempos, (material.steps, round(request.tempo_bpm, 2)))
    return replace(material, bars=bars, tempos=tempos)


def _with_players(material: Piece, request: ComposeRequest) -> tuple[Piece, Events, frozenset[int]]:
    """Add the new parts to a piece, drums last; tell its events and which parts are new."""
    old = list(material.parts)
    wished = [_part(DRUMS if one.is_drums else one.program) for one in request.parts]
    new = _named(wished, material.parts)
    for part in new:
        if part.is_drums or not old or not old[-1].is_drums:
            old.append(part)
        else:
            old.insert(len(old) - 1, part)
    fresh = {id(part) for part in new}
    added = frozenset(index for index, part in enumerate(old) if id(part) in fresh)
    whole = material.with_parts(old)
    return whole, encode(whole), added


def _frame(paper: Piece, words: Vocabulary, form: Form, *, style: int) -> Frame:
    meters = np.array([meter_value(paper.meter_at(bar)) for bar in range(paper.bars)])
    return Frame(
        bar_lines=np.asarray(paper.bar_lines, dtype=np.int64),
        meters=words["meter"].ids(meters),
        programs=np.asarray(_programs(paper), dtype=np.int64),
        form=form,
        style=style,
        key=key_id(paper.key.tonic, minor=paper.key.mode == "minor") if paper.key else 0,
        tempo=tempo_id(paper.tempos[-1][1]),
    )


def _filled(frame: Frame, notes_a_bar: float, rates: Rates) -> Frame:
    """Tell the density of the whole and of each part; a part with no notes a bar is not told."""
    activities = [density_id(rate) if rate else 0 for rate in rates.tolist()]
    density = density_id(notes_a_bar)
    return replace(frame, density=density, activities=np.array(activities, dtype=np.int64))


def _fill(request: ComposeRequest) -> float:
    """Tell how many times as many notes as usual are wished."""
    return float(2.0 ** DOUBLINGS[request.density or "medium"])


def _programs(piece: Piece) -> list[int]:
    return [DRUMS if part.is_drums else part.program for part in piece.parts]


def _in_score_order(request: ComposeRequest) -> list[Part]:
    """Order wished parts as scores do: high before low, drums last."""
    ordered = sorted(request.parts, key=lambda one: (one.is_drums, -one.centre))
    return [_part(DRUMS if one.is_drums else one.program) for one in ordered]


def _part(program: int) -> Part:
    kit = program == DRUMS
    word = instruments.instrument(0 if kit else program, is_drums=kit).word
    return Part((), 0 if kit else program, is_drums=kit, name=word.capitalize())


def _named(players: Sequence[Part], standing: Sequence[Part] = ()) -> list[Part]:
    """Number players of one name, "Violin 1" and "Violin 2", going on from those who stand."""
    names = Counter(part.name for part in players)
    seen = Counter(part.name for part in standing)
    named = []
    for part in players:
        seen[part.name] += 1
        alone = names[part.name] == 1 and seen[part.name] == 1
        named.append(part if alone else replace(part, name=f"{part.name} {seen[part.name]}"))
    return named


def _draw_style(customs: Mapping[str, Custom], dice: Generator) -> str:
    known = {style: custom.pieces for style, custom in customs.items()}
    names = [style for style, pieces in known.items() if pieces >= LEAST_PIECES] or list(known)
    return str(dice.choice(names))


def _draw(counted: Sequence[tuple[T, int]], dice: Generator) -> T:
    weights = np.array([count for _, count in counted], dtype=np.float64)
    return counted[int(dice.choice(len(counted), p=weights / weights.sum()))][0]
