#!/usr/bin/env python3
"""phonerig decode: what it prints, in which form, and its exit codes."""

import json
import pathlib
import struct
import subprocess
import tempfile
import unittest

from covers import main
from rig_process import PHONERIG, run

PHONE, SERVER = "10.0.0.1", "10.0.0.2"
PHONE_MAC, SERVER_MAC = "000e08000001", "020000000002"
GET = (
    b"GET /basic.txt HTTP/1.1\r\nHost: 10.0.0.2\r\nUser-Agent: Cisco-CP-7832-3PCC/11.0.1 (000e08000001)\r\n"
    b"Authorization: Basic dXNlcjpwYXNz\r\n\r\n"
)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
SYSLOG = b"<134>Jan  1 00:00:05 CP-7832-3PCC 00:0e:08:00:00:01 -- Successful resync \x1b[31m"


def ip(protocol, source, target, payload):
    octets = [bytes(int(part) for part in address.split(".")) for address in (source, target)]
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0) + b"".join(octets) + payload


def ethernet(source, payload, kind=0x0800):
    macs = (SERVER_MAC, PHONE_MAC) if source == PHONE else (PHONE_MAC, SERVER_MAC)
    return bytes.fromhex(macs[0]) + bytes.fromhex(macs[1]) + struct.pack(">H", kind) + payload


def udp(source, source_port, target, target_port, payload):
    datagram = struct.pack(">HHHH", source_port, target_port, 8 + len(payload), 0) + payload
    return ethernet(source, ip(17, source, target, datagram))


def tcp(source, sequence, acknowledged, flags, payload=b""):
    ports = (40000, 80) if source == PHONE else (80, 40000)
    segment = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, 0x50, flags, 65535, 0, 0) + payload
    return ethernet(source, ip(6, source, SERVER if source == PHONE else PHONE, segment))


def conversation():
    """A handshake, a GET and its answer, a syslog line, an IPv6 packet."""
    return [
        tcp(PHONE, 99, 0, 2),
        tcp(SERVER, 499, 100, 0x12),
        tcp(PHONE, 100, 500, 0x10),
        tcp(PHONE, 100, 500, 0x18, GET),
        tcp(SERVER, 500, 100 + len(GET), 0x18, OK),
        udp(PHONE, 514, SERVER, 514, SYSLOG),
        ethernet(PHONE, b"\x60" + bytes(39), 0x86DD),
    ]


