"""Everything that may go wrong on purpose, as one tree.

    AudioGrooveError
    ├── SeedRejected         these bytes cannot be a seed          (fault, facts)
    ├── RequestRefused       this wish cannot be granted           (field, asked, possible)
    ├── CheckpointRejected   this folder is not a usable model     (folder, fault)
    ├── DatasetRejected      this folder is not a usable data set  (folder, fault)
    ├── WishUnknown          a typed word that means nothing here  (word, near)
    ├── Busy                 no room for more work just now        (own, waiting, retry_after_s)
    ├── QuotaReached         enough for now                        (whose, retry_after_s)
    ├── Lost                 work under way came to nothing        (cause)
    ├── Gone                 what this belongs to is no more       (what)
    ├── NotAllowed           not theirs to do                      (what)
    ├── NothingThere         no piece to work on                   (verb)
    ├── FileUnreachable      a file sent in a chat cannot be had   (name, fault)
    ├── RenderingFailed      no sound, picture, … of this piece    (what, fault)
    ├── JamRefused           no such move in this jam just now     (fault, who)
    ├── TakeRefused          this file is no take for this jam     (fault, found, wanted)
    ├── HubRefused           the Hugging Face Hub will not do it   (fault, where, told)
    └── StoreFailed          nothing can be saved just now         (fault)

Errors carry facts. The sentence that a person reads is made from them in
`audiogroove.sentences`, so that every door of the house says the same thing.
"""

from enum import StrEnum
from pathlib import Path


class AudioGrooveError(Exception):
    """The root: whatever is raised on purpose descends from it."""


class SeedFault(StrEnum):
    """Why a stranger's bytes were refused as a seed."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    NOT_MIDI = "not_midi"
    DAMAGED = "damaged"
    NO_NOTES = "no_notes"
    TOO_MANY_NOTES = "too_many_notes"
    TOO_MANY_TRACKS = "too_many_tracks"
    TOO_LONG = "too_long"
    IMPOSSIBLE_VALUES = "impossible_values"
    TOO_COSTLY = "too_costly"


class SeedRejected(AudioGrooveError):
    """Bytes that were offered as a seed and cannot be read as a piece.

    `found` and `limit` are the measured and the allowed amount where the fault
    is one of amount (bytes, notes, tracks, bars), else None.
    """

    def __init__(
        self, fault: SeedFault, *, found: float | None = None, limit: float | None = None
    ) -> None:
        super().__init__(fault, found, limit)
        self.fault = fault
        self.found = found
        self.limit = limit


class RequestRefused(AudioGrooveError):
    """A wish that cannot be granted: which field, what was asked, what is possible."""

    def __init__(self, field: str, *, asked: object, possible: str) -> None:
        super().__init__(field, asked, possible)
        self.field = field
        self.asked = asked
        self.possible = possible


class CheckpointRejected(AudioGrooveError):
    """A folder that should hold a model and does not, or whose files disagree."""

    def __init__(self, folder: Path, *, fault: str) -> None:
        super().__init__(folder, fault)
        self.folder = folder
        self.fault = fault


class DatasetRejected(AudioGrooveError):
    """A folder that should hold a prepared data set and does not."""

    def __init__(self, folder: Path, *, fault: str) -> None:
        super().__init__(folder, fault)
        self.folder = folder
        self.fault = fault


class WishUnknown(AudioGrooveError):
    """A word among typed wishes that is none; `near` are words that may have been meant."""

    def __init__(self, word: str, *, near: tuple[str, ...] = ()) -> None:
        super().__init__(word, near)
        self.word = word
        self.near = near


class Busy(AudioGrooveError):
    """There is no room for more work: nothing was begun, and nothing was charged.

    `own` says that it is the asker's own pile that is full; `waiting` is how high it is, or all
    piles together; `retry_after_s` when to come back, above 0.
    """

    def __init__(self, *, own: bool, waiting: int, retry_after_s: float) -> None:
        super().__init__(own, waiting, retry_after_s)
        self.own = own
        self.waiting = waiting
        self.retry_after_s = retry_after_s


class QuotaReached(AudioGrooveError):
    """A person ("you") or a chat ("chat") has had its share; refused requests cost nothing."""

    def __init__(self, whose: str, *, retry_after_s: float) -> None:
        super().__init__(whose, retry_after_s)
        self.whose = whose
        self.retry_after_s = retry_after_s


class Lost(AudioGrooveError):
    """Work under way came to nothing through no fault of its asker; it may be tried again."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Gone(AudioGrooveError):
    """What a button or a reply belongs to is no longer kept ("piece", "request", "jam")."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NotAllowed(AudioGrooveError):
    """Something that only another person may do: `what`, as in "delete this piece"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NothingThere(AudioGrooveError):
    """A piece should be continued, varied or accompanied (`verb`), and there is none yet."""

    def __init__(self, verb: str) -> None:
        super().__init__(verb)
        self.verb = verb


