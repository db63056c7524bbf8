"""How long the server waits for slow visitors: for the head of a request, and for an answer to be taken."""

from __future__ import annotations

from typing import Any

HEAD, TAKING = 10.0, 30.0
"""Seconds in which the head of a request has to arrive; in which the next part of an answer has to be taken."""


def patient(head: float = HEAD, taking: float = TAKING) -> type[Any]:
    """The protocol of the server, with an end to its patience.

    Without it a visitor that sends a letter a minute keeps a connection for ever, and two hundred of them keep the office out.
    """
    import h11
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Patient(H11Protocol):
        """One connection."""

        _timers: dict[str, Any]

        def connection_made(self, transport: Any) -> None:
            """Starts to wait for a request."""
            super().connection_made(transport)
            self._timers = {}
            self._wait("head", head)

        def data_received(self, data: bytes) -> None:
            """Goes on waiting while the head of a request is not whole."""
            super().data_received(data)
            if self.conn.their_state is h11.IDLE:
                self._wait("head", head)
            else:
                self._stop("head")

        def pause_writing(self) -> None:
            """The visitor takes nothing at present."""
            super().pause_writing()
            self._wait("taking", taking)

        def resume_writing(self) -> None:
            """The visitor takes what it is sent."""
            super().resume_writing()
            self._stop("taking")

        def connection_lost(self, exc: Exception | None) -> None:
            """Nothing to wait for any more."""
            for name in list(self._timers):
                self._stop(name)
            super().connection_lost(exc)

        def _wait(self, name: str, seconds: float) -> None:
            """Ends the connection after some time; a wait that has begun goes on."""
            if name not in self._timers and not self.transport.is_closing():
                self._timers[name] = self.loop.call_later(seconds, self.transport.abort)

        def _stop(self, name: str) -> None:
            if timer := self._timers.pop(name, None):
                timer.cancel()

    return Patient
