"""The connection to a server: address, user and password, transactions, and its failures as ours."""

from __future__ import annotations

import logging
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import neo4j
from neo4j import exceptions as faults

from chain import schema
from chain.errors import LoadOpen, StoreBusy, StoreError, StoreMoved
from chain.moments import unmoved

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what it has to say comes as errors, in our words
Answer = TypeVar("Answer")
USER, PASSWORD = "LIANPU_NEO4J_USER", "LIANPU_NEO4J_PASSWORD"
OLDEST = (5, 26)
SILENT_SECONDS = 60.0
_KNOWN = ("database", "policy")
_RETRY_SECONDS = 15.0
_TRIES = 20


class OutOfMemory(StoreError):
    """A transaction needs more memory than the server gives it."""


@dataclass(frozen=True)
class Address:
    """Where a server is: what goes to the driver, the database, and the whole as it is shown."""

    uri: str
    database: str | None
    shown: str


def address(location: str) -> Address:
    """`location` in its parts.

    Raises
    ------
    StoreError
        If it carries a password, or is no address.
    """
    try:
        parts = urlsplit(location)
        named = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise StoreError(f"不是服务器地址：{location.rpartition('@')[2]}", way_out="写成 neo4j://主机:7687 或 bolt://主机:7687") from error
    if parts.username or parts.password or "@" in parts.netloc:
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        raise StoreError(f"地址里不要写用户和密码：{shown}", way_out=f"用环境变量 {USER}、{PASSWORD}，或按提示输入")
    if not named:
        raise StoreError(f"不是服务器地址：{location}", way_out="写成 neo4j://主机:7687 或 bolt://主机:7687")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.path.strip("/"):
        raise StoreError(f"地址里不要写路径：{location}", way_out=f"数据库写成 {parts.scheme}://{parts.netloc}?database={parts.path.strip('/')}")
    if unknown := sorted(set(query) - set(_KNOWN)):
        raise StoreError(f"地址里的参数不认识：{unknown[0]}", where=location, way_out="数据库写成 ?database=名称")
    if query.get("database", "").lower() == "system":
        raise StoreError("system 是服务器自己用的数据库，不能放图谱", where=location, way_out="换一个，如 ?database=neo4j")
    database = query.pop("database", None)
    uri = urlunsplit((parts.scheme.lower(), parts.netloc, "", urlencode(query), ""))
    return Address(uri, database, f"{parts.scheme.lower()}://{parts.netloc}" + (f"?database={database}" if database else ""))


@cache
def statement(name: str, **names: str) -> str:
    """A statement of ``cypher/`` with names of our own schema put for the words that stand for them; values are always parameters."""
    text = (Path(__file__).with_name("cypher") / f"{name}.cypher").read_text(encoding="utf-8")
    for word, put in names.items():
        if not re.fullmatch(r"\w+", put, re.ASCII):
            raise ValueError(put)
        text = re.sub(rf"\b{word}\b", put, text)
    return text


@dataclass(frozen=True)
class State:
    """What a store says of itself at one moment: table layout, number of loads so far, data date, the open load."""

    version: int | None
    generation: int | None
    as_of: str
    load: dict[str, Any] | None

    @property
    def stamp(self) -> str:
        """A word that is another for every other state."""
        return f"{self.version} {self.generation} {self.as_of}"

    @property
    def left_behind(self) -> bool:
        """Whether a load is open that nobody goes on with."""
        return self.load is not None and (self.load["silent"] > SILENT_SECONDS or _died(self.load["who"]))


