"""Choosing a row's next event, compiled: field by field, each knowing those before it.

score ─▶ what may be ─▶ what wishes and habits lean to ─▶ odds ─▶ one throw of the dice
"""

import numpy as np

from audiogroove.compiled import compiled
from audiogroove.model.arithmetic import Floats, Ints, bend, score
from audiogroove.model.desk import Desk
from audiogroove.model.network import FIELDS
from audiogroove.model.sampling import (
    HURRY_BAR,
    HURRY_PART,
    HURRY_PLACE,
    RECALL,
    pick,
    temperature_of,
)
from audiogroove.model.seat import THROWN, Doubles, Seat
from audiogroove.model.weights import KNOWN, Weights
from audiogroove.tokens import counterpoint, deciding, pacing, telling
from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH, POSITION
from audiogroove.tokens.features import PITCH_CLASSES
from audiogroove.tokens.sheet import (
    CLOSES,
    LEVEL,
    PROGRAM,
    PROGRAM_ID,
    STEPS,
    TURN_BAR,
    TURN_PART,
    TURN_POSITION,
    Lexicon,
    Sheet,
    cursor_of,
    turn_onset,
)
from audiogroove.tokens.vocabulary import DRUMS, MAX_PARTS

(
    KNOWN_BAR,
    KNOWN_POSITION,
    KNOWN_PART,
    KNOWN_PROGRAM,
    KNOWN_PITCH,
    KNOWN_DURATION,
    KNOWN_BEFORE,
) = range(len(KNOWN))


@compiled
def decide(seat: Seat, row: int, weights: Weights, words: Lexicon, desk: Desk) -> None:
    """Decide the six fields in their order, the sheet told of each decision."""
    sheet = seat.sheet
    throws = seat.dice[seat.recall[THROWN]]
    seat.recall[THROWN] += 1
    known = np.full(len(KNOWN), -1, dtype=np.int64)
    recalled = _recalled(sheet)
    for field in range(len(FIELDS)):
        size = len(weights.biases[field])
        logits, allowed = desk.logits[row, field, :size], desk.allowed[:size]
        odds, nats = desk.odds[:size], desk.nats[:size]
        _score(seat, row, field, known, weights, desk)
        deciding.options(sheet, words, field, allowed)
        _lean(seat, words, field, nats)
        level = sheet.plan[_bar_of(sheet, field), LEVEL]
        if recalled[field] >= 0:
            nats[recalled[field]] -= seat.settings[RECALL + level]
        temperature = temperature_of(seat.settings, field, level, _kits(sheet, field))
        odds[:] = logits
        chosen = pick(odds, allowed, nats, temperature, seat.settings, throws[field])
        deciding.take(sheet, words, field, chosen)
        if chosen != recalled[field]:
            recalled[:] = -1  # what comes after it is no longer what came
        _note(known, sheet, field, chosen)


@compiled
def _score(seat: Seat, row: int, field: int, known: Ints, weights: Weights, desk: Desk) -> None:
    """Give a field's logits, with what is known of the event so far."""
    sheet, warm = seat.sheet, desk.warm
    logits = desk.logits[row, field, : len(weights.biases[field])]
    warm[:] = desk.queries[row].reshape(len(FIELDS), len(warm))[field]
    _link(weights.links, weights.link_starts[field], known, warm)
    if field == PART:
        _tell_busy(sheet.part_ends, turn_onset(sheet), weights.busy, warm)
        bend(warm, desk.powers)
        score(seat.part_keys, seat.part_bias, warm, logits)
        return
    if field == PITCH:
        _tell_chord(sheet.pitch_ends, turn_onset(sheet), weights.chord, warm)
    bend(warm, desk.powers)
    score(weights.scores[field], weights.biases[field], warm, logits)


@compiled
def _lean(seat: Seat, words: Lexicon, field: int, nats: Doubles) -> None:
    """Tell by how much a field's values are lowered, or raised below 0: wishes and habits."""
    sheet, settings, part = seat.sheet, seat.settings, seat.sheet.turn[TURN_PART]
    nats[:] = 0
    if field == BAR:  # to stay in the bar adds a note
        nats[0] = -settings[HURRY_BAR] * _lag(sheet)
    elif field == POSITION:  # to go far leaves notes out
        haste = settings[HURRY_PLACE] * _lag(sheet)
        for value in range(len(nats)):
            nats[value] = haste * pacing.leap_to(sheet, words.positions[value])
    elif field == PART:
        for one in range(len(sheet.pace)):
            nats[one] = -settings[HURRY_PART] * _lag_of(sheet, one)
    elif field == PITCH:
        nats[:] = seat.nats[part]
        nats += _closeness(sheet) * seat.closing[part]
        counterpoint.lower_clashes(sheet, words.keys, seat.shunned[0], nats)
        counterpoint.lower_parallels(sheet, words.keys, seat.shunned[1], nats)
    elif field == DURATION:
        nats[:] = _closeness(sheet) * seat.lingering


