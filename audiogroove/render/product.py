"""What can be made of a piece, and what of it is made at once."""

from enum import StrEnum


class Product(StrEnum):
    """One file; the value is its name."""

    MP3 = "sound.mp3"
    OPUS = "sound.ogg"
    PICTURE = "roll.png"
    COVER = "cover.jpg"  # of the sound, for players
    MUSICXML = "score.musicxml"
    PDF = "score.pdf"
    VIDEO = "video.mp4"


class Making(StrEnum):
    """One piece of work, after which one or several files are there."""

    MP3 = "mp3"
    OPUS = "opus"
    ROLL = "picture"
    SCORE = "score"
    VIDEO = "video"

    @property
    def what(self) -> str:
        """What people call what is made."""
        return "sound" if self in {Making.MP3, Making.OPUS} else str(self)


MADE_BY = {
    Product.MP3: Making.MP3,
    Product.OPUS: Making.OPUS,
    Product.PICTURE: Making.ROLL,
    Product.COVER: Making.ROLL,
    Product.MUSICXML: Making.SCORE,
    Product.PDF: Making.SCORE,
    Product.VIDEO: Making.VIDEO,
}
