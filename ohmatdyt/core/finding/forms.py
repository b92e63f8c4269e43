"""All the forms a word may have, guessed from its look: nouns, adjectives and surnames by case, verbs by person.

Guesses that are no words do no harm: no text contains them. What changes inside a stem after «Український правопис»
(2019), part I «Чергування голосних», «Чергування приголосних»: скарга - скарзі, ніч - ночі, довідка - довідок.
"""

import re
from typing import Final

from ohmatdyt.core.caching import short_cache
from ohmatdyt.core.finding.stems import ADJECTIVE_ENDINGS, NOUN_ENDINGS, endings, is_inflected, term

_CONSONANTS: Final = "бвгджзйклмнпрстфхцчшщ"
_NOMINAL: Final = tuple(sorted({*NOUN_ENDINGS, *ADJECTIVE_ENDINGS}))
# Before і, and in the vocative; each way.
_SOFTENED: Final = {"г": "з", "к": "ц", "х": "с"}
_HARDENED: Final = {soft: hard for hard, soft in _SOFTENED.items()}
_VOCATIVE: Final = {"г": "ж", "к": "ч", "х": "ш"}
_CLOSED: Final = re.compile(rf"([оеє])([{_CONSONANTS}]{{1,2}})$")
_OPENED: Final = re.compile(rf"([ії])([{_CONSONANTS}]{{1,2}})$")
_FLEETING: Final = re.compile(rf"^(.*[{_CONSONANTS}ь])([оеє])([{_CONSONANTS}])$")
_GROUP: Final = re.compile(rf"^(.*[{_CONSONANTS}])ь?([{_CONSONANTS}])$")

# Words whose forms have little in common; each line is one word.
_SPECIAL: Final = (
    ("дитин", "діт"),
    ("людин", "люд"),
    ("матер", "мат"),
    ("імен", "ім"),
    ("тижден", "тижн", "тижд"),
    ("друг", "друз"),
    ("ок", "оч"),
    ("вух", "уш"),
    ("льв", "лев"),
    ("шевц", "швец"),
    ("хлопц", "хлопец"),
    ("господ", "господар"),
)
_TOGETHER: Final = {stem: group for group in _SPECIAL for stem in group if stem != "господар"}

_PAST: Final = "в ла ло ли вши тиму тимеш тиме тимем тимемо тимете тимуть"
_BY_THEME: Final = {
    # infinitive theme: endings after it, endings instead of it; "~" marks a changed consonant
    "а": ("ти " + _PAST + " ю єш є ємо єте ють й йте ймо ючи ний ного ному на ні них но", ""),
    "я": ("ти " + _PAST + " ю єш є ємо єте ють й йте ймо ючи ний на ні но", ""),
    "ува": ("ти " + _PAST, "ую уєш ує уємо уєте ують уй уйте уймо уючи"),
    "юва": ("ти " + _PAST, "юю юєш ює юємо юєте юють юй юйте юймо юючи"),
    "и": (
        "ти " + _PAST + " ш ть мо те",
        "у ю ~у ~ю ять ать і іть імо ь ьте ачи ячи ~ений ~ена ~ені ~ено ений ена ені ено",
    ),
    "і": ("ти " + _PAST + " ю єш є ємо єте ють й йте ючи", "~у ~ю иш ить имо ите ять ать и іть"),
    "ну": ("ти " + _PAST + " ть", "ну неш не немо нете ни ніть німо"),
    "": ("ти ла ло ли ши у еш е емо ете уть и іть імо учи", "~у ~еш ~е ~емо ~ете ~уть"),
    "а~": (
        "",
        "у еш е емо ете уть и іть ~у ~ю ~еш ~е ~емо ~ете ~уть ~ють ~и ~іть ~учи ати ав ала ало али авши",
    ),
}
# Only endings that show a verb by themselves start a guess.
_FUTURE: Final = " тиму тимеш тиме тимемо тимете тимуть"
_SHOWN_BY: Final = {
    "а": "ти в ла ло ли ю єш є ємо єте ють йте ймо ючи но" + _FUTURE,
    "я": "ти в ла ло ли ю єш є ємо єте ють йте ймо ючи но" + _FUTURE,
    "ува": "ти в ла ло ли ую уєш ує уємо уєте ують уй уйте уймо уючи" + _FUTURE,
    "юва": "ти в ла ло ли юю юєш ює юємо юєте юють юй юйте юймо юючи" + _FUTURE,
    "и": "ти в ла ло ли ш ть мо те ять ать іть ено" + _FUTURE,
    "і": "ти в ла ло ли ю єш є ємо єте ють ить ять" + _FUTURE,
    "ну": "ти в ла ло ли ть ну неш не немо нете ніть" + _FUTURE,
    "": "ти ла ло ли еш емо ете уть" + _FUTURE,
}
_AFTER_THEME: Final = {"ти", "в", "ла", "ло", "ли", "ть", *_FUTURE.split()}
_SIBILANTS: Final = (
    ("дж", ("д",)),
    ("щ", ("ст", "ск")),
    ("ж", ("г", "з", "д")),
    ("ч", ("т", "к")),
    ("ш", ("с", "х")),
)
_LABIAL: Final = re.compile("[бпвмф]л$")
_PERSONAL: Final = ("у", "ю", "еш", "е", "емо", "ете", "уть", "ють", "ать")


# іти and what is made of it: прийти, прийшов, зайде.
_GOING: Final = ("ти", "ду", "деш", "де", "демо", "дете", "дуть", "шов", "шла", "шло", "шли", "ди", "діть")
_GOES: Final = re.compile(rf"(|при|за|ви|ді|пере|про|від|на|об|п|зі|уві|вві|роз)([йі])(?:{'|'.join(_GOING)})")


