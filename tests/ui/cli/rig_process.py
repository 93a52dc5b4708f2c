"""Runs phonerig for tests: waits for lines instead of sleeping, ends what it started, and nothing else."""

import itertools
import os
import pathlib
import queue
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

PHONERIG = os.environ.get("PHONERIG_BIN", "")
LIMIT = 60.0  # seconds for anything that a loaded machine may take long for


_candidates = itertools.chain(range(12000 + os.getpid() * 97 % 18000, 31000), itertools.cycle(range(12000, 31000)))


def free_port(kind=socket.SOCK_STREAM):
    """A port that nobody listens on at any address, from below the range of outgoing connections; new each time."""
    for candidate in _candidates:
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("0.0.0.0", candidate))
            except OSError:
                continue
            return candidate
    raise AssertionError("no port is free")


def get(url, timeout=10.0, user_agent="test"):
    """Body of a page, whatever proxy the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers={"User-Agent": user_agent})
    with opener.open(request, timeout=timeout) as answer:
        return answer.read().decode("utf-8", "replace")


def until(condition, what, limit=LIMIT):
    """Asks again and again, a little apart, until the condition gives something; returns that."""
    end = time.monotonic() + limit
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come about within {limit:g} s")
        pause.wait(0.05)


class Lines:
    """The lines of a stream as they come, read by a thread of their own."""

    def __init__(self, stream):
        self.seen = []
        self._coming = queue.Queue()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        try:
            for line in stream:
                self._coming.put(line.rstrip("\n"))
        except ValueError:
            pass  # a test closed its end
        self._coming.put(None)

    def wait_for(self, pattern, limit=LIMIT):
        """The match in the first new line that has the pattern; AssertionError when the stream ends or time is over."""
        end = time.monotonic() + limit
        while True:
            try:
                line = self._coming.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no line with {pattern!r} within {limit:g} s after: {self.seen}") from None
            if line is None:
                self._coming.put(None)
                raise AssertionError(f"no line with {pattern!r} before the end of: {self.seen}")
            self.seen.append(line)
            match = re.search(pattern, line)
            if match:
                return match

    def rest(self, limit=LIMIT):
        """Everything to the end of the stream."""
        self._thread.join(limit)
        while True:
            line = self._coming.get(timeout=limit)
            if line is None:
                self._coming.put(None)
                return self.seen
            self.seen.append(line)


class Rig:
    """A running `phonerig ...`."""

    def __init__(self, *words, prefix=(), stdin=subprocess.DEVNULL, **environment):
        self.process = subprocess.Popen(
            [*prefix, PHONERIG, *map(str, words)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **environment},
        )
        self.out = Lines(self.process.stdout)
        self.err = Lines(self.process.stderr)

    def ready(self):
        return int(self.err.wait_for(r"^ready: (\d+) phones$").group(1))

    def wait(self, limit=LIMIT):
        code = self.process.wait(limit)
        self.out.rest()
        self.err.rest()
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()


def run(*words, limit=LIMIT, prefix=(), **environment):
    """One that ends by itself: its exit code, stdout and stderr."""
    done = subprocess.run(
        [*prefix, PHONERIG, *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=limit,
        env={**os.environ, **environment},
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@unittest.skipUnless(PHONERIG, "PHONERIG_BIN does not name the program")
class RigTest(unittest.TestCase):
    """A test with a folder of its own, whose processes end with it."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="phonerig test ")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def start(self, *words, **options):
        rig = Rig(*words, **options)
        self.addCleanup(self._end, rig)
        return rig

    @staticmethod
    def _end(rig):
        if rig.process.poll() is None:
            rig.process.kill()
            rig.wait()

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path
