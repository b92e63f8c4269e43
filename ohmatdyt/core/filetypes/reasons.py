"""Why a file is refused. Each says the file's name and what the person can do."""

from enum import Enum

from ohmatdyt.core.errors import BrokenRule, TooLarge


class Part(Enum):
    """Which part of a file is refused, in both languages."""

    SOMETHING = ("скрипт, макрос або прихований інший файл", "a script, a macro or another hidden file")
    SCRIPT = ("скрипт (JavaScript)", "a script (JavaScript)")
    LAUNCH = ("команду запуску програми", "an action that starts a program")
    SENDING = ("форму, що надсилає або завантажує дані", "a form that sends or fetches data")
    OTHER_FILE = ("перехід до іншого файлу", "a jump to another file")
    MEDIA = ("вбудоване відео або анімацію", "embedded media")
    XFA = ("форму XFA", "an XFA form")
    EMBEDDED = ("вкладений файл, який може щось запустити", "an embedded file that could run something")
    UNREADABLE = ("частини, запаковані у незвичний спосіб", "parts packed in an unusual way")
    MACRO = ("макрос", "a macro")
    TEMPLATE = ("шаблон, який завантажується з мережі", "a template that is loaded from the network")
    LINKED = ("вміст, який завантажується з мережі", "content that is loaded from the network")
    DDE = ("команду DDE", "a DDE command")
    OLE = ("вбудований об'єкт (OLE або ActiveX)", "an embedded object (OLE or ActiveX)")
    DOCTYPE = ("опис типу документа (DOCTYPE)", "a document type definition (DOCTYPE)")


class FileRefused(BrokenRule):
    """A file that is not taken; `name` is its name as the person knows it."""

    def __init__(self, *, name: str, field: str | None = None, **words: object) -> None:
        super().__init__(field=field, extra={"file": name}, name=name, **words)


class InvalidName(FileRefused):
    """The name is blank, too long, or hides something."""

    code = "name_invalid"
    uk = "Файл «{name}»: назва порожня, довша за 250 символів або містить недопустимі символи."
    en = (
        "File “{name}”: the name is blank, longer than 250 characters or has characters that are not allowed."
    )


class EmptyFile(FileRefused):
    """There is nothing in it."""

    code = "file_empty"
    uk = "Файл «{name}» порожній."
    en = "File “{name}” is empty."


class TypeNotAllowed(FileRefused):
    """The extension is none of ours."""

    code = "type_not_allowed"
    uk = "Файл «{name}»: такий тип не приймається. Дозволено: pdf, doc, docx, xls, xlsx, jpg, jpeg, png."
    en = "File “{name}”: this type is not accepted. Allowed: pdf, doc, docx, xls, xlsx, jpg, jpeg, png."


class ContentMismatch(FileRefused):
    """The content, or the declared type, contradicts the name; or the file is damaged."""

    code = "content_mismatch"
    uk = "Файл «{name}»: вміст не відповідає типу або пошкоджений. Відкрийте файл і збережіть його ще раз."
    en = "File “{name}”: the content is damaged or of another type. Open the file and save it again."


class UnsafeContent(FileRefused):
    """Scripts, macros, or a second file hidden in the first."""

    code = "unsafe_content"
    uk = "Файл «{name}» містить {part_uk}. Збережіть його без цього, наприклад надрукуйте в PDF."
    en = "File “{name}” contains {part_en}. Save it without, e.g. print it to PDF."

    def __init__(
        self, *, name: str, field: str | None = None, part: Part = Part.SOMETHING, **words: object
    ) -> None:
        part_uk, part_en = part.value
        super().__init__(name=name, field=field, part_uk=part_uk, part_en=part_en, **words)


class ArchiveBomb(FileRefused):
    """It would unpack into far too much."""

    code = "archive_bomb"
    uk = "Файл «{name}» розпаковується у надто великий обсяг даних або надто велике зображення."
    en = "File “{name}” unpacks into too much data or too large a picture."


class TooComplex(ArchiveBomb):
    """Reading it takes more than any honest file of its size."""

    uk = "Файл «{name}» будовано так, що його перевірка триває надто довго. Надрукуйте його в PDF і додайте копію."
    en = "File “{name}” is built so that checking it takes too long. Print it to PDF and attach the copy."


class EncryptedFile(FileRefused):
    """Protected by a password: neither we nor a colleague could look inside."""

    code = "file_encrypted"
    uk = "Файл «{name}» захищено паролем. Збережіть копію без пароля й додайте її."
    en = "File “{name}” is protected by a password. Save a copy without it and attach that."


class FileTooLarge(TooLarge):
    """One file is larger than allowed (413)."""

    code = "file_too_large"
    uk = "Файл «{name}» завеликий: дозволено до {limit_mb} МБ."
    en = "File “{name}” is too large: up to {limit_mb} MB is allowed."

    def __init__(self, *, name: str, limit_mb: int, field: str | None = None) -> None:
        super().__init__(field=field, extra={"file": name}, name=name, limit_mb=limit_mb)


class Unfit(Exception):
    """Raised by the checks of one format; carries which refusal it is, and which part of the file is at fault."""

    def __init__(self, refusal: type[FileRefused], part: Part | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.part = part

    def as_refusal(self, *, name: str, field: str | None) -> FileRefused:
        """The words for the person."""
        words = {"part": self.part} if self.part else {}
        return self.refusal(name=name, field=field, **words)
