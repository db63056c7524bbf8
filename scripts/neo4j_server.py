"""A real Neo4j server on free loopback ports with a home folder of its own: for tests, benchmarks and a look by hand.

    python scripts/neo4j_server.py                       # start, print how to use it, stop on Ctrl-C
    python scripts/neo4j_server.py --home 文件夹 --http   # keep the data; serve Neo4j Browser too
    python scripts/neo4j_server.py --home 文件夹 --import 导入/   # fill it from what lianpu copy … --import-csv wrote, then start
    python scripts/neo4j_server.py --version 2026.09.0   # another version (that one needs JDK 25, as in make test-newer)

The password of a new server is taken from LIANPU_NEO4J_PASSWORD, else made up and printed. The jars come from Maven Central once, by
``scripts/neo4j/pom.xml``, and are kept in the user's cache folder. Needs a JDK and Maven.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERSION = "5.26.30"
BROWSER = "org.neo4j.client:neo4j-browser:5.24.0"  # the newest there is; it comes apart from the server
POM = Path(__file__).with_name("neo4j") / "pom.xml"
OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
START_SECONDS = 120
SHORTEST = 8


class NoServer(RuntimeError):
    """Why no server can be started here, and what to do."""


def java() -> str:
    """The Java to use: LIANPU_JAVA, JAVA_HOME, or the one on the path."""
    home = os.environ.get("JAVA_HOME")
    found = os.environ.get("LIANPU_JAVA") or (home and str(Path(home) / "bin" / "java")) or shutil.which("java")
    if not found:
        raise NoServer("没有找到 java。办法：apt-get install openjdk-17-jdk-headless，或设 LIANPU_JAVA")
    return str(found)


def jars(version: str = VERSION) -> Path:
    """Folder with the jars of a version, fetched with Maven if it is not there."""
    return _fetched(version, f"Neo4j {version} 的 jar（约 123 MB）", "-f", str(POM), f"-Dneo4j.version={version}", "-DincludeScope=runtime",
                    "dependency:copy-dependencies")


def browser() -> Path:
    """Folder with the jar of Neo4j Browser, fetched with Maven if it is not there."""
    return _fetched(BROWSER.replace(":", "-"), "Neo4j Browser（约 15 MB）", "dependency:copy", f"-Dartifact={BROWSER}")


def _fetched(name: str, what: str, *goal: str) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lianpu" / "neo4j" / name
    if (cache / "lib").is_dir():
        return cache / "lib"
    maven = shutil.which("mvn")
    if not maven:
        raise NoServer("没有找到 mvn。办法：apt-get install maven")
    cache.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="fetch-", dir=cache))
    print(f"取 {what}…", file=sys.stderr)
    done = subprocess.run([maven, "-q", "-B", f"-DoutputDirectory={fresh}", *goal], capture_output=True, encoding="utf-8", errors="replace",
                          check=False)
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise NoServer(f"取不到 {what}：{(done.stdout + done.stderr)[-800:]}")
    try:
        fresh.rename(cache / "lib")  # whole or not at all, also when two start at once
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
    return cache / "lib"


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def taken(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@dataclass
class Server:
    """A server process; ``start`` and ``stop`` it, or use it in ``with``.

    Attributes
    ----------
    home
        Its folder: data, logs, configuration. A temporary one, removed at the end, if none is given.
    heap, pagecache
        Memory, as Neo4j writes it (``512m``).
    http
        Serve HTTP too, with Neo4j Browser.
    password
        That of a new server; a home that was used before keeps its own.
    settings
        Further lines of neo4j.conf.
    options
        How Java runs it.
    """

    home: Path | None = None
    version: str = VERSION
    heap: str = "512m"
    pagecache: str = "128m"
    http: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ("-XX:+UseG1GC",)
    password: str = field(default_factory=lambda: secrets.token_hex(12))  # a word that begins with "-" would be read as an option
    port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    _own: bool = False

    user = "neo4j"

    @property
    def uri(self) -> str:
        """Address to give to ``lianpu``."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """User and password as ``lianpu`` reads them."""
        return {"LIANPU_NEO4J_USER": self.user, "LIANPU_NEO4J_PASSWORD": self.password}

    @property
    def folder(self) -> Path:
        """Home folder; there once the server was started."""
        assert self.home is not None
        return self.home

    def start(self) -> Server:
        """Start it and wait until it answers."""
        self.prepare()
        log = open(self.folder / "logs" / "console.log", "ab")  # noqa: SIM115 — belongs to the child
        self.process = subprocess.Popen(
            [*self._java(), *self.options, f"-Xms{self.heap}", f"-Xmx{self.heap}", self._main, f"--home-dir={self.folder}",
             f"--config-dir={self.folder / 'conf'}"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._env(), cwd=self.folder)
        log.close()
        self._wait()
        return self

    @property
    def used(self) -> bool:
        """Whether the home is there and was used before: it has its own password."""
        return self.home is not None and (self.home / "data" / "dbms").exists()

    def prepare(self) -> None:
        """The home as a server needs it that is to be started."""
        for port, option in ((self.port, "PORT=… （脚本：--port）"), *([(self.http_port, "HTTP_PORT=… （脚本：--http-port）")] if self.http else [])):
            if taken(port):
                raise NoServer(f"端口 {port} 已有程序在用。办法：停下那个程序（也许是上次起的 Neo4j），或换一个端口：{option}")
        if self.home is None:
            self.home, self._own = Path(tempfile.mkdtemp(prefix="lianpu-neo4j-")), True
        self._configure()
        if not self.used:
            self._set_password()

    def load_import(self, folder: Path) -> None:
        """Fill it, while it stands still, from what ``lianpu copy … --import-csv`` wrote, in place of what it holds."""
        if not (folder / "import.args").is_file():
            raise NoServer(f"{folder} 里没有 import.args。办法：先运行 lianpu copy 图谱 {folder} --import-csv")
        self.prepare()
        self.admin("database", "import", "full", "neo4j", "--overwrite-destination=true", "@import.args", within=folder)

    def run_file(self, path: Path) -> None:
        """Run the statements of a file, each ended by ``;`` at the end of its line."""
        with self._driver() as driver:
            for statement in path.read_text(encoding="utf-8").split(";\n"):
                if statement.strip():
                    driver.execute_query(statement)

    def admits(self) -> bool:
        """Whether the password opens it."""
        with self._driver() as driver:
            return bool(driver.verify_authentication())

    def stop(self, *, remove: bool = True) -> None:
        """Stop it in an orderly way; a temporary home goes too."""
        self._end(signal.SIGTERM)
        if remove and self._own and self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)

    def kill(self) -> None:
        """End it like a power cut; the home stays."""
        self._end(signal.SIGKILL)

    def admin(self, *arguments: str, within: Path | None = None) -> str:
        """Output of a neo4j-admin command run on this home, in the home or another folder."""
        done = subprocess.run([*self._java(), "-Xmx512m", "org.neo4j.cli.AdminTool", *arguments], capture_output=True, encoding="utf-8",
                              errors="replace", env=self._env(), cwd=within or self.folder, check=False)
        if done.returncode:
            raise NoServer(f"neo4j-admin {arguments[0]} {arguments[1]} 失败：{(done.stdout + done.stderr)[-1500:]}")
        return done.stdout + done.stderr

    def processor_seconds(self) -> float:
        """Processor time of the process so far, on all processors together (Linux)."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *failure: object) -> None:
        self.stop()

    # -- inside

    @property
    def _main(self) -> str:
        return "org.neo4j.server.Neo4jCommunity" if self.version.startswith("20") else "org.neo4j.server.CommunityEntryPoint"

    def _java(self) -> list[str]:
        opened = [f"--add-opens={package}=ALL-UNNAMED" for package in OPENED]
        jar_folders = [jars(self.version), *([browser()] if self.http else [])]
        return [java(), *opened, "-Dfile.encoding=UTF-8", "-cp", os.pathsep.join(f"{folder}/*" for folder in jar_folders)]

    def _env(self) -> dict[str, str]:
        return {**os.environ, "NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")}

    def _driver(self) -> Any:
        try:
            import neo4j
        except ImportError:
            raise NoServer("这个 Python 里没有 neo4j 驱动。办法：用项目的 Python：.venv/bin/python scripts/neo4j_server.py …") from None
        return neo4j.GraphDatabase.driver(self.uri, auth=(self.user, self.password), notifications_min_severity="OFF")

    def _set_password(self) -> None:
        """By a file that only its owner reads: what stands on a command line everybody on the machine can see."""
        handle, name = tempfile.mkstemp(dir=self.folder)
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write('-- "' + self.password.replace("\\", "\\\\").replace('"', '\\"') + '"\n')
            self.admin("dbms", "set-initial-password", f"@{name}")
        finally:
            os.unlink(name)

    def _configure(self) -> None:
        lines = {
            "server.default_listen_address": "127.0.0.1", "server.default_advertised_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}", "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": str(self.http).lower(), "server.http.listen_address": f"127.0.0.1:{self.http_port}",
            "server.https.enabled": "false", "server.memory.pagecache.size": self.pagecache, "dbms.usage_report.enabled": "false",
            "server.directories.import": str(self.folder / "import"), **self.settings,
        }
        for name in ("conf", "logs", "data", "import"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        text = "".join(f"{key}={value}\n" for key, value in lines.items())
        (self.folder / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")

    def _wait(self) -> None:
        """Until Bolt shakes hands: a port may be open before that."""
        assert self.process is not None
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                    probe.sendall(b"\x60\x60\xb0\x17\x00\x00\x04\x05\x00\x00\x02\x05\x00\x00\x00\x05\x00\x00\x00\x04")
                    if len(probe.recv(4)) == 4:
                        return
            except OSError:
                pass
            time.sleep(0.1)
        said = (self.folder / "logs" / "console.log").read_text(encoding="utf-8", errors="replace")[-1500:]
        self.kill()
        raise NoServer(f"Neo4j {self.version} 没有在 {START_SECONDS} 秒内应答：{said}")

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(30)
        self.process = None


def main() -> None:
    """The command."""
    given = _arguments()
    password = os.environ.get("LIANPU_NEO4J_PASSWORD", "")
    server = Server(home=given.home and given.home.absolute(), version=given.version, heap=given.heap, pagecache=given.pagecache, http=given.http,
                    port=given.port or free_port(), http_port=given.http_port or free_port(), **({"password": password} if password else {}))
    if 0 < len(password) < SHORTEST:
        sys.exit(f"错误：LIANPU_NEO4J_PASSWORD 太短。办法：Neo4j 的密码至少 {SHORTEST} 个字符")
    old = server.used
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if given.folder:
            _import(server, given, password)
        with server:
            fits = (bool(password) and server.admits()) if old else True
            if given.folder and fits:
                server.run_file(given.folder / "schema.cypher")
            elif given.folder:
                raise NoServer("数据已导入，索引还没有建：密码不对。办法：设对 LIANPU_NEO4J_PASSWORD，再运行一次并加 --overwrite")
            _told(server, fits=fits)
            assert server.process is not None
            server.process.wait()
    except KeyboardInterrupt:
        pass
    except NoServer as error:
        sys.exit(f"错误：{error}")


def _import(server: Server, given: argparse.Namespace, password: str) -> None:
    if not given.home:
        raise NoServer("--import 要写明数据放在哪里。办法：加 --home 文件夹")
    if (given.home / "data" / "databases" / "neo4j").exists() and not given.overwrite:
        raise NoServer(f"{given.home} 里已有数据。办法：换一个文件夹；或加 --overwrite，用导入的换掉原有的")
    if server.used and not password:
        raise NoServer(f"{given.home} 已有密码，建索引要用它。办法：设环境变量 LIANPU_NEO4J_PASSWORD")
    print("导入…", file=sys.stderr)
    server.load_import(given.folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="数据放在哪里；缺省为临时目录，停止时删去")
    parser.add_argument("--version", default=VERSION)
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--pagecache", default="128m")
    parser.add_argument("--port", type=int, default=0, help="Bolt 端口；缺省任取一个空闲的")
    parser.add_argument("--http", action="store_true", help="也开 HTTP 端口，带 Neo4j Browser（第一次另取约 15 MB）")
    parser.add_argument("--http-port", type=int, default=0, help="HTTP 端口；缺省任取一个空闲的")
    parser.add_argument("--import", type=Path, dest="folder", metavar="文件夹", help="先用 lianpu copy … --import-csv 写的文件夹装满，并建好索引")
    parser.add_argument("--overwrite", action="store_true", help="--home 里已有的数据由导入的换掉")
    return parser.parse_args()


def _told(server: Server, *, fits: bool) -> None:
    """Say how to use a server that runs; `fits`: whether the password that we know is its own."""
    print(f"Neo4j {server.version}：{server.uri}" + (f"    Browser：http://127.0.0.1:{server.http_port}/browser/" if server.http else ""))
    print(f"export LIANPU_NEO4J_USER={server.user}")
    if fits:
        print(f"export LIANPU_NEO4J_PASSWORD={shlex.quote(server.password)}")
    else:
        print(f"密码：{server.folder} 以前用过，密码仍是第一次启动时定的那个，不是现在的 LIANPU_NEO4J_PASSWORD。"
              "忘了就换一个文件夹，或停下后删去它重新开始（数据也没有了）")
    print(f"用法：lianpu load {server.uri} examples/shanxi    停止：Ctrl-C", flush=True)


if __name__ == "__main__":
    main()
