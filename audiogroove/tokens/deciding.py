"""What may be decided of the next event of a sheet, field by field, and what was.

    `…_options`, `take_…`: bar ─▶ position ─▶ part ─▶ pitch ─▶ duration ─▶ velocity

What may be follows `audiogroove.tokens.grammar`, and then rules of music, which give way where
they leave nothing to choose from, so that a wish for the nearly impossible still ends in music.
"""

import numpy as np

from audiogroove.compiled import compiled
from audiogroove.tokens import grammar, pacing
from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH, POSITION
from audiogroove.tokens.features import BAR_KEY, PART_KEY, POSITION_KEY
from audiogroove.tokens.sheet import (
    COUNT,
    ENDING,
    JOINS,
    LIMIT,
    NEW,
    OVER,
    PARTS,
    PAST,
    POLYPHONY,
    PROGRAM,
    PROGRAM_ID,
    TOP,
    TURN_BAR,
    TURN_DURATION,
    TURN_GIVEN,
    TURN_OVER,
    TURN_PART,
    TURN_PITCH,
    TURN_POSITION,
    UPCOMING,
    Ints,
    Lexicon,
    Mask,
    Sheet,
    cursor_of,
    folded,
    given_of,
    onset_of,
    situation,
    turn_onset,
)
from audiogroove.tokens.vocabulary import DRUMS, END, MAX_PARTS


@compiled
def bar_options(sheet: Sheet, allowed: Mask) -> None:
    """Tell which bar ids may come."""
    now = situation(sheet)
    cursor, given = now.cursor.bar, now.given.bar
    start, stop = grammar.bars(now)
    allowed[:] = False
    ahead = start < stop
    if ahead:
        allowed[min(start - cursor, END - 1) : min(stop - cursor, END)] = True
    if given >= 0 and (sheet.now[NEW] > 0 or not ahead or start <= given < stop):
        # bars that are to be written anew are not left empty by leaping over them
        allowed[min(given - cursor, END - 1)] = True
    allowed[END] = grammar.may_end(now) or not allowed.any()
    if allowed[END] and not sheet.now[ENDING]:  # somebody will go on: to do so is to end
        allowed[max(1, now.past - cursor) : END] = given < 0


@compiled
def take_bar(sheet: Sheet, chosen: int) -> None:
    """Go forward by a bar id; beyond the region, that means the given note or the end."""
    turn = sheet.turn
    turn[:] = 0
    if chosen == END:
        turn[TURN_OVER] = 1
        return
    now = situation(sheet)
    cursor = now.cursor.bar
    start, stop = grammar.bars(now)
    if start <= cursor + chosen < stop:
        turn[TURN_BAR] = cursor + chosen
    elif start < stop and start > cursor + chosen == cursor + END - 1:
        turn[TURN_BAR] = start  # farther than the vocabulary counts
    elif now.given.bar < 0:
        turn[TURN_OVER] = 1  # into bars that are somebody else's
    else:
        _take_given(sheet)


@compiled
def position_options(sheet: Sheet, words: Lexicon, allowed: Mask) -> None:
    """Tell which position ids may come."""
    turn, values = sheet.turn, words.positions
    if _is_settled(turn):
        _only(allowed, folded(words.position_ids, turn[TURN_POSITION]))
        return
    now = situation(sheet)
    start, stop = grammar.positions(now, turn[TURN_BAR])
    some = False
    for index in range(len(values)):
        allowed[index] = start <= values[index] < stop
        some = some or allowed[index]
    if now.given.bar == turn[TURN_BAR]:
        allowed[folded(words.position_ids, now.given.position)] = True
    elif not some:
        allowed[folded(words.position_ids, start)] = True


@compiled
def take_position(sheet: Sheet, words: Lexicon, chosen: int) -> None:
    """Go to a position id; the id that the given note's has means the given note's own."""
    turn = sheet.turn
    if _is_settled(turn):
        return
    now = situation(sheet)
    start, stop = grammar.positions(now, turn[TURN_BAR])
    value = words.positions[chosen]
    if now.given.bar == turn[TURN_BAR]:
        same = chosen == folded(words.position_ids, now.given.position)
        value = now.given.position if same else value
    turn[TURN_POSITION] = min(max(value, start), stop - 1)


