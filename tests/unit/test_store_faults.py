"""What happens to a store when things go wrong: wrong files, two writers, sudden death, no room, no rights.

Other processes are real ones; each runs a few lines of Python against the same file.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from oracle import graph

from chain.embedded import EmbeddedStore
from chain.errors import StoreBusy, StoreError
from chain.tables import Tables

ROOT = Path(__file__).resolve().parents[2]
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and rights of POSIX systems")
root_only = pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs root to become somebody else or to mount")

OLD = graph("旧", enterprises=[{"id": "甲"}], makes=[{"enterprise": "甲", "product": "钢"}])
NEW = graph("新", enterprises=[{"id": "乙"}])
PRELUDE = f"import os, sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n" + """
from pathlib import Path
from oracle import graph
from chain.embedded import EmbeddedStore
from chain.errors import LianpuError
path = Path(sys.argv[1])
def many(count):
    return graph("大", enterprises=[{"id": f"厂{at}", "region": "140105", "address": os.urandom(40).hex()} for at in range(count)],
                 makes=[{"enterprise": f"厂{at}", "product": f"品{at % 50}"} for at in range(count)])
"""
WRITE_SLOWLY = PRELUDE + """
def wait(step, done):
    print(step, flush=True)
    sys.stdin.readline()
EmbeddedStore(path).write(many(300), progress=wait)
"""
"""Writes, and waits for a line of input at every step."""


def start(code: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"})


def run(code: str, path: Path) -> str:
    """What the code prints; it must end by itself and well."""
    with start(code, path) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def go_on(process: subprocess.Popen[str], steps: int) -> None:
    """Let a slow writer take so many steps; it then stands at the beginning of the next."""
    for step in range(steps):
        if step:
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.stdout.readline()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with EmbeddedStore(tmp_path / "库.lianpu") as store:
        store.write(OLD)
    return tmp_path / "库.lianpu"


def content(path: Path) -> Tables:
    with EmbeddedStore(path) as store:
        assert len(store.makers(["钢"], "000000")) == 1
        return store.tables()


def beside(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


CLEAN = [".库.lianpu.lock", "库.lianpu"]


# -- wrong files


def test_a_directory_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="是一个目录") as failure:
        EmbeddedStore(tmp_path)
    assert "lianpu load" in failure.value.way_out


@pytest.mark.parametrize("content", [b"", b"\n", b"id,name\n1,x\n", b"PK\x03\x04" + bytes(5000), bytes(20000), b"SQLite format 3\x00" + bytes(5000),
    b"12345678DUCK"])
def test_a_file_of_another_kind_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "库.lianpu"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="不是链谱图谱文件|读写失败|不完整或已损坏"):
        EmbeddedStore(path)
    assert path.read_bytes() == content


def test_a_database_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "库.lianpu")) as con:
        con.execute("CREATE TABLE enterprises (id VARCHAR)")
    with pytest.raises(StoreError, match="不是链谱图谱文件"):
        EmbeddedStore(tmp_path / "库.lianpu")


@pytest.mark.parametrize(("version", "message", "way_out"), [(99, "更新的版本写成（格式 99", "升级"), (1, "旧版本写成（格式 1，", "重新载入")])
def test_a_store_of_another_version_is_refused_for_reading_and_writing(path: Path, version: int, message: str, way_out: str) -> None:
    store = EmbeddedStore(path)
    store.close()
    with duckdb.connect(str(path)) as con:
        con.execute(f"UPDATE layout SET version = {version}")
    before = path.read_bytes()
    for ask in (lambda: EmbeddedStore(path), lambda: store.write(NEW), store.enterprises):
        with pytest.raises(StoreError, match=message) as failure:
            ask()
        assert way_out in failure.value.way_out
    assert path.read_bytes() == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_store_that_was_cut_short_is_an_error_of_ours(path: Path, share: float) -> None:
    with open(path, "rb+") as file:
        file.truncate(int(path.stat().st_size * share))
    with pytest.raises(StoreError), EmbeddedStore(path) as store:
        store.tables()
        store.coverage(["钢"], "000000")


def test_a_store_that_was_removed_while_open_says_so(path: Path) -> None:
    with EmbeddedStore(path) as store:
        path.unlink()
        with pytest.raises(StoreError, match="没有这个图谱文件"):
            store.makers(["钢"], "000000")


# -- several processes


def test_a_second_writer_is_told_who_is_writing(path: Path) -> None:
    with start(WRITE_SLOWLY, path) as process:
        go_on(process, 3)
        with EmbeddedStore(path) as store:
            with pytest.raises(StoreBusy, match=f"pid {process.pid}") as failure:
                store.write(NEW)
            assert "再试" in failure.value.way_out
            assert store.tables() == OLD
            process.communicate("\n" * 20, timeout=60)
            store.write(NEW)
            assert len(store.enterprises()) == 302
    assert beside(path) == CLEAN


def test_a_reader_elsewhere_keeps_answering_and_then_sees_the_new_state(path: Path) -> None:
    counting = PRELUDE + """
