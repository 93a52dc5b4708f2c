"""Servers that others wrote, each started on loopback with a configuration of its own and stopped by its pid.

Each class has missing(): why it cannot run here, or None.
"""

import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import time
import unittest

from phones import LIMIT, until

PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])


def program(name):
    return shutil.which(name, path=PATH)


def need(*servers):
    """Skips the calling test, with the reason, when one of the servers cannot run here."""
    for server in servers:
        reason = server.missing()
        if reason:
            raise unittest.SkipTest(reason)


def free_port_at(address, kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


class _Server:
    """A process that ends with the test. What it writes goes to a file, which a failed start quotes."""

    def __init__(self, test, name, words):
        self._name = name
        self._log = test.folder / f"{name}.out"
        with open(self._log, "ab") as log:
            # A session of its own, so that what it forked ends with it; and no server outlives a killed test.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        test.addCleanup(self.stop)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # transfers that it left behind
        except (ProcessLookupError, PermissionError):
            pass

    def await_start(self, answers):
        def ready():
            if self.process.poll() is not None:
                said = self._log.read_text(errors="replace")
                raise AssertionError(f"{self._name} ended with {self.process.returncode}: {said}")
            return answers()

        until(ready, f"an answer of {self._name}")


class Tftpd(_Server):
    """Debian's tftpd-hpa. It changes its root and its user, so it wants root, if only of a user namespace."""

    @classmethod
    def missing(cls):
        if not program("in.tftpd"):
            return "in.tftpd is missing; install tftpd-hpa"
        if os.geteuid() == 0:
            return None
        if not program("unshare") or not program("newuidmap"):
            return "in.tftpd wants root, or uidmap for a user namespace of one's own"
        words = [*cls._as_root(), "true"]
        tried = subprocess.run(words, capture_output=True, text=True, check=False)
        if tried.returncode != 0:
            return f"in.tftpd wants root, and user namespaces are not permitted here: {tried.stderr.strip()}"
        return None

    @staticmethod
    def _as_root():
        return [] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--map-auto"]

    def __init__(self, test, root, port=None, address="127.0.0.1", prefix=None):
        self.root = pathlib.Path(root)
        self.root.mkdir(exist_ok=True)
        self.root.chmod(0o755)
        self.port = port or free_port_at("127.0.0.1", socket.SOCK_DGRAM)
        self.at = f"{address}:{self.port}"
        prefix = self._as_root() if prefix is None else prefix
        super().__init__(test, "in.tftpd", [*prefix, program("in.tftpd"), "-L", "--user", "root", "--address", self.at,
                                            "--secure", str(self.root)])  # fmt: skip
        if address.startswith("127."):
            self.await_start(self._answers)

    def _answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", self.port))
            try:
                client.send(b"\0\1is anybody there\0octet\0")
            except ConnectionRefusedError:
                return False
            client.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.bind(("127.0.0.1", 0))
            client.sendto(b"\0\1is anybody there\0octet\0", ("127.0.0.1", self.port))
            return bool(select.select([client], [], [], 1.0)[0]) and client.recv(600)[:2] == b"\0\5"

    def put(self, name, text):
        """A file for everybody; in.tftpd serves no others."""
        path = self.root / name
        for folder in reversed(path.relative_to(self.root).parents[:-1]):
            (self.root / folder).mkdir(exist_ok=True)
            (self.root / folder).chmod(0o755)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(0o644)
        return path


NGINX = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
worker_rlimit_nofile 2048;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path temp-body;
    proxy_temp_path temp-proxy;
    fastcgi_temp_path temp-fastcgi;
    uwsgi_temp_path temp-uwsgi;
    scgi_temp_path temp-scgi;
    default_type text/plain;
    log_format phones '$time_iso8601|$remote_addr|$request|$status|$http_user_agent|$http_host';
    access_log access.log phones;
    server {{
        listen 127.0.0.1:{port};
        root www;
        {rules}
    }}
}}
"""


class Nginx(_Server):
    @classmethod
    def missing(cls):
        return None if program("nginx") else "nginx is missing; install nginx"

    def __init__(self, test, rules="", prefix=()):
        """`prefix`: goes before it, as to another network namespace; then nobody waits until it answers."""
        folder = test.folder / "nginx"
        self.root = folder / "www"
        self.root.mkdir(parents=True)
        self._access = folder / "access.log"
        self.port = free_port_at("127.0.0.1", socket.SOCK_STREAM)
        self.at = f"127.0.0.1:{self.port}"
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(port=self.port, rules=rules.replace("@AT@", self.at)))
        super().__init__(test, "nginx", [*prefix, program("nginx"), "-e", "stderr", "-p", f"{folder}/", "-c", str(config)])
        if not prefix:
            self.await_start(self._answers)

    def _answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(0o644)
        return path

    def requests(self):
        """What the access log has: dictionaries of time, address, request, status, agent and host."""
        names = ("time", "address", "request", "status", "agent", "host")
        text = self._access.read_text(errors="replace")
        return [dict(zip(names, line.split("|"))) for line in text[: text.rfind("\n") + 1].splitlines()]

    def await_requests(self, count, **wanted):
        """The first `count` requests whose entries are as wanted, once there are so many."""
        found = []

        def enough():
            found[:] = [one for one in self.requests() if all(one[name] == value for name, value in wanted.items())]
            return len(found) >= count

        try:
            until(enough, f"{count} requests with {wanted}")
        except AssertionError as error:
            raise AssertionError(f"{error}; the log has {self.requests()[-10:]}") from None
        return found[:count]


RSYSLOG = """
global(workDirectory="{folder}")
module(load="imudp")
template(name="line" type="string" string="%fromhost-ip%|%syslogfacility-text%|%timereported:::date-rfc3164%|%rawmsg%\\n")
ruleset(name="phones") {{
    action(type="omfile" file="{folder}/phones.log" template="line" asyncWriting="off")
}}
input(type="imudp" address="127.0.0.1" port="{port}" ruleset="phones")
"""


class Rsyslogd(_Server):
    @classmethod
    def missing(cls):
        return None if program("rsyslogd") else "rsyslogd is missing; install rsyslog"

    def __init__(self, test, name="rsyslog"):
        folder = test.folder / name
        folder.mkdir()
        self._file = folder / "phones.log"
        self._passed = 0
        self.port = free_port_at("127.0.0.1", socket.SOCK_DGRAM)
        self.at = f"127.0.0.1:{self.port}"
        config = folder / "rsyslog.conf"
        config.write_text(RSYSLOG.format(folder=folder, port=self.port))
        super().__init__(test, name, [program("rsyslogd"), "-n", "-f", str(config), "-i", f"{folder}/pid"])
        self.await_start(self._answers)
        self._passed = len(self.lines())

    def _answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"<134>Jan  1 00:00:00 test is anybody there", ("127.0.0.1", self.port))
        return self._file.exists() and "is anybody there" in self._file.read_text()

    def lines(self):
        """What the file has: dictionaries of address, facility, time and raw text."""
        names = ("address", "facility", "time", "raw")
        text = self._file.read_text(errors="replace")
        return [dict(zip(names, line.split("|", 3))) for line in text[: text.rfind("\n") + 1].splitlines()
                if "is anybody there" not in line]  # fmt: skip

    def new_lines(self):
        """Those that no expectation has passed yet."""
        return self.lines()[self._passed :]

    def expect(self, pattern, limit=LIMIT):
        """The next line whose raw text has the pattern; lines before it count as passed."""
        end = time.monotonic() + limit
        found = []

        def look():
            lines = self.lines()
            for index in range(self._passed, len(lines)):
                if re.search(pattern, lines[index]["raw"]):
                    self._passed = index + 1
                    found.append(lines[index])
                    return True
            return False

        try:
            until(look, f"a line with {pattern!r}", max(0.0, end - time.monotonic()))
        except AssertionError as error:
            raise AssertionError(f"{error}; the file has {self.new_lines()[-10:]}") from None
        return found[0]
