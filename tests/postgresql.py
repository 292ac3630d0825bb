"""A PostgreSQL server of the tests' own, in a temporary folder, for as long as the tests run."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.certificates import Authority

BINARIES_VARIABLE = "POSTGRESQL_BIN"
"""Names the folder of `postgres` and `initdb` where they are at an unusual place."""
USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
NOBODY = 65534
OWNER = "owner"
GUARDED = "guarded"
PASSWORD = "correct horse"
START_SECONDS = 60.0

_HBA = f"""
local   all all                trust
host    all {GUARDED} 127.0.0.1/32  scram-sha-256
host    all shut      127.0.0.1/32  reject
host    all all       127.0.0.1/32  trust
"""


def binaries() -> Path | None:
    """The folder with the server's programs; None where there is none."""
    named = os.environ.get(BINARIES_VARIABLE)
    folders = (
        [Path(named)] if named else [found for place in USUAL_PLACES for found in sorted(Path("/").glob(place[1:]))]
    )
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Server:
    """A running server; `restart`, `stop` and `start` as an operator would."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self.authority = Authority.make(folder / "tls")

    def url(self, database: str = "postgres", *, user: str = OWNER, options: str = "") -> str:
        """The address of a database on it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}" + (f"?{options}" if options else "")

    def prepare(self) -> None:
        """Make its folder, with TLS and a user that needs a password."""
        if os.getuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        (data / "pg_hba.conf").write_text(_HBA)
        with (data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in self._settings().items())

    def start(self) -> None:
        """Start it, and wait until it lets somebody in."""
        command = [*_as_nobody(), str(self._programs / "postgres"), "-D", str(self.folder / "data")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment())
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > ends or self._process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from error
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends its connections and what they do, SIGQUIT does so without a word."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=START_SECONDS)
            self._process = None

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop and start it."""
        self.stop(how)
        self.start()

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the owner."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _settings(self) -> Mapping[str, str]:
        tls = self.folder / "tls"
        return {
            "port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder),
            "fsync": "off", "max_connections": "200", "shared_buffers": "64MB", "lc_messages": "C",
            "ssl": "on", "ssl_cert_file": str(tls / "server.pem"), "ssl_key_file": str(tls / "server.key"),
        }  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_nobody(), str(self._programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self._environment())
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def _environment(self) -> Mapping[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LC_ALL": "C"}


@contextmanager
def server(programs: Path) -> Iterator[Server]:
    """A server that runs until the block is left."""
    folder = Path(tempfile.mkdtemp(prefix="verbatim-pg-"))
    one = Server(folder, programs)
    try:
        one.prepare()
        one.start()
        one.execute(
            f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'", "CREATE ROLE shut LOGIN", "CREATE ROLE poor LOGIN"
        )
        yield one
    finally:
        one.stop(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def _as_nobody() -> Sequence[str]:
    """The server refuses to run as root; one whose tests were killed ends, too."""
    if shutil.which("setpriv") is None:
        return ()
    dying = ("setpriv", "--pdeathsig", "QUIT")
    return (*dying, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if os.getuid() == 0 else dying


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
