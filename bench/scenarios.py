"""What is asked, of the product and of the two baselines alike."""

import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from bench.load import Request, get, post

PAGE_SIZE = 20
_BOUNDARY = "----bench"


@dataclass(frozen=True)
class Scenario:
    """One thing people do; each maker gives the next request to send. `status` is that of success.

    `same` asks the baseline for the same answer, `sql` for the bare rows; None where these are the same.
    """

    name: str
    product: Request
    sql: Request
    fixed: Request
    same: Request | None = None
    status: int = 200


@dataclass
class Ground:
    """What the scenarios need to know of the database they run on."""

    token: str
    username: str
    password: str
    category_id: str
    channel_id: str
    author_id: str
    public_ids: list[int]
    deep_page: int
    status: str = "DONE"


def survey(port: int, password: str, username: str) -> Ground:
    """Sign in and look around; raises when the product does not answer as it should."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        signed_in = client.post("/auth/login", json={"username": username, "password": password})
        signed_in.raise_for_status()
        token = signed_in.json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        categories = client.get("/api/categories").raise_for_status().json()["categories"]
        channels = client.get("/api/channels").raise_for_status().json()["channels"]
        first = client.get("/api/cases", params={"page_size": 100}).raise_for_status().json()
        last_page = max(1, first["total"] // PAGE_SIZE)
        ids = [case["public_id"] for case in first["cases"]]
        chance = random.Random(1)
        for _ in range(20):
            page = chance.randrange(1, max(2, last_page // 5))
            answer = (
                client.get("/api/cases", params={"page_size": 100, "page": page}).raise_for_status().json()
            )
            ids += [case["public_id"] for case in answer["cases"]]
        chance.shuffle(ids)
        return Ground(
            token=token,
            username=username,
            password=password,
            category_id=next(one["id"] for one in categories if one["name"] == "Сервіс"),
            channel_id=channels[0]["id"],
            author_id=signed_in.json()["user"]["id"],
            public_ids=ids,
            deep_page=min(1000, last_page),
        )


def _always(request: bytes) -> Request:
    return lambda: request


def case_fields(ground: Ground) -> dict[str, str]:
    """What is registered."""
    return {
        "category_id": ground.category_id,
        "channel_id": ground.channel_id,
        "applicant_name": "Ганна Ткаченко",
        "applicant_phone": "067 000-12-34",
        "summary": "Не можу додзвонитися до відділення третій день, прошу передзвонити після обіду.",
    }


def list_queries(ground: Ground) -> dict[str, dict[str, Any]]:
    """What each list asks for."""
    return {
        "list": {},
        "list_status": {"status": [ground.status]},
        "list_category": {"category_id": ground.category_id},
        "deep": {"page": ground.deep_page},
    }


def _form(ground: Ground) -> Callable[[str], bytes]:
    fields = case_fields(ground)
    parts = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    body = f"{parts}--{_BOUNDARY}--\r\n".encode()
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    return lambda path: post(path, body, kind, ground.token)


def paths(ground: Ground) -> dict[str, str]:
    """The product's address of each reading scenario; the card stands for any card."""
    lists = {
        name: "/api/cases" + ("?" + urlencode(asked, doseq=True) if asked else "")
        for name, asked in list_queries(ground).items()
    }
    return {**lists, "card": f"/api/cases/{ground.public_ids[0]}"}


def scenarios(ground: Ground) -> list[Scenario]:
    """Reading first, writing last, so that writing does not change what reading was measured on."""
    read = [
        Scenario(
            name,
            product=_always(get(path, ground.token)),
            sql=_always(get(f"/sql/{name}")),
            fixed=_always(get(f"/bytes/{name}")),
            same=_always(get(f"/same/{name}")),
        )
        for name, path in paths(ground).items()
        if name != "card"
    ]
    cards = itertools.cycle([get(f"/api/cases/{number}", ground.token) for number in ground.public_ids])
    bare_cards = itertools.cycle([get(f"/sql/card/{number}") for number in ground.public_ids])
    read.append(Scenario("card", cards.__next__, bare_cards.__next__, _always(get("/bytes/card"))))
    who: dict[str, Any] = {"username": ground.username, "password": ground.password}
    credentials = json.dumps(who).encode()
    form = _form(ground)
    logins = [
        _always(post(path, credentials, "application/json"))
        for path in ("/auth/login", "/sql/login", "/bytes/login")
    ]
    creations = [
        _always(form(path)) for path in ("/api/cases", "/sql/create", "/bytes/create", "/same/create")
    ]
    return [
        *read,
        Scenario("login", logins[0], logins[1], logins[2]),
        Scenario("create", creations[0], creations[1], creations[2], creations[3], status=201),
    ]
