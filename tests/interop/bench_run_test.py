#!/usr/bin/env python3
"""Scenarios on a bench: a phone in a network namespace of its own is driven, captured and switched as a real one would be,
and is as it was afterwards, whatever happened."""

import contextlib
import datetime
import ipaddress
import json
import os
import pathlib
import pty
import signal
import struct
import subprocess
import sys

from bench_phone import FAR, MAC, MODEL, NEAR, BenchPhoneTest
from cable import need_programs
from foreign_servers import program
from own_network import main
from phones import until
from rig_process import run

LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "library"
OTHER = "10.98.77.3"  # another address behind the cable
WAITS = """scenario: It waits
phones: { model: CP-7832-3PCC, set: { GPP_A: changed } }
servers: { syslog: {} }
steps:
  - power: on
  - expect: { param: GPP_A, is: changed }
  - wait: 10m
"""
BROWSES = WAITS.split("  - expect")[0] + """  - wait: 8s
  - browse: /
  - expect: { param: GPP_A, is: changed }
"""
# What udhcpc runs when it has a lease.
BOUND = """#!/bin/sh\n[ "$1" = bound ] && ip address add "$ip/$mask" dev "$interface"\nexit 0\n"""
ASKS = """scenario: It asks
phones: { model: CP-7832-3PCC }
steps:
  - power: on
  - expect: { param: GPP_A, is: "" }
"""


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


