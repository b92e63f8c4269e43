"""Where in a text a query was found: the text in pieces, each plain text, some of them marked as found."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ohmatdyt.core.finding.asking import Asked, Word
from ohmatdyt.core.finding.texts import ADDRESS, BACKWARDS, dialled, digits, phone_terms
from ohmatdyt.core.finding.words import EMAIL, NUMBER_RUN, WORD

Fragment = dict[str, Any]
Spans = list[tuple[int, int]]

_BEFORE: Final = 60
_LENGTH: Final = 240
_MOST_COMMENTS: Final = 2
_TEXTS: Final = ("applicant_name", "subcategory", "summary")


def highlights(case: Mapping[str, Any], said: Iterable[str], asked: Asked) -> list[dict[str, Any]]:
    """The fields of a case in which the query was found, each in fragments; comments only with what was found.

    A long text is cut to a part around the first match, with «…» where something was left out.
    """
    found = []
    if any(word.fits(str(case["public_id"])) for word in asked.words):
        found.append(_shown("public_id", str(case["public_id"]), [(0, 6)]))
    for field in _TEXTS:
        text = case[field]
        if text and (spans := _spans(text, asked)):
            found.append(_shown(field, text, spans))
    if (phone := case["applicant_phone"]) and (spans := _phone(phone, asked.words)):
        found.append(_shown("applicant_phone", phone, spans))
    if (address := case["applicant_email"]) and (spans := _spans(address, asked)):
        found.append(_shown("applicant_email", address, spans))
    comments = ((text, _spans(text, asked)) for text in said)
    several = [_shown("comment", text, spans) for text, spans in comments if spans]
    return found + several[:_MOST_COMMENTS]


def _spans(text: str, asked: Asked) -> Spans:
    """Where in a text there is anything that was asked for, from left to right."""
    touching = asked.touching(WORD.findall(text))
    # Most texts of a page have few of the words: where they stand is looked for only where they are.
    spans = [match.span() for match in WORD.finditer(text) if match.group() in touching] if touching else []
    if "@" in text and asked.has_addresses:
        spans += [
            match.span()
            for match in EMAIL.finditer(text)
            if any(word.fits(ADDRESS + match.group().lower()) for word in asked.words)
        ]
    if asked.has_numbers:
        for run in NUMBER_RUN.finditer(text):
            if len(run.group()) >= 9:
                spans += [(run.start() + a, run.start() + b) for a, b in _phone(run.group(), asked.words)]
    return _apart(spans)


def _apart(spans: Spans) -> Spans:
    apart: Spans = []
    for begin, end in sorted(spans):
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((begin, end))
    return apart


def _phone(text: str, asked: Iterable[Word]) -> Spans:
    """The digits of a phone number that were asked for."""
    number = digits(text)
    if len(number) < 9:
        return []
    backwards, forwards = phone_terms(dialled(number))
    places = [place for place, character in enumerate(text) if character.isdecimal()]
    for word in asked:
        if any(forwards.startswith(begin) for begin in word.prefixes):
            return [(places[0], places[-1] + 1)]
        for begin in word.prefixes:
            if begin.startswith(BACKWARDS) and backwards.startswith(begin):
                return [(places[-min(len(begin) - 1, len(places))], places[-1] + 1)]
    return []


def _shown(field: str, text: str, spans: Spans) -> dict[str, Any]:
    begin, end = 0, len(text)
    if end > _LENGTH:
        begin = max(0, spans[0][0] - _BEFORE)
        if begin:
            begin = text.find(" ", begin, spans[0][0]) + 1 or begin
        end = min(end, max(begin + _LENGTH, spans[0][1]))
    fragments: list[Fragment] = []
    if begin:
        fragments.append({"text": "…", "is_match": False})
    place = begin
    for first, last in spans:
        if first >= end:
            break
        if first > place:
            fragments.append({"text": text[place:first], "is_match": False})
        fragments.append({"text": text[first : min(last, end)], "is_match": True})
        place = min(last, end)
    if place < end:
        fragments.append({"text": text[place:end], "is_match": False})
    if end < len(text):
        fragments.append({"text": "…", "is_match": False})
    return {"field": field, "fragments": fragments}
