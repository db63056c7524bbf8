"""What a chain graph is and where it is kept.

The distribution installs four packages with plain names. Other distributions may have packages of the same names, so importing
``chain`` makes sure that the other three are ours.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chain.store import Store

_SIBLINGS = ("loaders", "queries", "viz")
_SERVERS = ("neo4j", "bolt", "neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc")


def open_store(location: str | Path) -> Store:
    """The store at a path; the file need not be there yet, the first load makes it.

    Raises
    ------
    StoreError
        If there is something else at the path, or `location` is the address of a server.

    Examples
    --------
    >>> open_store("bolt://localhost:7687")
    Traceback (most recent call last):
        ...
    chain.errors.StoreError: 这个版本还不能连接图数据库服务器：bolt://localhost:7687
    办法：用本地文件，如 zone.lianpu
    """
    scheme, separator, rest = str(location).partition("://")
    if separator and scheme.lower() in _SERVERS:
        from chain.errors import StoreError

        shown = f"{scheme}://{rest.rpartition('@')[2]}"  # an address may carry a password before the @
        raise StoreError(f"这个版本还不能连接图数据库服务器：{shown}", way_out="用本地文件，如 zone.lianpu")
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