class BenchRunTest(BenchPhoneTest):
    def setUp(self):
        super().setUp()
        self.waits = self.write("waits.yaml", WAITS)
        self.asks = self.write("asks.yaml", ASKS)

    def assertOneSentence(self, outcome, code, *texts):
        self.assertEqual(outcome[0], code, outcome[1] + outcome[2])
        self.assertEqual(len(outcome[2].splitlines()), 1, outcome[2])
        for text in texts:
            self.assertIn(text, outcome[2])

    def test_a_library_scenario_passes_and_the_phone_is_as_before(self):
        self.lay_phone("--set", "GPP_B=mine")
        inventory = self.bench(self.inventory())
        before = self.page("/admin/cfg.xml")
        code, out, err = self.play(inventory, LIBRARY / "ex-tftp-resync.yaml", "--artefacts", self.folder / "out")
        self.assertEqual(code, 0, out + err)
        self.assertIn("unobserved: expect mute LED shows off", out)
        self.assertEqual(self.page("/admin/cfg.xml"), before)
        events = [json.loads(line) for line in (self.folder / "out" / "events.ndjson").read_text().splitlines()]
        read = next(event for event in events if event["kind"] == "tftp.read" and event["by"] == "wire")
        self.assertEqual((read["phone"], read["from"].split(":")[0], read["to"].split(":")[0]), (MAC, FAR, NEAR))
        self.assertEqual(sorted(path.name for path in (self.folder / "out").iterdir()),
                         ["events.ndjson", "junit.xml", "packets.pcapng", "report.html"])  # fmt: skip

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

    def test_what_cannot_be_observed_fails_a_strict_run(self):
        self.lay_phone()
        text = ASKS + "  - expect: { led: mute, shows: off }\n"
        code, out, err = self.play(self.bench(self.inventory()), self.write("led.yaml", text), "--strict")
        self.assertEqual(code, 1, out + err)
        self.assertIn("bench:alice cannot see LEDs", out)

    def test_a_scenario_that_it_cannot_play_is_skipped_before_anything_is_touched(self):
        self.lay_phone()
        inventory = self.bench(self.inventory(leave_out=["power"]))
        before = self.pid.read_text()
        for text, reason in (
            (ASKS.replace("7832", "7841"), "the scenario is for a CP-7841-3PCC, and alice is a CP-7832-3PCC"),
            (ASKS + "  - power: cycle\n", "alice has no power: in the inventory that could be switched"),
            (ASKS + "  - browse: /admin/upgrade?http://a/b.loads\n",
             "/admin/upgrade may change the firmware, and the inventory does not allow that for alice"),
            (ASKS + "  - press: Applications\n", "bench:alice has no keys"),
            (ASKS + "  - submit: { Admin_Password: word }\n", "Admin_Password is secret: what it was could not be put back"),
            (ASKS.replace("CP-7832-3PCC }", "CP-7832-3PCC, count: 2 }"), "the scenario has 2 phones, and bench:alice is one"),
        ):  # fmt: skip
            with self.subTest(reason=reason):
                code, out, err = self.play(inventory, self.write("skipped.yaml", text))
                self.assertEqual(code, 3, out + err)
                self.assertIn(reason, out)
        self.assertNotIn("lease", self.state(), "a skipped scenario leased the phone")
        self.assertEqual(self.pid.read_text(), before)

    def waiting(self, inventory):
        """A run that has changed the phone and waits."""
        running = self.start_playing(inventory, self.waits, "--verbose")
        running.err.wait_for("^  3/3 wait")
        self.assertEqual(self.value("GPP_A"), "changed")
        return running

    def restored(self):
        until(lambda: self.state()["state"] == "free", "the phone to be free again")
        return self.value("GPP_A")

    def test_the_daemon_puts_back_what_an_interrupted_run_changed(self):
        self.lay_phone("--set", "GPP_A=mine")
        inventory = self.bench(self.inventory())
        for number in (signal.SIGINT, signal.SIGKILL):
            with self.subTest(signal=number):
                code = self.waiting(inventory).stop(number)
                self.assertEqual(code, 130 if number == signal.SIGINT else -9)
                self.assertEqual(self.restored(), "mine")

    def test_an_interruption_ends_the_run_while_the_phone_is_made_ready(self):
        self.lay_edited_phone("--set", "GPP_A=mine")
        inventory = self.bench(self.inventory(leave_out=["power"]))
        # Two pages say who it is and what has to be put back; the third is asked for until a phone has booted.
        self.edit(silent_after=2)
        running = self.start_playing(inventory, self.waits)
        self.edited.wait_for("^silent: /$")
        self.assertEqual(running.stop(signal.SIGINT), 130)
        self.assertIn("interrupted", "\n".join(running.out.seen))
        self.edit()
        self.assertEqual(self.restored(), "mine")

    def test_a_phone_that_was_left_without_power_gets_it_back(self):
        self.lay_phone("--set", "GPP_A=mine")
        inventory = self.bench(self.inventory())
        running = self.waiting(inventory)
        self.switch("off")
        running.stop(signal.SIGKILL)
        self.assertEqual(self.restored(), "mine")

    def check(self, inventory):
        """The only phone of the inventory, as `bench check --json` has it."""
        code, out, err = run("bench", "check", "--inventory", inventory, "--socket", self.socket, "--json", prefix=self.near.inside)
        self.assertEqual((code, err), (0, ""), out)
        return json.loads(out)["phones"][0]

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

    def test_a_clock_that_jumps_is_said_and_does_no_harm(self):
        self.lay_edited_phone()
        inventory = self.bench(self.inventory())
        self.assertLess(abs(self.check(inventory)["clock_offset"]), 60)
        day = 86400
        yesterday, tomorrow = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days) for days in (-1, 1))
        for orders, offset, text in (
            ({"edit": [["(<Current_Time>)[^<]*", rf"\g<1>{yesterday:%m/%d/%Y %H:%M:%S} UTC"]]}, -day, "behind this machine's"),
            ({"edit": [["(<Current_Time>)[^<]*", rf"\g<1>{yesterday:%d/%m/%y %I:%M:%S %p}"]]}, 0, "whole quarters of an hour"),
            ({"head": {"Date": f"{tomorrow:%a, %d %b %Y %H:%M:%S} GMT"}}, day, "Date of its answers"),
        ):
            with self.subTest(orders=orders):
                self.edit(**orders)
                alice = self.check(inventory)
                self.assertLess(abs(alice["clock_offset"] - offset), 60)
                self.assertIn(text, next(one["text"] for one in alice["checks"] if one["check"] == "clock"))
        self.edit(edit=[["<Current_Time>[^<]*</Current_Time>", ""]])
        self.assertNotIn("clock_offset", self.check(inventory))
        self.edit(head={"Date": f"{tomorrow:%a, %d %b %Y %H:%M:%S} GMT"})
        code, out, err = self.play(self.inventory(leave_out=["power"]), self.asks)
        self.assertEqual(code, 0, out + err)

    def test_a_check_says_each_phone_as_it_is_done_and_ends_when_it_is_interrupted(self):
        self.lay_edited_phone()
        entry = {"model": MODEL, "address": FAR}
        inventory = self.write("two.yaml", f"bench: lab\nphones:\n  alice: {json.dumps({**entry, 'web': {'port': 8080}})}\n"
                                           f"  bob: {json.dumps({**entry, 'address': OTHER})}\n")
        self.far.run("ip", "address", "add", f"{OTHER}/24", "dev", "far0")
        self.serve(inventory)
        self.edit(silent_after=0)
        checking = self.start("bench", "check", "--inventory", inventory, "--socket", self.socket, prefix=self.near.inside)
        checking.out.wait_for("^alice: passed$")
        self.edited.wait_for("^silent: /$")
        self.assertEqual(checking.stop(signal.SIGINT), 130)
        self.assertNotIn("bob", "".join(checking.out.seen))
        self.assertEqual([self.state(name)["state"] for name in ("alice", "bob")], ["free", "free"])

    def at_a_terminal(self, inventory, scenario):
        """A run, and where a person types answers to it."""
        person, terminal = pty.openpty()
        self.addCleanup(os.close, person)
        running = self.start_playing(inventory, scenario, stdin=terminal)
        os.close(terminal)
        return running, lambda answer: os.write(person, answer)

    def test_a_phone_that_a_person_unplugged_is_asked_for_again(self):
        self.lay_phone("--set", "GPP_A=mine")
        running, says = self.at_a_terminal(self.bench(self.inventory(power="person")), self.waits)
        running.err.wait_for("^Please unplug the power of alice")
        self.switch("off")
        says(b"\n")
        running.err.wait_for("^Please plug the power of alice in")
        running.process.send_signal(signal.SIGINT)
        running.err.wait_for("alice may be without power: a person was asked to unplug it")
        running.err.wait_for("^Please plug the power of alice in")
        self.assertIn("may be without power", self.state()["why"], "it is not quarantined while nobody has confirmed")
        self.switch("on")
        says(b"\n")
        self.assertEqual(running.wait(), 130)
        self.assertEqual(self.restored(), "mine")

    def test_a_phone_that_nobody_plugs_in_again_is_quarantined(self):
        self.lay_phone()
        running, says = self.at_a_terminal(self.bench(self.inventory(power="person")), self.asks)
        running.err.wait_for("^Please unplug the power of alice")
        self.switch("off")
        says(b"\n")
        for _ in ("the step", "the end"):
            running.err.wait_for("^Please plug the power of alice in")
            says(b"the cupboard is locked\n")
        self.assertEqual(running.wait(), 4)
        self.assertRegex(running.err.seen[-1], "alice is quarantined: .*the person at the bench says: the cupboard is locked$")
        self.assertIn("may be without power", self.state()["why"])

    def test_a_phone_that_is_unplugged_in_the_middle_fails_the_step_and_is_put_back(self):
        self.lay_phone("--set", "GPP_A=mine")
        inventory = self.bench(self.inventory())
        self.near.run("sysctl", "-q", "-w", "net.ipv4.neigh.near0.retrans_time_ms=50")  # nobody there is known sooner
        running = self.start_playing(inventory, self.write("browses.yaml", BROWSES), "--verbose")
        running.err.wait_for("^  2/4 wait")
        self.switch("off")
        self.assertEqual(running.wait(), 1)
        self.assertRegex("\n".join(running.out.seen), f"browse /: phone1: alice at {FAR}:80 cannot be reached: ")
        self.assertEqual(self.restored(), "mine")

    def test_pages_that_have_changed_are_said_and_what_is_owed_is_not_forgotten(self):
        self.lay_edited_phone("--set", "GPP_A=mine")
        inventory = self.bench(self.inventory())
        self.edit(edit=[["(?i)MAC address", "Hardware"]])
        self.assertOneSentence(self.play(inventory, self.waits, limit=60), 4, f"alice at {FAR}:80 shows no 'MAC Address', by which a phone is known")
        without = {"edit": [['<div class="field"><label for="GPP_A".*?</div>', ""]]}
        self.edit(**without)
        code, out, err = self.play(inventory, self.waits, limit=60)
        self.assertEqual(code, 3, out + err)
        self.assertIn(f"alice at {FAR}:80 shows no 'GPP_A'", out)
        self.edit()
        running = self.waiting(inventory)
        self.edit(**without)
        running.stop(signal.SIGINT)
        until(lambda: self.state()["state"] == "quarantined", "the phone to be given up")
        self.assertRegex(self.state()["why"], "shows no '.*GPP A'; the nearest name is 'GPP B'")
        self.edit()
        self.assertEqual(self.check(inventory)["verdict"], "passed")
        self.assertEqual(self.restored(), "mine")

    def test_a_lease_that_was_taken_away_ends_the_run(self):
        self.lay_phone("--set", "GPP_A=mine")
        running = self.waiting(self.bench(self.inventory()))
        code, _, err = run("bench", "release", "alice", "--kick", "--reason", "the demo begins", "--socket", self.socket,
                           prefix=self.near.inside)  # fmt: skip
        self.assertEqual(code, 0, err)
        self.assertEqual(running.wait(), 4)
        self.assertIn("the demo begins", running.err.seen[-1])
        self.assertEqual(self.restored(), "mine")

    def test_a_run_outlives_its_daemon(self):
        self.lay_phone("--set", "GPP_A=mine")
        inventory = self.inventory(heartbeat="15s")
        daemon = self.serve(inventory)
        running = self.waiting(inventory)
        daemon.stop(signal.SIGKILL)
        self.serve(inventory)
        running.err.wait_for("the bench daemon was away and is back")
        running.stop(signal.SIGINT)
        self.assertEqual(self.restored(), "mine")

    def test_a_run_whose_daemon_does_not_come_back_ends(self):
        self.lay_phone()
        inventory = self.inventory(heartbeat="4s")
        daemon = self.serve(inventory)
        running = self.waiting(inventory)
        daemon.stop(signal.SIGKILL)
        self.assertEqual(running.wait(), 4)
        self.assertRegex(running.err.seen[-1], "^phonerig: run: lease 1 of alice is lost: the bench daemon did not answer for 4 s")

    def test_an_unavailable_bench_is_said(self):
        self.lay_phone()
        inventory = self.inventory()
        self.assertOneSentence(self.play(inventory, self.asks), 4, self.socket)
        self.serve(inventory)
        self.assertOneSentence(self.play(inventory, self.asks, on="bench:alise"), 2, "did you mean alice?")
        holder = self.start("bench", "lease", "alice", "--socket", self.socket, "--json", prefix=self.near.inside)
        holder.out.wait_for(r"^\{")
        self.assertOneSentence(self.play(inventory, self.asks), 4, "held by")
        holder.stop()

    def test_another_phone_wrong_credentials_and_no_interface_are_one_sentence_each(self):
        self.lay_phone("--set", "Admin_Password=right word")
        secret = self.write("secret", "wrong\n")
        login = {"web": {"password": f"file:{secret}"}}
        self.serve(self.inventory(**login))
        for words, text in (
            ({"mac": "00:0e:08:00:77:09"}, f"the inventory says that the MAC address of alice is 00:0e:08:00:77:09, but alice at "
                                           f"{FAR}:80 says {MAC}"),
            (login, "refuses the user 'admin' with the password that is known for it"),
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertOneSentence(self.play(self.inventory(**words), self.asks), 4, text)
        secret.write_text("right word\n")
        self.assertOneSentence(self.play(self.inventory(**login, capture={"interface": "near7"}), self.asks), 4, "near7")
        code, out, err = self.play(self.inventory(**login), self.asks)
        self.assertEqual(code, 0, out + err)

    def test_a_switch_that_does_not_obey_is_caught(self):
        self.lay_phone()
        inventory = self.inventory(power={"command": {"on": "/bin/true", "off": "/bin/true"}})
        self.serve(inventory)
        self.assertOneSentence(self.play(inventory, self.asks), 4, "says that alice is off, but alice sent ")


if __name__ == "__main__":
    main()
