"""What the documents name is there: files, headings, pictures, and the words of the screen."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "bench" / "README.md", *(ROOT / "docs").rglob("*.md")]
)
GUIDES = sorted((ROOT / "docs" / "guide").glob("*.md"))
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def links_of(document: Path) -> list[str]:
    """Where a document points to inside the project."""
    found = _LINK.findall(_CODE.sub("", document.read_text(encoding="utf-8")))
    return [link for link in found if not re.match(r"\w+:", link)]


def anchors_of(document: Path) -> set[str]:
    """The names under which its headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    missing = []
    for link in links_of(document):
        address, _, anchor = unquote(link).partition("#")
        target = (document.parent / address).resolve() if address else document
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            missing.append(link)
    assert not missing


def test_every_picture_is_shown_and_all_of_them_are_small() -> None:
    shown = {
        (document.parent / link).resolve()
        for document in DOCUMENTS
        for link in links_of(document)
        if link.endswith(".png")
    }
    kept = set((ROOT / "docs" / "images").glob("*.png"))
    assert kept == shown
    assert sum(picture.stat().st_size for picture in kept) < 4_000_000


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_calls_everything_as_the_screen_does(guide: Path) -> None:
    sources = [
        *(ROOT / "frontend" / "src").rglob("*texts.ts"),
        *(ROOT / "ohmatdyt").rglob("reasons.py"),
        *(ROOT / "ohmatdyt" / "notifications" / "templates").iterdir(),
    ]
    on_screen = "\n".join(path.read_text(encoding="utf-8") for path in sources).replace("’", "'")
    said = re.sub(r"\s+", " ", guide.read_text(encoding="utf-8"))
    assert [words for words in re.findall(r"«([^»]+)»", said) if words not in on_screen] == []
