"""Failures that know their HTTP status, their stable code and their words in both languages.

A domain lists its own in its `errors.py`, as subclasses of the kinds below. Nothing here knows of FastAPI: the
mapping to an answer is in `core.problems`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, in both languages. `field` is the name the client sent, dotted when nested."""

    field: str
    uk: str
    en: str


class DomainError(Exception):
    """A refusal with a reason.

    `uk` and `en` are templates filled from the keyword arguments; `field` names the input at fault, if one is;
    `extra` goes into the problem document as it is, so it must hold nothing the caller may not see.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "error"
    uk: ClassVar[str] = ""
    en: ClassVar[str] = ""

    def __init__(
        self, *, field: str | None = None, extra: dict[str, Any] | None = None, **words: object
    ) -> None:
        self.field = field
        self.extra = extra or {}
        self.words = words
        super().__init__(self.code)

    def detail(self, language: str) -> str:
        """The sentence for a person; `language` is "uk" or "en"."""
        return (self.en if language == "en" else self.uk).format(**self.words)

    def headers(self) -> dict[str, str]:
        """Headers the answer carries besides the document."""
        return {}


class OperationError(Exception):
    """Something an administrator has to see to: the text is a sentence for him, in Ukrainian, without a word about
    applicants. It may be stored and shown; what any other exception says may hold rows and may not."""


class BrokenRule(DomainError):
    """400: the request is well formed and breaks a rule of the business."""

    status = 400


class NotSignedIn(DomainError):
    """401. The same words whatever the reason: why a token failed is nobody's business."""

    status = 401
    code = "not_signed_in"
    uk = "Увійдіть у систему, щоб продовжити."
    en = "Sign in to continue."

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(DomainError):
    """403: says which right is missing and who grants it. The attempt goes to the audit journal."""

    status = 403
    code = "forbidden"
    uk = "У вас немає права на цю дію. Права надає адміністратор."
    en = "You may not do this. Rights are granted by an administrator."


class NotFound(DomainError):
    """404."""

    status = 404
    code = "not_found"
    uk = "Такого запису немає."
    en = "There is no such record."


class Conflict(DomainError):
    """409: the state of things does not allow it now."""

    status = 409
    code = "conflict"


class StaleVersion(DomainError):
    """412: somebody changed it since the caller read it."""

    status = 412
    code = "stale_version"
    uk = "Запис уже змінили. Перегляньте нову версію: введене вами не втрачено."
    en = "It has been changed meanwhile. Look at the newer version; what you typed is not lost."


class TooLarge(DomainError):
    """413."""

    status = 413
    code = "too_large"
    uk = "Запит завеликий: дозволено до {limit_mb} МБ."
    en = "The request is too large: up to {limit_mb} MB is allowed."


class Malformed(DomainError):
    """422 for something that is not a single field's fault."""

    status = 422
    code = "malformed"
    uk = "Запит складено неправильно."
    en = "The request is malformed."


class BadRequest(Malformed):
    """400: what came is no HTTP."""

    status = 400


class InvalidFields(DomainError):
    """422 with a reason for each field."""

    status = 422
    code = "invalid_fields"
    uk = "Перевірте виділені поля."
    en = "Check the marked fields."

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__()
        self.errors = errors


class VersionRequired(DomainError):
    """428."""

    status = 428
    code = "version_required"
    uk = "Вкажіть версію, яку ви змінюєте, у заголовку If-Match."
    en = "Name the version you are changing in the If-Match header."


class _RetryLater(DomainError):
    def __init__(self, *, retry_after: int) -> None:
        """`retry_after` is in whole seconds, at least 1."""
        super().__init__(retry_after=max(1, retry_after))
        self.retry_after = max(1, retry_after)

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class TooMany(_RetryLater):
    """429."""

    status = 429
    code = "too_many_requests"
    uk = "Забагато спроб. Спробуйте за {retry_after} с."
    en = "Too many attempts. Try again in {retry_after} s."


class Unavailable(_RetryLater):
    """503: our own trouble, passing."""

    status = 503
    code = "unavailable"
    uk = (
        "Система зараз перевантажена або перезапускається. Спробуйте за {retry_after} с: введене не втрачено."
    )
    en = "The system is busy or restarting. Try again in {retry_after} s."
