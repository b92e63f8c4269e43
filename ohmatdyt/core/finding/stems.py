"""One term for a word: the word without its nominal ending.

Deliberately simple, for it is what the index holds: changing it means reading every text again (raise `VERSION`).
Endings of nouns, adjectives and pronouns after «Український правопис» (2019), §§ 82-112, and «Граматика сучасної
української літературної мови. Морфологія» (К. Городенська, 2017). The code is our own.
"""

import re
from functools import lru_cache
from typing import Final

VERSION: Final = 1


def _each(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_VOWELS: Final = "аеєиіїоуюя"
NOUN_ENDINGS: Final = _each(
    "а я у ю і ї и е є о ом ем єм ою ею єю ам ям ами ями ьми ах ях ів їв ей ові еві єві"
)
ADJECTIVE_ENDINGS: Final = _each(
    "ий ій їй а я е є ого ього його ому ьому йому им ім їм ої ьої йої ою ьою йою у ю і ї их іх їх ими іми їми"
)
_ENDINGS: Final = tuple(sorted({*NOUN_ENDINGS, *ADJECTIVE_ENDINGS, "ь", "й"}, key=len, reverse=True))
_DOUBLE: Final = re.compile(r"([бвгджзйклмнпрстфхцчшщ])\1$")
_CYRILLIC_WORD: Final = re.compile("[а-яєіїґ]+")


def is_inflected(word: str) -> bool:
    """Whether a normal word can have other forms at all."""
    return _CYRILLIC_WORD.fullmatch(word) is not None


def endings(word: str) -> list[str]:
    """Every ending the word may have, longest first; the empty one last."""
    return [e for e in _ENDINGS if word.endswith(e) and _is_stem(word[: -len(e)], e)] + [""]


def _is_stem(stem: str, ending: str) -> bool:
    if len(ending) == 1:
        return len(stem) >= 2
    return len(stem) >= 3 and any(letter in _VOWELS for letter in stem)


@lru_cache(maxsize=131072)
def term(word: str) -> str:
    """The term under which the index keeps a normal word."""
    if not is_inflected(word):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and _is_stem(word[: -len(ending)], ending):
            word = word[: -len(ending)]
            break
    return _DOUBLE.sub(r"\1", word.replace("ь", ""))
