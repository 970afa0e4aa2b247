"""Collections that are known are credited as they want to be; of others, what is stated."""

import pytest

from audiogroove.training.attribution import LOOSE, NOBODY, NOT_STATED, Collection, known, shares
from audiogroove.training.dataset import PieceInfo


def piece(path: str, licence: str = "") -> PieceInfo:
    """Make up what is known of a piece."""
    return PieceInfo(
        path, "folk", "train", 1, ((0, 4, 4),), (0,), None, None, minor=False, license=licence
    )


def credited(*pieces: PieceInfo) -> list[tuple[str, int, str, str]]:
    """Tell name, pieces, licence and credit of each collection."""
    told = [(share.collection, share.pieces) for share in shares(pieces)]
    return [(of.name, count, of.licence, of.credit) for of, count in told]


def test_a_known_collection_is_credited() -> None:
    """Several folders of one are one."""
    told = credited(
        piece("openscore_lieder/a.mid", "CC0-1.0"),
        piece("openscore_orchestra/b.mid", "CC0-1.0 (score)"),
    )
    assert told == [
        ("OpenScore Lieder Corpus, String Quartets, Orchestra", 2, "CC0 1.0", "OpenScore")
    ]


def test_the_same_folder_under_another_licence_is_another_collection() -> None:
    """Somebody else's folder may have the same name."""
    assert credited(piece("freedoom/a.mid", "mine")) == [("freedoom", 1, "mine", NOBODY)]


def test_an_unknown_collection_shows_what_is_stated() -> None:
    """All licences of its pieces, or that none is stated."""
    told = credited(
        piece("tunes/a.mid", "CC0"),
        piece("tunes/b.mid", "CC BY 4.0"),
        piece("tunes/c.mid", "CC0"),
        piece("d.mid"),
    )
    assert told == [("tunes", 3, "CC BY 4.0; CC0", NOBODY), (LOOSE, 1, NOT_STATED, NOBODY)]


def test_what_comes_with_music21_is_known() -> None:
    """It states no licence."""
    assert credited(piece("music21/bach/bwv1.6.mxl"))[0][0] == "Works that come with music21"


@pytest.mark.parametrize("collection", known(), ids=lambda one: one.folders[0])
def test_what_is_known_is_whole(collection: Collection) -> None:
    """Each has a name, a licence and a credit that fit a line."""
    told = (collection.name, collection.licence, collection.credit)
    assert all(text.strip() == text and text and "\n" not in text for text in told)


def test_no_folder_is_credited_twice() -> None:
    """Nobody would know to whom."""
    folders = [folder for one in known() for folder in one.folders]
    assert len(folders) == len(set(folders))
