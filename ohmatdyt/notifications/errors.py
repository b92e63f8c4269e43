"""What can go wrong with notifications, each with a stable code."""

from ohmatdyt.core.errors import Conflict, NotFound, TooMany


class NotificationNotFound(NotFound):
    """There is no such notification, or it is somebody else's."""

    code = "notification_not_found"
    uk = "Такого сповіщення немає."
    en = "There is no such notification."


class NotResendable(Conflict):
    """Only a letter that was given up can be sent again. Carries `mail_status`."""

    code = "not_resendable"
    uk = "Повторно надіслати можна лише лист, який не вдалося надіслати."
    en = "Only a letter that could not be sent can be sent again."


class PasswordWiped(Conflict):
    """The letter's temporary password is gone for good."""

    code = "password_wiped"
    uk = "Тимчасовий пароль із цього листа вже стерто. Скиньте пароль ще раз: надійде новий лист."
    en = "The temporary password of this letter has been wiped. Reset the password again: a new letter will leave."


class TooManyStreams(TooMany):
    """So many windows are updated live that one more would harm the others; it may ask by itself now and then."""

    code = "too_many_streams"
    uk = "Забагато відкритих вікон оновлюються наживо. Спробуйте за {retry_after} с."
    en = "Too many windows are being updated live. Try again in {retry_after} s."
