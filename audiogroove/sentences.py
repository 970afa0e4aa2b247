"""What a person is told when something goes wrong: each error, one sentence that helps.

The only place where errors become words; the command line and every chat say the same. What was
wrong comes first and what to do after the semicolon, all on one line.
"""

from audiogroove.errors import (
    AudioGrooveError,
    CheckpointRejected,
    DatasetRejected,
    RequestRefused,
    SeedFault,
    SeedRejected,
)

ASKED_CHARS = 60  # of a wish that are said again
FAULT_CHARS = 240

SEEDS = {
    SeedFault.EMPTY_FILE: "That file is empty; please send a MIDI file (.mid).",
    SeedFault.TOO_LARGE: (
        "That file is too large, {found:,.0f} bytes; at most {limit:,.0f} are read."
    ),
    SeedFault.NOT_MIDI: (
        "That is not a MIDI file; export it as a Standard MIDI File (.mid) and try again."
    ),
    SeedFault.DAMAGED: (
        "That MIDI file is damaged; open it in a music program, save it anew and try again."
    ),
    SeedFault.NO_NOTES: "There are no notes in that file; please send one that has some.",
    SeedFault.TOO_MANY_NOTES: ("That file has {found:,.0f} notes; at most {limit:,.0f} are read."),
    SeedFault.TOO_MANY_TRACKS: (
        "That file has {found:,.0f} tracks; at most {limit:,.0f} are read."
    ),
    SeedFault.TOO_LONG: "That file lasts too long; at most 30 minutes and 2,000 bars are read.",
    SeedFault.IMPOSSIBLE_VALUES: (
        "That MIDI file holds values that no music has; "
        "save it anew in a music program and try again."
    ),
    SeedFault.TOO_COSTLY: "That file takes too long to read; a shorter or simpler one will do.",
}


def sentence_for(error: AudioGrooveError) -> str:
    """Say in one sentence what was wrong and what to do."""
    match error:
        case SeedRejected(fault=fault, found=found, limit=limit):
            return SEEDS[fault].format(found=found or 0, limit=limit or 0)
        case RequestRefused(field=field, asked=asked, possible=possible):
            wish = (
                f"{field} “{_on_a_line(asked, ASKED_CHARS)}”" if asked not in (None, "") else field
            )
            said = f"I cannot do {wish}; possible is {possible}."
        case CheckpointRejected(folder=folder, fault=fault):
            why = _on_a_line(fault, FAULT_CHARS)
            said = f"{folder} is not a model I can use: {why}; please name another folder."
        case DatasetRejected(folder=folder, fault=fault):
            why = _on_a_line(fault, FAULT_CHARS)
            said = f"{folder} is no data set I can use: {why}; please name another folder."
        case _:
            said = "Something went wrong that I have no words for; please try again."
    return said


def _on_a_line(told: object, chars: int) -> str:
    """Write something on one line of at most so many characters."""
    line = " ".join(str(told).split())
    return line if len(line) <= chars else line[: chars - 1] + "…"
