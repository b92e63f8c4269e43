"""Where in a text a query was found: the text in pieces, each plain text, some of them marked as found."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ohmatdyt.core.finding.marking import Marker, Span

Fragment = dict[str, Any]

_BEFORE: Final = 60
_LENGTH: Final = 240
_MOST_COMMENTS: Final = 2
_TEXTS: Final = ("applicant_name", "subcategory", "summary")


def highlights(case: Mapping[str, Any], said: Iterable[str], marker: Marker) -> list[dict[str, Any]]:
    """The fields of a case in which the query was found, each in fragments; comments only with what was found.

    A long text is cut to a part around the first match, with «…» where something was left out.
    """
    found: list[dict[str, Any]] = []
    number = str(case["public_id"])
    if marker.fits(number):
        found.append(_shown("public_id", number, [(0, len(number))]))
    found += [
        _shown(field, text, spans)
        for field in _TEXTS
        if (text := case[field]) and (spans := marker.spans(text))
    ]
    if (phone := case["applicant_phone"]) and (spans := marker.phone(phone)):
        found.append(_shown("applicant_phone", phone, spans))
    if (address := case["applicant_email"]) and (spans := marker.spans(address)):
        found.append(_shown("applicant_email", address, spans))
    comments = 0
    for text in said:
        if spans := marker.spans(text):
            found.append(_shown("comment", text, spans))
            comments += 1
            if comments == _MOST_COMMENTS:
                break
    return found


def _shown(field: str, text: str, spans: Sequence[Span]) -> dict[str, Any]:
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
