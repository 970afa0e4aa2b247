"""What is assumed in a chat, and small facts under a name: operations and queries."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, delete, select, text

from audiogroove.store.tables import DEFAULTS, NOTE

_SET_DEFAULTS = text(
    "INSERT INTO defaults (chat, options) VALUES (:chat, :options)"
    " ON CONFLICT (chat) DO UPDATE SET options = excluded.options"
)
_SET_NOTE = text(
    "INSERT INTO note (name, value) VALUES (:name, :value)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def set_defaults(connection: Connection, chat: str, options: Mapping[str, str]) -> None:
    """Replace what is assumed in a chat; nothing at all leaves no row."""
    if options:
        row = {"chat": chat, "options": json.dumps(dict(options))}
        connection.execute(_SET_DEFAULTS, row)
    else:
        connection.execute(delete(DEFAULTS).where(DEFAULTS.c.chat == chat))


def set_note(connection: Connection, name: str, value: str) -> None:
    """Write a fact down, in place of what stood under this name."""
    connection.execute(_SET_NOTE, {"name": name, "value": value})


def defaults_of(chat: str) -> Select[Any]:
    """Ask for what is assumed in a chat, as JSON in `options`."""
    return select(DEFAULTS.c.options).where(DEFAULTS.c.chat == chat)


def note(name: str) -> Select[Any]:
    """Ask for the `value` under a name."""
    return select(NOTE.c.value).where(NOTE.c.name == name)
