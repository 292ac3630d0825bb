"""Real OpenSearch nodes on loopback, for tests and benchmarks: started from the distribution, ended with the run.

    python -m tests.cluster.nodes [--version 2.19.4] [--nodes 1] [-- COMMAND ...]

runs a command with VERBATIM_TEST_CLUSTER_URLS in its environment, or waits for Ctrl-C without one. The distribution is
a Maven artifact; `--zip` names one that is there already.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import click

from tests.retrieval.conformance.engines import CLUSTER_URLS

ARTIFACT = "org.opensearch.distribution.integ-test-zip:opensearch:{version}:zip"
NOBODY = 65534  # OpenSearch refuses to run as root
START_SECONDS = 240
LEAST_JAVA_OF_3 = 21
SETTINGS = """\
cluster.name: {cluster}
node.name: {name}
path.data: {folder}/data
path.logs: {folder}/logs
network.host: 127.0.0.1
http.port: {http_port}
transport.port: {transport_port}
discovery.seed_hosts: [{seeds}]
{formation}
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""


class Node(NamedTuple):
    """One node that runs, or ran: its address, the process, and what starts it again."""

    url: str
    process: "subprocess.Popen[bytes]"
    command: list[str]
    environment: dict[str, str]
    folder: Path

    def kill(self) -> None:
        """End it as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def started_again(self) -> "Node":
        """The same node, from its own folder, on its own address."""
        return self._replace(process=_launch(self.command, self.environment, self.folder))


def distribution(version: str, folder: Path) -> Path:
    """The zip of an OpenSearch version, brought into `folder` by Maven where it is not there yet."""
    found = folder / f"opensearch-{version}.zip"
    if not found.exists():
        artifact = f"-Dartifact={ARTIFACT.format(version=version)}"
        subprocess.run(["mvn", "-q", "dependency:copy", artifact, f"-DoutputDirectory={folder}"], check=True)
    return found


@contextmanager
def running(
    archive: Path, *, nodes: int = 1, heap_megabytes: int = 512, settings: str = "", wait: bool = True
) -> Iterator[list[Node]]:
    """So many nodes as one cluster, ready to be asked; they and their folders are gone afterwards.

    `settings` are further lines of opensearch.yml. The caller may put nodes into the list in the place of killed ones.
    """
    with ExitStack() as stack:
        base = Path(tempfile.mkdtemp(prefix="verbatim-nodes-"))
        stack.callback(shutil.rmtree, base, ignore_errors=True)
        home = _unpacked(archive, base)
        started: list[Node] = []
        stack.callback(_end, started)
        ports = _free_ports(2 * nodes)
        started += (_start(base, home, ports, number, heap_megabytes, settings) for number in range(nodes))
        if wait:
            for node in started:
                wait_until_ready(node, nodes)
        yield started


def wait_until_ready(node: Node, nodes: int, *, seconds: float = START_SECONDS) -> None:
    """Return when a node sees so many nodes in its cluster. Raises RuntimeError with the end of its log."""
    deadline = time.monotonic() + seconds
    health = f"{node.url}/_cluster/health?wait_for_nodes=>={nodes}&timeout=5s"
    while time.monotonic() < deadline and node.process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(health, timeout=10) as answer:
            if b'"timed_out":false' in answer.read():
                return
        time.sleep(0.3)
    log = (node.folder / "output.log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"the node at {node.url} did not start: {log[-2000:]}")


def _unpacked(archive: Path, base: Path) -> Path:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(base)
    home = next(base.glob("opensearch-*"))
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    base.chmod(0o755)
    return home


def _start(base: Path, home: Path, ports: Sequence[int], number: int, heap_megabytes: int, extra: str) -> Node:
    count = len(ports) // 2
    folder = base / f"node-{number}"
    shutil.copytree(home / "config", folder / "config")
    options = (folder / "config/jvm.options").read_text(encoding="utf-8")
    # gc.log would be written to the folder of the program, which its user may not write to.
    kept = [line for line in options.splitlines() if "gc.log" not in line and "GCLogFile" not in line]
    (folder / "config/jvm.options").write_text("\n".join(kept) + "\n", encoding="utf-8")
    names = [f"node-{one}" for one in range(count)]
    formation = f"cluster.initial_cluster_manager_nodes: [{', '.join(names)}]"
    (folder / "config/opensearch.yml").write_text(
        SETTINGS.format(
            cluster=base.name,
            name=names[number],
            folder=folder,
            http_port=ports[number],
            transport_port=ports[count + number],
            seeds=", ".join(f'"127.0.0.1:{port}"' for port in ports[count:]),
            formation="discovery.type: single-node" if count == 1 else formation,
        )
        + extra,
        encoding="utf-8",
    )
    (folder / "tmp").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "OPENSEARCH_PATH_CONF": str(folder / "config"),
        "OPENSEARCH_JAVA_HOME": str(java_home(home.name)),
        "OPENSEARCH_TMPDIR": str(folder / "tmp"),
        "OPENSEARCH_JAVA_OPTS": f"-Xms{heap_megabytes}m -Xmx{heap_megabytes}m -XX:-HeapDumpOnOutOfMemoryError",
    }
    command = [str(home / "bin/opensearch")]
    if os.getuid() == 0:
        _give(folder)
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    process = _launch(command, environment, folder)
    return Node(f"http://127.0.0.1:{ports[number]}", process, command, environment, folder)


def _launch(command: list[str], environment: dict[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / "output.log").open("ab") as output:
        return subprocess.Popen(
            command, env=environment, cwd=folder, stdout=output, stderr=output, start_new_session=True
        )


def java_home(distribution_name: str) -> Path:
    """The Java to run this version with: the system's own, or for version 3 the newest one installed."""
    named = os.environ.get("OPENSEARCH_JAVA_HOME") or os.environ.get("JAVA_HOME")
    java = shutil.which("java")
    default = Path(named) if named else Path(java).resolve().parent.parent if java else None
    newest = max(Path("/usr/lib/jvm").glob("*-[0-9]*"), key=_java_version, default=None)
    if default is None or (_is_3(distribution_name) and _java_version(default) < LEAST_JAVA_OF_3 and newest):
        default = newest
    if default is None:
        raise RuntimeError("there is no Java: install one (openjdk-17-jre-headless), or name it in JAVA_HOME")
    return default


