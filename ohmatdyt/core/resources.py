"""What an answer needs until its last byte has left, and what happens to it when nobody waits for that byte."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated

from fastapi import Depends


async def _answer_resources() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


# Enter here what a streamed body reads from: files, generators (`contextlib.aclosing`), tasks. It is closed when the
# answer has been sent, when it failed, when the client hung up, and when the body was never begun. The body's own
# `finally` is no place for that: a generator that was never started has none, and one that was cancelled by Starlette
# is cancelled again at each `await` of its cleaning up.
AnswerResources = Annotated[AsyncExitStack, Depends(_answer_resources, scope="request")]
