"""So many requests in one person's name, over several connections; and what is to be told of it."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.edge.hostile.asking import Ask, Asker
from tests.edge.hostile.desk import Scene
from tests.edge.hostile.judge import Judge
from tests.edge.hostile.wire import Answer, Wire

CONNECTIONS: Final = 8
_RESTORE_EVERY: Final = 500
_TELL_EVERY: Final = 10_000
# So many of the requests are asked alone, and what a refusal has left unchanged is looked at.
_ALONE: Final = 0.04
# Routes that make a row, and of which table.
_MAKES: Final = {
    "POST /api/cases": "cases",
    "POST /api/cases/{case}/comments": "case_comments",
    "POST /api/attachments/cases/{case}/upload": "attachments",
    "POST /api/patients": "patients",
    "POST /api/doctors": "doctors",
    "POST /api/categories": "categories",
    "POST /api/channels": "channels",
    "POST /api/categories/{category_id}/subcategories": "subcategories",
}


@dataclass
class Tally:
    """What was made and unmade, by what the answers say."""

    made: set[tuple[str, str]] = field(default_factory=set)
    gone: int = 0

    def note(self, ask: Ask, answer: Answer) -> None:
        route = f"{ask.method} {ask.route.split(' ')[1]}"
        if answer.status == 201 and route in _MAKES:
            told = json.loads(answer.body)
            self.made.add((_MAKES[route], str(told["id"])))
            for one in told.get("attachments", []) if route == "POST /api/cases" else []:
                self.made.add(("attachments", str(one["id"])))
        elif answer.status == 204 and route == "DELETE /api/attachments/{attachment_id}":
            self.gone += 1

    def expected(self, before: dict[str, int]) -> dict[str, int]:
        """The rows there should be now."""
        made = Counter(table for table, _ in self.made)
        return {t: n + made[t] - (self.gone if t == "attachments" else 0) for t, n in before.items()}


class Run:
    """One role's requests against one server."""

    def __init__(self, scene: Scene, role: str, port: int, seed: str) -> None:
        self.scene, self.role, self.port = scene, role, port
        self.random = Random(f"{seed} {role}")
        self.asker = Asker(scene.contract, scene.things)
        self.judge = Judge(scene.contract)
        self.tally = Tally()
        self.asked = self.signed_in_again = 0
        self._began = 0.0
        self._door = asyncio.Lock()

    async def go(self, requests: int) -> None:
        """Ask them all. What was wrong is in `judge.faults`."""
        self._began = time.monotonic()
        before = await self.scene.counts()
        await self.scene.restore(self.role)
        alone = int(requests * _ALONE)
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(self._several(requests - alone))
        await self._alone(alone)
        if (now := await self.scene.counts()) != (expected := self.tally.expected(before)):
            self.judge.faults.append(f"rows by the answers {expected}, in the tables {now}")

    async def _several(self, until: int) -> None:
        wire = Wire(self.port)
        while self.asked < until:
            await self._one(wire)
        wire.close()

    async def _alone(self, requests: int) -> None:
        wire = Wire(self.port)
        before = await self.scene.standing()
        for _ in range(requests):
            ask, answer = await self._one(wire)
            after = await self.scene.standing()
            if after != before and (answer is None or answer.status >= 400):
                self.judge.fault(ask, answer, "was refused and changed something")
            before = after
        wire.close()

    async def _one(self, wire: Wire) -> tuple[Ask, Answer | None]:
        ask, token = self.asker.draw(self.random), self.scene.tokens[self.role]
        self.asked += 1
        if self.asked % _TELL_EVERY == 0:
            self._tell()
        if self.asked % _RESTORE_EVERY == 0:
            async with self._door:
                await self.scene.restore(self.role)
        try:
            answer = await wire.ask(ask, token)
        except (ConnectionError, TimeoutError) as error:
            self.judge.fault(ask, None, type(error).__name__)
            return ask, None
        self.judge.look(ask, answer)
        self.tally.note(ask, answer)
        self._learn(answer)
        if answer.status == 401 and ask.signed and self.role not in {"nobody", "deactivated"}:
            async with self._door:
                if token == self.scene.tokens[self.role]:
                    self.signed_in_again += 1
                    await self.scene.sign_in(self.role, self.scene.callers[self.role])
        return ask, answer

    def _learn(self, answer: Answer) -> None:
        """Cursors and tokens that the server has given are worth using, and tampering with."""
        if answer.status == 200 and b'"next_after":"' in answer.body:
            cursors = self.scene.things.cursors
            cursors[:] = [*cursors[-30:], json.loads(answer.body)["next_after"]]
        if answer.status == 200 and b'"refresh_token":"' in answer.body:
            tokens = self.scene.things.ids.setdefault("known_refresh_token", [""])
            tokens[:] = [*tokens[-5:], json.loads(answer.body)["refresh_token"]]

    def _tell(self) -> None:
        rate = self.asked / (time.monotonic() - self._began)
        print(
            f"  {self.role}: {self.asked}, {rate:.0f} a second, faults {len(self.judge.faults)}", flush=True
        )

    def summary(self) -> str:
        """Figures for people."""
        judge = self.judge
        kinds: dict[str, Any] = {f"{n}xx": 0 for n in range(2, 6)}
        for status, count in judge.statuses.items():
            kinds[f"{status // 100}xx"] += count
        never = [route for route in judge.listed if not judge.reached[route]]
        return (
            f"{self.role}: {self.asked} requests in {time.monotonic() - self._began:.0f} s, {kinds}, "
            f"{len(judge.reached)} of {len(judge.listed)} routes answered 2xx, busy {dict(judge.busy)}, "
            f"made {len(self.tally.made)} rows, signed in again {self.signed_in_again} times, "
            f"faults {len(judge.faults)}" + (f"\n  never 2xx: {', '.join(never)}" if len(never) < 40 else "")
        )
