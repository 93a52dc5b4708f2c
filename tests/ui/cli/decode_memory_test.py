#!/usr/bin/env python3
"""phonerig decode: how much memory it takes for captures that were made to take all of it.

What the kernel says of the process when it has ended is measured: the most that was ever resident. Captures come through
a pipe, longer than the limit, so that what is kept of them shows."""

import os
import struct
import subprocess
import unittest

from covers import main
from rig_process import PHONERIG

LIMIT = 300_000_000  # bytes
SERVER = 0x0A000001
ETHERNET = bytes.fromhex("020000000001000e08000001") + b"\x08\x00"


def ip(protocol, source, target, payload, identification=1, fragment=0):
    return ETHERNET + struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(payload), identification, fragment, 64, protocol, 0,
                                  source, target) + payload  # fmt: skip


def tcp(source, port, sequence, payload=b"", flags=0x18):
    return ip(6, source, SERVER, struct.pack(">HHIIBBHHH", port, 80, sequence & 0xFFFFFFFF, 1, 0x50, flags, 65535, 0, 0)
              + payload)  # fmt: skip


def udp(source, port, target_port, payload):
    return ip(17, source, SERVER, struct.pack(">HHHH", port, target_port, 8 + len(payload), 0) + payload)


def client(number):
    """An address and a port of its own for each number."""
    return 0x0B000000 + number // 50_000, 10_000 + number % 50_000


def never_closed():
    """Connections whose request never ends, each with most of a head in it."""
    head = b"GET / HTTP/1.1\r\nX: " + b"x" * 1400
    for number in range(250_000):
        yield tcp(*client(number), 1, flags=2)
        yield tcp(*client(number), 2, head)


def all_holes():
    """Connections of which every second segment is missing."""
    piece = b"y" * 1400
    for number in range(1_000):
        yield tcp(*client(number), 1, flags=2)
        for part in range(300):
            yield tcp(*client(number), 2 + 2800 * part + 1400, piece)


def endless_fragments():
    """Ends of datagrams whose other parts never come, and which say that more follows."""
    for number in range(250_000):
        yield ip(17, client(number)[0], SERVER, b"f" * 1400, number & 0xFFFF, 0x2000 | (8000 - number % 7) & 0x1FFF)


def endless_head():
    """One request whose head has no end."""
    yield tcp(*client(0), 1, flags=2)
    line = (b"X-Name: " + b"v" * 90 + b"\r\n") * 14
    yield tcp(*client(0), 2, b"GET / HTTP/1.1\r\n")
    at = 2 + 16
    for _ in range(230_000):
        yield tcp(*client(0), at, line)
        at += len(line)


def many_exchanges():
    """Requests of the longest head there may be, none of which is answered."""
    yield tcp(*client(0), 1, flags=2)
    at = 2
    for number in range(6_000):
        request = b"GET /%d" % number + b"t" * 60_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
        yield tcp(*client(0), at, request)
        at += len(request)


def many_transactions():
    """Questions that nobody answers, each of another phone."""
    for number in range(700_000):
        source, port = client(number)
        kind = number % 3
        if kind == 0:
            yield udp(source, port, 53, struct.pack(">HHHHHH", number & 0xFFFF, 0x100, 1, 0, 0, 0) + b"\x20" + b"n" * 32
                      + b"\x03com\x00\x00\x01\x00\x01")  # fmt: skip
        elif kind == 1:
            yield udp(source, port, 69, b"\x00\x01" + b"f" * 400 + b"\x00octet\x00")
        else:
            yield udp(source, port, 514, b"<13>CP-7832-3PCC 000e08%06x -- " % number + b"s" * 900)


def pcap(packets):
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    for number, packet in enumerate(packets):
        yield struct.pack("<IIII", 1_767_225_600, number, len(packet), len(packet)) + packet


def block(kind, body):
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def talkative_file():
    """A pcapng file that describes more interfaces, names and comments than anybody has, and hardly a packet."""
    yield block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    long = b"n" * 65_000
    for _ in range(1_500):
        yield block(1, struct.pack("<HHI", 1, 0, 0) + option(2, long) + option(3, long) + option(11, b"\x00" + long))
    for number in range(1_100_000):
        record = struct.pack(">I", number) + b"m" * 60 + b"\x00"
        yield block(4, struct.pack("<HH", 1, len(record)) + record + bytes(-len(record) % 4))
    packet = udp(*client(0), 514, b"<13>a")
    head = struct.pack("<IIIII", 0, 0, 0, len(packet), len(packet)) + packet + bytes(-len(packet) % 4)
    for _ in range(1_000):
        yield block(6, head + option(1, b"c" * 60_000))


@unittest.skipUnless(PHONERIG, "PHONERIG_BIN does not name the program")
class DecodeMemoryTest(unittest.TestCase):
    def check(self, capture, *words):
        """Decodes what a generator yields, and looks at what the process took and at how much it was given."""
        with subprocess.Popen([PHONERIG, "decode", "-", *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, bufsize=1 << 20) as process:  # fmt: skip
            given = 0
            for piece in capture:
                given += process.stdin.write(piece)
            process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertGreater(given, LIMIT, "a capture that would fit into the limit proves nothing")
        self.assertLess(usage.ru_maxrss * 1024, LIMIT)

    def test_connections_that_are_never_closed(self):
        self.check(pcap(never_closed()), "--json")

    def test_connections_full_of_holes(self):
        self.check(pcap(all_holes()), "--json")

    def test_fragments_without_end(self):
        self.check(pcap(endless_fragments()), "--json")

    def test_a_head_without_end(self):
        self.check(pcap(endless_head()), "--json")

    def test_exchanges_with_long_names(self):
        for words in ((), ("--json",), ("--ladder",)):
            with self.subTest(words=words):
                self.check(pcap(many_exchanges()), *words)

    def test_transactions_without_answers(self):
        for words in ((), ("--json",), ("--ladder",)):
            with self.subTest(words=words):
                self.check(pcap(many_transactions()), *words)

    def test_a_file_that_says_more_than_its_packets(self):
        self.check(talkative_file())


if __name__ == "__main__":
    main()
