"""From a data set to an index that knows it, and yardsticks from what is held out."""

from pathlib import Path

import pytest

from audiogroove.quotation.index import ANY_STYLE, LEAST_YARDSTICK, Index, Quotation
from audiogroove.quotation.phrases import phrases_of
from audiogroove.training.dataset import Dataset
from audiogroove.training.quoting import ENOUGH, build_index, phrases_in, yardsticks_of
from tests.training import tunes


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Prepare three styles of nine tunes, some of them with drums."""
    folder = tmp_path_factory.mktemp("corpus")
    return tunes.prepare(tunes.write_corpus(folder), tmp_path_factory.mktemp("data"))


def quoted(index: Index, data: Dataset, piece: int) -> Quotation | None:
    """Look a piece up."""
    return index.check(phrases_in(data, piece), data.pieces[piece].bar_lines.tolist())


def test_a_data_set_has_the_phrases_of_its_pieces(data: Dataset) -> None:
    """And nothing of the drums."""
    for index, info in enumerate(data.pieces):
        number = int(Path(info.path).stem) % 100 + 100 * tunes.STYLES.index(info.style)
        own = phrases_of(tunes.tune(number))
        assert [told.moves.tolist() for told in phrases_in(data, index)] == [
            phrase.moves.tolist() for phrase in own
        ]


def test_all_that_was_trained_on_is_known_and_nothing_else(data: Dataset) -> None:
    """From its first bars to its last."""
    index = build_index(data)
    for piece in data.split("train"):
        found = quoted(index, data, piece)
        assert found is not None
        assert found.moves > LEAST_YARDSTICK
    assert [quoted(index, data, piece) for piece in data.split("valid")] == [None] * len(
        data.split("valid")
    )


def test_where_nothing_is_quoted_the_yardstick_is_the_least(data: Dataset) -> None:
    """Of all music: no style has enough pieces for one of its own."""
    assert build_index(data).yardsticks == {ANY_STYLE: LEAST_YARDSTICK}


def test_a_style_s_yardstick_is_what_nearly_all_of_it_stays_below() -> None:
    """If there is enough of it; all of it has a say in that of all music."""
    runs = {"folk": range(1, 101), "rock": [90] * (ENOUGH - 1), "hymn": [3] * ENOUGH}
    assert yardsticks_of(runs) == {
        "folk": 96,
        "hymn": LEAST_YARDSTICK,
        ANY_STYLE: 94,
    }


def test_without_held_out_music_there_is_no_yardstick() -> None:
    """The index falls back on the least."""
    assert yardsticks_of({}) == {}
