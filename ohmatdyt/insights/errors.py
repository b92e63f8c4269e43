"""What can go wrong with reports, each with a stable code."""

from ohmatdyt.core.errors import TooMany


class ExportRunning(TooMany):
    """The person's other export is still being made or received."""

    code = "export_running"
    uk = "Ваше попереднє вивантаження ще триває. Дочекайтеся його або зупиніть, тоді спробуйте за {retry_after} с."
    en = "Your previous export is still running. Wait for it or stop it, then try again in {retry_after} s."
