"""The Ukrainian words of notifications: subjects, which are also the lines of the list, and names of statuses."""

from collections.abc import Mapping
from typing import Any, Final

from ohmatdyt.core.outbox import Type
from ohmatdyt.notifications import alarm_words

STATUSES: Final = {
    "NEW": "Нове",
    "IN_PROGRESS": "В роботі",
    "NEEDS_INFO": "Потребує уточнення",
    "REJECTED": "Відхилено",
    "DONE": "Завершено",
}

_SUBJECTS: Final = {
    Type.NEW_CASE: "Нове звернення {number} в категорії «{category}»",
    Type.CASE_TAKEN: "Звернення {number}: статус змінено на «{status}»",
    Type.STATUS_CHANGED: "Звернення {number}: статус змінено на «{status}»",
    Type.COMMENT_PUBLIC: "Новий коментар до звернення {number}",
    Type.COMMENT_INTERNAL: "Новий коментар до звернення {number}",
    Type.REASSIGNED: "Вам призначено звернення {number}",
    Type.ESCALATION: "Нагадування: звернення {number} очікує на опрацювання",
    Type.ACCOUNT_CREATED: "Вам відкрито доступ до системи звернень",
    Type.PASSWORD_RESET: "Ваш пароль у системі звернень скинуто",
}
_TAKEN_AWAY: Final = "Звернення {number} знято з вашого опрацювання"

PREVIOUS: Final = "previous"
NEW: Final = "new"


def title(kind: str, *, public_id: int | None, category: str | None, payload: Mapping[str, Any]) -> str:
    """What happened, in one line without personal data (product.md §5)."""
    if kind == Type.ALARM:
        return f"Увага: {alarm_words.title(payload['alarm'], payload['subject'], payload)}"
    pattern = _SUBJECTS[Type(kind)]
    if kind == Type.REASSIGNED and payload.get("part") == PREVIOUS:
        pattern = _TAKEN_AWAY
    return pattern.format(
        number=public_id,
        category=category or "",
        status=STATUSES.get(str(payload.get("status")), ""),
    )


def days(number: int) -> str:
    """«1 доба», «3 доби», «11 діб»."""
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:
        return f"{number} доба"
    if last in {2, 3, 4} and last_two not in {12, 13, 14}:
        return f"{number} доби"
    return f"{number} діб"
