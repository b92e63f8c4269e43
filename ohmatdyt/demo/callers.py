"""Who turns to the hospital, about which child and which doctor, and who takes it down."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ohmatdyt.demo.doctors import Doctor, Doctors
from ohmatdyt.demo.families import Child, Families
from ohmatdyt.seed.people import REFUSED, Applicant, applicant
from ohmatdyt.seed.texts import About, Subject

AT_ANY_HOUR: Final = {"Онлайн", "QR", "Email"}
_WRITTEN: Final = AT_ANY_HOUR | {"Скринька", "МОЗ"}
_LINKED, _CALLS_AGAIN, _SAME_OPERATOR, _BY_ADMIN = 0.85, 0.15, 0.65, 0.05
# When, as shares of all cases, the family everybody can try the recognition with has called.
_KNOWN_CALLS: Final = (0.35, 0.6, 0.8, 0.93)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request as it arrives."""

    author_id: UUID
    applicant: Applicant
    child: Child | None
    doctor: Doctor | None


class Callers:
    """Everybody who turns to the hospital in `count` cases, told in the order of time."""

    def __init__(
        self,
        chance: random.Random,
        operators: list[UUID],
        admins: list[UUID],
        doctors: Doctors,
        *,
        count: int,
    ) -> None:
        self.families = Families(chance)
        self._chance = chance
        self._operators = operators
        self._admins = admins
        self._doctors = doctors
        self._count = count
        self._number = 0
        self._known: list[Child] = []
        self._earlier: list[tuple[Applicant, UUID]] = []

    def next(self, at: datetime, channel: str, subject: Subject) -> Turn:
        """Whoever comes next with this request."""
        chance, about = self._chance, subject.about
        self._number += 1
        author = chance.choice(self._operators if chance.random() >= _BY_ADMIN else self._admins)
        doctor = self._doctors.one(chance, about.doctor)
        written = channel in _WRITTEN
        if subject.summary.startswith("Анонімно"):
            return Turn(author, Applicant(REFUSED, None, None, None), None, doctor)
        if not about.concerns_patient or chance.random() >= _LINKED:
            who, author = self._somebody(author, about, written=written)
            return Turn(author, who, None, doctor)
        child = self._known_child(at, subject) or self.families.concerned(about, at, author)
        if child in self._known or (child.visits and chance.random() < _SAME_OPERATOR):
            author = child.author_id
        child.visits += 1
        speakers = [one for one in child.guardians if about.by in {None, one.sex}] or child.guardians
        speaker = speakers[0] if chance.random() < 0.8 else chance.choice(speakers)
        return Turn(author, speaker.as_applicant(chance), child, doctor)

    def _somebody(self, author: UUID, about: About, *, written: bool) -> tuple[Applicant, UUID]:
        chance, may_be_known = self._chance, about.by is None and not about.office
        if self._earlier and may_be_known and chance.random() < _CALLS_AGAIN:
            who, earlier_author = chance.choice(self._earlier)
            return who, earlier_author if chance.random() < _SAME_OPERATOR else author
        who = applicant(chance, written=written, office=about.office, sex=about.by)
        if who.phone_e164:
            self._earlier.append((who, author))
        return who, author

    def _known_child(self, at: datetime, subject: Subject) -> Child | None:
        """The family everybody can try the recognition with, when it is its turn and the request could be theirs."""
        calls = len(self._known)
        due = calls < len(_KNOWN_CALLS) and self._number >= self._count * _KNOWN_CALLS[calls]
        about = subject.about
        if not due or about.child == "m" or about.by == "m" or about.age is not None:
            return None
        if not self._known:
            child = self.families.known(at, self._operators[0])
        elif calls == len(_KNOWN_CALLS) - 1:
            child = self.families.twice(self._known[0], at, self._operators[0])
        else:
            child = self._known[0]
        self._known.append(child)
        return child
