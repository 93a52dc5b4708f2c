#!/usr/bin/env python3
"""`phonerig run --pcap`: whose file it is, what it repeats, and where it says that an expectation failed. `up --pcap`:
that it holds what the phones did."""

import json
import socket
import stat
import struct
import unittest

from covers import main
from rig_process import RigTest, free_port, get, run, until

SCENARIO = """scenario: {title}
phones: {{ model: CP-7832-3PCC, count: {count}, set: {{ Resync_On_Reset: "No" }} }}
servers:
  tftp: {{ files: {{ basic.txt: "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>" }} }}
  syslog: {{}}
steps:
  - power: on
  - browse: /admin/resync?tftp://${{tftp}}/basic.txt
  - expect: {{ syslog: "*Successful resync*", within: 2s }}
{steps}"""
SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
COMMENT, DESCRIPTION = 1, 3


def blocks(path):
    """(type, body) of each block of a pcapng file."""
    data, at, all_of_them = path.read_bytes(), 0, []
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length >= 12 and struct.unpack_from("<I", data, at + length - 4)[0] == length
        all_of_them.append((kind, data[at + 8 : at + length - 4]))
        at += length
    return all_of_them


def options(body, at):
    found = {}
    while at + 4 <= len(body):
        code, length = struct.unpack_from("<HH", body, at)
        if code == 0:
            break
        found[code] = body[at + 4 : at + 4 + length].decode()
        at += 4 + (length + 3) // 4 * 4
    return found