@compiled
def _lag(sheet: Sheet) -> float:
    """Tell by how many nats all parts together are behind at the cursor."""
    cursor = cursor_of(sheet)
    return pacing.lag_of_all(sheet, cursor.bar, cursor.position)


@compiled
def _lag_of(sheet: Sheet, part: int) -> float:
    """Tell by how many nats a part is behind at the chosen place."""
    return pacing.lag_of(sheet, part, sheet.turn[TURN_BAR], sheet.turn[TURN_POSITION])


@compiled
def _closeness(sheet: Sheet) -> float:
    """Tell how near the end of a closing bar the chosen place is: 0 elsewhere, 0.5 to 1 there."""
    bar, position = sheet.turn[TURN_BAR], sheet.turn[TURN_POSITION]
    closes, steps = sheet.plan[bar, CLOSES], sheet.plan[bar, STEPS]
    return float(closes * (1 + position / steps) / 2)


@compiled
def _bar_of(sheet: Sheet, field: int) -> int:
    """Tell which bar a field is decided in: the cursor's, until another is chosen."""
    return cursor_of(sheet).bar if field == BAR else int(sheet.turn[TURN_BAR])


@compiled
def _kits(sheet: Sheet, field: int) -> int:
    """Tell whether a field is decided of a kit, 1 or 0."""
    return int(field >= PITCH and sheet.players[sheet.turn[TURN_PART], PROGRAM] == DRUMS)


@compiled
def _recalled(sheet: Sheet) -> Ints:
    """Tell the ids of the event that comes now where the form has music come again, or -1, (6,)."""
    row, ids = np.zeros(5, dtype=np.int64), np.full(len(FIELDS), -1, dtype=np.int64)
    telling.tell_recall(sheet, row)
    if row[0] in (1, 2):  # in the cursor's bar or the next
        ids[:5] = row - 1
    return ids


@compiled
def _note(known: Ints, sheet: Sheet, field: int, chosen: int) -> None:
    """Note what is decided, and of the part's note before what the next field is told of it."""
    part = sheet.turn[TURN_PART]
    if field < PART:
        known[field] = chosen
    elif field == PART:
        known[KNOWN_PART], known[KNOWN_PROGRAM] = part, sheet.players[part, PROGRAM_ID]
        known[KNOWN_BEFORE] = sheet.own[part, 0] - 1
    elif field == PITCH:
        known[KNOWN_PITCH], known[KNOWN_BEFORE] = chosen, sheet.own[part, 1] - 1
    elif field == DURATION:
        known[KNOWN_DURATION], known[KNOWN_BEFORE] = chosen, sheet.own[part, 2] - 1


@compiled
def _link(table: Floats, starts: Ints, known: Ints, warm: Floats) -> None:
    """Add what is known of the event, ids from 0, where -1 is nothing."""
    for column in range(len(known)):
        if starts[column] >= 0 and known[column] >= 0:
            warm += table[starts[column] + known[column]]


@compiled
def _tell_busy(ends: Ints, onset: int, busy: Floats, warm: Floats) -> None:
    """Add which parts still sound at the chosen place."""
    for part in range(MAX_PARTS):
        if ends[part] > onset:
            warm += busy[part]


@compiled
def _tell_chord(ends: Ints, onset: int, chord: Floats, warm: Floats) -> None:
    """Add the pitch classes that sound at the chosen place, and that of the lowest pitch.

    See `features.chord_of`.
    """
    classes, lowest = 0, -1
    for pitch in range(len(ends)):
        if ends[pitch] > onset:
            classes |= 1 << pitch % PITCH_CLASSES
            if lowest < 0:
                lowest = pitch % PITCH_CLASSES
    for one in range(PITCH_CLASSES):
        if classes >> one & 1:
            warm += chord[one]
    if lowest >= 0:
        warm += chord[PITCH_CLASSES + lowest]
