"""One writer at a time: a lock file beside the store that the system frees when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from chain.errors import StoreBusy, StoreError


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the right to write `path`.

    Raises
    ------
    StoreBusy
        If another process holds it; its pid is named.
    StoreError
        If the folder can't be written to.
    """
    beside = path.with_name(f".{path.name}.lock")
    if not path.parent.is_dir():
        raise StoreError(f"没有这个目录：{path.parent}", way_out="检查路径，或先建好目录")
    try:
        file = open(beside, "a+", encoding="ascii")  # noqa: SIM115 — closed by the with below
        with suppress(OSError):  # in a shared folder a colleague must be able to take the lock next time
            os.chmod(beside, 0o666)  # noqa: S103
    except OSError as error:
        raise StoreError(f"不能在 {path.parent} 写文件：{error.strerror}", way_out="换一个可写的目录") from error
    with file:
        if not _taken(file):
            file.seek(0)
            holder = file.read().strip() or "未知"
            raise StoreBusy(f"另一个进程（pid {holder}）正在写 {path}", way_out="等它结束再试")
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _taken(file: IO[str]) -> bool:
    """Whether the lock on the open file is ours now."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