@compiled
def part_options(sheet: Sheet, allowed: Mask) -> None:
    """Tell which parts may come, (MAX_PARTS,): the given note's, or with free hands."""
    turn = sheet.turn
    if _is_settled(turn):
        _only(allowed, turn[TURN_PART])
        return
    now = situation(sheet)
    possible = grammar.parts(now, turn[TURN_BAR], turn[TURN_POSITION])
    free = _free(sheet, possible, turn_onset(sheet))
    given = now.given
    if given.bar == turn[TURN_BAR] and given.position == turn[TURN_POSITION]:
        free |= 1 << given.part
    chosen = free or possible
    for part in range(MAX_PARTS):
        allowed[part] = chosen >> part & 1


@compiled
def take_part(sheet: Sheet, chosen: int) -> None:
    """Choose a part; the given note's own part means the given note."""
    turn = sheet.turn
    if _is_settled(turn):
        return
    turn[TURN_PART] = chosen
    given = given_of(sheet)
    here = given.bar == turn[TURN_BAR] and given.position == turn[TURN_POSITION]
    if here and given.part == chosen:
        _take_given(sheet)


@compiled
def pitch_options(sheet: Sheet, words: Lexicon, allowed: Mask) -> None:
    """Tell which pitch ids may come: those that fit the part and do not sound in it already."""
    turn, part = sheet.turn, sheet.turn[TURN_PART]
    kit = sheet.players[part, PROGRAM] == DRUMS
    if _is_settled(turn):
        _only(allowed, folded(words.pitch_ids, turn[TURN_PITCH] + DRUMS * kit))
        return
    least, _ = grammar.pitches(situation(sheet), turn[TURN_BAR], turn[TURN_POSITION], part)
    onset, ends = turn_onset(sheet), sheet.note_ends[part]
    fits = sheet.fitting[part] & (words.keys >= least)
    free = fits.copy()
    for index in range(len(free)):
        free[index] = fits[index] and ends[words.keys[index]] <= onset
    if free.any():
        allowed[:] = free
    elif fits.any():
        allowed[:] = fits
    else:
        allowed[:] = (words.drums == kit) & (words.keys >= least)
        if not allowed.any():
            _only(allowed, folded(words.pitch_ids, min(least, 127) + DRUMS * kit))


@compiled
def take_pitch(sheet: Sheet, words: Lexicon, chosen: int) -> None:
    """Choose a pitch id."""
    turn = sheet.turn
    if not _is_settled(turn):
        now = situation(sheet)
        least, _ = grammar.pitches(now, turn[TURN_BAR], turn[TURN_POSITION], turn[TURN_PART])
        turn[TURN_PITCH] = max(words.keys[chosen], least)


@compiled
def duration_options(sheet: Sheet, words: Lexicon, allowed: Mask) -> None:
    """Tell which duration ids may come: the note ends with the region."""
    turn = sheet.turn
    if _is_settled(turn):
        _only(allowed, folded(words.duration_ids, turn[TURN_DURATION]))
        return
    _, past = grammar.durations(situation(sheet), turn[TURN_BAR], turn[TURN_POSITION])
    allowed[:] = words.durations < past
    if not allowed.any():
        _only(allowed, folded(words.duration_ids, 1))


@compiled
def take_duration(sheet: Sheet, words: Lexicon, chosen: int) -> None:
    """Choose a duration id."""
    turn = sheet.turn
    if not _is_settled(turn):
        _, past = grammar.durations(situation(sheet), turn[TURN_BAR], turn[TURN_POSITION])
        turn[TURN_DURATION] = min(words.durations[chosen], past - 1)


@compiled
def take_velocity(sheet: Sheet, words: Lexicon, chosen: int) -> None:
    """Choose a velocity id, and with it complete the event; there must be room for it."""
    now, turn = sheet.now, sheet.turn
    event = np.zeros(6, dtype=np.int64)
    if turn[TURN_GIVEN]:
        event[:] = sheet.given[now[UPCOMING]]
        now[OVER] = event[0] >= now[PAST]
        now[UPCOMING] += 1
    elif turn[TURN_OVER]:
        now[OVER] = 1
        return
    else:
        event[:5] = turn[:5]
        event[5] = words.velocities[chosen]
        now[NEW] += 1
        now[OVER] = now[NEW] >= now[LIMIT]
    sheet.fresh[now[COUNT]] = not turn[TURN_GIVEN]
    if not turn[TURN_GIVEN] or not now[OVER]:
        append(sheet, words, event)


