"""What the composer is asked for a take, and who is credited for what came of it.

sections   nothing yet: compose · a new letter of the form: continue
           a letter that was there: its bars once more, their second half varied
parts      nothing of others: compose · else: accompany what the others play
"""

from dataclasses import dataclass, replace

from audiogroove.jam import course
from audiogroove.jam.jam import Jam, Kind, Take, Turn
from audiogroove.jam.repeating import repeated
from audiogroove.jam.settings import Seat, Way
from audiogroove.music.credits import Credit, Credits, players_of
from audiogroove.music.instruments import Instrument, parse_part
from audiogroove.music.piece import Part, Piece
from audiogroove.request import ComposeRequest, Mode

Voice = tuple[int, bool, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Laid:
    """What is laid down, and who made it."""

    piece: Piece
    credits: Credits = ()


def seat_of(jam: Jam, turn: Turn) -> Seat | None:
    """Tell on which seat a turn is played; None in sections."""
    player = jam.player(turn.player)
    if player is None or player.seat is None or jam.settings.way is Way.SECTIONS:
        return None
    return jam.settings.seats[player.seat]


def ground(jam: Jam, turn: Turn, laid: Laid | None) -> Laid | None:
    """Tell what a take goes on top of: in parts all but what its seat has played before.

    None where that is nothing.
    """
    seat = seat_of(jam, turn)
    if laid is None or seat is None:
        return laid
    own = _own_part(jam, turn, laid, seat)
    if own is None:
        return laid
    parts = [part for at, part in enumerate(laid.piece.parts) if at != own]
    if not any(part.notes for part in parts):
        return None
    credited = tuple(
        Credit(each.player, each.first_bar, each.past_bar, _without(each.part, own))
        for each in laid.credits
        if each.part != own
    )
    return Laid(laid.piece.with_parts(parts), credited)


def request_for(jam: Jam, turn: Turn, laid: Laid | None, seed: int) -> ComposeRequest:
    """Ask for the take of a turn; `laid` is all that is laid down, None for nothing."""
    below, seat = ground(jam, turn, laid), seat_of(jam, turn)
    if below is None:
        return _from_nothing(jam, turn, seed, seat)
    settings = jam.settings
    if seat:
        return ComposeRequest(
            seed,
            Mode.ACCOMPANY,
            material=below.piece,
            style=settings.style,
            key=settings.key,
            parts=(seat.part,),
            density=turn.density,
        )
    if again := _section_again(jam):
        copy = repeated(below.piece, again.first_bar, again.past_bar)
        old, new = below.piece.bars, copy.bars - below.piece.bars
        return ComposeRequest(
            seed,
            Mode.VARY,
            material=copy,
            bar_range=(old + new // 2, copy.bars),
            style=settings.style,
            key=settings.key,
            density=turn.density,
            ending=_is_last(jam, turn),
        )
    return ComposeRequest(
        seed,
        Mode.CONTINUE,
        material=below.piece,
        bars=settings.bars,
        style=settings.style,
        key=settings.key,
        density=turn.density,
        ending=_is_last(jam, turn),
    )


def credited(jam: Jam, turn: Turn, laid: Laid | None, piece: Piece) -> Credits:
    """Credit the player of a turn for what is new in a piece, and the others for the rest.

    `laid` is what was laid down before the take. Players stay in the order in which they came in,
    and so in their colours, when a part is played anew.
    """
    below = ground(jam, turn, laid)
    player = jam.player(turn.player)
    name = player.name if player else ""
    old = below.credits if below else ()
    if not name:
        return old
    if seat_of(jam, turn) is None:
        first = below.piece.bars if below else 0
        return (*old, Credit(name, first, piece.bars)) if piece.bars > first else old
    places = _places(below.piece.parts if below else (), piece.parts)
    moved = tuple(
        Credit(each.player, each.first_bar, each.past_bar, _moved(each.part, places))
        for each in old
    )
    fresh = [at for at in range(len(piece.parts)) if at not in set(places.values())]
    new = (Credit(name, 0, piece.bars, at) for at in fresh)
    names = players_of(laid.credits) if laid else ()
    order = {each: at for at, each in enumerate(names)}
    # Those for all parts are of an earlier jam: each part that was played since comes after them.
    return tuple(
        sorted(
            (*moved, *new),
            key=lambda each: (each.part is not None, order.get(each.player, len(order))),
        )
    )


def _from_nothing(jam: Jam, turn: Turn, seed: int, seat: Seat | None) -> ComposeRequest:
    settings = jam.settings
    band: tuple[Instrument, ...] = tuple(parse_part(word) for word in settings.ensemble)
    is_whole = settings.way is Way.PARTS  # the form is that of the bars which all play
    return ComposeRequest(
        seed,
        bars=settings.bars,
        style=settings.style,
        key=settings.key,
        tempo_bpm=settings.tempo_bpm,
        meter=settings.meter,
        parts=(seat.part,) if seat else band,
        density=turn.density,
        form=settings.form if is_whole else None,
        ending=is_whole or _is_last(jam, turn),
    )


def _is_last(jam: Jam, turn: Turn) -> bool:
    """Tell whether a jam is over with this take: only then the music comes to an end."""
    take = course.take_of(jam, turn, "", 0, Kind.PLAYED)
    return course.next_turn(replace(jam, takes=(*jam.takes, take)), 0.0).phase.is_over


def _section_again(jam: Jam) -> Take | None:
    """Find the take whose letter of the form comes back now."""
    form, takes = jam.settings.form, jam.takes
    if not form or len(takes) >= len(form):
        return None
    return next(
        (take for take, letter in zip(takes, form, strict=False) if letter == form[len(takes)]),
        None,
    )


def _own_part(jam: Jam, turn: Turn, laid: Laid, seat: Seat) -> int | None:
    """Find the part that was played last on the seat of a turn, by whoever had it then.

    There are no two drummers: drums that nobody here has played give way, too.
    """
    parts, wanted = laid.piece.parts, seat.part
    fitting = [
        at
        for at, part in enumerate(parts)
        if (part.program, part.is_drums) == (wanted.program, wanted.is_drums)
    ]
    player = jam.player(turn.player)
    last = next((one for one in reversed(jam.takes) if player and one.seat == player.seat), None)
    before = jam.player(last.player) if last else None
    names = {each.part: each.player for each in laid.credits}
    own = [at for at in fitting if before and names.get(at) == before.name]
    found = own or (fitting if wanted.is_drums else [])
    return found[0] if found else None


def _places(old: tuple[Part, ...], new: tuple[Part, ...]) -> dict[int, int]:
    """Tell where each old part is among the new ones."""
    left = list(range(len(new)))
    places = {}
    for at, part in enumerate(old):
        place = next((to for to in left if _voice(new[to]) == _voice(part)), None)
        if place is not None:
            places[at] = place
            left.remove(place)
    return places


def _voice(part: Part) -> Voice:
    return part.program, part.is_drums, part.notes


def _moved(part: int | None, places: dict[int, int]) -> int | None:
    return None if part is None else places.get(part, part)


def _without(part: int | None, removed: int) -> int | None:
    return part if part is None or part < removed else part - 1
