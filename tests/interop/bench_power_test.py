#!/usr/bin/env python3
"""Power drivers against Debian's snmpd in the part of a PoE switch, Debian's pdudaemon, and a cable that is pulled."""

import json
import os
import socket
import subprocess
import unittest

from bench_hands import hands
from cable import CableTest, need_programs
from foreign_servers import _Server, free_port_at, program
from own_network import main
from phones import until
from rig_process import RigTest

PORTS = ".1.3.6.1.2.1.105.1.1.1"

# snmpd hands each request for the table's rows to this, line by line (snmpd.conf(5), pass_persist).
SWITCH = """#!/usr/bin/python3
import sys
obeys = sys.argv[1] == "yes"
table, values = sys.argv[2], {"3.1.3": 1, "6.1.3": 3, "3.2.3": 1}
def line():
    return sys.stdin.readline().strip()
for word in map(str.strip, iter(sys.stdin.readline, "")):
    if word == "PING":
        print("PONG", flush=True)
    elif word == "get":
        oid = line()
        key = oid[len(table) + 1 :]
        print("\\n".join((oid, "integer", str(values[key]))) if key in values else "NONE", flush=True)
    elif word == "set":
        key, value = line()[len(table) + 1 :], line().split()[1]
        if obeys and key in values:
            values[key] = int(value)
            values["6.1.3"] = 3 if values["3.1.3"] == 1 else 1
        print("DONE" if key in values else "not-writable", flush=True)
    elif word == "getnext":
        line()
        print("NONE", flush=True)
"""


class Snmpd(_Server):
    def __init__(self, test, obeys=True):
        self.port = free_port_at("127.0.0.1", socket.SOCK_DGRAM)
        self.at = f"127.0.0.1:{self.port}"
        folder = test.folder / "snmpd"
        folder.mkdir()
        script = folder / "switch"
        script.write_text(SWITCH)
        script.chmod(0o755)
        link = f"/tmp/phonerig-switch-{os.getpid()}"  # snmpd.conf has no way to write a path with blanks
        os.symlink(script, link)
        test.addCleanup(os.unlink, link)
        config = folder / "snmpd.conf"
        config.write_text(f"agentaddress udp:{self.at}\nrwcommunity private\nrocommunity public\n"
                          "createUser rig SHA authpass99 AES privpass99\nrwuser rig priv\n"
                          f"pass_persist {PORTS} {link} {'yes' if obeys else 'no'} {PORTS}\n")  # fmt: skip
        # Its state, keys among it, stays in the test's folder.
        words = ["env", f"SNMP_PERSISTENT_DIR={folder}", program("snmpd"), "-f", "-Lo", "-C", "-c", str(config), "-r",
                 "-p", str(folder / "pid")]  # fmt: skip
        super().__init__(test, "snmpd", words)
        self.await_start(lambda: hands("poe", "probe", self.at, 1, 3, "--community", "private")[0] == 0)


class PoeTest(RigTest):
    V2C = ("--community", "private")
    V3 = ("--user", "rig", "--authentication-password", "authpass99", "--encryption-password", "privpass99")

    def setUp(self):
        need_programs(snmpd="snmpd")
        super().setUp()

    def poe(self, action, switch, *login, port=3, group=1):
        return hands("poe", action, switch.at, group, port, *login)

    def test_a_port_is_switched_and_read_back_with_either_version(self):
        switch = Snmpd(self)
        for login in (self.V2C, self.V3):
            self.assertEqual(self.poe("probe", switch, *login), (0, "on"))
            self.assertEqual(self.poe("off", switch, *login), (0, ""))
            self.assertEqual(self.poe("probe", switch, *login), (0, "off"))
            self.assertEqual(self.poe("probe", switch, *login, group=2)[1], "on")
            self.assertEqual(self.poe("on", switch, *login), (0, ""))
            self.assertEqual(self.poe("probe", switch, *login), (0, "on"))

    def test_a_switch_that_does_not_obey_is_caught(self):
        switch = Snmpd(self, obeys=False)
        for login in (self.V2C, self.V3):
            self.assertEqual(self.poe("off", switch, *login),
                             (1, f"port 1.3 of the switch at {switch.at} was set off without complaint, but still says that "
                                 "it is on"))  # fmt: skip

    def test_wrong_credentials_and_ports_are_one_sentence_each(self):
        switch = Snmpd(self)
        place = f"PoE port 1.3: the switch at {switch.at}"
        self.assertEqual(self.poe("off", switch, "--community", "wrong"),
                         (1, f"{place} gives no answer to SNMP; it is not there, or does not know this community"))  # fmt: skip
        self.assertIn(f"{place} refuses: ", self.poe("off", switch, "--community", "public")[1])
        self.assertEqual(self.poe("off", switch, *self.V3[:2], "--authentication-password", "authpass98", *self.V3[4:])[1],
                         f"{place} refuses the authentication password or protocol")  # fmt: skip
        self.assertEqual(self.poe("off", switch, "--user", "nobody", *self.V3[2:])[1], f"{place} does not know the user")
        code, said = self.poe("off", switch, *self.V3[:4], "--encryption-password", "privpass98")
        self.assertEqual((code, said.startswith(place)), (1, True), said)
        self.assertEqual(self.poe("probe", switch, *self.V2C)[1], "on")
        self.assertIn("PoE port 1.9: ", self.poe("off", switch, *self.V2C, port=9)[1])


