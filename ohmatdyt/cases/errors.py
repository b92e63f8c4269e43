"""What can go wrong with cases, each with a stable code."""

from ohmatdyt.core.errors import BrokenRule, Conflict, FieldError, Forbidden, InvalidFields, NotFound, TooMany


class CaseNotFound(NotFound):
    """There is no such case."""

    code = "case_not_found"
    uk = "Такого звернення немає."
    en = "There is no such case."


class AttachmentNotFound(NotFound):
    """There is no such file."""

    code = "attachment_not_found"
    uk = "Такого файлу немає."
    en = "There is no such file."


class CaseNotVisible(Forbidden):
    """The case exists and is none of the caller's."""

    code = "case_not_visible"
    uk = (
        "Це звернення вам недоступне: оператор бачить свої звернення, виконавець — звернення своїх категорій. "
        "Доступ надає адміністратор."
    )
    en = (
        "You cannot see this case: an operator sees his own, an executor those of his categories. "
        "An administrator grants access."
    )


class ScopeNotAllowed(Forbidden):
    """The scope shows cases the caller may not see."""

    code = "scope_not_allowed"
    uk = "Цей перелік вам недоступний. Доступ надає адміністратор."
    en = "This list is not open to you. Access is granted by an administrator."


class RoleMayNot(Forbidden):
    """The caller's role or relation to the case does not include the action."""

    code = "action_not_allowed"
    uk = "Ваша роль не дозволяє цієї дії зі зверненням."
    en = "Your role does not allow this action on the case."


class NotResponsible(Forbidden):
    """Only who is responsible, or an admin, changes the status."""

    code = "not_responsible"
    uk = "Статус змінює лише відповідальний за звернення або адміністратор."
    en = "Only the person responsible for the case, or an administrator, changes its status."


class InternalCommentsNotAllowed(Forbidden):
    """Operators have no internal comments."""

    code = "internal_comments_not_allowed"
    uk = "Внутрішні коментарі пишуть лише виконавці категорії та адміністратори."
    en = "Internal comments are for executors of the category and administrators."


class CaseClosed(Conflict):
    """DONE and REJECTED lock fields, files and assignment."""

    code = "case_closed"
    uk = "Звернення закрите: поля, файли й відповідального змінити не можна. Спершу його має відновити адміністратор."
    en = "The case is closed: fields, files and assignment are locked until an administrator reopens it."


class CaseInWork(Conflict):
    """An operator edits a case only while nobody has taken it."""

    code = "case_in_work"
    uk = "Звернення вже в роботі: оператор редагує його лише у статусі «Нове»."
    en = "The case is already in work: an operator edits it only while it is new."


class AlreadyTaken(Conflict):
    """Somebody was faster. `winner` in the document says who."""

    code = "already_taken"
    uk = "Звернення вже взяв у роботу інший працівник: {winner}."
    en = "The case has already been taken by {winner}."


class TransitionNotAllowed(Conflict):
    """The table of transitions has no such step; `allowed` in the document lists those it has."""

    code = "transition_not_allowed"
    uk = "Такий перехід статусу неможливий. Дозволено: {allowed_words}."
    en = "This change of status is not possible. Allowed: {allowed_words}."


class CannotBeResponsible(BrokenRule):
    """Only an active executor of the category or an active admin can be responsible."""

    code = "cannot_be_responsible"
    uk = "Відповідальним може бути активний виконавець із доступом до категорії або адміністратор."
    en = "Only an active executor with access to the category, or an administrator, can be responsible."


class InactiveCategory(BrokenRule):
    """The category is unknown or no longer offered."""

    code = "category_not_active"
    uk = "Цієї категорії немає серед активних. Оберіть іншу."
    en = "This category is not among the active ones. Choose another."


class InactiveChannel(BrokenRule):
    """The channel is unknown or no longer offered."""

    code = "channel_not_active"
    uk = "Цього каналу немає серед активних. Оберіть інший."
    en = "This channel is not among the active ones. Choose another."


class NumbersExhausted(Conflict):
    """All 900 000 numbers are given out."""

    code = "public_ids_exhausted"
    uk = "Номери звернень вичерпано: зареєструвати нове неможливо. Зверніться до адміністратора."
    en = "All case numbers are used up: no new case can be registered. Tell an administrator."


class ResponsibleIsTheDoctor(Conflict):
    """Nobody works on a case about himself."""

    code = "responsible_is_the_doctor"
    uk = "За звернення відповідає саме цей лікар. Спершу передайте його іншому."
    en = "The doctor it is about is responsible for the case. Reassign it first."


class ResponsibleWithoutAccess(Conflict):
    """The case cannot move to a category its responsible person does not serve."""

    code = "responsible_without_access"
    uk = "Відповідальний не має доступу до цієї категорії. Спершу призначте іншого або поверніть звернення в чергу."
    en = "The person responsible has no access to this category. Reassign the case first."


class CommentRequired(InvalidFields):
    """Giving a case back to the queue has to be explained."""

    def __init__(self) -> None:
        super().__init__(
            [
                FieldError(
                    "comment",
                    "Поясніть, чому звернення повертається в чергу: 10-2000 символів.",
                    "Say why the case goes back to the queue: 10 to 2000 characters.",
                )
            ]
        )


class TooManyFiles(InvalidFields):
    """More files in one request than this installation allows."""

    def __init__(self, *, limit: int, field: str) -> None:
        super().__init__(
            [FieldError(field, f"Забагато файлів: дозволено {limit}.", f"Too many files: {limit} allowed.")]
        )


class UploadQuotaReached(TooMany):
    """One person has added as many files in 24 hours as this installation allows."""

    code = "upload_quota_reached"
    uk = "За добу вже додано файлів на {limit_mb} МБ: більше сьогодні не можна. Зверніться до адміністратора."
    en = "Files of {limit_mb} MB were added in 24 hours already: no more today. Ask an administrator."

    def __init__(self, *, limit_mb: int) -> None:
        super().__init__(retry_after=3600)
        self.words |= {"limit_mb": limit_mb}