store = EmbeddedStore(path)
for line in sys.stdin:
    print(len(store.enterprises()), flush=True)
"""
    with start(counting, path) as reader:
        def count(*_: object) -> int:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return int(reader.stdout.readline())

        seen = [count()]
        with EmbeddedStore(path) as store:
            store.write(NEW, progress=lambda step, done: seen.append(count()))
        seen.append(count())
        reader.stdin.close()
    assert seen == [1] * (len(seen) - 2) + [2, 2] and len(seen) > 5


# -- sudden death


@posix_only
@pytest.mark.parametrize("steps", [1, 2, 4, 5, 6])
def test_killed_at_any_step_the_old_state_stays_and_the_next_load_works(path: Path, steps: int) -> None:
    with start(WRITE_SLOWLY, path) as process:
        go_on(process, steps)
        process.kill()
        process.communicate(timeout=60)
    assert content(path) == OLD
    with EmbeddedStore(path) as store:
        assert store.write(NEW).changed
        assert store.enterprises()["id"].tolist() == sorted("甲乙")
    assert beside(path) == CLEAN


@posix_only
def test_killed_in_the_very_swap_the_state_is_the_old_or_the_new(path: Path) -> None:
    """Rounds with the kill at odd moments after the last step began: the file is finished, synced and renamed."""
    states = []
    for pause in (0.0, 0.02, 0.05, 0.1):
        copy = path.with_name("副本.lianpu")
        shutil.copy(path, copy)
        with start(WRITE_SLOWLY, copy) as process:
            go_on(process, 6)
            process.stdin.write("\n")
            process.stdin.flush()
            time.sleep(pause)
            process.kill()
            process.communicate(timeout=60)
        with EmbeddedStore(copy) as store:
            states.append(len(store.enterprises()))
            store.write(NEW)
            assert len(store.enterprises()) == states[-1] + 1
        assert not [name for name in beside(path) if "building" in name]
    assert set(states) <= {1, 301}


@posix_only
@pytest.mark.parametrize("steps", [1, 3, 6])
def test_interrupted_by_the_user_the_old_state_stays_and_nothing_is_left_over(path: Path, steps: int) -> None:
    with start(WRITE_SLOWLY, path) as process:
        go_on(process, steps)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode != 0 and "KeyboardInterrupt" in err
    assert content(path) == OLD
    assert beside(path) == CLEAN


@posix_only
def test_interrupted_in_the_middle_of_a_statement_it_is_still_an_interrupt(path: Path) -> None:
    busy = PRELUDE + """
import signal, threading
given = many(30000)
def soon(step, done):
    if done > 0.3 and not timers:
        timers.append(threading.Timer(0.02, lambda: os.kill(os.getpid(), signal.SIGINT)))
        timers[0].start()
timers = []
try:
    EmbeddedStore(path).write(given, progress=soon)
    print("written")
except KeyboardInterrupt:
    print("interrupted")
