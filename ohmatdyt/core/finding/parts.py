"""Of what a name or an e-mail address consists, so that a part of it is found without reading every one.

A part that lies within one piece is in exactly the names that have a piece which contains it; one that goes over
several pieces is in some of those that have a piece ending with its first, one beginning with its last, and all
between. The pieces of all names together are few, so the ones that contain a part are quickly told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ohmatdyt.core import ukrainian
from ohmatdyt.core.caching import short_cache

# Beside the marks of `texts`: "=" and a word of a name as its weights, "~" and a run of letters or of digits of an
# address, "~@" and its domain.
NAME, RUN, DOMAIN = "=", "~", "~@"
_SPACE: Final = "!"
_RUNS: Final = re.compile(r"[^\W\d_]+|\d+")
How = Literal["within", "ending", "beginning", "whole"]


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` as part of a piece of the kind `mark`."""

    mark: str
    text: str
    how: How

    def fits(self, term: str) -> bool:
        """Whether a term is such a piece."""
        piece = term.removeprefix(self.mark)
        if not term.startswith(self.mark):
            return False
        return {
            "within": self.text in piece,
            "ending": piece.endswith(self.text),
            "beginning": piece.startswith(self.text),
            "whole": piece == self.text,
        }[self.how]


@dataclass(frozen=True, slots=True)
class Pieces:
    """What must be there: all of each alternative's pieces, of one alternative at least.

    `is_exact`: nothing else needs to be looked at. Otherwise what has the pieces need not have the part.
    """

    alternatives: tuple[tuple[Piece, ...], ...]
    is_exact: bool


def name_weights(text: str) -> str:
    """The part of a sort key that says which letters, whatever the case and apostrophes; contains no space."""
    return ukrainian.sort_key(text).partition(" ")[0]


@short_cache(65536)
def name_terms(name: str) -> tuple[str, ...]:
    """The terms of a name, one for each of its words."""
    return tuple(dict.fromkeys(NAME + word for word in name_weights(name).split(_SPACE) if word))


def address_terms(address: str) -> Iterator[str]:
    """The terms of an e-mail address."""
    local, _, domain = address.lower().rpartition("@")
    for run in _RUNS.findall(local):
        yield RUN + run
    yield DOMAIN + domain


def part_of_name(weights: str) -> Pieces | None:
    """The pieces of a name that has these weights somewhere; None when any name may have them."""
    if not weights:
        return None
    words = weights.split(_SPACE)
    if len(words) == 1:
        return Pieces(((Piece(NAME, weights, "within"),),), is_exact=True)
    pieces = _over_several(NAME, words)
    return Pieces((pieces,), is_exact=False) if pieces else None


def part_of_address(part: str) -> Pieces | None:
    """The pieces of an address that has this part, in lower case; None when any address may have it."""
    local, at, domain = part.rpartition("@")
    if at:
        if not local:
            return Pieces(((Piece(DOMAIN, domain, "beginning"),),), is_exact=True)
        runs = _local_runs(local + "@")
        return Pieces(((*runs, Piece(DOMAIN, domain, "beginning")),), is_exact=False)
    in_domain = (Piece(DOMAIN, part, "within"),)
    if _RUNS.fullmatch(part):
        return Pieces(((Piece(RUN, part, "within"),), in_domain), is_exact=True)
    runs = _local_runs(part)
    return Pieces((runs, in_domain), is_exact=False) if runs else None


def _local_runs(part: str) -> tuple[Piece, ...]:
    pieces = []
    for run in _RUNS.finditer(part):
        how: How = "whole"
        if run.start() == 0:
            how = "ending"
        elif run.end() == len(part):
            how = "beginning"
        pieces.append(Piece(RUN, run.group(), how))
    return tuple(pieces)


def _over_several(mark: str, words: list[str]) -> tuple[Piece, ...]:
    last = len(words) - 1
    hows: list[How] = [
        "ending" if place == 0 else "beginning" if place == last else "whole" for place in range(last + 1)
    ]
    return tuple(Piece(mark, word, how) for word, how in zip(words, hows, strict=True) if word)
