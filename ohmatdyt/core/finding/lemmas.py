"""The optional dictionary: every form of a word that pymorphy3 knows (`pip install ohmatdyt[search]`).

Its Ukrainian dictionary is under GPLv3, so it is no part of the product: it is used where somebody has installed it.
"""

import threading
import unicodedata
from functools import cache
from typing import Any

from ohmatdyt.core.caching import short_cache
from ohmatdyt.core.finding.stems import term
from ohmatdyt.core.finding.words import normal

_ENOUGH = 0.05
_lock = threading.Lock()


@cache
def _dictionary() -> Any:
    try:
        import pymorphy3  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return None
    try:
        return pymorphy3.MorphAnalyzer(lang="uk")
    except ValueError:  # the library without the Ukrainian dictionary
        return None


def is_installed() -> bool:
    """Whether the dictionary can be used; the first call loads it."""
    with _lock:
        return _dictionary() is not None


@short_cache(4096)
def terms(token: str) -> frozenset[str]:
    """The terms of all forms of a word as written; none when it is unknown or there is no dictionary.

    The dictionary knows only the apostrophe U+0027, so the word is given to it with that one.
    """
    if not is_installed():
        return frozenset()
    word = unicodedata.normalize("NFC", token).lower()
    for apostrophe in "’ʼ‘`":
        word = word.replace(apostrophe, "'")
    forms: set[str] = set()
    for parsed in _dictionary().parse(word)[:4]:
        if parsed.is_known:
            forms.update(form.word for form in parsed.lexeme)
    return frozenset(term(one) for form in forms for one in normal(form))
