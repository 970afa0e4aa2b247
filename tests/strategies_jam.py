"""Hypothesis strategies for jams that make sense in themselves, in every phase.

Keys and names are unique, a turn's player plays, and takes lie where their way of playing puts
them. Not every jam could be reached by moves.
"""

from dataclasses import replace

from hypothesis import strategies as st

from audiogroove.jam.jam import MAX_ROLLS, Jam, Kind, Phase, Player, Spot, Take, Turn
from audiogroove.jam.settings import MAX_BARS, MAX_PLAYERS, MAX_ROUNDS, PACES, Seat, Settings, Way
from audiogroove.music.instruments import DRUMS, INSTRUMENTS
from audiogroove.store.rows import PIECE_ID_ALPHABET, PIECE_ID_CHARS
from tests.strategies import METERS, keys, names, tempos_bpm

JUDGED = (Phase.HEARING, Phase.VOTING)
PLAYED = (Phase.TURN, Phase.TAKING, *JUDGED)

ids = st.text(PIECE_ID_ALPHABET, min_size=PIECE_ID_CHARS, max_size=PIECE_ID_CHARS)
instruments = st.sampled_from(INSTRUMENTS).map(lambda each: each.word)
times_s = st.floats(1.5e9, 2.5e9)
topics = st.just("") | st.integers(1, 2**63).map(str)
seats = st.builds(
    lambda word, role: Seat(role or word, word), instruments, st.sampled_from(["", "melody"])
)


@st.composite
def settings(draw: st.DrawFn, way: Way | None = None) -> Settings:
    """What may be agreed, in either way of playing or in one."""
    way = way or draw(st.sampled_from(Way))
    form = draw(st.none() | st.text("ABCDEFGH", min_size=2, max_size=16))
    agreed = Settings(
        way=Way.SECTIONS,
        style=draw(st.sampled_from(("", "ragtime", "waltz", "bossa nova"))),
        key=draw(keys),
        tempo_bpm=draw(tempos_bpm),
        meter=draw(st.sampled_from(METERS)),
        bars=draw(st.integers(1, MAX_BARS)),
        rounds=draw(st.integers(1, MAX_ROUNDS)),
        form=form,
        pace=draw(st.sampled_from(sorted(PACES))),
    )
    if way is Way.SECTIONS:
        ensemble = draw(st.lists(instruments, max_size=4))
        return replace(agreed, ensemble=tuple(ensemble))
    band = draw(st.lists(seats, min_size=1, max_size=MAX_PLAYERS - 1))
    band += [Seat(DRUMS.word, DRUMS.word)] if draw(st.booleans()) else []
    bars = len(form) if form else agreed.bars
    return replace(agreed, way=way, bars=bars, seats=tuple(band))


@st.composite
def jams(draw: st.DrawFn) -> Jam:
    """Jams in every phase, with one player or more, some of them away."""
    agreed = draw(settings())
    is_parts = agreed.way is Way.PARTS
    room = len(agreed.seats) if is_parts else MAX_PLAYERS
    called = draw(st.lists(names.filter(bool), min_size=1, max_size=room, unique=True))
    players = tuple(
        Player(
            key=f"discord:{number}",
            name=name,
            seat=number if is_parts else None,
            misses=draw(st.integers(0, 2)),
            is_parked=draw(st.booleans()),
            has_left=draw(st.booleans()),
        )
        for number, name in enumerate(called)
    )
    phase = draw(st.sampled_from(Phase))
    origin_bars = draw(st.just(0) | st.integers(1, 64))
    laid = 0 if phase is Phase.LOBBY else draw(st.integers(0, 6))
    is_judged = phase in JUDGED
    takes = [
        draw(_takes(agreed, players, number, origin_bars)) for number in range(laid + is_judged)
    ]
    turns = laid + (phase in PLAYED)
    return Jam(
        id=draw(ids),
        spot=Spot("discord", "discord:parlour", draw(topics)),
        settings=agreed,
        host=draw(st.sampled_from(["", *(player.key for player in players)])),
        players=players,
        created_s=draw(times_s),
        deadline_s=draw(times_s),
        ends_s=draw(times_s),
        phase=phase,
        number=draw(st.integers(0, 1_000)),
        version=draw(st.integers(0, 1_000)),
        turns=turns,
        turn=draw(_turns(players, turns, phase)) if phase in PLAYED else None,
        take=takes.pop() if is_judged else None,
        takes=tuple(takes),
        votes=draw(_votes(players)) if phase is Phase.VOTING else (),
        is_voted=is_judged and draw(st.booleans()),
        origin=draw(ids) if origin_bars else "",
        origin_bars=origin_bars,
        home=draw(topics),
    )


@st.composite
def _takes(
    draw: st.DrawFn, agreed: Settings, players: tuple[Player, ...], number: int, origin_bars: int
) -> Take:
    player = draw(st.sampled_from(players))
    is_parts = agreed.way is Way.PARTS
    first_bar = 0 if is_parts else origin_bars + number * agreed.bars
    return Take(
        turn=number + 1,
        roll=draw(st.integers(1, MAX_ROLLS)),
        round=1 + number // len(players),
        player=player.key,
        kind=draw(st.sampled_from(Kind)),
        piece=draw(ids),
        first_bar=first_bar,
        past_bar=first_bar + agreed.bars,
        seat=player.seat,
        is_second=draw(st.booleans()),
    )


@st.composite
def _turns(draw: st.DrawFn, players: tuple[Player, ...], number: int, phase: Phase) -> Turn:
    return Turn(
        number=number,
        round=1 + (number - 1) // len(players),
        player=draw(st.sampled_from(players)).key,
        roll=draw(st.integers(0 if phase is Phase.TURN else 1, MAX_ROLLS)),
        density=draw(st.none() | st.sampled_from(("sparse", "busy"))),
        is_stand_in=draw(st.booleans()),
        is_given_back=draw(st.booleans()),
    )


@st.composite
def _votes(draw: st.DrawFn, players: tuple[Player, ...]) -> tuple[tuple[str, bool], ...]:
    voters = draw(st.lists(st.sampled_from(players), unique=True))
    return tuple((voter.key, draw(st.booleans())) for voter in voters)
