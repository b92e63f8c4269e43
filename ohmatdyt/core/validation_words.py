"""What Pydantic found wrong, in words a person at a call desk understands."""

from typing import Any

from ohmatdyt.core import phones, text
from ohmatdyt.core.errors import FieldError

_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("Заповніть це поле.", "Fill in this field."),
    "extra_forbidden": ("Такого поля тут немає.", "There is no such field here."),
    "string_type": ("Тут має бути текст.", "This must be text."),
    "string_too_short": (
        "Замало символів: потрібно щонайменше {min_length}.",
        "At least {min_length} characters.",
    ),
    "string_too_long": ("Забагато символів: дозволено до {max_length}.", "At most {max_length} characters."),
    "string_pattern_mismatch": ("Недозволені символи або неправильна форма.", "Wrong form or characters."),
    "too_long": ("Забагато значень: дозволено до {max_length}.", "Too many values: at most {max_length}."),
    "too_short": ("Потрібно щонайменше {min_length}.", "At least {min_length} needed."),
    "bool_type": ("Тут має бути так або ні.", "This must be true or false."),
    "bool_parsing": ("Тут має бути так або ні.", "This must be true or false."),
    "int_type": ("Тут має бути ціле число.", "This must be a whole number."),
    "int_parsing": ("Тут має бути ціле число.", "This must be a whole number."),
    "int_parsing_size": ("Число завелике.", "The number is too large."),
    "int_from_float": ("Тут має бути ціле число.", "This must be a whole number."),
    "greater_than_equal": ("Не менше ніж {ge}.", "Not less than {ge}."),
    "less_than_equal": ("Не більше ніж {le}.", "Not more than {le}."),
    "greater_than": ("Більше ніж {gt}.", "More than {gt}."),
    "less_than": ("Менше ніж {lt}.", "Less than {lt}."),
    "uuid_parsing": ("Неправильний ідентифікатор.", "This is not a valid id."),
    "uuid_type": ("Неправильний ідентифікатор.", "This is not a valid id."),
    "enum": ("Дозволені значення: {expected}.", "Allowed values: {expected}."),
    "literal_error": ("Дозволені значення: {expected}.", "Allowed values: {expected}."),
    "json_invalid": ("Запит не є правильним JSON.", "The request is not valid JSON."),
    "model_attributes_type": ("Запит має бути об'єктом JSON.", "The request must be a JSON object."),
    "dict_type": ("Запит має бути об'єктом JSON.", "The request must be a JSON object."),
    "list_type": ("Тут має бути список.", "This must be a list."),
    "datetime_parsing": ("Неправильна дата або час.", "This is not a valid date and time."),
    "datetime_from_date_parsing": ("Неправильна дата або час.", "This is not a valid date and time."),
    "timezone_aware": ("Вкажіть часовий пояс.", "Name the time zone."),
    "date_parsing": ("Неправильна дата.", "This is not a valid date."),
    "date_from_datetime_parsing": ("Неправильна дата.", "This is not a valid date."),
    "date_in_future": ("Ця дата ще не настала.", "This date is in the future."),
    "date_too_early": ("Ця дата надто давня.", "This date is too long ago."),
    "doubled_parameter": ("Параметр вказано двічі.", "The parameter is given twice."),
    "unknown_parameter": ("Такого параметра немає.", "There is no such parameter."),
    "email": ("Неправильна адреса електронної пошти.", "This is not a valid e-mail address."),
}
_FALLBACK = ("Неправильне значення.", "This value is not valid.")
_PLACES = ("body", "query", "path", "header", "cookie")


def explain(error: Any) -> FieldError:
    """One entry of Pydantic's `errors()` as words for its field."""
    location = [str(part) for part in error.get("loc", ())]
    kind = str(error.get("type", ""))
    if kind == "json_invalid":
        location = ["body"]  # and not the place in its text
    elif len(location) > 1 and location[0] in _PLACES:
        location = location[1:]
    words = _WORDS.get(kind) or text.MESSAGES.get(kind) or phones.MESSAGES.get(kind)
    if kind == "value_error" and "email" in str(error.get("msg", "")):
        words = _WORDS["email"]
    uk, en = words or _FALLBACK
    context = {name: value for name, value in (error.get("ctx") or {}).items() if name != "error"}
    try:
        return FieldError(".".join(location), uk.format(**context), en.format(**context))
    except (KeyError, IndexError):
        return FieldError(".".join(location), *_FALLBACK)
