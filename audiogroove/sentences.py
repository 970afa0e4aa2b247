"""What a person is told when something goes wrong: each error, one sentence that helps.

The only place where errors become words; the command line and every chat say the same.
"""

from audiogroove.errors import (
    AudioGrooveError,
    CheckpointRejected,
    DatasetRejected,
    RequestRefused,
    SeedFault,
    SeedRejected,
)

SEEDS = {
    SeedFault.EMPTY_FILE: "That file is empty; please send a MIDI file (.mid).",
    SeedFault.TOO_LARGE: "That file is too large: {found:,.0f} bytes, and at most {limit:,.0f} are read.",
    SeedFault.NOT_MIDI: "That is not a MIDI file; export it as a Standard MIDI File (.mid) and try again.",
    SeedFault.DAMAGED: "That MIDI file is damaged; open it in a music program, save it anew and try again.",
    SeedFault.NO_NOTES: "There are no notes in that MIDI file.",
    SeedFault.TOO_MANY_NOTES: "That file has {found:,.0f} notes, and at most {limit:,.0f} are read.",
    SeedFault.TOO_MANY_TRACKS: "That file has {found:,.0f} tracks, and at most {limit:,.0f} are read.",
    SeedFault.TOO_LONG: "That file lasts too long; at most 30 minutes and 2,000 bars are read.",
    SeedFault.IMPOSSIBLE_VALUES: (
        "That MIDI file holds values that no music has; save it anew in a music program and try again."
    ),
    SeedFault.TOO_COSTLY: "That file takes too long to read; a shorter or simpler one will do.",
}


def sentence_for(error: AudioGrooveError) -> str:
    """Say in one sentence what was wrong and what to do."""
    if isinstance(error, SeedRejected):
        return SEEDS[error.fault].format(found=error.found or 0, limit=error.limit or 0)
    if isinstance(error, RequestRefused):
        asked = f" “{error.asked}”" if error.asked not in (None, "") else ""
        return f"I cannot do {error.field}{asked}; possible is {error.possible}."
    if isinstance(error, CheckpointRejected):
        return f"{error.folder} is not a model I can use: {error.fault}."
    if isinstance(error, DatasetRejected):
        return f"{error.folder} is no data set I can use: {error.fault}."
    return "Something went wrong that I have no words for."
