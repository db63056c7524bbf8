"""One job over many chunks, in this process or in several: the answers come in the order of the chunks either way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Known = TypeVar("Known")
Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")

_MIN_CHUNKS = 8
"""With fewer chunks a second process costs more than it saves."""

_standing: tuple[Callable[[Any, Any], Any], Any] | None = None


def spread(known: Known, chunks: Sequence[Chunk], job: Callable[[Known, Chunk], Answer], *, processes: int = 1) -> Iterator[Answer]:
    """``job(known, chunk)`` for every chunk, in order.

    Parameters
    ----------
    known
        What every job needs; sent to each process once.
    chunks
        What the jobs differ in.
    job
        A function of a module, so that another process can find it.
    processes
        How many work side by side; few chunks are done here.
    """
    if processes < 2 or len(chunks) < _MIN_CHUNKS:
        yield from (job(known, chunk) for chunk in chunks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # started afresh: a process copied from one in which a database runs threads may hang
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(job, known))
    try:
        yield from pool.map(_work, chunks)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(job: Callable[[Any, Any], Any], known: Any) -> None:
    import signal

    global _standing
    signal.signal(signal.SIGINT, signal.SIG_IGN)    # the process that asked decides what an interruption means
    _standing = job, known


def _work(chunk: Any) -> Any:
    assert _standing is not None
    job, known = _standing
    return job(known, chunk)
