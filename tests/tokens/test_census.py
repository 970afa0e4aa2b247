"""A census of a style: what its pieces tell, counted, and how much of it is kept."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from audiogroove.tokens.census import (
    ENSEMBLES,
    FORMS,
    LEAST_PARTS,
    METERS,
    SEATINGS,
    Sample,
    custom_of,
    quartiles,
    typical,
)
from audiogroove.tokens.counterpoint import Roughness
from audiogroove.tokens.customs import PROGRAMS, Custom, Lay
from audiogroove.tokens.form import SAME, Form
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import CUSTOMS

TRIO, SOLO = (0, 32, DRUMS), (0,)
KIT = (36, 38, 42)
SAMPLES = [
    Sample(TRIO, "4/4", 120.0, minor=False, notes_a_bar=10.0),
    Sample(TRIO, "4/4", 132.004, minor=False, notes_a_bar=14.0),
    Sample(SOLO, "3/4", None, minor=True, notes_a_bar=4.0),
    Sample(TRIO, "4/4", 140.0, minor=False, notes_a_bar=12.0),
]


def counted(samples: Sequence[Sample]) -> Custom:
    """Count what is customary among samples, two of a piece."""
    return custom_of(samples, (len(samples) + 1) // 2)


def test_customs_are_counted() -> None:
    """The commonest first; a piece that names no tempo has no say in it."""
    assert counted(SAMPLES) == Custom(
        pieces=2,
        ensembles=((TRIO, 3), (SOLO, 1)),
        meters=(("4/4", 3), ("3/4", 1)),
        tempos_bpm=(120.0, 132.0, 140.0),
        minor_share=0.25,
        notes_a_bar=(10.0, 12.0, 12.0),
    )


def test_a_style_without_tempos_walks() -> None:
    """110 quarters a minute."""
    assert counted(SAMPLES[2:3]).tempos_bpm == (110.0, 110.0, 110.0)


def test_rare_customs_are_forgotten() -> None:
    """So many ensembles and meters are kept, the commonest."""
    odd = [SAMPLES[0]._replace(programs=(one,), meter=f"{1 + one % 32}/4") for one in range(100)]
    custom = counted([*odd, SAMPLES[0], SAMPLES[0]])
    assert (len(custom.ensembles), len(custom.meters)) == (ENSEMBLES, METERS)
    assert custom.ensembles[0] == (TRIO, 2)


# How busy


def busy(*notes: float, programs: tuple[int, ...] = TRIO) -> Sample:
    """Make a piece whose parts have so many notes a bar."""
    return SAMPLES[0]._replace(programs=programs, activities=notes)


PLAYED = [busy(4, 2, 8), busy(6, 4, 8), busy(5, 3, 16), busy(20.04, programs=SOLO)]


def test_an_ensemble_has_a_balance() -> None:
    """The median of what each of its parts plays."""
    custom = counted(PLAYED)
    assert custom.balances == ((5.0, 3.0, 8.0), (20.0,))
    assert custom.balance(TRIO) == (5.0, 3.0, 8.0)
    assert custom.balance((0, 0)) is None
    assert CUSTOMS["waltz"].balance(CUSTOMS["waltz"].ensembles[0][0]) is None


def test_a_program_s_activity_is_counted_over_all_ensembles() -> None:
    """A piano alone has a say in it; what few play makes no custom if there are others."""
    assert counted(PLAYED).activities == ((0, 4, (5.0, 6.0, 6.0)),)
    assert counted(PLAYED[1:2]).activities == tuple(
        (program, 1, (notes,) * 3) for program, notes in zip(TRIO, (6, 4, 8), strict=True)
    )
    many = [busy(*range(1, 41), programs=tuple(range(40)))] * LEAST_PARTS
    assert len(counted(many).activities) == PROGRAMS


def test_what_hardly_plays_still_plays() -> None:
    """A note in thirty bars is not nothing."""
    custom = counted([busy(0.03, 0.04, 0.01)])
    assert custom.balances == ((0.1, 0.1, 0.1),)
    assert custom.activities[0] == (0, 1, (0.1, 0.1, 0.1))


# Where parts lie


def lying(*lays: Lay, programs: tuple[int, ...] = TRIO) -> Sample:
    """Make a piece whose parts lie there."""
    return SAMPLES[0]._replace(programs=programs, lays=lays)


def test_an_ensemble_has_its_seatings() -> None:
    """Of a few pieces each is kept whole, the lowest first."""
    high, low = lying((60, 84), (40, 55), KIT), lying((48, 72), (28, 43), KIT)
    solo = lying((36, 90), programs=SOLO)
    custom = counted([high, solo, low])
    assert custom.seatings == ((low.lays, high.lays), (solo.lays,))
    assert custom.seating(TRIO) == (low.lays, high.lays)
    assert custom.seating(SOLO) == (solo.lays,)
    assert custom.seating((0, 0)) == ()


def test_seatings_are_spread_over_all_pieces() -> None:
    """Of many pieces so many are kept, low ones, high ones and what is between."""
    pieces = 25 * SEATINGS
    samples = [lying((step, step + 12), programs=SOLO) for step in reversed(range(pieces))]
    (kept,) = counted(samples).seatings
    lows = [lay[0] for (lay,) in kept]
    assert len(lows) == SEATINGS
    gaps = [later - one for one, later in pairwise([-lows[0], *lows, 2 * pieces - lows[-1]])]
    assert min(gaps) > 0
    assert max(gaps) - min(gaps) <= 2


def test_a_program_s_register_is_counted_over_all_ensembles() -> None:
    """Medians of its lowest and highest pitches, and what is between them; the commonest first."""
    duets = [lying((50 + up, 70), (60, 80 + up), programs=(0, 73)) for up in (0, 4, 9)]
    custom = counted([*duets, lying((56, 76), programs=SOLO)])
    assert custom.registers == ((0, 4, (55, 62.5, 70)), (73, 3, (60, 72, 84)))


def test_two_parts_of_one_program_have_a_say_each() -> None:
    """One below the other."""
    custom = counted([lying((60, 80), (40, 60), programs=(0, 0))])
    assert custom.registers == ((0, 2, (50, 60, 70)),)


def test_a_kit_has_keys_but_no_register() -> None:
    """What lies between two drums is no pitch."""
    custom = counted([lying((60, 84), (40, 55), KIT)])
    assert custom.seating(TRIO)[0][2] == KIT
    assert [program for program, _, _ in custom.registers] == [0, 32]


def test_registers_of_rare_programs_are_forgotten() -> None:
    """So many are kept, the commonest."""
    everybody = tuple(range(PROGRAMS + 10))
    whole = lying(*[(40, 60)] * len(everybody), programs=everybody)
    last = lying((40, 60), programs=everybody[-1:])
    custom = counted([whole, last])
    assert len(custom.registers) == PROGRAMS
    assert custom.registers[0] == (everybody[-1], 2, (40, 50, 60))


def test_without_lays_of_all_parts_nothing_is_told() -> None:
    """As of a style one of whose pieces has a part that is silent."""
    known = lying((60, 84), (40, 55), KIT)
    custom = counted([known, SAMPLES[1]])
    assert (custom.seatings, custom.registers) == ((), ())
    assert custom.seating(TRIO) == ()
    assert custom.ensembles == ((TRIO, 2),)


# Counterpoint


def test_roughness_is_averaged_where_it_is_known() -> None:
    """A solo has no parallels; where nobody has any, nothing is known."""
    rough = [Roughness(0.1, 0.02), Roughness(0.2, None), Roughness(None, None)]
    custom = counted([SAMPLES[0]._replace(rough=one) for one in rough])
    assert (custom.clashes, custom.parallels) == (0.15, 0.02)
    assert (counted(SAMPLES).clashes, counted(SAMPLES).parallels) == (None, None)


# Forms and quartiles


def test_typical_forms_are_spread_as_all_are() -> None:
    """Where half of the pieces never repeat a bar, half of the forms do not either."""
    never = [".*16"] * 60
    often = [f".*{new}=1*{16 - new}" for new in range(1, 16) for _ in range(4)]
    chosen = typical([*often, *never])
    assert len(chosen) == FORMS
    assert chosen.count(".*16") == FORMS // 2
    repeated = [float((Form.read(text).levels == SAME).mean()) for text in chosen]
    assert sum(repeated) / FORMS == pytest.approx(0.25, abs=0.02)
    assert typical(often[:5]) == tuple(sorted(often[:5], reverse=True))
    assert typical([]) == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [([5.0], (5, 5, 5)), ([4, 1, 3, 2, 5], (2, 3, 4)), ([1.0, 2.006], (1, 1, 2.01))],
)
def test_quartiles_are_values_that_occur(
    values: list[float], expected: tuple[float, float, float]
) -> None:
    """In whatever order they come, to a hundredth."""
    assert quartiles(values) == expected