class Pdudaemon(_Server):
    def __init__(self, test):
        self.port = free_port_at("127.0.0.1", socket.SOCK_STREAM)
        self.url = f"http://127.0.0.1:{self.port}/"
        self.relay = test.folder / "relay"
        config = test.folder / "pdudaemon.conf"
        relay = str(self.relay).replace("%", "%%")
        config.write_text(json.dumps({
            "daemon": {"hostname": "127.0.0.1", "port": self.port, "logging_level": "DEBUG", "listener": "http"},
            "pdus": {"bench": {"driver": "localcmdline", "cmd_on": f"echo %s on >> '{relay}'",
                               "cmd_off": f"echo %s off >> '{relay}'"}},
        }))  # fmt: skip
        super().__init__(test, "pdudaemon", [program("pdudaemon"), "--conf", str(config), "--loglevel", "DEBUG"])
        self.await_start(self._answers)

    def _answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def did(self):
        return self.relay.read_text().splitlines() if self.relay.exists() else []


class PdudaemonTest(RigTest):
    def test_a_socket_is_switched(self):
        need_programs(pdudaemon="pdudaemon")
        daemon = Pdudaemon(self)
        expected = []
        for action, lines in (("off", ["7 off"]), ("on", ["7 on"])):
            self.assertEqual(hands("pdu", action, daemon.url, "bench", 7), (0, ""))
            expected += lines
            until(lambda: daemon.did() == expected, f"{expected}, not {daemon.did()}")
        self.assertEqual(hands("pdu", "off", daemon.url, "attic", 7),
                         (1, "socket 7 of attic, by pdudaemon: the daemon does not take 'off': 500 Invalid request "))  # fmt: skip
        self.assertEqual(daemon.did(), expected)
        daemon.stop()
        self.assertIn("cannot be reached: Connection refused", hands("pdu", "on", daemon.url, "bench", 7)[1])


class WireTest(CableTest):
    """The far end of a cable in the part of a phone, which pings; a command pulls its cable, or only says so."""

    def setUp(self):
        need_programs(busybox="busybox")
        super().setUp()
        self.mac = json.loads(self.far.run("ip", "-j", "link", "show", "far0").stdout)[0]["address"]
        ping = subprocess.Popen([*self.far.inside, "busybox", "ping", "-i", "0.1", "10.98.77.1"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        self.addCleanup(ping.wait)
        self.addCleanup(ping.kill)

    def verify(self, action, *command, link=False):
        return hands("verify", action, "near0", self.mac, *(["--link"] if link else []), "--", *command, prefix=self.near.inside)

    def pull(self, state):
        return [program("nsenter"), "-t", str(self.far.pid), "-n", program("ip"), "link", "set", "far0", state]

    def test_a_pulled_cable_is_seen_as_link_loss(self):
        self.assertEqual(self.verify("off", *self.pull("down"), link=True), (0, "its link went down"))

    def test_a_pulled_cable_is_seen_as_silence_behind_a_switch(self):
        self.assertEqual(self.verify("off", *self.pull("down")), (0, "silent for 1 s"))

    def test_a_command_that_does_nothing_fails_the_step(self):
        code, said = self.verify("off", program("true"), link=True)
        self.assertEqual(code, 1)
        self.assertRegex(said, r"^the relay says that CP7832-1 is off, but CP7832-1 sent \d+ packets? from 0\.3 s to 1\.3 s "
                               r"after it$")  # fmt: skip

    def test_a_phone_that_speaks_is_on(self):
        code, said = self.verify("on", program("true"))
        self.assertEqual(code, 0, said)
        self.assertRegex(said, "^traffic after ")


if __name__ == "__main__":
    main()
