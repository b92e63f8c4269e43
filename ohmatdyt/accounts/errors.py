"""What can go wrong with accounts, each with a stable code."""

from ohmatdyt.core.errors import BrokenRule, Conflict, Forbidden, NotFound, NotSignedIn, TooMany


class NoRight(Forbidden):
    """The action is an administrator's."""

    code = "admin_only"
    uk = "Це може лише адміністратор. Права надає адміністратор."
    en = "Only an administrator may do this."


class PasswordChangeRequired(Forbidden):
    """A temporary password opens nothing but its own change."""

    code = "password_change_required"
    uk = "Спершу змініть тимчасовий пароль."
    en = "Change the temporary password first."


class WrongCredentials(NotSignedIn):
    """Unknown, wrong, deactivated, not approved yet: one answer, so that nobody learns who works here."""

    code = "wrong_credentials"
    uk = "Неправильне ім'я користувача або пароль."
    en = "The username or the password is wrong."


class WrongCurrentPassword(NotSignedIn):
    """The person at the keyboard could not name the password of the session he sits at. The session stays."""

    code = "wrong_current_password"
    uk = "Поточний пароль неправильний."
    en = "The current password is wrong."


class TooManyFailures(TooMany):
    """A pause after too many wrong passwords; it always ends by itself."""

    code = "too_many_failures"
    uk = "Забагато невдалих спроб. Спробуйте за {retry_after} с."
    en = "Too many failed attempts. Try again in {retry_after} s."


class ForeignOrigin(Forbidden):
    """A page of somebody else tried to use the browser's session."""

    code = "foreign_origin"
    uk = "Запит надійшло зі сторонньої сторінки, тому його відхилено."
    en = "The request came from a foreign page and was refused."


class RegistrationClosed(Forbidden):
    """REGISTRATION_OPEN is off."""

    code = "registration_closed"
    uk = "Самостійну реєстрацію вимкнено. Обліковий запис створює адміністратор."
    en = "Registration is closed. An administrator creates accounts."


class UserNotFound(NotFound):
    """There is no such user."""

    code = "user_not_found"
    uk = "Такого користувача немає."
    en = "There is no such user."


class SessionNotFound(NotFound):
    """There is no such live session, or it is somebody else's."""

    code = "session_not_found"
    uk = "Такого сеансу немає або він уже завершений."
    en = "There is no such session, or it has ended."


class UsernameTaken(Conflict):
    """Usernames are unique."""

    code = "username_taken"
    uk = "Це ім'я користувача вже зайняте. Оберіть інше."
    en = "This username is taken. Choose another one."


class EmailTaken(Conflict):
    """E-mail addresses are unique, whatever their case."""

    code = "email_taken"
    uk = "Ця електронна адреса вже належить іншому обліковому запису."
    en = "This e-mail address belongs to another account."


class LastAdmin(Conflict):
    """Without an active ADMIN nobody could bring anybody back."""

    code = "last_admin"
    uk = "Це останній активний адміністратор. Спершу призначте іншого."
    en = "This is the last active administrator. Appoint another one first."


class HasActiveCases(Conflict):
    """Carries `cases` (id, public_id, status, category, created_at; at most 100) and `total_cases`: reassign them."""

    code = "has_active_cases"
    uk = "Користувач відповідає за активні звернення ({total}). Спершу передайте їх іншому."
    en = "The user is responsible for active cases ({total}). Reassign them first."


class UserReferenced(Conflict):
    """Somebody whose name stands in cases or in the journal is kept."""

    code = "user_referenced"
    uk = "Користувача згадано у зверненнях або журналі, тому його не можна вилучити. Деактивуйте його."
    en = "The user is mentioned in cases or in the journal and cannot be deleted. Deactivate the account."


class NotAnExecutor(BrokenRule):
    """Only an EXECUTOR serves categories."""

    code = "not_an_executor"
    uk = "Доступ до категорій надають лише виконавцям."
    en = "Category access is for executors only."


class UnknownCategory(BrokenRule):
    """There is no such category."""

    code = "unknown_category"
    uk = "Такої категорії немає."
    en = "There is no such category."
