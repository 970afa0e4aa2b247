"""Everything that AudioGroove says in a chat, as values: facts in, words and buttons out.

The sentences for errors are in `audiogroove.sentences`, shared with the command line.
"""

from collections.abc import Collection, Sequence

from audiogroove.errors import AudioGrooveError
from audiogroove.music import midi
from audiogroove.music.piece import Piece
from audiogroove.render.roll.video import MAX_S
from audiogroove.render.sound.stretch import MAX_SECONDS, Stretch, heard_part
from audiogroove.request import DEFAULT_BARS, MAX_NEW_BARS, ComposeRequest, Mode
from audiogroove.sentences import sentence_for
from audiogroove.service.job import Event, Waiting, Writing
from audiogroove.store.rows import StoredPiece
from audiogroove.wishes import WISHES
from bots.chat import Button, File, Medium, Reply, Verb
from bots.commands import COMMAND_TABLE
from bots.describing import facts, file_name, legend, range_text, recipe, style_name

BAR_CELLS = 8  # of the progress bar
COMMON_PARTS = ("bass", "drums", "piano", "guitar", "strings", "flute", "sax", "choir", "trumpet")
MENU_PARTS = 6
MENU_RANGES = 4
_MOST_S = {Medium.SOUND: MAX_SECONDS, Medium.VIDEO: MAX_S}

_DOING = {
    Mode.COMPOSE: "Composing",
    Mode.CONTINUE: "Going on for",
    Mode.VARY: "Varying",
    Mode.ACCOMPANY: "Adding",
}


# While it is composed.


def status(job: str, request: ComposeRequest, event: Event | None) -> Reply:
    """Say how a piece gets on, with a button to stop it."""
    match event:
        case Waiting(ahead=0):
            how = "next in line"
        case Waiting(ahead=1):
            how = "one piece is before it"
        case Waiting(ahead=ahead):
            how = f"{ahead} pieces are before it"
        case Writing(bars=bars, total=total):
            filled = BAR_CELLS * bars // max(1, total)
            how = f"{'▰' * filled}{'▱' * (BAR_CELLS - filled)} {bars} of {total} bars"
        case _:
            how = "one moment"
    stop = Button("Cancel", Verb.CANCEL, job)
    return Reply(f"🎼 {_task(request)}: {how}", buttons=((stop,),), event=event)


def _task(request: ComposeRequest) -> str:
    words = _DOING[request.mode]
    if request.mode is Mode.VARY and request.bar_range:
        return f"{words} bars {range_text(request.bar_range)}"
    if request.mode is Mode.ACCOMPANY:
        return f"{words} {', '.join(part.word for part in request.parts)}"
    count = request.bars or DEFAULT_BARS
    bars = "1 bar" if count == 1 else f"{count} bars"
    style = f" {style_name(request.style)}," if request.style else ""
    return f"{words}{style} {bars}"


def restarting(request: ComposeRequest) -> Reply:
    """Say that a piece will come after a restart."""
    return Reply(f"🎼 {_task(request)}: I am restarting; your piece is kept and comes after that.")


def stopped() -> Reply:
    """Say that a piece was cancelled."""
    return Reply("Cancelled.")


# The piece.


def finished(
    stored: StoredPiece, previews: Sequence[File] = (), offers: Collection[Verb] = ()
) -> Reply:
    """Hand over a piece: its files, one line of facts, and what can be done with it.

    `offers` are the previews that can be had by a button; what is there already is not offered.
    """
    is_heard = any(file.medium is Medium.SOUND for file in previews)
    shown = set(offers) - ({Verb.LISTEN} if is_heard else set())
    notes = File(file_name(stored, "mid"), midi.write(stored.piece, stored.credits), Medium.MIDI)
    return Reply(
        facts(stored) + _cut(stored, previews),
        files=(*previews, notes),
        buttons=piece_buttons(stored.id, shown),
    )