class FileUnreachable(AudioGrooveError):
    """A file that was sent in a chat and cannot be fetched from there."""

    def __init__(self, name: str, *, fault: str) -> None:
        super().__init__(name, fault)
        self.name = name
        self.fault = fault


class RenderingFailed(AudioGrooveError):
    """A piece could not be made audible or visible: `what`, as in "sound", and why.

    The piece itself is as good as ever; whoever shows it goes without.
    """

    def __init__(self, what: str, *, fault: str) -> None:
        super().__init__(what, fault)
        self.what = what
        self.fault = fault


class JamFault(StrEnum):
    """Why a move in a jam was refused."""

    NO_JAM = "no_jam"  # none is open here
    ONE_IS_OPEN = "one_is_open"  # here
    NEEDS_A_GROUP = "needs_a_group"
    NOT_PLAYING = "not_playing"
    NOT_YOUR_TURN = "not_your_turn"  # but that of `who`
    NOT_YOUR_TAKE = "not_your_take"
    NOT_THE_HOST = "not_the_host"  # that is `who`
    TOO_LATE = "too_late"  # that turn, take or jam is over
    NOT_BEGUN = "not_begun"
    HAS_BEGUN = "has_begun"  # what was agreed is fixed
    FULL = "full"
    SEAT_TAKEN = "seat_taken"  # by `who`
    NO_SUCH_SEAT = "no_such_seat"
    NO_REROLLS = "no_rerolls"
    NOTHING_TO_UNDO = "nothing_to_undo"
    VOTED_ALREADY = "voted_already"  # on this take
    TAKE_UNDER_WAY = "take_under_way"  # of the same person, in another jam
    NOTHING_LAID = "nothing_laid"  # down yet
    BEING_COMPOSED = "being_composed"  # their take is
    ALL_VOTE = "all_vote"  # on their take
    NO_CARD = "no_card"  # can be put up there


class JamRefused(AudioGrooveError):
    """A move that a jam does not allow now, or not to this person; nothing has changed."""

    def __init__(self, fault: JamFault, *, who: str = "") -> None:
        super().__init__(fault, who)
        self.fault = fault
        self.who = who


class TakeFault(StrEnum):
    """Why a file cannot be a take."""

    METER = "meter"  # it is in `found`, the jam in `wanted`
    NO_DRUMS = "no_drums"  # but a drum part is `wanted`
    ONLY_DRUMS = "only_drums"  # but an instrument is `wanted`
    TOO_MANY_PARTS = "too_many_parts"  # with those that are there
    TOO_MANY_NOTES = "too_many_notes"


class TakeRefused(AudioGrooveError):
    """A file that was brought to a jam and cannot be fitted to it."""

    def __init__(self, fault: TakeFault, *, found: str = "", wanted: str = "") -> None:
        super().__init__(fault, found, wanted)
        self.fault = fault
        self.found = found
        self.wanted = wanted


class HubFault(StrEnum):
    """Why a model did not reach the Hugging Face Hub, or did not come from there."""

    NOT_FOUND = "not_found"  # or private, and not to be seen
    NO_SUCH_REVISION = "no_such_revision"
    NOT_LOGGED_IN = "not_logged_in"
    NOT_ALLOWED = "not_allowed"
    IS_PUBLIC = "is_public"  # but a private one was wanted
    HAS_CHANGED = "has_changed"  # under our hands
    TOO_MANY_REQUESTS = "too_many_requests"
    UNREACHABLE = "unreachable"  # and what is asked for is not in the cache
    DAMAGED = "damaged"  # it came, and is no model
    FAILED = "failed"  # at its end


class HubRefused(AudioGrooveError):
    """A model that cannot be published or fetched.

    `where` names it, as in "owner/name@revision"; `told` is more of the fault, where more is
    known. Neither ever holds a token.
    """

    def __init__(self, fault: HubFault, where: str, *, told: str = "") -> None:
        super().__init__(fault, where, told)
        self.fault = fault
        self.where = where
        self.told = told


class StoreFailed(AudioGrooveError):
    """The database took nothing, as when the disk is full."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault
