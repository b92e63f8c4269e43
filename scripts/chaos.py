"""`make chaos`: people write while every process is killed by -9 in any order; nothing acknowledged may be lost.

Writers keep a journal of what was acknowledged: cases, comments, files. At the end each entry is looked for, byte for
byte, every case's notifications are counted, and their letters must have left. After each kill it is measured how
long until somebody could write again through nginx.
"""

import argparse
import hashlib
import itertools
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from scripts.smoke import FILE, Team, hire
from scripts.topology import Topology, running
from scripts.visitor import SmokeError

APIS = ("api-1", "api-2")
VICTIMS = ("db", "api-1", "worker-1", "redis", "api-2", "worker-2", "apis", "db", "beat")
SERVING_AGAIN_S = 10.0
_DELIVERY_PATIENCE_S = 120.0


@dataclass
class Journal:
    """What was acknowledged, and when the latest of these writes was sent."""

    cases: dict[str, str] = field(default_factory=dict)
    comments: dict[str, tuple[str, str]] = field(default_factory=dict)
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    refused: int = 0
    unknown: int = 0
    last: float = field(default_factory=time.monotonic)

    @property
    def total(self) -> int:
        """How many writes were acknowledged."""
        return len(self.cases) + len(self.comments) + len(self.files)


class Writer(threading.Thread):
    """Somebody who registers cases with files and comments on them, as fast as he is answered."""

    _numbers = itertools.count()

    def __init__(self, topology: Topology, team: Team, journal: Journal, leaving: threading.Event) -> None:
        super().__init__(daemon=True)
        self.team, self.journal, self.leaving = team, journal, leaving
        self.wrong = ""
        self.client = httpx.Client(base_url=topology.url, timeout=8, trust_env=False)
        self.headers = {"Authorization": f"Bearer {team.operator.token}"}

    def run(self) -> None:
        """Until told to leave."""
        while not self.leaving.is_set() and not self.wrong:
            self._register()
        self.client.close()

    def _post(self, path: str, **body: object) -> dict[str, object] | None:
        headers = {**self.headers, "Idempotency-Key": str(uuid4())}
        sent_at = time.monotonic()
        try:
            answer = self.client.post(path, headers=headers, **body)  # type: ignore[arg-type]
        except httpx.TransportError:
            self.journal.unknown += 1  # nobody was told anything
            self.leaving.wait(0.05)
            return None
        if answer.status_code != 201:
            self.journal.refused += 1
            if answer.status_code not in {502, 503, 504, 429}:
                self.wrong = f"{path}: {answer.status_code} {answer.text[:300]}"
            self.leaving.wait(0.05)
            return None
        self.journal.last = max(self.journal.last, sent_at)
        made: dict[str, object] = answer.json()
        return made

    def _register(self) -> None:
        text = f"Звернення {next(self._numbers)} {uuid4()}"
        file = FILE + f"% {text}\n".encode()
        fields = {"category_id": self.team.category, "channel_id": self.team.channel}
        fields |= {"applicant_name": "Перевірка", "summary": text}
        made = self._post("/api/cases", data=fields, files={"files": ("a.pdf", file, "application/pdf")})
        if made is None:
            return
        case = str(made["id"])
        self.journal.cases[case] = text
        for one in made["attachments"]:  # type: ignore[attr-defined]
            self.journal.files[one["id"]] = (case, hashlib.sha256(file).hexdigest())
        comment = self._post(f"/api/cases/{case}/comments", json={"text": text, "is_internal": False})
        if comment is not None:
            self.journal.comments[str(comment["id"])] = (case, text)


def campaign(
    topology: Topology,
    team: Team,
    *,
    kills: int,
    writers: int = 3,
    pause_s: float = 1.5,
    seed: int | None = None,
    most_s: float = SERVING_AGAIN_S,
) -> str:
    """Kill so many times under so many writers. Returns the figures; raises `SmokeError` when anything is lost."""
    dice = random.Random(seed)
    journal, leaving = Journal(), threading.Event()
    people = [Writer(topology, team, journal, leaving) for _ in range(writers)]
    begun = time.monotonic()
    for one in people:
        one.start()
    waits: list[tuple[float, str]] = []
    order = [VICTIMS[n % len(VICTIMS)] for n in range(kills)]
    if kills > len(VICTIMS):
        dice.shuffle(order)
    for name in order:
        time.sleep(dice.uniform(0.3, pause_s))
        waits.append((_kill(topology, journal, name, people), name))
    time.sleep(1)
    leaving.set()
    for one in people:
        one.join(30)
    took = time.monotonic() - begun
    topology.wait_ready()
    if any(one.wrong for one in people):
        raise SmokeError("; ".join(one.wrong for one in people if one.wrong))
    _nothing_lost(team, journal)
    letters = _all_letters_left(topology, team, journal)
    waits.sort()
    slowest, who = waits[-1]
    figures = (
        f"{kills} kills in {took:.0f} s under {writers} writers: {journal.total} acknowledged writes "
        f"({len(journal.cases)} cases, {len(journal.comments)} comments, {len(journal.files)} files), 0 lost; "
        f"{letters} letters, 0 missing; {journal.refused} refused with 503, {journal.unknown} broken off; "
        f"writing again after {waits[len(waits) // 2][0]:.1f} s (median), {slowest:.1f} s at most ({who})"
    )
    if slowest > most_s:
        raise SmokeError(f"too slow, more than {most_s:.0f} s: {figures}")
    return figures


def _kill(topology: Topology, journal: Journal, name: str, people: list[Writer]) -> float:
    """kill -9; returns how long until a write sent after it was acknowledged."""
    # Both API processes gone at once is the case «apis»; otherwise one of them is up when the other dies.
    deadline = time.monotonic() + 60
    while not all(map(topology.is_ready, APIS)) and time.monotonic() < deadline:
        time.sleep(0.05)
    victims = APIS if name == "apis" else (name,)
    for victim in victims:
        topology.parts[victim].kill()
    begun = time.monotonic()
    while journal.last <= begun:
        if wrong := [one.wrong for one in people if one.wrong]:
            raise SmokeError(f"after kill -9 of {name}: {wrong[0]}\n{_reasons(topology)}")
        if time.monotonic() - begun > 60:
            raise SmokeError(
                f"after kill -9 of {name} nobody can write any more\n{topology.parts[victims[0]].said()[-1500:]}"
            )
        time.sleep(0.02)
    return time.monotonic() - begun


def _reasons(topology: Topology) -> str:
    """What the API processes wrote about failures of their own."""
    lines = [line for name in APIS for line in topology.parts[name].said().splitlines()]
    return "\n".join(line[-1200:] for line in lines if '"level":"error"' in line)[-6000:]


def _nothing_lost(team: Team, journal: Journal) -> None:
    cards = {}
    for case, text in journal.cases.items():
        card = team.operator.call("GET", f"/api/cases/{case}").json()
        if card["summary"] != text:
            raise SmokeError(f"case {case} is not what was acknowledged")
        cards[case] = card
    for comment, (case, text) in journal.comments.items():
        if {"id": comment, "text": text} not in [
            {"id": c["id"], "text": c["text"]} for c in cards[case]["comments"]
        ]:
            raise SmokeError(f"comment {comment} of {case} is lost")
    for file, (case, digest) in journal.files.items():
        body = team.operator.call("GET", f"/api/attachments/{file}").content
        if hashlib.sha256(body).hexdigest() != digest:
            raise SmokeError(f"file {file} of {case} is altered")


def _all_letters_left(topology: Topology, team: Team, journal: Journal) -> int:
    """Every acknowledged case was told to its executor and to the administrators, by letter; returns how many left."""
    executor = team.executor.call("GET", "/auth/me").json()["email"]
    numbers = {
        str(team.operator.call("GET", f"/api/cases/{case}").json()["public_id"]) for case in journal.cases
    }
    deadline = time.monotonic() + _DELIVERY_PATIENCE_S
    while True:
        subjects = [str(letter["Subject"]) for to, letter in list(topology.postbox.letters) if to == executor]
        missing = {number for number in numbers if not any(number in subject for subject in subjects)}
        if not missing:
            return len(topology.postbox.letters)
        if time.monotonic() > deadline:
            raise SmokeError(
                f"{len(missing)} of {len(numbers)} letters about new cases never came: {sorted(missing)[:5]}"
            )
        time.sleep(0.5)


def main() -> int:
    """Entry point; 1 with one sentence when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    try:
        with running() as topology:
            team = hire(topology.url, *topology.admin)
            print(campaign(topology, team, kills=options.kills, seed=options.seed))
    except (SmokeError, RuntimeError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
