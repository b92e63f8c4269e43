"""What can go wrong with accounts, each with a stable code."""

from ohmatdyt.core.errors import Forbidden


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
