"""A jam as JSON values: names and what they do, and never who anybody is elsewhere."""

from collections.abc import Mapping

from audiogroove.jam.jam import Jam, Phase, Player, Take
from audiogroove.jam.settings import SLOW, Way
from audiogroove.music import theory
from audiogroove.render.roll import palette
from bots.describing import style_name
from bots.jams.view import JamView

NOBODY = "somebody"  # whose name is no longer known


def title_of(jam: Jam) -> str:
    """Name a jam for its number and for what is played."""
    settings = jam.settings
    name = f"Jam no. {jam.number}" if jam.number else "Jam"
    return f"{name}: {style_name(settings.style)} in {theory.key_name(settings.key)}"


def facts_of(jam: Jam) -> str:
    """Tell in one line what everybody plays to."""
    settings = jam.settings
    bars = "1 bar" if settings.bars == 1 else f"{settings.bars} bars"
    rounds = "1 round" if settings.rounds == 1 else f"{settings.rounds} rounds"
    if settings.way is Way.PARTS:
        size = [f"{bars} together", rounds]
    else:
        size = [f"{bars} a turn", f"form {settings.form}" if settings.form else rounds]
    facts = [*size, f"{settings.meter} at {settings.tempo_bpm:g} bpm"]
    if settings.pace == SLOW:
        facts.append("no hurry")
    return " · ".join(facts)


def jam_of(view: JamView, piece: dict[str, object] | None, now_s: float) -> dict[str, object]:
    """Write all that a page shows of a jam; `piece` is what is heard, written already."""
    jam = view.jam
    colours = palette.player_colours(view.heard.credits) if view.heard else {}
    return {
        "id": jam.id,
        "number": jam.number,
        "title": title_of(jam),
        "facts": facts_of(jam),
        "way": jam.settings.way,
        "phase": jam.phase,
        "now_s": now_s,
        "deadline_s": None if jam.phase.is_over else jam.deadline_s,
        "players": [_player(jam, player, colours) for player in jam.players],
        "turn": _turn(jam),
        "written": _written(view),
        "votes": _votes(jam),
        "take": _take(jam, jam.take) if jam.take else None,
        "takes": [_take(jam, take) for take in jam.takes],
        "piece": piece,
        "piece_id": view.heard.id if view.heard else None,
        "link": f"/j/{jam.id}",
    }


def _player(jam: Jam, player: Player, colours: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": player.name,
        "part": _part(jam, player.seat),
        "colour": colours.get(player.name),
        "is_host": player.key == jam.host,
        "is_away": player.is_parked,
        "has_left": player.has_left,
    }


def _part(jam: Jam, seat: int | None) -> str | None:
    return None if seat is None else jam.settings.seats[seat].label


def _turn(jam: Jam) -> dict[str, object] | None:
    turn, settings = jam.turn, jam.settings
    if turn is None:
        return None
    is_ended_by_form = settings.way is Way.SECTIONS and settings.form
    return {
        "player": _name(jam, turn.player),
        "number": turn.number,
        "round": turn.round,
        "rounds": None if is_ended_by_form else settings.rounds,
        "is_stand_in": turn.is_stand_in,
    }


def _written(view: JamView) -> dict[str, int] | None:
    if view.written is None:
        return None
    return {"bars": view.written.bars, "total": view.written.total}


def _votes(jam: Jam) -> dict[str, int] | None:
    if jam.phase is not Phase.VOTING:
        return None
    yes = sum(is_for for _, is_for in jam.votes)
    return {"yes": yes, "no": len(jam.votes) - yes}


def _take(jam: Jam, take: Take) -> dict[str, object]:
    return {
        "player": _name(jam, take.player),
        "kind": take.kind,
        "part": _part(jam, take.seat),
        "first_bar": take.first_bar,
        "past_bar": take.past_bar,
    }


def _name(jam: Jam, key: str) -> str:
    player = jam.player(key)
    return player.name if player else NOBODY