def pcap(packets):
    """A capture whose packets are a millisecond apart, from 2026-01-01T00:00:00.5Z on."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
    for index, packet in enumerate(packets):
        parts.append(struct.pack("<IIII", 1767225600, 500000 + 1000 * index, len(packet), len(packet)) + packet)
    return b"".join(parts)


class DecodeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, content):
        path = self.folder / "capture.pcap"
        path.write_bytes(content)
        return str(path)

    def events(self, *words):
        code, out, err = run("decode", *words, "--json")
        return code, [json.loads(line) for line in out.splitlines()], err

    def test_ndjson_is_events_and_nothing_else(self):
        code, events, err = self.events(self.file(pcap(conversation())))
        self.assertEqual((code, err), (0, "phonerig: decode: no event tells 1 IPv6\n"))
        self.assertEqual(
            [event["kind"] for event in events],
            ["run.begin", "http.request", "http.response", "syslog.message", "run.end"],
        )
        begin, request, response, syslog, _ = events
        self.assertEqual((begin["target"], begin["wall"]), ("capture", "2026-01-01T00:00:00.500000Z"))
        self.assertEqual([event["n"] for event in events], [0, 1, 2, 3, 4])
        self.assertEqual({event["by"] for event in events[1:4]}, {"wire"})
        self.assertEqual((request["packet"], request["t"]), (4, 0.003))
        self.assertEqual((request["from"], request["to"]), ("10.0.0.1:40000", "10.0.0.2:80"))
        self.assertEqual(request["x"], response["x"])
        self.assertEqual({event["phone"] for event in (request, response, syslog)}, {"00:0e:08:00:00:01"})
        self.assertRegex(
            request["headers"],
            r"^Host: 10.0.0.2\nUser-Agent: Cisco-CP-7832-3PCC/11.0.1 \(000e08000001\)\n"
            r"Authorization: secret-[0-9a-f]{12}\n$",
        )
        self.assertEqual((response["status"], response["bytes"], len(response["body_hash"])), (200, 5, 12))

    def test_people_get_aligned_lines_then_exchanges_and_the_rest(self):
        code, out, err = run("decode", self.file(pcap(conversation())))
        self.assertEqual((code, err), (0, ""))
        lines = out.splitlines()
        self.assertRegex(lines[0], r"^ +4 +0\.003000 +10\.0\.0\.1:40000 > 10\.0\.0\.2:80 +http +GET /basic\.txt HTTP/1\.1")
        self.assertEqual(lines[0].index(" > "), lines[1].index(" > "))
        self.assertNotIn("\x1b", out)
        self.assertNotIn("dXNlcjpwYXNz", out)
        self.assertIn("HTTP exchanges", lines)
        self.assertTrue(any("GET /basic.txt 200 OK" in line for line in lines))
        self.assertIn("7 packets, 3 events, 1 TCP connections", lines)
        counted = lines[lines.index("7 packets, 3 events, 1 TCP connections") + 1 :]
        self.assertEqual(sum(int(line.split()[0]) for line in counted), 7)
        self.assertTrue(any(line.endswith("IPv6") for line in counted))

    def test_the_ladder_has_a_lane_per_machine(self):
        code, out, err = run("decode", self.file(pcap(conversation())), "--ladder")
        self.assertEqual((code, err), (0, ""))
        lines = out.splitlines()
        self.assertEqual(lines[0], "phone 00:0e:08:00:00:01")
        self.assertEqual(lines[1].split(), [PHONE, SERVER])
        self.assertIn("|---------------->|", lines[2])
        self.assertIn("|<----------------|", lines[3])

    def test_a_phone_is_who_was_named(self):
        capture = self.file(pcap(conversation()))
        _, events, _ = self.events(capture, "--phone", SERVER)
        self.assertEqual({event["phone"] for event in events[1:4]}, {"02:00:00:00:00:02"})
        _, events, _ = self.events(capture, "--phone", "00:0e:08:00:00:02", "--phone", "192.168.0.0/16")
        self.assertEqual({event["phone"] for event in events[1:4]}, {None})
        code, _, err = self.events(capture, "--phone", "nobody")
        self.assertEqual(code, 2)
        self.assertIn("nobody", err)

    def test_it_reads_standard_input(self):
        got = subprocess.run(
            [PHONERIG, "decode", "-", "--json"], input=pcap(conversation()), stdout=subprocess.PIPE, check=True
        )
        self.assertEqual(len(got.stdout.splitlines()), 5)

    def test_what_is_before_the_damage_is_decoded(self):
        whole = pcap(conversation())
        code, events, err = self.events(self.file(whole[:-10]))
        self.assertEqual(code, 2)
        self.assertEqual(len(events), 4)
        self.assertNotEqual(events[-1]["kind"], "run.end")  # nobody takes it for the whole
        self.assertEqual(len(err.splitlines()), 1)
        self.assertIn("packet 7", err)

    def test_what_is_no_capture_gives_one_sentence(self):
        for content in (b"", b"no capture at all, just a text that is long enough"):
            code, out, err = run("decode", self.file(content))
            self.assertEqual(code, 2)
            self.assertEqual(len(err.splitlines()), 1)
        code, _, err = run("decode", str(self.folder / "missing"))
        self.assertEqual((code, len(err.splitlines())), (2, 1))

    def test_a_capture_without_packets_is_a_run_without_events(self):
        code, events, err = self.events(self.file(pcap([])))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual([event["kind"] for event in events], ["run.begin", "run.end"])

    def test_it_ends_when_nobody_reads_any_more(self):
        capture = self.file(pcap(conversation() * 3000))
        with subprocess.Popen([PHONERIG, "decode", capture, "--json"], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.wait(timeout=60), 0)


if __name__ == "__main__":
    main()
