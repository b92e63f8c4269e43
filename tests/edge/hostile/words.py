"""What strangers, careless programs and tired people send instead of what was asked for."""

from random import Random
from typing import Any, Final

LETTER: Final = "я"
# What a field may be given where a text is expected. Half a character can only travel inside JSON.
HALF: Final = "а\ud800б"
TEXTS: Final = (
    *("", " ", "\t\n", "\u200b", "\u2060\ufeff ", "\u3164", "\x00", "а\x00б", "\x7f", "а\x1b[31m"),
    *("а\u202eб", "а\u2066б", "e\u0301" * 40, "и\u0306", "\u0130", "ﬀ", "🧒🏽👩‍👧", "\U0010ffff", "\ufffe"),
    *("null", "true", "NaN", "-1", "0", "1e999", "undefined", "None", "[]", "{}", "()", "\\", "\\u0000"),
    *("%", "_", "%%%", "a_b", "100%", "*", "?", ":*", "&|!", "((", "'", '"', "''", "';--", "$1", "{}", "%s"),
    *("' OR '1'='1", "1; DROP TABLE cases;--", "1) UNION ALL", "pg_sleep(5)", "'||pg_sleep(5)||'", "\\'"),
    *("=1+1", "@SUM(A1)", "+380", "-2+3", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "../../etc/passwd"),
    *("..\\..\\x", "a/b", "C:\\x", "CON", "file:///etc/passwd", "http://127.0.0.1/", "javascript:alert(1)"),
    *("a\r\nX-Injected: 1", "a\nb", "\r", "\u2028", "\u0085", "á" * 30, "ʼ", "ґ", "Ґ", "\u01c5", "ß", "\u1e9e"),
)  # fmt: skip
LENGTHS: Final = (1, 2, 3, 50, 51, 100, 101, 200, 201, 254, 255, 256, 257, 2000, 2001, 5001, 20_001, 70_000)
INTEGERS: Final = (
    *(0, 1, -1, 2, 20, 99, 100, 101, 1000, 100_000, 100_001, 99_999, 999_999, 1_000_000, 2**15, 2**31 - 1),
    *(2**31, -(2**31), 2**32, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**30, -(10**30)),
)  # fmt: skip
TIMES: Final = (
    *("2026-11-01T00:00:00Z", "2026-11-30T23:59:59.999999Z", "2026-03-29T03:30:00+02:00", "2026-11-20"),
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"),
    *("1970-01-01T00:00:00Z", "-0001-01-01", "10000-01-01T00:00:00Z", "2026-02-30", "2026-13-01", "2026-11-01T25:00"),
    *("2026-11-01T00:00:00+99:99", "2026-11-01T23:59:60Z", "20261101", "1700000000", "-1", "1e20", "now", "infinity"),
    *("2026-11-01T00:00:00", "2026-W45-1", "-infinity", "2026-11-01 00:00:00", "0000-00-00", "294277-01-01"),
)  # fmt: skip
IDS: Final = (
    *("5f2b7c9e-0000-4000-8000-000000000000", "00000000-0000-0000-0000-000000000000", "5f2b7c9e", "abc", "me", "none"),
    *("ffffffff-ffff-ffff-ffff-ffffffffffff", "{5f2b7c9e-0000-4000-8000-000000000000}", "5F2B7C9E00004000800000000000"),
    *("urn:uuid:5f2b7c9e-0000-4000-8000-000000000000", "100000", "999999", "99999", "1000000", "000000", "-1", "1e5"),
    *("5f2b7c9e-0000-4000-8000-00000000000g", "١٢٣٤٥٦", "100000.0", " 100000", "NaN", "my", "export", "null", "%00"),
)  # fmt: skip
CURSORS: Final = (
    *("", "e30", "W10", "bnVsbA", "AAAA", "!!!!", "====", "WyIyMDI2Il0", "eyJhIjoxfQ", "a" * 2000, "бэз"),
    *("WzEsMiwzLDQsNV0", "WyI5OTk5OS0wMS0wMVQwMDowMDowMFoiLCJhIl0", "WzFlOTk5LCJhIl0", "W251bGwsbnVsbF0"),
)  # fmt: skip
ANYTHING: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1.5, -0.0, 1e308, "", [], {}, [[]], [None], {"": None}, {"a": {"a": {"a": []}}}),
    *({"$ne": None}, ["а"] * 200, {"id": 1}, [1, "2", None], "\ud800", {"\ud800": 1}, {"\x00": "\x00"}),
)  # fmt: skip
# Whole bodies that are no JSON, or none anybody meant.
BODIES: Final = (
    *(b"", b"null", b"[]", b"1", b'"a"', b"{", b"}", b'{"a":1,}', b'{"a":NaN}', b"\xff\xfe", b"\x00", b"{}{}"),
    *(b"[" * 20_000 + b"]" * 20_000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b'{"text":"' + b"a" * 400_000 + b'"}'),
    *(b'{"text":1,"text":2}', b'{"a":' + b"9" * 5000 + b"}", b"\xef\xbb\xbf{}", '{"тест":"так"}'.encode("utf-16")),
    *(b'{"a":1e99999}', b'{"\\ud800":1}', b"<xml/>", b"a=1&b=2", b'{"text":"\\u0000"}', b"--\r\n\r\n--"),
)  # fmt: skip
CONTENT_TYPES: Final = (
    *("text/plain", "application/json; charset=utf-16", "application/json;", "multipart/form-data", "a/b", ""),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 300, "application/xml", "json"),
    *("application/x-www-form-urlencoded", "application/json, application/json", "multipart/mixed; boundary=b"),
    *('multipart/form-data; boundary="a b"', "application/vnd.api+json", "APPLICATION/JSON", "*/*", "\xff"),
)  # fmt: skip
# Headers a request may carry besides its own, each with what may stand in it.
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "Accept-Language": ("en", "uk", "xx;q=a", "en;q=1e999", "en;q=nan", ",;,", "a" * 3000, "\xff", "en;q="),
    "X-Request-ID": ("x" * 64, "x" * 65, "<b>", "\xe0", "a b"),
    "X-Forwarded-For": (
        "1.2.3.4",
        "::1",
        "unknown",
        "1.2.3.4, 5.6.7.8",
        "a" * 500,
        "\xff",
        ",",
        "1.2.3.4:99999",
    ),
    "X-Forwarded-Proto": ("https", "ftp", ""),
    "X-Real-IP": ("1.1.1.1", "x"),
    "Range": (
        "bytes=0-1",
        "bytes=-1",
        "bytes=9-1",
        "lines=1",
        "bytes=0-99999999999999999999",
        "bytes=0-1,2-3",
    ),
    "If-None-Match": ("*", '"1"', "\xff"),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "If-Match": (
        '"1"',
        '"2"',
        "1",
        "*",
        '""',
        '"-1"',
        'W/"1"',
        '"1", "2"',
        '"' + "9" * 30 + '"',
        "\xb2",
        '"1e3"',
    ),
    "Idempotency-Key": ("k", "k" * 255, "k" * 256, " ", "\xff\xfe", "'--", "а".encode().decode("latin-1")),
    "Origin": ("null", "http://evil.example", "\xff", "http://testserver"),
    "Cookie": (
        "a",
        "=",
        "ohmatdyt_refresh=x",
        "__Host-refresh=" + "a" * 3000,
        "refresh_token=\xff",
        ";;;",
        "a=b; a=c",
    ),
    "Authorization": (
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "bearer x.y.z",
        "Bearer " + "a" * 6000,
        "Bearer \xff",
    ),
    "Content-Encoding": ("gzip", "br", "identity"),
    "Accept": ("*/*", "text/html", "application/xml;q=1", "\xff"),
    "Host": ("", "evil.example", "[::1]", "a" * 300, "\xff"),
    "User-Agent": ("", "a" * 3000, "\xff\xfe", "<script>"),
    "Last-Event-ID": ("1", "x" * 999),
}


def text(random: Random, longest: int | None) -> str:
    """A text nobody expects: a strange one, or one at the limit of its field or of another."""
    if random.random() < 0.25:
        edge = longest if longest is not None and random.random() < 0.6 else random.choice(LENGTHS)
        return random.choice((LETTER, "a", " ", "e\u0301", "%", "\U0001f9d2", "\u200b")) * (
            edge + random.choice((-1, 0, 0, 1))
        )
    joined = "".join(random.choice(TEXTS) for _ in range(random.choice((1, 1, 1, 2, 3))))
    return joined if random.random() < 0.6 else f"Ганна {joined}"


def for_json(random: Random, longest: int | None) -> Any:
    """The same for a JSON field, which may also be of another kind altogether."""
    chance = random.random()
    if chance < 0.25:
        return random.choice(ANYTHING)
    if chance < 0.35:
        return random.choice(INTEGERS)
    return HALF if chance < 0.4 else text(random, longest)
