"""The few words that only the interface needs; all others are in `audiogroove.sentences`."""

from audiogroove.errors import AudioGrooveError, Gone, NotAllowed, NothingThere, QuotaReached
from audiogroove.sentences import sentence_for, when

MODES = "The mode is one of {modes}."
FIELDS = "There is no field of this name; possible are {fields}."
WISHES = "Wishes are one object, by their names."
WISH = "A wish is a text or a number."
TEXT = "This is a text of at most {most} characters."
NO_TEXT = "There are characters in this text that are none."
FORM = "A form has a field request, with JSON in it, and perhaps a file seed; nothing else."
ORIGIN_AND_SEED = "Name a composition or send a file, not both."
ORIGIN_UNUSED = "To compose starts from nothing; to continue starts from a composition."
SEED_UNUSED = "Again takes a composition, and no file."
NOT_FOUND = "There is nothing at this address."
NO_SUCH_COMPOSITION = "There is no composition of this name; it may have been deleted."
NOT_ALLOWED_METHOD = "This address takes other methods; the description tells which."
ORIGIN_REFUSED = "A page of another site asked for this, and may not."
TOO_LARGE = "That is too large; at most {most:,} bytes are taken."
NOT_JSON = "The body must be one JSON object in UTF-8."
NO_SUCH_TYPE = "Send application/json, or multipart/form-data with a MIDI file."
TOO_MANY_STREAMS = "Too many connections of yours are open; please close some."
NUMBER = "This is a whole number from {low} to {high}."
IDEMPOTENCY_KEY = "An Idempotency-Key is 8 to 64 letters, digits, hyphens or underscores."
BODY_TOO_LARGE = "That is too large."
TOO_SLOW = "The request took too long to arrive; please send it again."
BROKEN = (
    "Something went wrong on my side; please try again, and if it stays, tell my host this number."
)


def sentence(error: AudioGrooveError) -> str:
    """Say what went wrong to one who sits at a page, where there is neither chat nor moderator."""
    told = sentence_for(error)
    match error:
        case NotAllowed():
            told = f"You may not {error.what}; only whoever asked for it can."
        case NothingThere():
            told = f"There is no piece to {error.verb} yet; name one, or send a MIDI file along."
        case Gone():
            told = f"That {error.what} is no longer kept."
        case QuotaReached(whose="chat"):
            soon = when(error.retry_after_s)
            told = f"Your network has had enough music for now; please try again {soon}."
        case _:
            pass
    return told