def _died(who: str) -> bool:
    """Whether somebody who loads was a process of this machine that is no more; of other machines nobody knows."""
    found = re.fullmatch(r".*@(.*)（pid (\d+)）", who)
    if not found or found[1] != socket.gethostname() or os.name != "posix":
        return False
    try:
        os.kill(int(found[2]), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's
        return False
    return False


@dataclass
class _Moment:
    """The state that all is read from for a while, once it was asked for."""

    stamp: str | None
    state: State | None = None


class Link:
    """A driver and what every transaction has in common."""

    _moment: _Moment | None = None

    def __init__(self, location: str, *, user: str | None = None, password: str | None = None) -> None:
        self.address = address(location)
        given = password if password is not None else os.environ.get(PASSWORD)
        if given is None:
            raise StoreError(f"没有 {self.address.shown} 的密码", way_out=f"设好环境变量 {USER}（缺省 neo4j）与 {PASSWORD}")
        auth = (user or os.environ.get(USER) or "neo4j", given) if given else None
        with self.explained():
            self._driver: Any = neo4j.GraphDatabase.driver(
                self.address.uri, auth=auth, notifications_min_severity="OFF", max_transaction_retry_time=_RETRY_SECONDS,
                connection_timeout=10.0, connection_acquisition_timeout=30.0, user_agent="lianpu")
            self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        try:
            with self.explained():
                self._check_version(str(self._driver.get_server_info().agent))
        except BaseException:
            self.close()
            raise

    def _check_version(self, agent: str) -> None:
        found = re.fullmatch(r"Neo4j/(\d+)\.(\d+).*", agent)
        if found and (int(found[1]), int(found[2])) < OLDEST:
            raise StoreError(f"服务器太旧：{self.address.shown} 是 {agent}", way_out=f"升级到 Neo4j {OLDEST[0]}.{OLDEST[1]} 或更新")

    def close(self) -> None:
        """Let go of all connections."""
        self._driver.close()

    def session(self, mode: str = neo4j.READ_ACCESS) -> Any:
        """A session that sees what this link wrote, on whichever member of a cluster."""
        return self._driver.session(database=self.address.database, default_access_mode=mode, bookmark_manager=self._bookmarks, fetch_size=10_000)

    def write(self, work: Callable[[Any], Answer], *, turn: AbstractContextManager[Any] = nullcontext()) -> Answer:
        """What `work` gives in one write transaction, repeated on passing failures.

        Want of memory is told at once: trying the same again, as the driver's own repetition would, does not help.

        Parameters
        ----------
        turn
            Held while the transaction is committed.
        """
        until, pause = time.monotonic() + _RETRY_SECONDS, 0.1
        while True:
            with self.explained():
                try:
                    with self.session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as tx:
                        found = work(tx)
                        with turn:
                            tx.commit()
                        return found
                except (faults.Neo4jError, faults.DriverError) as error:
                    if not error.is_retryable() or "Memory" in str(getattr(error, "code", "")) or time.monotonic() > until:
                        raise
            time.sleep(pause)
            pause *= 2

    def plainly(self, text: str) -> list[dict[str, Any]]:
        """Rows of a statement that must stand in a transaction of its own: constraints and indexes."""
        with self.explained(), self.session(neo4j.WRITE_ACCESS) as session:
            return list(session.run(text).data())

    def read(self, work: Callable[[Any, State], Answer], *, past_crash: bool = False) -> tuple[State, Answer]:
        """What `work` reads, all of it in one state of the store.

        Neo4j shows a reader what others commit meanwhile; so the state is asked before and after, and if it moved, all is read again.

        Parameters
        ----------
        past_crash
            Read what a load left behind too: for the load that cleans up.

        Raises
        ------
        StoreBusy
            If a load of several transactions is open: half of it would be half an answer.
        """
        if self._moment is not None and not past_crash:
            return self._read_within(self._moment, work)
        for _ in range(_TRIES):
            with self.explained(), self.session() as session:
                before, found, after = session.execute_read(lambda tx: (first := self.settled(tx, past_crash), work(tx, first), state(tx)))
            token = (before.load or {}).get("token")
            if (after.generation, (after.load or {}).get("token")) == (before.generation, token):
                return before, found
        raise StoreBusy(f"{self.address.shown} 一直在被写入，没有读到完整的状态", way_out="等写入结束再试")

    def now(self) -> State:
        """The state of the store, whatever it is."""
        with self.explained(), self.session() as session:
            found: State = session.execute_read(state)
            return found

    def stamp(self) -> str:
        """The word of the state as it is now."""
        with self.explained(), self.session() as session:
            found: str = session.execute_read(self.settled).stamp
            return found

    @contextmanager
    def moment(self, stamp: str | None = None) -> Iterator[None]:
        """For as long as it lasts all is read from one state, which spares asking for it before and after each question.

        Raises
        ------
        StoreMoved
            If the state is or becomes another than that of the stamp, or than the first thing was read from.
        """
        if self._moment is not None:
            yield
            return
        held = self._moment = _Moment(stamp)
        try:
            with unmoved(lambda: held.state is not None and self.stamp() != held.state.stamp):
                yield
        finally:
            self._moment = None

    def _read_within(self, held: _Moment, work: Callable[[Any, State], Answer]) -> tuple[State, Answer]:
        def ask(tx: Any) -> tuple[State, Answer]:
            now = held.state or self.settled(tx)
            if held.stamp not in (None, now.stamp):
                raise StoreMoved
            return now, work(tx, now)

        with self.explained(), self.session() as session:
            now, found = session.execute_read(ask)
            held.state = now
            return now, found

    def settled(self, tx: Any, past_crash: bool = False) -> State:
        """The state of the store, if it is one to answer from."""
        found = state(tx)
        if found.version is not None:
            schema.check_version(found.version, self.address.shown)
        if found.load is not None and not (past_crash and found.left_behind):
            raise self.busy(found)
        return found

    def busy(self, found: State) -> StoreBusy:
        """Who loads, since when, how far; and what to do."""
        load = found.load or {}
        told = f"{load['who']} 自 {_here(load['since'])} 起的载入"
        far = f"完成 {load['done']}/{load['total']}"
        if found.left_behind:
            return LoadOpen(self.address.shown, f"{told}中断了（{far}，{load['silent']:.0f} 秒没有动静），在补完之前不能回答",
                            way_out="再运行一次同样的载入，会接着清理并完成")
        return LoadOpen(self.address.shown, f"{told}还在进行（{far}），结束之前不能回答", way_out="等它结束再试")

    @contextmanager
    def explained(self) -> Iterator[None]:
        """The driver's failures as ours, naming the address without secrets."""
        at = self.address.shown
        try:
            yield
        except faults.AuthError as error:
            raise StoreError(f"{at} 不接受这个用户或密码", way_out=f"检查 {USER}、{PASSWORD}") from error
        except (faults.ServiceUnavailable, faults.SessionExpired) as error:
            safely = "；+s、+ssc 要服务器开了加密" if "+" in self.address.uri.partition(":")[0] else ""
            raise StoreError(f"连不上 {at}，或连接中断了", where=_first(error, at),
                             way_out=f"检查服务器是否在运行、地址与端口{safely}；读可以直接再试，载入请再运行一次") from error
        except faults.Neo4jError as error:
            raise self._of_server(error) from error
        except faults.ConfigurationError as error:
            raise StoreError(f"不能这样连接 {at}：{_first(error, at)}",
                             way_out=f"服务器要 Neo4j {OLDEST[0]}.{OLDEST[1]} 或更新；检查地址的写法") from error
        except faults.DriverError as error:
            raise StoreError(f"与 {at} 的通信失败：{_first(error, at)}", way_out="再试一次") from error
        except OSError as error:
            raise StoreError(f"连不上 {at}：{_first(error, at)}", way_out="检查地址与网络") from error

    def _of_server(self, error: Any) -> StoreError:
        code, at, said = str(error.code or ""), self.address.shown, _first(error, self.address.shown)
        if "Memory" in code:
            return OutOfMemory(f"{at} 的内存不够做完一个事务", where=said, way_out="请管理员加大堆内存或 dbms.memory.transaction.total.max")
        if "DatabaseNotFound" in code:
            return StoreError(f"{at} 上没有这个数据库", where=said, way_out="检查 ?database=")
        if "Forbidden" in code or "Unauthorized" in code or "Credentials" in code:
            return StoreError(f"{at} 上这个用户没有权限", where=said, way_out="换一个用户，或请管理员授权")
        return StoreError(f"{at} 报错：{said}", where=code, way_out="再试一次；若仍失败，把这段话发给维护者")


def state(tx: Any) -> State:
    """The state of the store as a transaction sees it now."""
    row = tx.run(statement("state")).single()
    load = {key: row[key] for key in ("who", "token", "since", "done", "total", "phase", "new", "gone", "links_anew", "silent")}
    return State(row["version"], row["generation"], row["as_of"] or "", load if row["token"] else None)


def _here(moment: str) -> str:
    """A moment by the clock of this machine."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _first(error: BaseException, at: str) -> str:
    return (str(getattr(error, "message", None) or error).splitlines() or [at])[0][:300]
