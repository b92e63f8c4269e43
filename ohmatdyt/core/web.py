"""The built web interface, served by the API process: what nginx does on a bigger installation."""

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import FileResponse

WEB_ROOT = Path(__file__).resolve().parent.parent / "web"
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    media_type: str
    cache_control: str
    encoded: tuple[tuple[str, Path], ...]


class WebInterface:
    """An index of the exported pages, made once at the start: only what is in it can be served, so no path
    from outside ever reaches the file system."""

    def __init__(self, root: Path = WEB_ROOT) -> None:
        self._files: dict[str, _File] = {}
        self._dynamic: list[tuple[re.Pattern[str], str]] = []
        for path in sorted(root.rglob("*")) if root.is_dir() else []:
            if path.is_file() and path.suffix not in (".br", ".gz"):
                self._add(path, path.relative_to(root).as_posix())

    def __bool__(self) -> bool:
        """False when the interface has not been built."""
        return bool(self._files)

    def _add(self, path: Path, name: str) -> None:
        encoded = tuple(
            (encoding, path.with_name(path.name + suffix))
            for encoding, suffix in _ENCODINGS
            if path.with_name(path.name + suffix).is_file()
        )
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if media_type == "text/javascript" or media_type.startswith("text/"):
            media_type += "; charset=utf-8"
        caching = _IMMUTABLE if name.startswith("_next/static/") else _REVALIDATE
        self._files[name] = _File(path, media_type, caching, encoded)
        if name.endswith(".html") and "[" in name:
            pattern = re.sub(r"\\\[\w+\\\]", "[^/]+", re.escape(name.removesuffix(".html")))
            self._dynamic.append((re.compile(pattern), name))

    def _find(self, path: str) -> _File | None:
        path = path.strip("/")
        for name in (path, f"{path}.html", f"{path}/index.html" if path else "index.html"):
            if name in self._files:
                return self._files[name]
        return next((self._files[name] for pattern, name in self._dynamic if pattern.fullmatch(path)), None)

    def answer(self, request: Request, path: str) -> Response | None:
        """The page or asset under `path`, compressed as the browser accepts it; the 404 page for an unknown
        path; None when there is no interface at all."""
        found, status = self._find(path), 200
        if found is None:
            found, status = self._files.get("404.html"), 404
        if found is None:
            return None
        accepted = request.headers.get("accept-encoding", "")
        headers = {"Cache-Control": found.cache_control, "Vary": "Accept-Encoding"}
        source = found.path
        for encoding, variant in found.encoded:
            if encoding in accepted:
                headers["Content-Encoding"] = encoding
                source = variant
                break
        answer = FileResponse(source, status_code=status, media_type=found.media_type, headers=headers)
        answer.set_stat_headers(source.stat())
        if status == 200 and request.headers.get("if-none-match") == answer.headers["etag"]:
            kept = {name: answer.headers[name] for name in ("etag", "cache-control", "vary")}
            return Response(status_code=304, headers=kept)
        return answer
