"""The Ukrainian alphabet and sameness of names, identical on every server (no ICU, no locale)."""

import re
import unicodedata
from typing import Final

from ohmatdyt.core.text import is_invisible

# Ukrainian order; the letters of neighbouring languages stand where a Ukrainian reader looks for them.
_ALPHABET: Final = "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя"
_APOSTROPHES: Final = "'’‘‛ʼʹ`´′＇՚ꞌ"
_HYPHENS: Final = "-‐‑‒–—―−﹘﹣－"

# One printable ASCII character per letter: such keys order the same under any byte-wise collation.
_LETTER: Final = {letter: chr(ord("A") + index) for index, letter in enumerate(_ALPHABET)}
_LATIN_PREFIX: Final = chr(ord("A") + len(_ALPHABET))
_OTHER_LETTER_PREFIX: Final = chr(ord("A") + len(_ALPHABET) + 1)
_SPACE, _PUNCTUATION_PREFIX = "!", "#"
_LEVEL: Final = " "  # lower than everything above: a shorter word stands before its continuation

_TO_APOSTROPHE: Final = dict.fromkeys(map(ord, _APOSTROPHES), "'")
_TO_HYPHEN: Final = dict.fromkeys(map(ord, _HYPHENS), "-")
_SAME_MARKS: Final = _TO_APOSTROPHE | _TO_HYPHEN
_LOOK_ALIKES: Final = str.maketrans("abcehikmoptxyïé", "авсенікмортхуїе")
_WORD: Final = re.compile(r"[^\W\d_]+")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


def sort_key(text: str) -> str:
    """Return a key whose byte order (`COLLATE "C"`) is Ukrainian alphabetical order.

    Spaces, punctuation, digits, Cyrillic, Latin, other letters, in this order. Apostrophes are ignored,
    case decides only between otherwise equal words (lower first), then the text itself: different
    texts have different keys. The key is about four times as long as the text, so use it for names.
    """
    text = unicodedata.normalize("NFC", text)
    weights: list[str] = []
    cases: list[str] = []
    for character in text:
        weight = _weight(character)
        if weight:
            weights.append(weight)
            cases.append("b" if character.isupper() else "a")
    return "".join(weights) + _LEVEL + "".join(cases) + _LEVEL + text


def _weight(character: str) -> str:
    lowered = character.lower()
    if lowered in _LETTER:
        return _LETTER[lowered]
    if character in _APOSTROPHES or (is_invisible(character) and not character.isspace()):
        return ""
    if character.isspace():
        return _SPACE
    base = unicodedata.normalize("NFKD", lowered)[0]
    if base.isdecimal():
        return str(unicodedata.digit(base))
    if "a" <= base <= "z":
        return _LATIN_PREFIX + base
    if base in _LETTER:
        return _LETTER[base]
    return (_OTHER_LETTER_PREFIX if base.isalpha() else _PUNCTUATION_PREFIX) + base


def name_key(text: str) -> str:
    """Return the key under which two names count as the same name.

    Same are names differing only in case, width or normal form, spacing, the shape of apostrophes and
    hyphens, zero-width characters, or in Latin letters that look Cyrillic inside a Cyrillic name.
    """
    text = "".join(
        character for character in text if character.isspace() or not is_invisible(character)
    ).translate(_SAME_MARKS)  # before NFKC, which would turn an acute accent into a space
    for _ in range(2):  # case folding can undo the normal form, so both are done twice
        text = unicodedata.normalize("NFKC", text).casefold()
    text = " ".join(unicodedata.normalize("NFKC", text).translate(_SAME_MARKS).split())
    if not _CYRILLIC.search(text):
        return text
    return unicodedata.normalize("NFC", _WORD.sub(_as_cyrillic, text))


def search_keys(text: str) -> tuple[str, ...]:
    """Return the keys a part of a name may have within a whole one: by itself, and among Cyrillic words.

    «A4» alone is Latin; within «Формат A4» it counts as Cyrillic. Empty for text that shows nothing.
    """
    alone = name_key(text)
    among = name_key(f"а {text}").removeprefix("а ")
    return tuple(dict.fromkeys((alone, among))) if alone else ()


def _as_cyrillic(match: re.Match[str]) -> str:
    word = match.group()
    looks_cyrillic = word.translate(_LOOK_ALIKES)
    # "QR" and "email" stay Latin; the Latin "i" of «Подяки i пропозиції» does not.
    if _CYRILLIC.search(word) or not re.search("[a-z]", looks_cyrillic):
        return looks_cyrillic
    return word
