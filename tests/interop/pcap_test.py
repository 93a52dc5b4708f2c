#!/usr/bin/env python3
"""Captures of virtual runs as Wireshark reads them: nothing malformed, every checksum right, and the messages of the trace."""

import json
import shutil
import subprocess
import unittest

import phones  # noqa: F401  (finds rig_process)
from covers import main
from rig_process import RigTest, run

# What the library plays over UDP, TCP and both: transfers, redirects, refusals, dribbles, names, logins, SIP.
SCENARIOS = [
    "ex-tftp-resync",
    "ex-http-get",
    "ex-syslog-11-3",
    "hostile-servers",
    "http-authentication",
    "http-redirect-loop",
    "report-on-request",
    "rule-four-servers",
    "server-down-and-back",
    "sip-notify",
    "upgrade-power-cut",
]
CHECKED = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]


def tshark(capture, *words):
    done = subprocess.run(
        ["tshark", "-n", "-r", str(capture), *CHECKED, *words], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
class VirtualCaptureTest(RigTest):
    def capture(self, *scenarios):
        pcap, events = self.folder / f"{scenarios[0]}.pcapng", self.folder / f"{scenarios[0]}.ndjson"
        code, out, err = run("run", *scenarios, "--on", "sim", "--pcap", pcap, "--events", events)
        self.assertEqual(code, 0, out + err)
        return pcap, [json.loads(line) for line in events.read_text().splitlines()]

    def test_nothing_is_malformed_and_every_checksum_is_right(self):
        pcap, _ = self.capture(*SCENARIOS)
        bad = (
            "_ws.malformed || _ws.unreassembled || ip.checksum.status == 0 || tcp.checksum.status == 0 || "
            "udp.checksum.status == 0 || icmp.checksum.status == 0 || _ws.expert.severity == 8388608 || "
            "(tcp.analysis.flags && !tcp.analysis.reused_ports)"
        )
        self.assertEqual(tshark(pcap, "-Y", bad), [])
        self.assertGreater(len(tshark(pcap)), 500)

    def test_every_message_of_the_phone_is_a_packet(self):
        fields = ["http.request.method", "http.request.uri", "http.response.code", "syslog.level", "tftp.opcode",
                  "tftp.source_file", "sip.Status-Code"]
        words = [word for field in fields for word in ("-e", field)]
        for scenario in ("ex-tftp-resync", "ex-http-get", "http-redirect-loop", "report-on-request", "sip-notify"):
            with self.subTest(scenario=scenario):
                pcap, events = self.capture(scenario)
                packets = [dict(zip(fields, line.split("\t"))) for line in tshark(pcap, "-T", "fields", *words)]

                def have(*wanted, packets=packets, **only):
                    """The values of these fields in each packet that has the first one, and those of `only`."""
                    return sorted(tuple(p[f] for f in wanted) for p in packets
                                  if p[wanted[0]] and all(p[k.replace("_", ".")] == v for k, v in only.items()))

                def seen(kind, *wanted, events=events):
                    return sorted(tuple(str(e[f]) for f in wanted) for e in events
                                  if e["by"] == "phone" and e["kind"] == kind)

                self.assertEqual(have("http.request.method", "http.request.uri"), seen("http.request", "method", "target"))
                self.assertEqual(have("http.response.code"), seen("http.response", "status"))
                self.assertEqual(have("syslog.level"), seen("syslog.message", "severity"))
                self.assertEqual(have("tftp.source_file", tftp_opcode="1"), seen("tftp.read", "file"))
                self.assertEqual(len(have("tftp.opcode", tftp_opcode="3")), len(seen("tftp.data", "block")))
                self.assertEqual(have("sip.Status-Code"), seen("sip.response", "status"))

    def test_phones_are_named_by_their_macs(self):
        pcap, events = self.capture("ex-tftp-resync")
        mac = next(e["phone"] for e in events if e["phone"])
        name = mac.replace(":", "") + ".phonerig"
        done = subprocess.run(
            ["tshark", "-N", "n", "-r", str(pcap), "-Y", "tftp.opcode == 1", "-T", "fields", "-e", "ip.src_host",
             "-e", "eth.src"], capture_output=True, text=True, timeout=120, check=True)
        self.assertEqual(done.stdout.splitlines(), [f"{name}\t{mac}"])

    def test_times_are_those_of_the_trace(self):
        pcap, events = self.capture("ex-http-get")
        begun = next(e for e in events if e["kind"] == "run.begin")
        asked = next(e for e in events if e["kind"] == "http.request" and e["by"] == "server")
        packet = tshark(pcap, "-Y", "http.request && ip.dst == 192.0.2.0/24", "-T", "fields", "-e", "frame.time_epoch")[0]
        start = 1767225600  # 2026-01-01
        self.assertEqual(begun["wall"], "2026-01-01T00:00:00Z")
        # The packet leaves the phone one latency before the server has it.
        self.assertAlmostEqual(float(packet) - start, asked["t"] - 0.0002, places=6)


if __name__ == "__main__":
    main()
