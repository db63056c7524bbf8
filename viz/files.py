"""Writing results: a file is there whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from chain.errors import OutputError


def write_whole(path: Path | str, content: bytes) -> None:
    """Writes under a temporary name beside `path`, then renames: readers see the old file or the new one.

    Raises
    ------
    OutputError
        If the place can't be written, naming the path and the way out.
    """
    target = Path(path)
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".lianpu-", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise OutputError(f"写不了文件：{error.strerror or error}", where=str(target), way_out=_way_out(error)) from error


def _mode(target: Path) -> int:
    """Permissions of the file being replaced, else those a new file gets."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _way_out(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满，腾出空间或换一个位置"
    if isinstance(error, PermissionError):
        return "没有写权限，或文件正在 Excel、WPS 里打开；关闭它或换一个位置"
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "先建好所在的文件夹"
    if isinstance(error, IsADirectoryError):
        return "给出文件名，而不是文件夹"
    return "换一个位置再试"
