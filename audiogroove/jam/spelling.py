"""A jam as the plain values that JSON knows, for the store.

Everything is written out, what has a default too: what was agreed holds after the defaults have
changed. Only None is left out. Between versions: a field that is missing has its default, one
that is not known here is passed over, and where a field comes to mean something else, FORMAT
counts up.
"""

from collections.abc import Callable, Mapping
from dataclasses import astuple, fields, is_dataclass
from types import MappingProxyType
from typing import Any

from audiogroove.jam.jam import Jam, Kind, Phase, Player, Spot, Take, Turn
from audiogroove.jam.settings import Seat, Settings, Way
from audiogroove.music.piece import Key, Meter

FORMAT = 1


def spelled(jam: Jam) -> dict[str, object]:
    """Take a jam apart into what JSON knows; `respelled` is the inverse."""
    return {"format": FORMAT, **_apart(jam)}


def respelled(told: Mapping[str, Any]) -> Jam:
    """Put a jam together from what JSON gave back; `spelled` is the inverse.

    What makes no sense ends in RequestRefused or in one of the errors of Python's own:
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError or ValueError.

    Raises:
        ValueError: when it is of another format.
    """
    if told["format"] != FORMAT:
        raise ValueError(f"a jam of format {told['format']}, not {FORMAT}")
    jam: Jam = _together(Jam, told)
    return jam


def _apart(whole: Any) -> dict[str, object]:
    held = ((field.name, getattr(whole, field.name)) for field in fields(whole))
    return {name: _spelled(value) for name, value in held if value is not None}


def _spelled(value: Any) -> object:
    if isinstance(value, Key | Meter):
        return list(astuple(value))
    if isinstance(value, tuple):
        return [_spelled(each) for each in value]
    if isinstance(value, Way | Phase | Kind):
        return value.value
    return _apart(value) if is_dataclass(value) else value


def _together(kind: type[Any], told: Mapping[str, Any]) -> Any:
    known = {field.name for field in fields(kind)} & told.keys()
    readers = _FROM_JSON.get(kind, {})
    return kind(**{name: readers.get(name, _as_is)(told[name]) for name in known})


def _as_is(value: Any) -> Any:
    return value


def _one(kind: type[Any]) -> Callable[[Any], Any]:
    return lambda told: _together(kind, told)


def _all(kind: type[Any]) -> Callable[[Any], Any]:
    return lambda told: tuple(_together(kind, each) for each in told)


# Fields that are not in the table are what JSON knows already.
_FROM_JSON: Mapping[type[Any], Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {
        Jam: {
            "spot": _one(Spot),
            "settings": _one(Settings),
            "players": _all(Player),
            "phase": Phase,
            "turn": _one(Turn),
            "take": _one(Take),
            "takes": _all(Take),
            "votes": lambda told: tuple((key, is_for) for key, is_for in told),
        },
        Settings: {
            "way": Way,
            "key": lambda told: Key(*told),
            "meter": lambda told: Meter(*told),
            "seats": _all(Seat),
            "ensemble": tuple,
        },
        Take: {"kind": Kind},
    }
)
