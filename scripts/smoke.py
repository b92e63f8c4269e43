"""`make smoke`: the way of one case through the running product, from the outside, as people and browsers go it.

Without an address it starts the topology of a server (scripts/topology.py) and, while people work, kills an API process
and a worker in turn. With one (URL=https://crm.example.org) it only walks; SMOKE_USER and SMOKE_PASSWORD name an
administrator there, SMOKE_ADDRESS the address that the desk has to know you by. What it made is deactivated at the end;
the case stays, marked as a trial.
"""

import argparse
import hashlib
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scripts.topology import Topology, running
from scripts.visitor import SmokeError, Visitor

_LETTER_PATIENCE_S = 60.0
# A small PDF as any program writes it.
FILE = (
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000056 00000 n \n"
    b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n105\n%%EOF\n"
)


@dataclass
class Team:
    """An administrator, an operator and an executor of one category, made for this walk."""

    admin: Visitor
    operator: Visitor
    executor: Visitor
    category: str
    channel: str
    users: list[str]


def hire(url: str, username: str, password: str) -> Team:
    """Make the directories and the people of a walk."""
    admin = Visitor(url).sign_in(username, password)
    mark = secrets.token_hex(3)
    names = {"name": f"Перевірка {mark}"}
    category = admin.call("POST", "/api/categories", expect=201, json=names).json()["id"]
    channel = admin.call("POST", "/api/channels", expect=201, json=names).json()["id"]
    people: list[Visitor] = []
    users = []
    for role in ("OPERATOR", "EXECUTOR"):
        name = f"trial-{role.lower()}-{mark}"
        body: dict[str, Any] = {"username": name, "email": f"{name}@example.org", "role": role}
        body |= {"full_name": f"Перевірка {role}"}
        if role == "EXECUTOR":
            body["executor_category_ids"] = [category]
        made = admin.call("POST", "/api/users", expect=201, json=body).json()
        visitor = Visitor(url).sign_in(name, made["temp_password"])
        fresh = f"{secrets.token_urlsafe(15)}-7a"
        change = {"current_password": made["temp_password"], "new_password": fresh, "confirm_password": fresh}
        visitor.call("POST", "/auth/change-password", json=change)
        visitor.close()
        people.append(Visitor(url).sign_in(name, fresh))
        users.append(made["id"])
    return Team(admin, people[0], people[1], category, channel, users)


def dismiss(team: Team) -> None:
    """Leave nothing behind that could be used."""
    for user in team.users:
        team.admin.call("POST", f"/api/users/{user}/deactivate", expect=(200, 204, 409))
    team.admin.call("POST", f"/api/categories/{team.category}/deactivate", expect=(200, 204))
    team.admin.call("POST", f"/api/channels/{team.channel}/deactivate", expect=(200, 204))
    for visitor in (team.admin, team.operator, team.executor):
        visitor.close()


def walk(team: Team, tell: Callable[[str], None]) -> int:
    """One case from registration to its letters; returns its number."""
    mark = secrets.token_hex(4)
    file = FILE + f"% {mark}\n".encode()
    made = team.operator.call(
        "POST",
        "/api/cases",
        expect=201,
        data={
            "category_id": team.category,
            "channel_id": team.channel,
            "applicant_name": f"Перевірка {mark}",
            "summary": f"Пробне звернення {mark}",
        },
        files={"files": ("перевірка.pdf", file, "application/pdf")},
    ).json()
    case, number = made["id"], made["public_id"]
    tell(f"registered {number}")
    take(team.executor, case)
    tell("taken")
    text = f"Беремо в роботу {mark}"
    team.executor.call(
        "POST", f"/api/cases/{case}/comments", expect=201, json={"text": text, "is_internal": False}
    )
    tell("commented")
    finish(team.executor, case)
    tell("done")
    card = team.operator.call("GET", f"/api/cases/{number}").json()
    if card["status"] != "DONE" or [c["text"] for c in card["comments"]].count(text) != 1:
        raise SmokeError(f"case {number} is not as it was left: {card['status']}, {card['comments']}")
    attachment = card["attachments"][0]
    got = team.operator.call("GET", f"/api/attachments/{attachment['id']}").content
    if hashlib.sha256(got).hexdigest() != attachment["sha256"] or got != file:
        raise SmokeError("the file came back altered")
    tell("file downloaded, unchanged")
    with Visitor(team.operator.url) as stranger:
        stranger.call("GET", f"/api/attachments/{attachment['id']}", expect=401)
    return int(number)


def take(visitor: Visitor, case: str) -> None:
    """Take a case; after a broken connection it may be his already."""
    answer = visitor.call("POST", f"/api/cases/{case}/take", expect=(200, 409))
    if (
        answer.status_code == 409
        and visitor.call("GET", f"/api/cases/{case}").json()["status"] != "IN_PROGRESS"
    ):
        raise SmokeError(f"taking: {answer.text}")


def finish(visitor: Visitor, case: str) -> None:
    """Close a case; after a broken connection it may be closed already."""
    body = {"to_status": "DONE", "comment": "Пробне звернення вирішено"}
    answer = visitor.call("POST", f"/api/cases/{case}/status", expect=(200, 403, 409), json=body)
    if answer.status_code != 200 and visitor.call("GET", f"/api/cases/{case}").json()["status"] != "DONE":
        raise SmokeError(f"closing: {answer.text}")


