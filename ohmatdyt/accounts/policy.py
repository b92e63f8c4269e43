"""Who may do what with accounts: pure answers. Routers keep strangers and, where all is ADMIN's, everybody else out."""

from datetime import datetime
from uuid import UUID

from ohmatdyt.accounts.actor import Actor
from ohmatdyt.accounts.errors import NoRight
from ohmatdyt.accounts.models import Role, User
from ohmatdyt.accounts.schemas import Permission
from ohmatdyt.core import clock

_PERMISSIONS: dict[Role, list[Permission]] = {
    Role.OPERATOR: ["cases.register", "cases.see_own"],
    Role.EXECUTOR: ["cases.register", "cases.see_category"],
    Role.ADMIN: [
        "cases.register",
        "cases.see_all",
        "users.manage",
        "directories.manage",
        "audit.read",
        "insights.read",
    ],
}


def permissions(role: Role, *, must_change_password: bool) -> list[Permission]:
    """What the menus of this person show; nothing while a temporary password waits to be changed."""
    return [] if must_change_password else _PERMISSIONS[role]


def temporary_password_expired(user: User, now: datetime) -> bool:
    """Whether the password that was given out for a day has outlived it; one given out later than now, by a clock that
    ran ahead, has."""
    ends, given = user.temporary_password_expires_at, user.last_password_change_at
    if not user.must_change_password or ends is None:
        return False
    return ends <= now or (given is not None and given > now + clock.LEEWAY)


def require_admin_or_self(actor: Actor, user_id: UUID) -> None:
    """A user's data is for himself and for administrators. Raises NoRight (403)."""
    if not actor.is_admin and actor.user_id != user_id:
        raise NoRight


def require_may_set_role(actor: Actor, role: Role | None, current: Role) -> None:
    """Sending back the role one has is no change; any other role is an administrator's to give. Raises NoRight."""
    if role is not None and role is not current and not actor.is_admin:
        raise NoRight(field="role")


def must_prove_himself(actor: Actor, user_id: UUID, *, email_changes: bool) -> bool:
    """Whoever changes his own e-mail names his password: the address is where a reset goes, so a computer left
    unlocked must not be enough."""
    return email_changes and actor.user_id == user_id
