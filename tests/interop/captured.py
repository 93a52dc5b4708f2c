"""Captures made by tcpdump while a test runs, and what phonerig and tshark say is in them.

Agreement is checked message by message: the same packets hold messages of a protocol, and each field of each message
has the same value.
"""

import json
import os
import re
import signal
import subprocess
import sys
import unittest

from foreign_servers import PATH, program
from phones import until
from rig_process import run

END = b"end of the capture"
FIELD, VALUE = "\x1e", "\x1f"  # what separates tshark's columns, and the values in one


def need_capturing():
    if os.geteuid() != 0:
        raise unittest.SkipTest("capturing with tcpdump wants root")
    for tool in ("tcpdump", "tshark"):
        if not program(tool):
            raise unittest.SkipTest(f"{tool} is missing; install {tool}")


class Sniffer:
    """A tcpdump that is known to listen once this is made, and whose file is known to be whole.

    To show packets at once, libpcap takes a ring whose places are as large as the largest packet may be: by default
    2 MiB of places of 256 KiB, so that a tcpdump that gets no processor misses the ninth packet.
    """

    LARGEST = 66_000  # a packet that the interface is to cut up (65,535), and what links put before it
    RING = 65_536  # KiB: about a thousand such packets

    def __init__(self, test, interface, name="capture.pcap", prefix=(), only=""):
        self.file = test.folder / name
        self._prefix = list(prefix)
        self._log = test.folder / f"{name}.log"
        words = ["tcpdump", "-i", interface, "-w", str(self.file), "-U", "--immediate-mode", "-n", "-Z", "root",
                 "-s", str(self.LARGEST), "-B", str(self.RING)]  # fmt: skip
        if only:
            words.append(f"({only}) or udp port 9")
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen([*self._prefix, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        test.addCleanup(self._end)
        until(lambda: "listening on" in self._said(), "tcpdump")

    def _said(self):
        said = self._log.read_text()
        if self._process.poll() is not None:
            raise AssertionError(f"tcpdump ended: {said}")
        return said

    def _end(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        self._process.wait()

    def stop(self, address="127.0.0.1"):
        """The file, once it has a datagram that is sent to that address now: then it has all before it, too.

        An error when the kernel had to drop packets.
        """
        code = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto({END!r}, ({address!r}, 9))"
        subprocess.run([*self._prefix, sys.executable, "-c", code], check=True)
        until(lambda: END in self.file.read_bytes(), "the end of the capture")
        self._end()
        said = self._log.read_text()
        if not re.search(r"\b0 packets dropped by kernel", said):
            raise AssertionError(f"found packets missing from the capture, expected all: {said}")
        return self.file

    def pause(self):
        """Takes no packets until go_on(), as if it got no processor."""
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)

    def go_on(self):
        self._process.send_signal(signal.SIGCONT)


class Decoded:
    """A capture as phonerig and tshark decode it. `decode_as` tells tshark the ports: "udp.port==1069,tftp"."""

    def __init__(self, test, file, decode_as=()):
        self._test = test
        self._file = str(file)
        self._decode_as = [word for one in decode_as for word in ("-d", one)]
        code, out, err = run("decode", self._file, "--json")
        test.assertEqual(code, 0, err)
        self.events = [json.loads(line) for line in out.splitlines()]

    def ours(self, *kinds):
        """Events whose kind is, or begins with, one of these: "tftp."."""
        return [event for event in self.events if event["kind"] in kinds
                or any(kind.endswith(".") and event["kind"].startswith(kind) for kind in kinds)]  # fmt: skip

    def theirs(self, which, *fields):
        """One dictionary per packet that the display filter takes: field to list of values."""
        columns = ["frame.number", *fields]
        words = ["tshark", "-r", self._file, "-n", "-Y", which, "-T", "fields", "-E", f"separator={FIELD}",
                 "-E", f"aggregator={VALUE}", *self._decode_as]  # fmt: skip
        for column in columns:
            words += ["-e", column]
        done = subprocess.run(words, capture_output=True, check=False, env={**os.environ, "PATH": PATH})
        self._test.assertEqual(done.returncode, 0, done.stderr.decode())
        rows = []
        for line in done.stdout.decode("utf-8", "replace").split("\n")[:-1]:
            values = line.split(FIELD)
            rows.append({name: value.split(VALUE) if value else [] for name, value in zip(columns, values, strict=True)})
        return rows

    def agree(self, kinds, which, columns, at_least=1):
        """Compares every message. A column is our field to their field, or to (their fields, what their values mean
        [, what our value means]).

        Returns our events.
        """
        wanted = {}
        for ours, column in columns.items():
            names, meaning, *own = column if isinstance(column, tuple) else (column, first)
            wanted[ours] = (names.split(), meaning, own[0] if own else as_it_is)
        fields = list(dict.fromkeys(field for names, _, _ in wanted.values() for field in names))
        rows = self.theirs(which, *fields)
        events = self.ours(*kinds)
        self._test.assertEqual([event["packet"] for event in events], [int(row["frame.number"][0]) for row in rows],
                               "packets with messages")  # fmt: skip
        self._test.assertGreaterEqual(len(events), at_least, "messages")
        for event, row in zip(events, rows, strict=True):
            for ours, (names, meaning, own) in wanted.items():
                theirs = meaning(*(row[name] for name in names))
                mine = own(event.get(ours))
                self._test.assertEqual(None if mine is None else str(mine), None if theirs is None else str(theirs),
                                       f"{ours} of packet {event['packet']}: {event}")  # fmt: skip
        return events


def as_it_is(value):
    return value


# What values of tshark mean, as our fields have it.


def first(values):
    return values[0] if values else None


def joined(separator):
    return lambda values: separator.join(values) if values else None


def number(values):
    """A number that tshark may show in hexadecimal."""
    return int(values[0], 0) if values else None


def named(names):
    """A number that we show by its name; None for those not listed."""
    return lambda values: names.get(int(values[0], 0)) if values else None
