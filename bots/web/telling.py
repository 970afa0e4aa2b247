"""A composition and its piece as JSON values."""

from collections.abc import Iterable
from dataclasses import dataclass

from audiogroove.music import theory
from audiogroove.music.credits import Credits
from audiogroove.music.instruments import instrument
from audiogroove.music.piece import Part, Piece
from audiogroove.music.timing import Timing
from audiogroove.render.legend import Legend
from audiogroove.render.roll import palette, picture
from audiogroove.render.sound.stretch import Stretch, heard_part
from audiogroove.request import Mode
from audiogroove.store.rows import StoredPiece
from bots.describing import recipe
from bots.web.compositions import Standing
from bots.web.faults import fault_of

TIME_DIGITS = 4  # of a second


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file that there is of a piece."""

    name: str
    type: str  # its media type


def composition(
    token: str, standing: Standing, piece: dict[str, object] | None
) -> dict[str, object]:
    """Write how a composition stands."""
    error = None
    if standing.state == "failed":
        error = fault_of(standing.error, token).told()
    return {
        "id": token,
        "state": standing.state,
        "ahead": standing.ahead,
        "bars": standing.bars,
        "total": standing.total,
        "error": error,
        "piece": piece,
        "link": f"/p/{token}",
    }


def piece_of(
    token: str, stored: StoredPiece, legend: Legend, files: Iterable[FileEntry], *, is_mine: bool
) -> dict[str, object]:
    """Write all that a page shows of a piece."""
    piece, request = stored.piece, stored.request
    timing = Timing(piece)
    key = piece.key or theory.find_key(piece)
    is_from_wishes = request.mode is Mode.COMPOSE and not legend.credits  # those add to it
    return {
        "title": legend.title,
        "facts": legend.facts,
        "about": picture.describe(piece, legend),
        "style": stored.style,
        "mode": request.mode,
        "key": theory.key_name(key) if key else None,
        "tempo_bpm": piece.tempos[-1][1],
        "meter": str(piece.meter_at(piece.bars - 1)),
        "bars": piece.bars,
        "seed": request.seed,
        "duration_s": round(timing.duration_s, TIME_DIGITS),
        "from": stored.parent,
        "is_mine": is_mine,
        "recipe": recipe(request) if is_from_wishes else None,
        "parts": _parts(piece, legend),
        "bar_steps": piece.bar_lines,
        "timing": _times(piece, timing),
        "new": [
            {"part": region.part, "first_bar": region.first_bar, "past_bar": region.past_bar}
            for region in legend.new
        ],
        "credits": _credits(legend.credits),
        "sound": _sound(heard_part(piece, legend)),
        "files": [
            {"name": file.name, "url": file_url(token, file.name), "type": file.type}
            for file in files
        ],
    }


def file_url(token: str, name: str) -> str:
    """Tell where a file of a composition is."""
    return f"/api/compositions/{token}/files/{name}"


def _parts(piece: Piece, legend: Legend) -> list[dict[str, object]]:
    colours = palette.bar_colours(piece, legend.credits)
    return [
        {
            "name": _name(part),
            "instrument": instrument(part.program, is_drums=part.is_drums).word,
            "is_drums": part.is_drums,
            "notes": len(part.notes),
            "colour": by_bar[0] if len(set(by_bar)) == 1 else palette.NOBODY,
        }
        for part, by_bar in zip(piece.parts, colours, strict=True)
    ]


def _credits(credited: Credits) -> list[dict[str, object]]:
    colours = palette.player_colours(credited)
    return [
        {
            "player": credit.player,
            "colour": colours[credit.player],
            "first_bar": credit.first_bar,
            "past_bar": credit.past_bar,
            "part": credit.part,
        }
        for credit in credited
    ]


def _sound(stretch: Stretch) -> dict[str, object]:
    return {
        "first_bar": stretch.first_bar,
        "past_bar": stretch.past_bar,
        "from_s": round(stretch.from_s, TIME_DIGITS),
        "until_s": round(stretch.until_s, TIME_DIGITS),
        "is_all": stretch.is_all,
    }


def _name(part: Part) -> str:
    return part.name or instrument(part.program, is_drums=part.is_drums).word.capitalize()


def _times(piece: Piece, timing: Timing) -> list[tuple[int, float]]:
    """Tell the second of each step where the tempo changes, and of the last."""
    steps = [step for step, _ in piece.tempos] + [piece.steps]
    return [(step, round(timing.seconds_at(step), TIME_DIGITS)) for step in steps]