def _is_3(name: str) -> bool:
    return name.removeprefix("opensearch-").startswith("3.")


def _java_version(home: Path) -> int:
    numbers = [int(part) for part in home.name.replace(".", "-").split("-") if part.isdigit() and part != "1"]
    return numbers[0] if numbers else 0


def _give(folder: Path) -> None:
    """Make the folder and all in it belong to the user that OpenSearch runs as."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _end(nodes: Sequence[Node]) -> None:
    for node in nodes:
        if node.process.poll() is None:
            os.killpg(node.process.pid, signal.SIGKILL)
            node.process.wait()


@click.command()
@click.option("--version", default="2.19.4", show_default=True)
@click.option("--zip", "archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--nodes", default=1, show_default=True)
@click.option("--heap", default=512, show_default=True, help="Megabytes for each node.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def main(version: str, archive: Path | None, nodes: int, heap: int, command: tuple[str, ...]) -> None:
    """Start nodes, run the command, end them."""
    cache = Path(tempfile.gettempdir()) / "verbatim-opensearch"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running(archive or distribution(version, cache), nodes=nodes, heap_megabytes=heap) as started:
        urls = ",".join(node.url for node in started)
        click.echo(f"{len(started)} nodes answer at {urls}", err=True)
        if command:
            sys.exit(subprocess.run(command, env={**os.environ, CLUSTER_URLS: urls}).returncode)
        signal.pause()


if __name__ == "__main__":
    main()
