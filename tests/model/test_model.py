"""The product against its model: two thousand steps that hypothesis chooses, shortens and tells when they disagree.

`make model` walks further (tests/model/__main__.py).
"""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ohmatdyt.core.embedded import EmbeddedPostgres
from tests.model import views
from tests.model.running import opened_world
from tests.model.world import NAMES, WEIGHTS

WORLDS, STEPS = 20, 100
# Often means often here too: hypothesis picks evenly, so a name stands as many times as it weighs.
OFTEN = [name for name, weight in zip(NAMES, WEIGHTS, strict=True) for _ in range(weight)]


def test_product_and_model_agree(migrated: tuple[EmbeddedPostgres, str]) -> None:
    server, emptying = migrated
    taken = 0

    class Desk(RuleBasedStateMachine):
        """One desk; each step is an action and a number from which it takes its choices."""

        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner()
            self.stack = AsyncExitStack()
            self.folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="ohmatdyt-model-"))
            opening = self.stack.enter_async_context(opened_world(server.url(), emptying, Path(self.folder)))
            self.world = self.runner.run(opening)

        @rule(name=st.sampled_from(OFTEN), number=st.integers(0, 2**32 - 1))
        def act(self, name: str, number: int) -> None:
            nonlocal taken
            taken += 1
            self.runner.run(self.world.do(name, number))

        @invariant()
        def everybody_sees_what_he_must(self) -> None:
            if self.world.done and len(self.world.done) % STEPS == 0:
                self.runner.run(views.check_everything(self.world, Random(0)))

        def teardown(self) -> None:
            self.runner.run(self.stack.aclose())
            self.runner.close()

    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=WORLDS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            # Shrinking by replay costs a desk each time; it is worth it only when something was found.
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{taken} steps")
    if taken < WORLDS * STEPS * 3 // 4:
        pytest.fail(f"only {taken} steps: hypothesis cut its walks short")
