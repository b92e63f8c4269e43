"""What can go wrong with patients and doctors, each with a stable code."""

from ohmatdyt.core.errors import BrokenRule, Conflict, NotFound, TooMany


class PatientNotFound(NotFound):
    """There is no such patient."""

    code = "patient_not_found"
    uk = "Такого пацієнта немає."
    en = "There is no such patient."


class DoctorNotFound(NotFound):
    """There is no such doctor."""

    code = "doctor_not_found"
    uk = "Такого лікаря немає."
    en = "There is no such doctor."


class DuplicateRecordNumber(Conflict):
    """Carries `patient` (id): whose the record number is."""

    code = "duplicate_record_number"
    uk = "Номер картки «{record_number}» уже має інший пацієнт."
    en = "Another patient has the record number “{record_number}”."


class PatientMerged(Conflict):
    """Carries `into_id`: where the data is kept now."""

    code = "patient_merged"
    uk = "Цю картку об'єднано з іншою. Працюйте з тією, що залишилася."
    en = "This card was merged into another one. Work with the one that remained."


class PatientAnonymised(Conflict):
    """Nothing can be changed or linked after anonymisation."""

    code = "patient_anonymised"
    uk = "Дані цього пацієнта знеособлено; змінити або пов'язати їх уже не можна."
    en = "This patient's data was anonymised and can no longer be changed or linked."


class MergeWithItself(BrokenRule):
    """A card cannot be merged into itself."""

    code = "merge_with_itself"
    uk = "Картку не можна об'єднати з нею самою."
    en = "A card cannot be merged into itself."


class NotMerged(Conflict):
    """There is no merge to undo."""

    code = "not_merged"
    uk = "Цю картку ні з ким не об'єднано."
    en = "This card is not merged into another one."


class LaterMergeFirst(Conflict):
    """Carries `patient_id`: the card whose merge has to be undone first."""

    code = "later_merge_first"
    uk = "Картку, до якої приєднали цю, згодом теж об'єднали. Спершу скасуйте те об'єднання."
    en = "The card this one was merged into was merged itself later. Undo that merge first."


class OpenCases(Conflict):
    """Carries `cases` (public_id): a request that is still being answered needs the person behind it."""

    code = "patient_has_open_cases"
    uk = "Пацієнт має незавершені звернення ({total}). Спершу завершіть їх."
    en = "The patient has cases that are not closed ({total}). Close them first."


class SecondPrimaryGuardian(BrokenRule):
    """At most one guardian is the main contact."""

    code = "second_primary_guardian"
    uk = "Основним контактом може бути лише один представник."
    en = "Only one guardian can be the main contact."


class UnknownGuardian(BrokenRule):
    """The guardian's id belongs to no guardian of this patient."""

    code = "unknown_guardian"
    uk = "Такого представника в цього пацієнта немає."
    en = "This patient has no such guardian."


class UnknownUser(BrokenRule):
    """The user to link does not exist."""

    code = "unknown_user"
    uk = "Такого користувача немає."
    en = "There is no such user."


class UserIsAnotherDoctor(Conflict):
    """A user is at most one doctor."""

    code = "user_is_another_doctor"
    uk = "Цей обліковий запис уже пов'язано з іншим лікарем."
    en = "This account is already linked to another doctor."


class WorksOnOwnCases(Conflict):
    """The account is responsible for open cases about this doctor."""

    code = "works_on_own_cases"
    uk = "Цей користувач відповідає за незавершені звернення про цього лікаря ({total}). Спершу передайте їх іншому."
    en = "This user is responsible for open cases about this doctor ({total}). Reassign them first."


class DoctorInactive(BrokenRule):
    """A new case cannot be about a deactivated doctor."""

    code = "doctor_inactive"
    uk = "Лікаря деактивовано, його не можна вказати в новому зверненні."
    en = "The doctor is deactivated and cannot be named in a new case."


class TooManyLooks(TooMany):
    """Somebody has been shown more people within an hour than any work asks for."""

    code = "too_many_looks"
    uk = "За останню годину ви переглянули забагато пацієнтів. Спробуйте за {retry_after} с."
    en = "You have looked through too many patients in the last hour. Try again in {retry_after} s."
