"""What people do with accounts, by subject: signing in, sessions, passwords, admission, users, category access."""

from ohmatdyt.accounts.service.admission import create_admin

__all__ = ["create_admin"]