def letters(team: Team, number: int, *, mail: bool) -> str:
    """Wait until everybody who had to hear of a case has his letter (or his line, where there is no mail server)."""
    deadline = time.monotonic() + _LETTER_PATIENCE_S
    while True:
        rows = team.admin.call("GET", f"/api/notifications/log?case_id={number}&page_size=100").json()[
            "deliveries"
        ]
        states = {row["status"] for row in rows}
        types = {row["type"] for row in rows}
        if {"NEW_CASE", "CASE_TAKEN", "STATUS_CHANGED"} <= types and not states & {"PENDING", "SENDING"}:
            if mail and states != {"SENT"}:
                raise SmokeError(f"letters of {number}: {states}")
            return ", ".join(sorted(states))
        if time.monotonic() > deadline:
            raise SmokeError(f"letters of {number} do not leave: {states}, {types}")
        time.sleep(0.3)


def own_address(url: str) -> str:
    """Which of this machine's addresses goes out to there."""
    there = urlsplit(url)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((there.hostname, there.port or 443))
        return str(probe.getsockname()[0])


def address_seen(visitor: Visitor) -> str:
    """From where the desk believes somebody to have signed in: what the journal will say of him."""
    sessions = visitor.call("GET", "/auth/sessions").json()["sessions"]
    return str(next(one["ip"] for one in sessions if one["is_current"]))


def pages(url: str) -> None:
    """The web interface as a browser asks for it."""
    with Visitor(url) as browser:
        for path in ("/", "/cases", "/cases/123456", "/login"):
            answer = browser.call("GET", path)
            if not answer.headers["content-type"].startswith("text/html") or "__next" not in answer.text:
                raise SmokeError(f"{path} is no page of the interface")
        if browser.call("HEAD", "/").content:
            raise SmokeError("HEAD / came with a body")
        browser.call("GET", "/no-such-page", expect=404)
        browser.call("GET", "/metrics", expect=404)


@contextmanager
def killing(topology: Topology, pause_s: float) -> Iterator[list[str]]:
    """kill -9 of an API process and a worker in turn, until the block ends."""
    leaving = threading.Event()
    killed: list[str] = []
    names = ["api-1", "worker-1", "api-2", "worker-2"]

    def go_on() -> None:
        while not leaving.wait(pause_s):
            if not all(map(topology.is_ready, names)):
                continue  # in turn: the one before is back first
            name = names[len(killed) % len(names)]
            topology.parts[name].kill()
            killed.append(name)

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        leaving.set()
        thread.join(10)


def against(url: str) -> None:
    """Walk once through an installation somewhere."""
    username, password = os.environ.get("SMOKE_USER", ""), os.environ.get("SMOKE_PASSWORD", "")
    if not username or not password:
        raise SmokeError("SMOKE_USER and SMOKE_PASSWORD must name an administrator of that installation")
    pages(url)
    team = hire(url, username, password)
    seen, wanted = address_seen(team.admin), os.environ.get("SMOKE_ADDRESS", "")
    print(f"  you come from {seen}")
    if wanted and seen != wanted:
        raise SmokeError(f"the desk takes {seen} for the caller's address, it is {wanted}: TRUSTED_PROXIES")
    try:
        number = walk(team, lambda step: print(f"  {step}"))
        print(f"  letters: {letters(team, number, mail=False)}")
    finally:
        dismiss(team)


def under_fire(topology: Topology, team: Team, *, walks: int, pause_s: float) -> str:
    """Walk on while an API process and a worker are killed in turn. Returns the figures."""
    with killing(topology, pause_s) as killed:
        numbers = [walk(team, lambda _: None) for _ in range(walks)]
        while len(killed) < 4:
            numbers.append(walk(team, lambda _: None))
    for number in numbers:
        letters(team, number, mail=True)
    retries = sum(one.retries for one in (team.admin, team.operator, team.executor))
    slowest = max(answer for one in (team.operator, team.executor) for answer in one.answers)
    return (
        f"{len(numbers)} cases walked while {len(killed)} processes were killed ({', '.join(killed)}): nothing lost, "
        f"all letters sent; {retries} calls repeated, slowest answer {slowest:.1f} s"
    )


def here() -> None:
    """Start the topology, walk, and walk on while processes are killed."""
    begun = time.monotonic()
    with running() as topology:
        print(f"topology up after {time.monotonic() - begun:.1f} s at {topology.url}")
        pages(topology.url)
        team = hire(topology.url, *topology.admin)
        number = walk(team, lambda step: print(f"  {step}"))
        print(f"  letters: {letters(team, number, mail=True)}")
        print(under_fire(topology, team, walks=8, pause_s=3.0))
        dismiss(team)


def main() -> int:
    """Entry point; 1 with one sentence when a step did not go as it must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="")
    options = parser.parse_args()
    try:
        against(options.url.rstrip("/")) if options.url else here()
    except (SmokeError, RuntimeError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    print("smoke: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
