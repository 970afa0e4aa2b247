"""What may be wished of the composer: one table, which every chat and the command line read.

    {"style": "rag", "bars": "16", "tempo": "fast"}  ──request_of──▶  ComposeRequest

A wish arrives as text, by its name, as a person typed it.
"""

from audiogroove.wishes.presets import PRESETS, Preset, parse_preset, preset_name
from audiogroove.wishes.reading import MAX_WISH_CHARS, applicable, kept_beside, request_of
from audiogroove.wishes.suggesting import suggestions
from audiogroove.wishes.table import BY_NAME, WISHES, Wish

__all__ = [
    "BY_NAME",
    "MAX_WISH_CHARS",
    "PRESETS",
    "WISHES",
    "Preset",
    "Wish",
    "applicable",
    "kept_beside",
    "parse_preset",
    "preset_name",
    "request_of",
    "suggestions",
]
