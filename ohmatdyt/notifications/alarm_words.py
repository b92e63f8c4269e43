"""The Ukrainian words of alarms: the line of the bell, the subject of the letter, and what to do about it."""

from collections.abc import Mapping
from typing import Any, Final

JOBS: Final = {
    "seal_journal": "Запечатування журналу дій",
    "remind_of_waiting_cases": "Нагадування про прострочені звернення",
    "wipe_temporary_passwords": "Стирання тимчасових паролів",
    "forget_old_sessions": "Прибирання старих сеансів",
    "forget_old_keys": "Прибирання ключів повторних запитів",
    "forget_letters_to_nobody": "Прибирання листів вилученим обліковим записам",
    "forget_old_notifications": "Прибирання старих сповіщень",
    "forget_unused_words": "Прибирання слів, яких більше немає у зверненнях",
    "check_journal": "Перевірка цілісності журналу",
    "sweep_orphaned_files": "Прибирання файлів без звернень",
    "check_stored_files": "Перевірка контрольних сум файлів",
    "back_up": "Резервна копія",
    "verify_backups": "Перевірка всіх резервних копій",
    "note_removals": "Список тих, кого копія не має повернути",
    "check_wal_archive": "Нагляд за архівом журналу бази (WAL)",
    "keep_wal_base": "Копія файлів бази для архіву WAL",
    "watch_installation": "Нагляд за системою",
}
_DISKS: Final = {"database": "бази даних", "files": "файлів", "backups": "резервних копій"}
_JOB_ADVICE: Final = {
    "back_up": "Перевірте, чи доступна тека BACKUP_DIR і чи є в ній місце; тоді виконайте: ohmatdyt backup.",
    "verify_backups": "Пошкоджену копію видно з `ohmatdyt doctor`; зробіть нову: ohmatdyt backup.",
    "check_wal_archive": "Доки архів не пишеться, втрата сервера коштує до доби роботи: docs/troubleshooting.md.",
    "keep_wal_base": "Перевірте місце в BACKUP_DIR і `ohmatdyt doctor`: без свіжої копії відновлення триває довше.",
    "check_stored_files": "Пошкоджені файли названо в журналі дій; їх повертають із резервної копії.",
    "check_journal": "Збережіть копію бази й повідомте керівника: журнал змінено повз програму.",
}


def job(name: str) -> str:
    """What people call a job; its own name where there are no words for it."""
    return JOBS.get(name, name)


def title(kind: str, subject: str, details: Mapping[str, Any]) -> str:
    """What is wrong, in one line without personal data."""
    if kind == "job_failed":
        return f"Не вдалося: «{job(subject)}»"
    if kind == "job_late":
        return f"Не виконується: «{job(subject)}»"
    if kind == "disk_low":
        return f"На диску {_DISKS.get(subject, subject)} лишилося {_gigabytes(details)} ГБ"
    if kind == "numbers_low":
        return f"Використано {_percent(details)}% номерів звернень"
    if kind == "letters_waiting":
        return "Листи не надсилаються"
    if kind == "letters_failed":
        return f"Не надіслано листів за добу: {details.get('count', 0)}"
    if kind == "certificate_ends":
        days = int(details.get("days", 0))
        return (
            "Сертифікат сайту вже не діє"
            if days < 0
            else f"Закінчується сертифікат сайту, лишилося діб: {days}"
        )
    return f"{kind}: {subject}"


def advice(kind: str, subject: str) -> str:
    """What to do about it."""
    if kind == "job_failed":
        return _JOB_ADVICE.get(subject, "Причина повністю є в журналі програми; перевірте: ohmatdyt doctor.")
    if kind == "job_late":
        return "Час настав, а ніхто цього не виконав. Перевірте, чи працюють beat і worker."
    if kind == "disk_low":
        return "Звільніть або додайте місце: коли його не лишиться, система перестане приймати файли, а тоді й записи."
    if kind == "numbers_low":
        return "Прочитайте «Номери звернень» у docs/operations.md, доки номери ще є."
    if kind == "certificate_ends":
        return "Оновіть його (certbot renew або нові файли в TLS_DIR): без нього браузери нікого до системи не пустять."
    return "Стан пошти видно в розділі «Доставка листів»; перевірте: ohmatdyt doctor."


def _gigabytes(details: Mapping[str, Any]) -> str:
    return f"{details.get('free_bytes', 0) / 1024**3:.1f}".replace(".", ",")


def _percent(details: Mapping[str, Any]) -> int:
    return int(100 * details.get("used", 0) // max(1, details.get("capacity", 1)))
