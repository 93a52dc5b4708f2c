#!/usr/bin/env python3
"""phonerig compare: what it says of two traces, in which form, and its exit codes."""

import json
import pathlib
import struct
import tempfile
import unittest

from covers import main
from rig_process import run

MAC = "00:0e:08:00:00:01"
BEGIN = '{"t":0,"kind":"run.begin","n":0,"by":"rig","schema":1}\n'
END = '{"t":2,"kind":"run.end","n":9,"by":"rig"}\n'


def event(kind, at, x, source, peer, **fields):
    head = {"t": at, "kind": kind, "n": 0, "by": "server", "x": x, "phone": MAC, "from": source, "to": peer}
    return json.dumps({**head, **fields}, separators=(",", ":")) + "\n"


def capture(lost=0, ipv6=0):
    """A DNS query in pcapng, and IPv6 packets; the capture says how many packets it lost."""
    def block(kind, body):
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
    query = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + b"\4prov\7example\0" + struct.pack(">2H", 1, 1)
    udp = struct.pack(">4H", 5300, 53, 8 + len(query), 0) + query
    packet = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, b"\x0a\0\0\1", b"\x0a\0\0\2") + udp
    packets = [packet] + [b"\x60" + bytes(39)] * ipv6
    return (block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack("<HHI", 101, 0, 0))
            + b"".join(block(6, struct.pack("<5I", 0, 0, 0, len(one), len(one)) + one + bytes(-len(one) % 4)) for one in packets)
            + block(5, struct.pack("<3I2HQI", 0, 0, 0, 5, 8, lost, 0)))


def trace(path="/basic.txt", status=200, line="Successful resync", port=80):
    """A resync over HTTP, as the servers saw it."""
    phone, server = f"127.78.0.1:{port + 1000}", f"127.0.0.1:{port}"
    return "".join([
        BEGIN,
        event("http.request", 1.0, "1.0.1", phone, server, method="GET", target=path, user_agent="Cisco", minor=1, bytes=0),
        event("http.response", 1.1, "1.0.1", server, phone, status=status, reason="", minor=1, bytes=9),
        event("syslog.message", 1.2, "2.0.1", phone, server, severity=5, facility=16, text=f"{line} http://{server}{path}",
              raw=f"<133>{line} http://{server}{path}"),
        END,
    ])


class CompareTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, content, name):
        path = self.folder / name
        path.write_text(content)
        return str(path)

    def compare(self, a, b, *words):
        return run("compare", self.file(a, "a.ndjson"), self.file(b, "b.ndjson"), *words)

    def test_equal_traces_give_0_whatever_ports_they_had(self):
        code, out, err = self.compare(trace(port=80), trace(port=8080))
        self.assertEqual((code, err), (0, ""), out)
        self.assertTrue(out.endswith("no difference\n"), out)
        self.assertIn("server-address", out)
        self.assertNotIn("\x1b", out)

    def test_a_difference_gives_1_and_is_named_with_its_lines(self):
        code, out, _ = self.compare(trace(), trace("/wrong.txt", 404, "Resync failed"))
        self.assertEqual(code, 1)
        self.assertIn("#1 http.request target", out)
        self.assertRegex(out, r"A line 2 +/basic\.txt\n +B line 2 +/wrong\.txt")
        self.assertRegex(out, r"1 difference, \d more follow from it\n$")

    def test_json_has_its_keys(self):
        target = self.folder / "out.json"
        code, _, _ = self.compare(trace(), trace("/wrong.txt", 404, "Resync failed"), "--json", str(target))
        self.assertEqual(code, 1)
        found = json.loads(target.read_text())
        self.assertEqual(list(found), ["comparison", "verdict", "a", "b", "observers", "phones", "roots", "unlisted",
                                       "fidelity", "set_aside", "not_compared"])
        self.assertEqual((found["verdict"], found["observers"]), ("different", ["server"]))
        root, = found["roots"]
        self.assertEqual((root["difference"], root["kind"], root["field"]), ("field", "http.request", "target"))
        self.assertEqual((root["a"]["value"], root["a"]["line"], root["b"]["t"]), ("/basic.txt", 2, 1.0))
        self.assertIn("http.response status", [one["title"] for one in root["follows"]])

    def test_rules_of_ones_own(self):
        rules = self.file('comparison: 1\nfields:\n  - { rule: agents, why: test, in: [http.request.user_agent] }\n',
                          "rules.yaml")
        other = trace().replace("Cisco", "Linksys")
        self.assertEqual(self.compare(trace(), other)[0], 1)
        code, out, _ = self.compare(trace(), other, "--rules", rules)
        self.assertEqual(code, 0, out)
        self.assertIn("agents", out)

    def test_wrong_rules_give_2_with_place_and_nearest_word(self):
        rules = self.file("comparison: 1\nheader: []\n", "rules.yaml")
        code, out, err = self.compare(trace(), trace(), "--rules", rules)
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(err, r'rules\.yaml:2:1: found the key "header", expected .*did you mean "headers"\?')

    def test_a_folder_is_no_file_of_rules(self):
        code, out, err = self.compare(trace(), trace(), "--rules", str(self.folder))
        self.assertEqual((code, out), (2, ""))
        self.assertEqual(err, f"phonerig: compare: {self.folder}: Is a directory, expected rules of a comparison\n")

    def test_what_cannot_be_read_gives_2(self):
        code, _, err = self.compare(trace(), trace() + "nonsense\n")
        self.assertEqual(code, 2)
        self.assertIn("b.ndjson: line 6: found no JSON", err)
        code, _, err = run("compare", "/nowhere/a", "/nowhere/b")
        self.assertEqual(code, 2)
        self.assertIn("/nowhere/a: No such file", err)
        code, _, err = self.compare(trace(), trace(), "--phone", "1.2.3.4=1.2.3.5")
        self.assertEqual(code, 2)
        self.assertIn("no phone of A is 1.2.3.4", err)

    def test_nothing_in_common_gives_3(self):
        code, out, _ = self.compare(trace(), trace().replace('"server"', '"wire"'))
        self.assertEqual(code, 3)
        self.assertTrue(out.endswith("nothing was compared\n"), out)
        self.assertEqual(self.compare(BEGIN + END, BEGIN + END)[0], 3)

    def test_no_difference_between_captures_that_lost_packets_gives_3(self):
        whole, lossy, page, target = (self.folder / name for name in ("whole", "lossy", "page.html", "out.json"))
        whole.write_bytes(capture())
        lossy.write_bytes(capture(lost=3))
        self.assertEqual(run("compare", str(whole), str(whole))[0], 0)
        code, out, _ = run("compare", str(whole), str(lossy), "--json", str(target), "--html", str(page))
        self.assertEqual(code, 3, out)
        self.assertRegex(out, r"B .*\n +the capture lost 3 packets beside the 1 that it has\n")
        self.assertTrue(out.endswith("no difference in what was captured: B lost 3 packets\n"), out)
        found = json.loads(target.read_text())
        self.assertEqual((found["verdict"], found["a"]["dropped"], found["b"]["dropped"], found["b"]["packets"]),
                         ("incomplete", 0, 3, 1))
        self.assertIn("the capture lost 3 packets", page.read_text())

    def test_what_decoding_left_behind_is_not_compared(self):
        plain, other, target = (self.folder / name for name in ("plain", "other", "out.json"))
        plain.write_bytes(capture())
        other.write_bytes(capture(ipv6=2))
        code, out, _ = run("compare", str(plain), str(other), "--json", str(target))
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"IPv6 +no event tells it \(A 0, B 2\)")
        self.assertIn({"what": "IPv6", "why": "no event tells it", "a": 0, "b": 2},
                      json.loads(target.read_text())["not_compared"])
        self.assertEqual(run("decode", str(other), "--json")[2], "phonerig: decode: no event tells 2 IPv6\n")
        self.assertEqual(run("decode", str(plain), "--json")[2], "")

    def test_a_trace_that_does_not_begin_as_one_gives_2(self):
        code, out, err = self.compare(trace(), trace().replace(BEGIN, ""))
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(err, r"^phonerig: compare: .*/b\.ndjson: line 1: found http\.request, expected run\.begin with schema 1\n$")

    def test_a_trace_that_was_cut_short_gives_2(self):
        code, out, err = self.compare(trace().replace(END, ""), trace())
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(err, r"^phonerig: compare: .*/a\.ndjson: line 4: found the end of the file, expected run\.end: the trace was cut short\n$")

    def test_a_run_compared_with_itself_and_with_its_repetition(self):
        """Two runs of one seed on sim, from files that the program itself wrote."""
        for name in ("first", "second"):
            code, out, err = run("run", "ex-tftp-resync", "--on", "sim", "--seed", "1", "--events",
                                 str(self.folder / name))
            self.assertEqual(code, 0, out + err)
        code, out, _ = run("compare", str(self.folder / "first"), str(self.folder / "second"))
        self.assertEqual(code, 0, out)


if __name__ == "__main__":
    main()
