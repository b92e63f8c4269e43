"""Words of a text as they are compared: in lower case, without apostrophes, Latin look-alikes made Cyrillic."""

import re
import unicodedata
from typing import Final

from ohmatdyt.core.caching import short_cache

_APOSTROPHES: Final = "'’‘‛ʼʹ`´′＇՚ꞌ"
_STRESS: Final = "\u0301"
WORD: Final = re.compile(rf"[^\W_](?:[\w{_APOSTROPHES}{_STRESS}]*[^\W_])?")
# As long as RFC 5321 (4.5.3.1) and RFC 1035 (2.3.4) let the parts of an address be, and begun only where one can
# begin: of a run of letters each beginning would otherwise be tried to the end.
_IN_ADDRESS: Final = r"[^\s@<>()\[\],;:\"«»]"
EMAIL: Final = re.compile(
    rf"(?<!{_IN_ADDRESS}){_IN_ADDRESS}{{1,64}}@(?:[^\s@<>()\[\],;:\"«».]{{1,63}}\.){{1,8}}[^\W\d_]{{2,63}}"
)
NUMBER_RUN: Final = re.compile(r"\+?\d(?:[\d\s()./‐‑‒–—―−-]*\d)?")
DIGIT: Final = re.compile(r"\d")
MAX_LENGTH: Final = 60
# Normal forms are made of so much only: composing takes characters away, but not more than three of four.
_MAX_RAW: Final = 4 * MAX_LENGTH

_DROPPED: Final = dict.fromkeys(map(ord, _APOSTROPHES + _STRESS + "_"))
# Letters that writers of Ukrainian texts use for one another.
_SAME: Final = str.maketrans("ґёыэ", "геие", "ъ")
_LATIN, _CYRILLIC = "abcehikmoptxyïs", "авсенікмортхуїѕ"
_TO_CYRILLIC: Final = str.maketrans(_LATIN[:-1], _CYRILLIC[:-1])
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)
_HAS_LATIN: Final = re.compile("[a-z]")
_HAS_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")

_QWERTY: Final = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./\\"
_UKRAINIAN: Final = "'йцукенгшщзхїфівапролджєячсмитьбю.ґ"
_SHIFTED: Final = {"{": "[", "}": "]", ":": ";", '"': "'", "<": ",", ">": "."}
_TO_UKRAINIAN_KEYS: Final = str.maketrans(_QWERTY + "".join(_SHIFTED), _UKRAINIAN + "хїжєбю")
_TO_LATIN_KEYS: Final = str.maketrans(_UKRAINIAN[1:], _QWERTY[1:])

# Words that stand in every text and tell nothing apart.
_STOP: Final = (
    "а або але б би бо в від ви вже ви до де для є ж же з за зі із й його її їх і та так те то ті тим тих того тому це"
    " цей ця ці цього на не ні но над о об он по про під при у усі що щоб як яка яке який які коли чи ще я ми ти він"
    " вона воно вони нас нам вас вам мене мені мій моя моє мої свій своя своє свої бути був була було були буде"
)
STOP_WORDS: Final = frozenset(_STOP.split())


@short_cache(65536)
def normal(token: str) -> tuple[str, ...]:
    """A word in the forms in which it is compared: one, or two when all its letters may be of either alphabet."""
    word = (
        unicodedata.normalize("NFKC", token.translate(_DROPPED)[:_MAX_RAW])
        .lower()
        .translate(_DROPPED)[:MAX_LENGTH]
    )
    latin, cyrillic = _HAS_LATIN.search(word), _HAS_CYRILLIC.search(word)
    if cyrillic:
        if latin:
            as_cyrillic = word.translate(_TO_CYRILLIC)
            if not _HAS_LATIN.search(as_cyrillic):
                return (as_cyrillic.translate(_SAME),)
            as_latin = word.translate(_TO_LATIN)
            if not _HAS_CYRILLIC.search(as_latin):
                return (as_latin,)
        return (word.translate(_SAME),)
    if latin:
        as_cyrillic = word.translate(_TO_CYRILLIC)
        if not _HAS_LATIN.search(as_cyrillic):
            return (word, as_cyrillic)
    return (word,) if word else ()


def typed_in_ukrainian(text: str) -> str:
    """What the same keys would have written with the Ukrainian layout switched on."""
    return text.lower().translate(_TO_UKRAINIAN_KEYS)


def typed_in_latin(text: str) -> str:
    """What the same keys would have written with the Latin layout switched on."""
    return text.lower().translate(_TO_LATIN_KEYS)


def is_latin(text: str) -> bool:
    """Whether there are Latin letters and no Cyrillic ones."""
    lowered = text.lower()
    return bool(_HAS_LATIN.search(lowered)) and not _HAS_CYRILLIC.search(lowered)


def is_cyrillic(text: str) -> bool:
    """Whether there are Cyrillic letters and no Latin ones."""
    lowered = text.lower()
    return bool(_HAS_CYRILLIC.search(lowered)) and not _HAS_LATIN.search(lowered)
