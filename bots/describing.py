"""What is said of a piece, wherever it is shown: its title, its facts, its file's name."""

import re

from audiogroove.music import theory
from audiogroove.music.piece import Piece
from audiogroove.render.legend import Legend, new_in
from audiogroove.request import ComposeRequest, Mode, Sampling
from audiogroove.store.rows import StoredPiece
from audiogroove.wishes import preset_name

NAME_PARTS = 4  # that a line of facts names

_DID = {
    Mode.CONTINUE: "Continuation",
    Mode.VARY: "Variation",
    Mode.ACCOMPANY: "Accompaniment",
}


def facts(stored: StoredPiece) -> str:
    """Tell in one line what a piece is: style, key, bars, tempo, players, seed and wishes."""
    size, *others = _told(stored)
    told = [_title(stored), size, _players(stored.piece), *others]
    return "🎼 " + " · ".join(part for part in told if part)


def legend(stored: StoredPiece) -> Legend:
    """Write what stands beside the notes of a piece, where its players are named anyway."""
    # In a jam its colour tells whose a bar is, and what is new is so for a minute only.
    new = () if stored.credits else new_in(stored.piece, stored.request)
    return Legend(_title(stored), " · ".join(_told(stored)), new, stored.credits)


def _told(stored: StoredPiece) -> list[str]:
    if stored.credits:  # of a jam: nobody asked for all of it at once
        return [size(stored.piece)]
    return [size(stored.piece), f"seed {stored.request.seed}", *_daring(stored.request)]


def size(piece: Piece) -> str:
    """Tell how long a piece is: "16 bars of 4/4 at 96 bpm"."""
    bars = "1 bar" if piece.bars == 1 else f"{piece.bars} bars"
    return f"{bars} of {piece.meter_at(piece.bars - 1)} at {piece.tempos[-1][1]:g} bpm"


def _title(stored: StoredPiece) -> str:
    key = stored.piece.key or theory.find_key(stored.piece)
    return _what(stored) + (f" in {theory.key_name(key)}" if key else "")


def _what(stored: StoredPiece) -> str:
    request = stored.request
    if request.mode is Mode.VARY and request.bar_range and not stored.credits:
        return f"Variation of bars {range_text(request.bar_range)}"
    style = style_name(stored.style).capitalize() if stored.style else ""
    if stored.credits:
        return f"Jam, {style.lower()}" if style else "Jam"
    if request.mode is Mode.COMPOSE:
        return style or "A piece"
    return _DID[request.mode] + (f", {style.lower()}" if request.style and style else "")


def style_name(style: str) -> str:
    """Write a style as people do: "classical_piano" is "classical piano"."""
    return style.replace("_", " ")


def range_text(bars: tuple[int, int]) -> str:
    """Write a half-open range of bars as people count them: (4, 8) is "5-8"."""
    first, past = bars[0] + 1, bars[1]
    return str(first) if first == past else f"{first}-{past}"


def _players(piece: Piece) -> str:
    names = [part.name for part in piece.parts if part.name and part.notes]  # not who is silent
    more = len(names) - NAME_PARTS
    return ", ".join(names[:NAME_PARTS]) + (f" and {more} more" if more > 0 else "")


def _daring(request: ComposeRequest) -> list[str]:
    """List the wishes that cannot be seen in the piece itself."""
    told = [f"form {request.form}"] if request.form else []
    told += [request.density] if request.density else []
    told += ["strict key"] if request.strict_scale else []
    dice = _dice(request.sampling)
    return told + [f"{name.replace('_', ' ')} {value}" for name, value in dice.items()]


def _dice(asked: Sampling) -> dict[str, str]:
    """Tell by wishes what is not as usual: a preset where one says it all, else each value."""
    usual = Sampling()
    if asked != usual and (preset := preset_name(asked)):
        return {"preset": preset}
    values = {name: (getattr(asked, name), getattr(usual, name)) for name in Sampling.__slots__}
    return {name: f"{value:g}" for name, (value, default) in values.items() if value != default}


def file_name(stored: StoredPiece, ending: str) -> str:
    """Name a piece's file for style, key and seed: "ragtime-d-minor-4815.mid"."""
    key = stored.piece.key or theory.find_key(stored.piece)
    words = ["jam"] if stored.credits else []
    words += [stored.style or str(stored.request.mode)]
    words += [theory.key_name(key).replace("#", " sharp")] if key else []
    slug = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    return f"{slug}-{stored.request.seed}.{ending}"


def recipe(request: ComposeRequest) -> str:
    """Write a request from wishes alone as it would be typed."""
    wishes: dict[str, object] = {"style": request.style}
    if request.scale:
        wishes["key"] = theory.scale_name(request.scale)
    elif request.key:
        wishes["key"] = theory.key_name(request.key)
    wishes |= {
        "strict_key": "yes" if request.strict_scale else None,
        "tempo": f"{request.tempo_bpm:g}" if request.tempo_bpm else None,
        "meter": request.meter,
        "bars": request.bars,
        "parts": ",".join(part.word for part in request.parts) or None,
        "density": request.density,
        "form": request.form,
    }
    wishes |= {**_dice(request.sampling), "seed": request.seed}
    return " ".join(
        f'{name}:"{value}"' if " " in str(value) else f"{name}:{value}"
        for name, value in wishes.items()
        if value is not None
    )
