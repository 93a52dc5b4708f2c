#!/usr/bin/env python3
"""A phone of a bench whose address the inventory does not have: it is found by its lease, or by what it announces."""

import contextlib
import ipaddress
import json
import signal
import struct
import subprocess
import sys

from bench_phone import ASKS, MAC, OTHER, BenchPhoneTest
from cable import need_programs
from foreign_servers import program
from own_network import main
from phones import until

# What udhcpc runs when it has a lease.
BOUND = """#!/bin/sh\n[ "$1" = bound ] && ip address add "$ip/$mask" dev "$interface"\nexit 0\n"""

# Sends a frame again and again, until its input ends.
SENDER = """
import select, socket, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("far0", 0))
while not select.select([sys.stdin], [], [], 0.2)[0]:
    wire.send(bytes.fromhex(sys.argv[1]))
"""


def announcements(mac, address):
    """Frames in which a phone says where it is: IEEE 802.1AB with a management address and with a chassis ID, and CDP."""
    mac, address = bytes.fromhex(mac.replace(":", "")), ipaddress.IPv4Address(address).packed

    def lldp(*values):
        return b"".join(struct.pack("!H", kind << 9 | len(value)) + value for kind, value in (*values, (0, b"")))

    def cdp(*values):
        return b"".join(struct.pack("!HH", kind, len(value) + 4) + value for kind, value in values)

    port, ttl = (2, b"\3" + mac), (3, struct.pack("!H", 120))
    told = b"\xaa\xaa\x03\x00\x00\x0c\x20\x00" + b"\x02\xb4\x00\x00" + cdp(
        (1, b"SEP" + mac.hex().upper().encode()), (2, struct.pack("!I", 1) + b"\x01\x01\xcc\x00\x04" + address))
    return {
        "lldp": b"\x01\x80\xc2\x00\x00\x0e" + mac + b"\x88\xcc" + lldp(
            (1, b"\4" + mac), port, ttl, (8, b"\5\1" + address + b"\2\0\0\0\1\0")),
        "lldp chassis": b"\x01\x80\xc2\x00\x00\x0e" + mac + b"\x88\xcc" + lldp((1, b"\5\1" + address), port, ttl),
        "cdp": b"\x01\x00\x0c\xcc\xcc\xcc" + mac + struct.pack("!H", len(told)) + told,
    }  # fmt: skip


class BenchFindingTest(BenchPhoneTest):
    def setUp(self):
        super().setUp()
        self.asks = self.write("asks.yaml", ASKS)

    def test_a_phone_is_found_by_its_lease_of_dnsmasq(self):
        need_programs(dnsmasq="dnsmasq-base", udhcpc="udhcpc")
        leases, script = self.folder / "leases", self.write("bound", BOUND)
        script.chmod(0o755)
        server = subprocess.Popen(
            [*self.near.inside, program("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--user=root",
             "--interface=near0", "--bind-interfaces", "--dhcp-range=10.98.77.50,10.98.77.60,1h", f"--dhcp-leasefile={leases}",
             f"--pid-file={self.folder / 'dnsmasq.pid'}"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.far.run("ip", "address", "flush", "dev", "far0")
        self.far.run(program("udhcpc"), "-i", "far0", "-n", "-q", "-f", "-t", "20", "-s", str(script))
        shown = json.loads(self.far.run("ip", "-j", "address", "show", "far0").stdout)
        self.address = shown[0]["addr_info"][0]["local"]
        self.assertRegex(self.address, r"^10\.98\.77\.(5\d|60)$")
        self.lay_phone()
        inventory = self.bench(self.inventory(leave_out=["address"], leases=leases))
        self.near.run("ip", "neighbour", "flush", "all")
        code, out, err = self.play(inventory, self.asks)
        self.assertEqual(code, 0, out + err)

    def test_a_phone_is_found_by_what_it_announces(self):
        self.lay_edited_phone()
        # Another address than the one that the neighbour table may know: only an announcement tells it.
        self.far.run("ip", "address", "add", f"{OTHER}/24", "dev", "far0")
        inventory = self.bench(self.inventory(leave_out=["address"]))
        for protocol, frame in announcements(MAC, OTHER).items():
            with self.subTest(protocol=protocol):
                self.near.run("ip", "neighbour", "flush", "all")
                with self.announcing(frame):
                    page = next(one for one in self.check(inventory)["checks"] if one["check"] == "page")
                self.assertEqual(page["text"], f"alice at {OTHER}:80 answers")
        self.near.run("ip", "neighbour", "flush", "all")
        with self.announcing(frame):
            code, out, err = self.play(inventory, self.asks)
        self.assertEqual(code, 0, out + err)

    def test_listening_for_a_phone_ends_when_it_is_interrupted(self):
        self.lay_phone()
        inventory = self.bench(self.inventory(mac="00:0e:08:00:77:09", leave_out=["address"]))
        running = self.start_playing(inventory, self.asks)
        until(lambda: self.near.run("ss", "-H", "-0", "-l").stdout.strip(), "somebody to listen on the cable")
        self.assertEqual(running.stop(signal.SIGINT), 130)

    @contextlib.contextmanager
    def announcing(self, frame):
        """The phone's side of the cable, from which a frame comes five times a second."""
        sender = subprocess.Popen([*self.far.inside, sys.executable, "-c", SENDER, frame.hex()], stdin=subprocess.PIPE)
        try:
            yield
        finally:
            sender.communicate()

if __name__ == "__main__":
    main()