@compiled
def append(sheet: Sheet, words: Lexicon, event: Ints) -> None:
    """Let an event stand."""
    at, now = sheet.now[COUNT], sheet.now
    program, part = sheet.players[event[2], PROGRAM], event[2]
    pitch = event[3] + DRUMS * (program == DRUMS)
    ids = sheet.ids[at]
    sheet.events[at] = event
    ids[0] = folded(words.position_ids, event[1]) + 1
    ids[1] = part + 1
    ids[2] = sheet.players[part, PROGRAM_ID] + 1
    ids[3] = folded(words.pitch_ids, pitch) + 1
    ids[4] = folded(words.duration_ids, event[4]) + 1
    ids[5] = folded(words.velocity_ids, event[5]) + 1
    place = event[0] * BAR_KEY + event[1] * POSITION_KEY
    sheet.keys[at] = place + part * PART_KEY + event[3]
    hear(sheet, at)
    now[COUNT] += 1
    pacing.count_note(sheet)
    now[JOINS] = joins(sheet)


@compiled
def hear(sheet: Sheet, at: int) -> None:
    """Let an event that stands sound."""
    bar, position, part, pitch, duration, _ = sheet.events[at]
    end = onset_of(sheet, bar, position) + duration
    sheet.part_ends[part] = max(sheet.part_ends[part], end)
    sheet.note_ends[part, pitch] = end
    if sheet.players[part, PROGRAM] != DRUMS:
        sheet.pitch_ends[pitch] = max(sheet.pitch_ends[pitch], end)
    sheet.own[part] = sheet.ids[at, 3:]


@compiled
def _is_settled(turn: Ints) -> bool:
    """Tell whether nothing is left to decide."""
    return bool(turn[TURN_GIVEN] != 0 or turn[TURN_OVER] != 0)


@compiled
def _only(allowed: Mask, index: int) -> None:
    allowed[:] = False
    allowed[index] = True


@compiled
def _take_given(sheet: Sheet) -> None:
    sheet.turn[:5] = sheet.given[sheet.now[UPCOMING], :5]
    sheet.turn[TURN_GIVEN] = 1


@compiled
def joins(sheet: Sheet) -> int:
    """Tell which parts may take one more note at the cursor: free hands, a higher pitch."""
    region = int(sheet.now[PARTS])
    if sheet.now[COUNT] == 0:
        return region
    cursor = cursor_of(sheet)
    after = cursor.part + (cursor.pitch >= sheet.players[cursor.part, TOP])
    higher = region >> after << after
    return _free(sheet, higher, onset_of(sheet, cursor.bar, cursor.position))


@compiled
def _free(sheet: Sheet, parts: int, onset: int) -> int:
    """Tell which of these parts have a free hand then."""
    free = 0
    for part in range(len(sheet.players)):
        if parts >> part & 1:
            held = (sheet.note_ends[part] > onset).sum()
            if held < sheet.players[part, POLYPHONY]:
                free |= 1 << part
    return free


@compiled
def options(sheet: Sheet, words: Lexicon, field: int, allowed: Mask) -> None:
    """Tell which ids of a field may come; fields are the columns of `tokens.codec`."""
    if field == BAR:
        bar_options(sheet, allowed)
    elif field == POSITION:
        position_options(sheet, words, allowed)
    elif field == PART:
        part_options(sheet, allowed)
    elif field == PITCH:
        pitch_options(sheet, words, allowed)
    elif field == DURATION:
        duration_options(sheet, words, allowed)
    else:
        allowed[:] = True


@compiled
def take(sheet: Sheet, words: Lexicon, field: int, chosen: int) -> None:
    """Tell what was decided of a field; see `options`."""
    if field == BAR:
        take_bar(sheet, chosen)
    elif field == POSITION:
        take_position(sheet, words, chosen)
    elif field == PART:
        take_part(sheet, chosen)
    elif field == PITCH:
        take_pitch(sheet, words, chosen)
    elif field == DURATION:
        take_duration(sheet, words, chosen)
    else:
        take_velocity(sheet, words, chosen)