def packets(path):
    """(bytes, comment) of each packet."""
    found = []
    for kind, body in blocks(path):
        if kind == PACKET:
            length = struct.unpack_from("<I", body, 12)[0]
            comment = options(body, 20 + (length + 3) // 4 * 4).get(COMMENT, "")
            found.append((body[20 : 20 + length], comment))
    return found


class PcapTest(RigTest):
    def scenario(self, name, steps="", count=1):
        return self.write(f"{name}.yaml", SCENARIO.format(title=f"About {name}", steps=steps, count=count))

    def capture(self, *words, code=0):
        path = self.folder / "run.pcapng"
        done = run("run", "--on", "sim", "--pcap", path, *words)
        self.assertEqual(done[0], code, done[1] + done[2])
        self.assertIn(f"packets: {path}", done[1])
        return path

    def test_a_capture_is_its_owners_alone(self):
        (self.folder / "run.pcapng").write_text("an older one that everybody may read")
        path = self.capture(self.scenario("a"))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertGreater(len(packets(path)), 5)

    def test_a_seed_repeats_every_byte_for_any_number_of_threads(self):
        scenario = self.scenario("fleet", count=70)
        first = self.capture("--threads", 1, scenario).read_bytes()
        self.assertGreater(len(first), 50_000)
        for threads in (1, 2, 4):
            self.assertEqual(self.capture("--threads", threads, scenario).read_bytes(), first)

    def test_a_capture_changes_nothing_of_the_run(self):
        scenario = self.scenario("fleet", count=70)
        traces = []
        for words in ((), ("--pcap", self.folder / "run.pcapng")):
            events = self.folder / "events.ndjson"
            self.assertEqual(run("run", "--on", "sim", "--events", events, *words, scenario)[0], 0)
            traces.append(events.read_bytes())
        self.assertEqual(traces[0], traces[1])

    def test_each_scenario_is_a_section_that_says_its_title(self):
        path = self.capture(self.scenario("a"), self.scenario("b"))
        kinds = [kind for kind, _ in blocks(path)]
        self.assertEqual(kinds.count(SECTION), 2)
        titles = [options(body, 8).get(DESCRIPTION) for kind, body in blocks(path) if kind == INTERFACE]
        self.assertEqual(titles, ["About a", "About b"])

    def test_a_comment_stands_where_an_expectation_failed(self):
        failing = '  - expect: { param: GPP_A, is: "87654321", within: 1s }\n'
        path = self.capture(self.scenario("bad", failing), code=1)
        said = [(i, comment) for i, (_, comment) in enumerate(packets(path)) if comment]
        self.assertEqual(len(said), 1)
        self.assertEqual(said[0][0], len(packets(path)) - 1)
        self.assertRegex(said[0][1], r"^.*bad\.yaml:10: failed: .*GPP_A")
        self.assertIn("12345678", said[0][1])

    def test_the_packet_is_one_of_the_phone_that_failed(self):
        failing = '  - expect: { param: GPP_A, is: "87654321", within: 1s, phones: phone1 }\n'
        path = self.capture(self.scenario("bad", failing, count=3), code=1)
        (frame,) = [frame for frame, comment in packets(path) if comment]
        self.assertIn(bytes([10, 78, 0, 1]), (frame[26:30], frame[30:34]))

    def test_a_place_that_cannot_be_written_is_said_before_anything_runs(self):
        code, out, err = run("run", "--on", "sim", "--pcap", self.folder, self.scenario("a"))
        self.assertEqual(code, 2)
        self.assertIn("cannot write", err)
        self.assertNotIn("About a", out)


class UpPcapTest(RigTest):
    def up(self, pcap, first, *words):
        """A rig that captures, and the port of its pages; skips where nobody may capture."""
        web_port = free_port()
        rig = self.start("up", "--first", first, "--web-port", web_port, "--sip-port", free_port(socket.SOCK_DGRAM),
                         "--serve", self.folder / "served", "--pcap", pcap, *words)
        try:
            said = rig.err.wait_for(r"setcap|^ready: ").group(0)
        except AssertionError:
            self.fail(rig.err.seen)
        if said == "setcap":
            self.skipTest(rig.err.seen[-1])
        return rig, web_port

    def test_it_holds_what_the_phones_did_and_belongs_to_its_owner(self):
        self.write("served/basic.txt", "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>")
        pcap = self.folder / "up.pcapng"
        rig, web_port = self.up(pcap, "127.88.0.1", "--phones", 2, "--set", "Resync_On_Reset=No")
        tftp = next(line for line in rig.err.seen if line.startswith("tftp://"))
        get(f"http://127.88.0.2:{web_port}/admin/resync?{tftp}/basic.txt")
        until(lambda: "12345678" in get(f"http://127.88.0.2:{web_port}/admin/cfg.xml"), "the resync")
        self.assertEqual(rig.stop(), 0, rig.err.seen)
        self.assertEqual(stat.S_IMODE(pcap.stat().st_mode), 0o600)
        code, out, err = run("decode", pcap, "--json")
        self.assertEqual(code, 0, err)
        events = [json.loads(line) for line in out.splitlines()]
        read = [e for e in events if e["kind"] == "tftp.read"]
        self.assertEqual([(e["file"], e["from"].split(":")[0]) for e in read], [("basic.txt", "127.88.0.2")])
        self.assertEqual(read[0]["phone"], "00:0e:08:00:00:02")
        asked = [(e["method"], e["target"]) for e in events if e["kind"] == "http.request"]
        self.assertIn(("GET", f"/admin/resync?{tftp}/basic.txt"), asked)
        self.assertTrue(any("Successful resync" in e["text"] for e in events if e["kind"] == "syslog.message"), out)

    def test_what_other_addresses_of_the_loopback_say_is_not_in_it(self):
        self.write("served/basic.txt", "")
        pcap = self.folder / "up.pcapng"
        rig, web_port = self.up(pcap, "127.88.1.1", "--set", "Resync_On_Reset=No")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as third:
            other.bind(("127.88.1.9", 0))
            third.bind(("127.88.1.8", 0))
            other.sendto(b"<13>of no phone", third.getsockname())
            third.settimeout(30)
            third.recv(100)
        get(f"http://127.88.1.1:{web_port}/")
        self.assertEqual(rig.stop(), 0, rig.err.seen)
        frames = [frame for frame, _ in packets(pcap)]
        self.assertTrue(any(bytes([127, 88, 1, 1]) in frame for frame in frames))
        self.assertFalse(any(b"of no phone" in frame for frame in frames))

    def test_a_place_that_cannot_be_written_is_said(self):
        code, out, err = run("up", "--first", "127.88.2.1", "--web-port", free_port(), "--pcap", self.folder, "--for", 0)
        self.assertEqual(code, 2, out + err)
        self.assertIn("--pcap: ", err)


if __name__ == "__main__":
    main()
