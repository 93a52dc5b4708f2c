#!/usr/bin/env python3
"""phonerig bench with phones that answer: what a lease leaves behind is put back, and what a check says of a phone."""

import json
import re
import signal
import socket
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from bench_rig import BenchTest
from covers import main
from rig_process import free_port, get, until

PHONE = "127.83.7.1"
MAC = "00:0e:08:00:07:01"

# A client of the daemon that saves GPP_A under a lease and says so, and then only keeps the lease until it is killed.
SAVER = """
import json, select, socket, sys
daemon = socket.socket(socket.AF_UNIX)
daemon.connect(sys.argv[1])
lines = daemon.makefile("rw")
for number, wish in enumerate((
    {"do": "hello", "version": 1, "holder": "a@test"},
    {"do": "lease", "phone": "alice", "for": 600},
    {"do": "save", "lease": 1, "parameters": [{"name": "GPP_A", "value": sys.argv[2]}]}), 1):
    lines.write(json.dumps({"id": number, **wish}) + "\\n")
    lines.flush()
    print(lines.readline(), end="", flush=True)
number = 3
while not select.select([sys.stdin], [], [], 0.3)[0]:
    number += 1
    lines.write(json.dumps({"id": number, "do": "renew", "lease": 1}) + "\\n")
    lines.flush()
    lines.readline()
"""


