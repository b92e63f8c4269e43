"""product.md §2 and §3 as plain Python: the hospital's desk without a database, a network or the product's own code.

Nothing here may be imported from `ohmatdyt`: the model is a second opinion.
"""

from dataclasses import dataclass, field

OPEN = ("NEW", "IN_PROGRESS", "NEEDS_INFO")
WORKED_ON = ("IN_PROGRESS", "NEEDS_INFO")
CLOSED = ("REJECTED", "DONE")
# from → the statuses whoever is responsible may set, and those only an ADMIN may.
BY_RESPONSIBLE = {
    "IN_PROGRESS": ["NEEDS_INFO", "REJECTED", "DONE"],
    "NEEDS_INFO": ["IN_PROGRESS", "REJECTED", "DONE"],
}
BY_ADMIN = {
    "IN_PROGRESS": ["NEW"],
    "NEEDS_INFO": ["NEW"],
    "REJECTED": ["IN_PROGRESS"],
    "DONE": ["IN_PROGRESS"],
}
STATUSES = ["NEW", "IN_PROGRESS", "NEEDS_INFO", "REJECTED", "DONE"]


@dataclass
class Worker:
    """Somebody who works here."""

    id: str
    name: str
    role: str
    active: bool = True
    categories: set[str] = field(default_factory=set)
    version: int = 1


@dataclass
class Comment:
    """A word in the thread."""

    id: str
    author: str
    text: str
    internal: bool


@dataclass
class File:
    """An attachment."""

    id: str
    name: str
    by: str
    content: bytes


@dataclass
class Case:
    """A case, with everything that was ever done to it."""

    id: str
    public_id: int
    author: str
    fields: dict[str, str | None]
    status: str = "NEW"
    responsible: str | None = None
    version: int = 1
    history: list[tuple[str, str, str]] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    timeline: list[tuple[str, str, bool]] = field(default_factory=list)  # what, by whom, internal

    @property
    def category(self) -> str | None:
        """Where it belongs."""
        return self.fields["category_id"]

    def move(self, to: str, by: Worker, responsible: str | None) -> None:
        """Another status, another responsible person, or both."""
        if to != self.status:
            self.history.append((self.status, to, by.id))
        self.status, self.responsible = to, responsible
        self.version += 1


def sees(who: Worker, case: Case) -> bool:
    """An operator what he registered, an executor his categories, an admin all."""
    if who.role == "ADMIN":
        return True
    if who.role == "EXECUTOR":
        return case.category in who.categories
    return case.author == who.id


def serves(who: Worker, category: str | None) -> bool:
    """Whether he may be responsible for a case of the category."""
    return who.active and (who.role == "ADMIN" or (who.role == "EXECUTOR" and category in who.categories))


def steps(who: Worker, case: Case) -> list[str]:
    """The statuses he may set by hand now."""
    if not sees(who, case):
        return []
    allowed: list[str] = []
    if who.role == "ADMIN" or (who.role == "EXECUTOR" and case.responsible == who.id):
        allowed += BY_RESPONSIBLE.get(case.status, [])
    if who.role == "ADMIN":
        allowed += BY_ADMIN.get(case.status, [])
    return allowed


def may_take(who: Worker, case: Case) -> int:
    """The answer to taking it: 200, or 403 for a missing right, 409 when it is not NEW."""
    if not sees(who, case) or who.role == "OPERATOR":
        return 403
    return 200 if case.status == "NEW" else 409


def may_step(who: Worker, case: Case, to: str) -> int:
    """The answer to a change of status."""
    if not sees(who, case) or who.role == "OPERATOR":
        return 403
    if who.role == "EXECUTOR" and case.responsible != who.id:
        return 403
    if to in steps(who, case):
        return 200
    return 403 if to in BY_ADMIN.get(case.status, []) else 409


def may_assign(who: Worker, case: Case, whom: Worker | None) -> int:
    """The answer to assigning, reassigning, unassigning."""
    if who.role != "ADMIN":
        return 403
    if case.status in CLOSED:
        return 409
    if whom is None or whom.id == case.responsible:
        return 200
    return 200 if serves(whom, case.category) else 400


def may_edit(who: Worker, case: Case) -> int:
    """The answer to a change of fields, whatever they are."""
    if not sees(who, case) or who.role == "EXECUTOR":
        return 403
    if who.role == "OPERATOR":
        return 200 if case.status == "NEW" else 409
    return 409 if case.status in CLOSED else 200


def may_comment(who: Worker, case: Case, *, internal: bool) -> int:
    """The answer to a comment; closed cases listen too."""
    return 201 if sees(who, case) and not (internal and who.role == "OPERATOR") else 403


def may_attach(who: Worker, case: Case) -> int:
    """The answer to a new file."""
    if not sees(who, case):
        return 403
    return 409 if case.status in CLOSED else 201


def may_delete_file(who: Worker, case: Case) -> int:
    """The answer to deleting a file."""
    if not sees(who, case) or who.role == "EXECUTOR":
        return 403
    return 409 if case.status in CLOSED else 204


def actions(who: Worker, case: Case) -> set[str]:
    """What the card offers him."""
    offers = {
        "edit": may_edit(who, case) == 200,
        "take": may_take(who, case) == 200,
        "assign": who.role == "ADMIN" and case.status in OPEN,
        "change_status": bool(steps(who, case)),
        "comment_public": may_comment(who, case, internal=False) == 201,
        "comment_internal": may_comment(who, case, internal=True) == 201,
        "attach": may_attach(who, case) == 201,
        "delete_attachment": may_delete_file(who, case) == 204,
    }
    return {name for name, offered in offers.items() if offered}


def scope_answer(who: Worker, scope: str | None) -> int:
    """Whether he may ask for this part of the list."""
    if who.role == "ADMIN" or scope in {None, "mine"}:
        return 200
    return 200 if who.role == "EXECUTOR" and scope in {"queue", "category"} else 403


def in_scope(who: Worker, scope: str | None, case: Case) -> bool:
    """Whether this part of the list has the case."""
    if not sees(who, case):
        return False
    if who.role == "OPERATOR" or scope in {"category", "all"} or (scope is None and who.role == "ADMIN"):
        return True
    mine = case.responsible == who.id
    return mine or (scope != "mine" and case.status == "NEW")


def comments_for(who: Worker, case: Case) -> list[Comment]:
    """The thread as he reads it."""
    return [one for one in case.comments if who.role != "OPERATOR" or not one.internal]


def timeline_for(who: Worker, case: Case) -> list[tuple[str, str]]:
    """The stream as he reads it: what, by whom."""
    return [(what, by) for what, by, internal in case.timeline if who.role != "OPERATOR" or not internal]
