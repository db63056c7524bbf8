"""What a chain graph is and where it is kept.

The distribution installs four packages with plain names. Other distributions may have packages of the same names, so importing
``chain`` makes sure that the other three are ours.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chain.store import Store

_SIBLINGS = ("loaders", "queries", "viz")
_SERVERS = ("neo4j", "bolt", "neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc")


def is_address(location: str | Path) -> bool:
    """Whether a location is the address of a server rather than a path.

    Examples
    --------
    >>> is_address("neo4j://localhost:7687"), is_address("zone.lianpu")
    (True, False)
    """
    return str(location).partition("://")[0].lower() in _SERVERS and "://" in str(location)


def check_location(location: str | Path) -> None:
    """Makes sure that a location is an address or can be a path, and no address with a slip.

    Raises
    ------
    StoreError
        If it looks like an address but is none that is known.

    Examples
    --------
    >>> check_location("http://neo4j:secret@zone:7474")
    Traceback (most recent call last):
        ...
    chain.errors.StoreError: 不认得的地址：zone:7474
    办法：服务器写成 neo4j://主机:7687 或 bolt://主机:7687；图谱文件写路径，如 zone.lianpu
    """
    from chain.errors import StoreError

    text = str(location)
    like = re.match(r"[\w+.-]{2,}[:：][/／]|[^/\\]+@[\w.-]+[:：]\d|[\w.-]{2,}[:：]\d+$|\[[0-9a-fA-F:]+\]", text)
    if like and not is_address(text) and not Path(text).exists():
        shown = text.rpartition("@")[2] or text
        raise StoreError(f"不认得的地址：{shown}", way_out="服务器写成 neo4j://主机:7687 或 bolt://主机:7687；图谱文件写路径，如 zone.lianpu")


def open_store(location: str | Path, *, user: str | None = None, password: str | None = None, into_existing: bool = False) -> Store:
    """The store at a path or an address; a file need not be there yet, the first load makes it.

    Parameters
    ----------
    location
        A path, or ``neo4j://host:7687``, ``bolt://…``, ``neo4j+s://…``, with ``?database=NAME`` for another than the default one.
    user, password
        For a server; else from LIANPU_NEO4J_USER and LIANPU_NEO4J_PASSWORD.
    into_existing
        Write even into a database of a server that holds somebody else's data.

    Raises
    ------
    StoreError
        If there is something else at the path, or the server can't be reached.

    Examples
    --------
    >>> open_store("bolt://zone:secret@localhost:7687")
    Traceback (most recent call last):
        ...
    chain.errors.StoreError: 地址里不要写用户和密码：bolt://localhost:7687
    办法：用环境变量 LIANPU_NEO4J_USER、LIANPU_NEO4J_PASSWORD，或按提示输入
    """
    check_location(location)
    if is_address(location):
        from chain.server import ServerStore

        return ServerStore(str(location), user=user, password=password, into_existing=into_existing)
    from chain.embedded import EmbeddedStore

    return EmbeddedStore(location)


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("lianpu")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _folder(package: str) -> Path | None:
    """Folder that a top-level package would be imported from, without importing it."""
    try:
        spec = find_spec(package)
    except ValueError:  # imported by something that set no spec
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]).resolve() if places else None


def _check_siblings() -> None:
    home = Path(__file__).resolve().parent.parent
    for package in _SIBLINGS:
        folder = _folder(package)
        if folder is None or folder.parent != home:
            found = f"找到的是 {folder}" if folder else "没有找到"
            raise ImportError(
                f"链谱的包 {package} 应在 {home / package}，{found}。多半是别的软件包占用了这个名字。"
                "办法：为链谱单独建一个虚拟环境（python3 -m venv lianpu-env），在里面安装 lianpu"
            )


_check_siblings()