def piece_buttons(piece: str, offers: Collection[Verb] = ()) -> tuple[tuple[Button, ...], ...]:
    """Lay out what can be done with a piece."""
    previews = (
        Button("🎧 Listen", Verb.LISTEN, piece),
        Button("📄 Score", Verb.SCORE, piece),
        Button("🎬 Video", Verb.VIDEO, piece),
    )
    rows = (
        (
            Button("🎲 Again", Verb.AGAIN, piece),
            Button("⏩ Continue", Verb.CONTINUE, piece),
            Button("🎛 Vary", Verb.VARY, piece),
            Button("➕ Add a part", Verb.ACCOMPANY, piece),
        ),
        tuple(button for button in previews if button.verb in offers),
        (
            Button("ℹ️ Details", Verb.DETAILS, piece),
            Button("🗑 Delete", Verb.DELETE, piece, is_grave=True),
        ),
    )
    return tuple(row for row in rows if row)


def details(stored: StoredPiece, model: str, page: str = "") -> Reply:
    """Tell everything about a piece, and how to get the very same again.

    `page` is the address of our web page, if others can reach it.
    """
    piece, request = stored.piece, stored.request
    parts = ", ".join(
        f"{part.name} ({len(part.notes)} notes)" for part in piece.parts if part.notes
    )
    lines = [
        facts(stored).removeprefix("🎼 "),
        f"Parts: {parts}",
        f"Composed in {stored.seconds:.1f} s by {model}, piece {stored.id}"
        + (f" from {stored.parent}" if stored.parent else ""),
    ]
    if request.mode is Mode.COMPOSE:
        lines.append(f"The same again: /compose {recipe(request)}")
    if page:
        lines.append(f"On the web: {page}/p/{stored.id}")
    return Reply("\n".join(lines), is_private=True)


def heard(stored: StoredPiece, sound: File) -> Reply:
    """Hand over a piece's sound."""
    return Reply(f"🎧 {legend(stored).title}{_cut(stored, [sound])}", files=(sound,))


def engraved(stored: StoredPiece, score: Sequence[File]) -> Reply:
    """Hand over a piece's score."""
    return Reply(f"📄 {legend(stored).title}", files=tuple(score))


def filmed(stored: StoredPiece, video: File) -> Reply:
    """Hand over the film of a piece."""
    return Reply(f"🎬 {legend(stored).title}{_cut(stored, [video])}", files=(video,))


def _cut(stored: StoredPiece, files: Sequence[File]) -> str:
    """Say which bars a sound or film plays where those are not all; nothing where they are."""
    said = ""
    for medium, most_s in _MOST_S.items():
        if any(file.medium is medium for file in files):
            stretch = heard_part(stored.piece, legend(stored), max_s=most_s)
            if not stretch.is_all:
                said += f"\nThe {medium} plays {_bars(stretch)}; the MIDI file has all."
    return said


def _bars(stretch: Stretch) -> str:
    bars = stretch.first_bar, stretch.past_bar
    return f"{'bars' if bars[1] - bars[0] > 1 else 'bar'} {range_text(bars)}"


# Menus.


def which_bars(stored: StoredPiece) -> Reply:
    """Ask which bars to vary."""
    choices = [
        Button(f"Bars {range_text(bars)}" if bars[1] - bars[0] > 1 else f"Bar {range_text(bars)}",
               Verb.VARY, stored.id, range_text(bars))
        for bars in range_choices(stored.piece.bars)
    ]  # fmt: skip
    return Reply(
        "Which bars shall I rewrite?",
        buttons=_rows(choices, 2),
        is_private=True,
        is_menu=True,
    )