class PhoneTest(BenchTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()

    def power_up(self, *words):
        rig = self.start("up", "--web-port", self.port, "--sip-port", free_port(socket.SOCK_DGRAM), "--threads", 1,
                         "--model", "CP-7841-3PCC", "--first", PHONE, "--mac", MAC, "--set", "Resync_On_Reset=No",
                         *words)
        rig.ready()
        return rig

    def entry(self, heartbeat="15s", **words):
        """An inventory of this one phone, with other words for some."""
        entry = {"model": "CP-7841-3PCC", "mac": MAC, "address": PHONE, "web": {"port": self.port}, **words}
        return self.write("phones.yaml", f"bench: lab\nheartbeat: {heartbeat}\nphones:\n  alice: {json.dumps(entry)}\n")

    def page(self, path="/"):
        return get(f"http://{PHONE}:{self.port}{path}")

    def value(self, name):
        return re.search(rf"<{name}(?:\s[^>/]*)?(?:/>|>([^<]*)<)", self.page("/admin/cfg.xml")).group(1) or ""

    def serve_one(self, inventory):
        daemon = self.start("bench", "serve", "--inventory", inventory, "--socket", self.socket,
                            "--state", self.folder / "state")
        daemon.err.wait_for(r"^serving lab \(1 phone\) at ")
        return daemon

    def check(self, inventory, *words):
        """Exit code, and of each check its verdict and text."""
        code, out, err = self.bench("check", "--inventory", inventory, "--json", *words)
        self.assertEqual(err, "")
        (alice,) = json.loads(out)["phones"]
        return code, alice["verdict"], {one["check"]: (one["verdict"], one["text"]) for one in alice["checks"]}


class RestoreTest(PhoneTest):
    def test_the_phone_of_a_killed_client_gets_its_parameters_back(self):
        self.power_up("--set", "GPP_A=before")
        self.serve_one(self.entry(heartbeat="3s"))
        client = subprocess.Popen([sys.executable, "-c", SAVER, self.socket, "before"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(client.stdout.close)
        self.addCleanup(client.stdin.close)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        welcome, lease, saved = (json.loads(client.stdout.readline()) for _ in range(3))
        self.assertIs(welcome["restores"], True)
        self.assertEqual(lease["lease"], 1)
        self.assertNotIn("error", saved)
        self.submit("GPP_A", "after")
        self.assertEqual(self.value("GPP_A"), "after")
        client.send_signal(signal.SIGKILL)
        until(lambda: self.value("GPP_A") == "before", "the parameter as it was")
        until(lambda: self.states()["alice"]["state"] == "free", "the phone free again")

    def submit(self, name, value):
        """As a page's form does that has this field alone."""
        request = Request(f"http://{PHONE}:{self.port}/admin/advanced?submit", urlencode({name: value}).encode())
        with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
            self.assertEqual(answer.status, 200)


class CheckTest(PhoneTest):
    def test_a_phone_that_is_what_the_inventory_says_passes(self):
        self.power_up()
        inventory = self.entry()
        self.serve_one(inventory)
        code, verdict, checks = self.check(inventory)
        self.assertEqual((code, verdict), (0, "passed"), checks)
        self.assertEqual({what: one[0] for what, one in checks.items()}, {"page": "good", "form": "good", "model": "good", "clock": "good"})
        code, out, _ = self.bench("check", "alice", "--inventory", inventory)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)\Aalice: passed\n  page +good +alice at .* answers$")
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_a_phone_that_fails_is_quarantined_until_it_passes(self):
        self.power_up()
        wrong = self.entry(firmware="sip78xx.1-2-3MPP-4")
        self.serve_one(wrong)
        code, verdict, checks = self.check(wrong)
        self.assertEqual((code, verdict, checks["firmware"][0]), (1, "failed", "bad"))
        self.assertIn("the inventory says that the firmware of alice is sip78xx.1-2-3MPP-4", checks["firmware"][1])
        alice = self.states()["alice"]
        self.assertEqual((alice["state"], alice["why"]), ("quarantined", checks["firmware"][1]))
        self.refused(self.bench("lease", "alice", "--", "true"), 4, "quarantined")
        right = self.entry(firmware=re.search(r"says (\S+)$", checks["firmware"][1]).group(1))
        self.assertEqual(self.check(right)[:2], (0, "passed"))
        self.assertEqual(self.states()["alice"]["state"], "free")

    def test_firmware_may_be_written_as_a_version(self):
        self.power_up("--firmware", "sip78xx.11-3-1MPP-678")
        inventory = self.entry(firmware="11.3.1")
        self.serve_one(inventory)
        for written, good in (("11.3.1", True), ("11-3-1MPP-678", True), ("11.3.2", False), ("1-3-1MPP-678", False)):
            with self.subTest(written=written):
                self.assertEqual(self.check(self.entry(firmware=written))[0], 0 if good else 1)

    def test_another_phone_at_that_address_is_said(self):
        self.power_up()
        inventory = self.entry(mac="00:0e:08:00:07:99")
        self.serve_one(inventory)
        code, _, checks = self.check(inventory)
        self.assertEqual((code, checks["model"][0]), (1, "bad"))
        self.assertIn("the MAC address of alice is 00:0e:08:00:07:99", checks["model"][1])

    def test_a_phone_that_does_not_answer_is_said(self):
        inventory = self.entry()
        self.serve_one(inventory)
        code, verdict, checks = self.check(inventory)
        self.assertEqual((code, verdict, list(checks)), (1, "failed", ["page"]))
        self.assertIn("alice", checks["page"][1])

    def test_a_pdudaemon_that_is_not_there_is_said_and_people_are_not_asked(self):
        self.power_up()
        inventory = self.entry(power={"pdudaemon": {"url": f"http://127.0.0.1:{free_port()}", "host": "p", "port": 1}})
        self.serve_one(inventory)
        code, _, checks = self.check(inventory)
        self.assertEqual((code, checks["power"][0]), (1, "bad"))
        self.assertIn("pdudaemon", checks["power"][1])
        code, _, checks = self.check(self.entry(power="person"))
        self.assertEqual((code, checks["power"][0]), (0, "not checked"))

    def test_packets_are_seen_where_the_inventory_says_or_why_not_is_said(self):
        self.power_up()
        inventory = self.entry(capture={"interface": "lo"})
        self.serve_one(inventory)
        code, _, checks = self.check(inventory)
        self.assertEqual(code, 0, checks)
        if checks["capture"][0] == "good":
            self.assertIn("packets of alice are seen on lo", checks["capture"][1])
        else:
            self.assertRegex(checks["capture"][1], r"sudo setcap cap_net_raw=ep \S+phonerig-capture$")
        code, _, checks = self.check(self.entry(capture={"interface": "nowhere0"}))
        self.assertEqual((code, checks["capture"][0]), (1, "bad"))
        self.assertIn("nowhere0", checks["capture"][1])

    def test_a_phone_that_somebody_holds_is_not_touched(self):
        inventory = self.entry()
        self.serve_one(inventory)
        self.hold("alice", "--reason", "mine")
        code, verdict, checks = self.check(inventory)
        self.assertEqual((code, verdict, checks), (4, "not checked", {}))
        self.assertEqual(self.states()["alice"]["state"], "held")

    def test_without_a_daemon_it_says_what_to_start(self):
        inventory = self.entry()
        self.refused(self.bench("check", "--inventory", inventory), 4, "phonerig bench serve starts one")
        self.refused(self.bench("check", "alise", "--inventory", inventory), 2, "did you mean alice?")


if __name__ == "__main__":
    main()