def _changed(stem: str) -> list[str]:
    """The stem as it stands before -у of the first person: ход-ити, ходж-у; люб-ити, любл-ю."""
    changes = {"д": ("дж", "ж"), "з": ("ж",), "г": ("ж",), "т": ("ч",), "к": ("ч",), "с": ("ш",), "х": ("ш",)}
    if stem.endswith(("ст", "ск")):
        return [stem[:-2] + "щ"]
    if stem[-1:] in "бпвмф" and stem:
        return [stem + "л"]
    return [stem[:-1] + new for new in changes.get(stem[-1:], ())] or [stem]


def _unchanged(stem: str) -> list[str]:
    """The opposite: what may stand in the infinitive."""
    if _LABIAL.search(stem):
        return [stem[:-1]]
    for sound, sources in _SIBILANTS:
        if stem.endswith(sound):
            return [stem[: -len(sound)] + source for source in sources]
    return []


def _nominal_stems(word: str) -> set[str]:
    stems = set()
    for ending in endings(word):
        stem = word[: len(word) - len(ending)]
        stems.add(stem)
        if ending == "і" and stem[-1] in _HARDENED:
            stems.add(stem[:-1] + _HARDENED[stem[-1]])
        if ending in {"", "ь", "ю", "й"}:
            bare = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
            if found := _OPENED.search(bare):
                vowels = "оеє" if found.group(1) == "і" else "є"
                stems |= {bare[: found.start()] + vowel + found.group(2) for vowel in vowels}
        if ending in {"", "ь"} and (found := _FLEETING.match(stem)) and found.group(1)[-1] != found.group(3):
            before, _, after = found.groups()
            stems |= {before + after, before + "ь" + after}
        if stem.endswith("єц"):
            stems.add(stem[:-2] + "йц")
        if stem.endswith("йц"):
            stems.add(stem[:-2] + "єц")
    for stem in list(stems):
        stems.update(_TOGETHER.get(stem, ()))
    return stems


def _nominal_forms(stem: str) -> set[str]:
    forms = {stem, stem + "ь", stem + "й"} | {stem + ending for ending in _NOMINAL}
    last = stem[-1:]
    if last in _SOFTENED:
        forms |= {stem[:-1] + _SOFTENED[last] + "і", stem[:-1] + _VOCATIVE[last] + "е"}
    if last in _CONSONANTS and last:
        forms.add(stem + last + "ю")
    if found := _CLOSED.search(stem):
        vowel = "ї" if found.group(1) == "є" else "і"
        closed = stem[: found.start()] + vowel + found.group(2)
        forms |= {closed, closed + "ь", closed + "ю", closed + closed[-1] + "ю"}
    if found := _GROUP.match(stem):
        forms |= {found.group(1) + vowel + found.group(2) + soft for vowel in "оеє" for soft in ("", "ь")}
    return forms


def _verbal_stems(word: str) -> set[tuple[str, str]]:
    found = set()
    for theme, shown in _SHOWN_BY.items():
        after = shown.split()
        for ending in after:
            replaces = theme in {"ува", "юва", "ну"} and ending not in _AFTER_THEME
            replaces = replaces or (theme == "и" and ending in {"ять", "ать", "іть", "ено"})
            replaces = replaces or (theme == "і" and ending in {"ить", "ять"})
            tail = ending if replaces else theme + ending
            stem = word[: -len(tail)]
            if word.endswith(tail) and len(stem) >= 2:
                found.add((stem, theme))
                if theme == "а" and ending in {"ти", "в", "ла", "ло", "ли"}:
                    found.add((stem, "а~"))
                if theme == "" and ending in {"еш", "емо", "ете", "уть"}:
                    found.add((stem, "а~"))
                if ending == "ено":
                    found |= {(one, theme) for one in _unchanged(stem)}
    for ending in _PERSONAL:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 2:
            found |= {(one, theme) for one in _unchanged(stem) for theme in ("и", "і", "а~", "")}
            if ending == "ю" and stem[-1] in "нрл":
                found |= {(stem, "и"), (stem, "і")}
    return found


def _verbal_forms(stem: str, theme: str) -> set[str]:
    with_theme, instead = _BY_THEME[theme]
    forms = {stem + theme + ending for ending in with_theme.split()}
    for ending in instead.split():
        if ending.startswith("~"):
            forms |= {changed + ending[1:] for changed in _changed(stem)}
        else:
            forms.add(stem + ending)
    return forms


def _without_reflexive(word: str) -> str:
    if len(word) > 6 and word.endswith(("еться", "ється")):
        return word[:-4]
    return word[:-2] if len(word) > 5 and word.endswith(("ся", "сь")) else word


@short_cache(4096)
def terms(word: str) -> frozenset[str]:
    """The terms of every form that a normal word may have, its own term among them."""
    if not is_inflected(word) or len(word) < 3:
        return frozenset({term(word)})
    forms = {word}
    for stem in _nominal_stems(word):
        forms |= _nominal_forms(stem)
    if found := _GOES.fullmatch(word):
        starts = "йі" if found.group(1) in {"", "ви", "за", "на", "пере", "при", "про"} else found.group(2)
        forms |= {found.group(1) + start + ending for start in starts for ending in _GOING}
    plain = _without_reflexive(word)
    for stem, theme in _verbal_stems(plain):
        some = _verbal_forms(stem, theme)
        forms |= some | {form + tail for form in some for tail in ("ся", "сь", "ться")}
    return frozenset(term(form) for form in forms)
