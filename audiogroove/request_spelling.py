"""A request as the plain values that JSON knows: for the store, and for an engine elsewhere.

A wish left open is left out. What was asked is written in full, defaults of the dice included:
the same request must give the same notes after they have changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, fields
from types import MappingProxyType
from typing import Any

from audiogroove.music import spelling
from audiogroove.music.instruments import Instrument, instrument
from audiogroove.music.piece import Key, Meter, Piece
from audiogroove.music.theory import Scale
from audiogroove.request import ComposeRequest, Mode, Sampling


def spelled(request: ComposeRequest) -> dict[str, object]:
    """Take a request apart into what JSON knows; `respelled` is the inverse."""
    asked = ((field.name, getattr(request, field.name)) for field in fields(request))
    return {name: _TO_JSON.get(name, _as_is)(value) for name, value in asked if value is not None}


def respelled(told: Mapping[str, Any]) -> ComposeRequest:
    """Put a request together from what JSON gave back; `spelled` is the inverse.

    What makes no sense ends in RequestRefused or in one of the errors of Python's own:
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError or ValueError.
    """
    asked = {name: _FROM_JSON.get(name, _as_is)(value) for name, value in told.items()}
    return ComposeRequest(**asked)


def _as_is(value: Any) -> Any:
    return value


def _spelled_scale(scale: Scale) -> list[object]:
    return [scale.name, scale.tonic, sorted(scale.pitch_classes)]


def _respelled_scale(told: tuple[str, int, list[int]]) -> Scale:
    name, tonic, pitch_classes = told
    return Scale(name, tonic, frozenset(pitch_classes))


def _spelled_parts(parts: tuple[Instrument, ...]) -> list[object]:
    return [(part.program, part.is_drums) for part in parts]


def _respelled_parts(told: list[tuple[int, bool]]) -> tuple[Instrument, ...]:
    return tuple(instrument(program, is_drums=is_drums) for program, is_drums in told)


def _respelled_material(told: dict[str, Any]) -> Piece:
    return spelling.respelled(**told)


# Fields that are in neither table are what JSON knows already.
_TO_JSON: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "material": spelling.spelled,
        "key": astuple,
        "scale": _spelled_scale,
        "meter": astuple,
        "parts": _spelled_parts,
        "sampling": asdict,
    }
)
_FROM_JSON: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "mode": Mode,
        "material": _respelled_material,
        "bar_range": tuple,
        "key": lambda told: Key(*told),
        "scale": _respelled_scale,
        "meter": lambda told: Meter(*told),
        "parts": _respelled_parts,
        "sampling": lambda told: Sampling(**told),
    }
)