def range_choices(bars: int) -> list[tuple[int, int]]:
    """Cut a piece into up to four stretches to choose from, and all of it where that is allowed."""
    size = max(1, -(-bars // MENU_RANGES))
    stretches = [(first, min(first + size, bars)) for first in range(0, bars, size)]
    stretches = [(first, min(past, first + MAX_NEW_BARS)) for first, past in stretches]
    whole = [(0, bars)] if len(stretches) > 1 and bars <= MAX_NEW_BARS else []
    return stretches + whole


def which_part(stored: StoredPiece) -> Reply:
    """Ask which part to add."""
    choices = [
        Button(word.capitalize(), Verb.ACCOMPANY, stored.id, word)
        for word in missing_parts(stored.piece)[:MENU_PARTS]
    ]
    return Reply("Who joins in?", buttons=_rows(choices, 3), is_private=True, is_menu=True)


def missing_parts(piece: Piece) -> list[str]:
    """List common parts that a piece has not, the most missed first."""
    there = {part.name.lower().rstrip(" 0123456789") for part in piece.parts}
    if any(part.is_drums for part in piece.parts):
        there.add("drums")
    bass = any(not part.is_drums and 32 <= part.program < 40 for part in piece.parts)
    return [word for word in COMMON_PARTS if word not in there and not (word == "bass" and bass)]


def _rows(buttons: Sequence[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))


# Answers that are no pieces.


def queue(mine: Sequence[tuple[ComposeRequest, Event | None]], running: int, waiting: int) -> Reply:
    """Tell what is under way, and where one's own stands."""
    if not running + waiting:
        return Reply("Nothing is being composed just now.", is_private=True)
    lines = [f"Being composed: {running}, waiting: {waiting}."]
    lines += [status("", *one).text.replace("🎼", "Yours:") for one in mine]
    lines += [] if mine else ["None of them is yours."]
    return Reply("\n".join(lines), is_private=True)


def cancelled(count: int) -> Reply:
    """Tell how many pieces were stopped."""
    told = {0: "There is nothing of yours to stop.", 1: "Stopped."}
    return Reply(told.get(count, f"Stopped {count} pieces."), is_private=True)


def defaults(chosen: dict[str, str]) -> Reply:
    """Tell what is assumed in a chat."""
    if not chosen:
        return Reply(
            "Nothing is set here: what you do not say is chosen to fit the style.", is_private=True
        )
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in chosen.items())
    return Reply(f"Assumed in this chat: {told}. /settings reset clears that.", is_private=True)


def defaults_changed(chosen: dict[str, str]) -> Reply:
    """Tell everyone what is assumed from now on."""
    if not chosen:
        return Reply("From now on nothing is assumed in this chat.")
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in chosen.items())
    return Reply(f"From now on assumed in this chat: {told}.")


def styles(known: Sequence[str]) -> Reply:
    """List the styles that the model knows."""
    told = ", ".join(map(style_name, known))
    return Reply(f"I know {len(known)} kinds of music: {told}.", is_private=True)


def help_text() -> Reply:
    """Tell what can be done, and how."""
    lines = ["I compose music, to hear, to see and as a MIDI file. Try:"]
    lines += [
        "/compose ragtime 16 bars in d minor fast",
        "/compose slow waltz for violin and piano",
        "Send me a MIDI file (.mid) and I go on with it; in a group, reply to one with /continue.",
        "",
    ]
    lines += [f"/{command.verb} – {command.about}" for command in COMMAND_TABLE]
    names = ", ".join(wish.name for wish in WISHES)
    lines += ["", f"Wishes can be written freely or as name:value. Names: {names}."]
    return Reply("\n".join(lines), is_private=True)


def ask_to_forget(person: str) -> Reply:
    """Make sure, before everything of a person is deleted; only they can press the button."""
    sure = Button("Yes, delete it all", Verb.FORGET, person, "yes", is_grave=True)
    return Reply(
        "I shall delete your pieces and requests; their buttons will no longer work, "
        "and the files in the chats stay. Are you sure?",
        buttons=((sure,),),
        is_private=True,
        is_menu=True,
    )


def not_yours() -> Reply:
    """Tell that a question was for another person."""
    return Reply("That question was for somebody else.", is_private=True)


def forgotten(pieces: int) -> Reply:
    """Tell that a person's data is gone."""
    return Reply(f"Done: nothing of you is kept any more (pieces deleted: {pieces}).",
                 is_private=True)  # fmt: skip


def deleted() -> Reply:
    """Tell that a piece is gone."""
    return Reply("Deleted.", is_private=True)


# When something goes wrong.


def sorry(error: AudioGrooveError, error_id: str) -> Reply:
    """Say what went wrong in one sentence, with the id under which the log knows it."""
    return Reply(f"{sentence_for(error)} ({error_id})", is_private=True, error=error)


def broken(error_id: str) -> Reply:
    """Say that something went wrong that nobody foresaw."""
    return Reply(
        f"Something went wrong on my side; please try again, and if it stays, "
        f"tell my host this number: {error_id}.",
        is_private=True,
    )
