"""What is quoted, and what is flagged."""

from audiogroove.evaluation.scorecard import excerpts, quoting
from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.evaluation.scorecard.quoting import Limits, Quoting, quotes_of
from audiogroove.quotation.exact import Corpus
from audiogroove.training.dataset import Dataset
from tests.evaluation.scorecard.scores import kit, line, passage, tune

TUNE = (60, 62, 60, 64, 67, 65, 64, 62, 60, 67, 72, 71, 69, 67, 65, 64, 62, 65, 64, 60, 59, 60, 55)
OTHER = (60, 61, 66, 58, 70, 49, 72, 51, 74, 53, 76, 50, 77, 48, 79, 47, 80, 45, 81, 44, 83, 42, 84)
KNOWN = Corpus.of(quoting.phrases_of(passage(line(TUNE), bars=6)))
HONEST = quotes_of(KNOWN, [passage(line(TUNE[:8] + OTHER[:8]), bars=4)])


def test_a_copy_is_flagged_in_any_key() -> None:
    """All of its fragments are known, and it is one long run."""
    copy = passage(line([pitch + 5 for pitch in TUNE]), bars=6)
    told = Quoting.of(quotes_of(KNOWN, [copy]), Limits.of(HONEST))
    assert told.shares[12] == 1
    assert list(told.runs) == [22, 22, 22]
    assert told.flagged == 1


def test_what_real_music_quotes_is_not_flagged() -> None:
    """A phrase in common is no theft."""
    told = Quoting.of(HONEST, Limits.of(HONEST))
    assert told.runs[2] == 8
    assert told.flagged == 0


def test_where_real_music_quotes_more_more_may_be_quoted() -> None:
    """A run is long when it is longer than those of real music, too."""
    long = quotes_of(KNOWN, [passage(line(TUNE), bars=6)])
    assert Limits.of(HONEST).run == quoting.LONG_RUN
    assert Limits.of(long).run == 22


def test_drums_quote_nobody() -> None:
    """They have no melody to be compared."""
    assert quotes_of(KNOWN, [kit((0, 36), (1, 38))]) == []


def test_training_pieces_are_all_known(data: Dataset) -> None:
    """Each of them is found whole in the corpus, and a new tune is not."""
    corpus = quoting.corpus_of(data)
    train = data.split("train")[:3]
    told = quotes_of(corpus, (excerpts.cut(data, index, 0, 8) for index in train))
    assert {quotes.shares[12] for quotes in told} == {1.0}
    (new,) = quotes_of(corpus, [Passage.of(tune(1, bars=8))])
    assert new.shares[12] == 0
