"""One term for a word: the word without its nominal ending.

Deliberately simple, for it is what the index holds: changing it means reading every text again (raise `VERSION`).
Endings of nouns, adjectives and pronouns after «Український правопис» (2019), part III «Правопис закінчень
відмінюваних слів». The code is our own.
"""

import re
from typing import Final

from ohmatdyt.core.caching import short_cache

VERSION: Final = 2


def _each(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_VOWELS: Final = frozenset("аеєиіїоуюя")
NOUN_ENDINGS: Final = _each(
    "а я у ю і ї и е є о ом ем єм ою ею єю ам ям ами ями ьми ах ях ів їв ей ові еві єві"
)
ADJECTIVE_ENDINGS: Final = _each(
    "ий ій їй а я е є ого ього його ому ьому йому им ім їм ої ьої йої ою ьою йою у ю і ї их іх їх ими іми їми"
)
_ENDINGS: Final = frozenset((*NOUN_ENDINGS, *ADJECTIVE_ENDINGS, "ь", "й"))
_LENGTHS: Final = (4, 3, 2, 1)
_CYRILLIC_WORD: Final = re.compile("[а-яєіїґ]+")


def is_inflected(word: str) -> bool:
    """Whether a normal word can have other forms at all."""
    return _CYRILLIC_WORD.fullmatch(word) is not None


def endings(word: str) -> list[str]:
    """Every ending the word may have, longest first; the empty one last."""
    found = [word[-length:] for length in _LENGTHS if len(word) - length >= 2 and word[-length:] in _ENDINGS]
    return [*found, ""]


def _is_stem(stem: str, ending: int) -> bool:
    if ending == 1:
        return len(stem) >= 2
    return len(stem) >= 3 and not _VOWELS.isdisjoint(stem)


@short_cache(131072)
def term(word: str) -> str:
    """The term under which the index keeps a normal word."""
    if not is_inflected(word):
        return word
    for length in _LENGTHS:
        if word[-length:] in _ENDINGS and _is_stem(word[:-length], length):
            word = word[:-length]
            break
    word = word.replace("ь", "")
    return word[:-1] if len(word) > 1 and word[-1] == word[-2] and word[-1] not in _VOWELS else word
