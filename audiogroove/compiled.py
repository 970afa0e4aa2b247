"""Python that becomes machine code: the one door by which numba comes in.

A compiled function is translated at its first call and kept on the disk, so that the next start
finds it ready; other threads may run while it works. numba's own cache asks whether the function's
file has changed, and not whether those have that it calls; here the cache has another folder for
every state of all the sources.

Only sums of products may be contracted to fused operations; nothing is reordered unless it says
`reorder`, which lets sums be taken in several lanes at once. Either way the same numbers in the
same shapes give the same bits.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Self, TypeVar, cast

import llvmlite.binding  # type: ignore[import-untyped]  # it has none
import numba
from numba.core import types
from numba.experimental import structref
from typing_extensions import override

F = TypeVar("F", bound=Callable[..., Any])

HOME = Path(__file__).parent
MARK = "from audiogroove.compiled import"  # is in every file that has compiled functions …
CONSTANTS = (  # … and these tell them their constants
    *("model/network.py", "tokens/codec.py", "tokens/features.py", "tokens/form.py"),
    *("tokens/memory.py", "tokens/vocabulary.py"),
)


def digest(home: Path) -> str:
    """Tell the states of all that compiled functions are made of apart, in sixteen hex digits."""
    sources = [path.read_bytes() for path in sorted(home.glob("*/*.py"))]
    marked = [source for source in sources if MARK.encode() in source]
    told = [(home / name).read_bytes() for name in ("compiled.py", *CONSTANTS)]
    return hashlib.sha256(b"".join((*marked, *told))).hexdigest()[:16]


def cache_of(home: Path, *elsewhere: Path) -> Path:
    """Give a folder for what is compiled of these sources: beside them, or where one may write.

    It is never left to numba to look for another, for there the states would not be told apart.
    """
    name = f"compiled-{digest(home)}"
    for place in (home / "__pycache__", *elsewhere):
        with suppress(OSError):
            (place / name).mkdir(parents=True, exist_ok=True)
            if os.access(place / name, os.W_OK):
                return place / name
    return Path(mkdtemp(prefix=name))  # compiled at every start, but compiled


USERS_OWN = Path("~/.cache/audiogroove").expanduser()
numba.config.CACHE_DIR = str(cache_of(HOME, USERS_OWN))  # type: ignore[attr-defined]

# Where registers have 512 bits, LLVM leaves half of each empty, for a clock that once slowed down
# when they were full. Products are a tenth faster with all of it.
FEATURES = llvmlite.binding.get_host_cpu_features()
if FEATURES.get("avx512f"):
    numba.config.CPU_NAME = llvmlite.binding.get_host_cpu_name()  # type: ignore[attr-defined]
    numba.config.CPU_FEATURES = f"{FEATURES.flatten()},-prefer-256-bit"  # type: ignore[attr-defined]

CONTRACT = {"contract"}
REORDER = {"contract", "reassoc", "nsz"}


def compiled(function: F) -> F:
    """Compile a function of numbers, arrays and named tuples of them."""
    return _compile(function, CONTRACT)


def reordering(function: F) -> F:
    """Compile a function whose sums may be taken in any order."""
    return _compile(function, REORDER)


class Structure(types.StructRef):
    """The type of what many arrays are handed over as: one pointer instead of all of them.

    A compiled function that is given a named tuple of arrays is given each array's pointer, sizes
    and strides, and passes them all on: measured, that took most of the time of translation.
    """

    @override
    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)  # type: ignore[no-untyped-call]


class Reference(structref.StructRefProxy):
    """Some arrays as they are handed over to compiled functions, which know them by name."""

    @override
    def __new__(cls, *arrays: Any) -> Self:
        made: Self = super().__new__(cls, *arrays)  # type: ignore[no-untyped-call]
        return made


def structure(names: tuple[str, ...], made: type, kind: type[Structure]) -> None:
    """Let `made`, a `StructRefProxy`, be known to compiled code by its fields' names."""
    structref.register(kind)  # type: ignore[no-untyped-call]
    structref.define_proxy(made, kind, list(names))  # type: ignore[no-untyped-call]


def listed(items: list[Any]) -> Any:
    """Give compiled functions a list of alike things, at least one."""
    told = numba.typed.List.empty_list(numba.typeof(items[0]))  # type: ignore[no-untyped-call]
    for item in items:
        told.append(item)
    return told


def _compile(function: F, fastmath: set[str]) -> F:
    made = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=fastmath)(function)
    return cast("F", made)