"""
    assert run(busy, path).strip() == "interrupted"
    assert content(path) == OLD
    assert beside(path) == CLEAN


def test_an_error_in_the_middle_leaves_the_old_state(path: Path) -> None:
    def fail(step: str, done: float) -> None:
        if done > 0.5:
            raise RuntimeError(step)

    with EmbeddedStore(path) as store:
        with pytest.raises(RuntimeError):
            store.write(NEW, progress=fail)
        assert store.tables() == OLD
        assert beside(path) == CLEAN
        assert store.write(NEW).changed


# -- no rights, no room


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can reach, with a store in it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    with EmbeddedStore(folder / "库.lianpu") as store:
        store.write(OLD)
    yield folder
    shutil.rmtree(folder)


AS_NOBODY = PRELUDE + """
import tempfile
with tempfile.TemporaryDirectory() as warm:  # imports what is imported late; the interpreter may lie where nobody can read
    with EmbeddedStore(Path(warm) / "暖") as store:
        store.write(graph(enterprises=[{"id": "甲"}]))
        store.write(graph("二", enterprises=[{"id": "乙"}]))
os.setgid(65534); os.setuid(65534)
"""
WRITE_AND_TELL = """
try:
    EmbeddedStore(path).write(graph("新", enterprises=[{"id": "乙"}]))
    print("written")
except LianpuError as error:
    print(type(error).__name__, error.what, error.way_out)
"""


@root_only
def test_without_the_right_to_write_a_store_can_be_read_but_not_written(open_folder: Path) -> None:
    path = open_folder / "库.lianpu"
    said = run(AS_NOBODY + 'print(len(EmbeddedStore(path).enterprises()))' + WRITE_AND_TELL, path).splitlines()
    assert said[0] == "1"
    assert said[1].startswith(f"StoreError 不能在 {open_folder} 写文件") and "可写的目录" in said[1]
    assert content(path) == OLD


@root_only
def test_without_the_right_to_read_the_error_names_the_file(open_folder: Path) -> None:
    path = open_folder / "库.lianpu"
    said = run(AS_NOBODY.replace("os.setgid", "path.chmod(0o600); os.setgid") + """
try:
    EmbeddedStore(path)
except LianpuError as error:
    print(type(error).__name__, error.what, error.way_out)
""", path)
    assert said.startswith("StoreError 没有权限") and str(path) in said


@root_only
def test_in_a_shared_folder_a_colleague_can_write_what_another_has_written(open_folder: Path) -> None:
    open_folder.chmod(0o777)
    assert run(AS_NOBODY + WRITE_AND_TELL, open_folder / "库.lianpu").strip() == "written"


@posix_only
def test_a_private_store_stays_private(path: Path) -> None:
    path.chmod(0o600)
    with EmbeddedStore(path) as store:
        store.write(NEW)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.name != "posix" or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(tmp_path)], capture_output=True,
        check=False).returncode:
        pytest.skip("a small disk can't be mounted here; the limit on the size of files is tested instead")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


@pytest.mark.skipif(os.name != "posix" or not shutil.which("mount"), reason="needs mount")
def test_on_a_full_disk_the_old_state_stays_and_nothing_is_left_over(small_disk: Path) -> None:
    path = small_disk / "库.lianpu"
    with EmbeddedStore(path) as store:
        store.write(OLD)
    said = run(PRELUDE + """
try:
    EmbeddedStore(path).write(many(60000))
    print("written")
except LianpuError as error:
    print(type(error).__name__, error.what, error.way_out)
""", path)
    assert said.startswith("StoreError 磁盘空间不足") and "没有改动" in said and "腾出空间" in said
    assert content(path) == OLD
    assert beside(path) == CLEAN
    with EmbeddedStore(path) as store:
        assert store.write(NEW).changed


@posix_only
def test_a_file_that_may_not_grow_any_further_leaves_the_old_state(path: Path) -> None:
    said = run(PRELUDE + """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
given = many(30000)
resource.setrlimit(resource.RLIMIT_FSIZE, (2 * 1024 * 1024,) * 2)
try:
    EmbeddedStore(path).write(given)
    print("written")
except LianpuError as error:
    print(type(error).__name__, error.what)
""", path)
    assert said.startswith("StoreError")
    assert content(path) == OLD
    assert beside(path) == CLEAN
