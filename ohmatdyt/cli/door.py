"""Where requests come in: the surplus is turned away before it is read.

Between the bytes of a request and our first line of code stand a parser, a task and a turn of the event loop. Of a
hundred requests that arrive in one turn all would have been let in, because none had begun yet.
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ohmatdyt.core.middleware import Edge


class Door(HttpToolsProtocol):
    """One connection of the server."""

    def data_received(self, data: bytes) -> None:
        """Bytes have arrived: more of a request that has begun, or the first of one."""
        if self.cycle is None or self.cycle.response_complete:
            answer = _edge(self.config.loaded_app).at_the_socket(data, len(self.tasks))
            if answer is not None:
                self._unset_keepalive_if_required()
                self.transport.write(answer)
                self.transport.close()
                return
        super().data_received(data)


def _edge(app: Any) -> Edge:
    while not hasattr(app, "state"):  # uvicorn's own wrappers
        app = app.app
    edge: Edge = app.state.edge
    return edge
