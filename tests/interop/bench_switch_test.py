#!/usr/bin/env python3
"""phonerig bench check asks Debian's snmpd, in the part of a PoE switch, whether the phone's port is on."""

import json
import re
import socket

from bench_hands import hands
from bench_power_test import Snmpd
from bench_rig import BenchTest
from cable import need_programs
from covers import main
from rig_process import free_port

PHONE = "127.83.8.1"


class SwitchTest(BenchTest):
    def setUp(self):
        need_programs(snmpd="snmpd")
        super().setUp()
        self.switch = Snmpd(self)
        self.port = free_port()
        self.start("up", "--web-port", self.port, "--sip-port", free_port(socket.SOCK_DGRAM), "--threads", 1,
                   "--first", PHONE, "--set", "Resync_On_Reset=No").ready()  # fmt: skip

    def entry(self, **login):
        poe = {"host": self.switch.at, "port": 3, **login}
        phone = {"model": "CP-7832-3PCC", "address": PHONE, "web": {"port": self.port}, "power": {"poe": poe}}
        return self.write("phone.yaml", f"bench: lab\nphones:\n  alice: {json.dumps(phone)}\n")

    def power(self, inventory):
        """Exit code of a check, and what it says of the power."""
        code, out, err = self.bench("check", "--inventory", inventory, "--json")
        self.assertEqual(err, "")
        (alice,) = json.loads(out)["phones"]
        return code, *((one["verdict"], one["text"]) for one in alice["checks"] if one["check"] == "power")

    def test_the_port_is_asked_with_either_version_and_is_on_or_off(self):
        community = self.entry(version="2c", community=f"file:{self.write('community', 'private')}")
        daemon = self.start("bench", "serve", "--inventory", community, "--socket", self.socket,
                            "--state", self.folder / "state")  # fmt: skip
        daemon.err.wait_for(r"^serving lab \(1 phone\) at ")
        self.assertEqual(self.power(community), (0, ("good", "what switches it answers; its state is on")))
        hands("poe", "off", self.switch.at, 1, 3, "--community", "private")
        code, (verdict, text) = self.power(community)
        self.assertEqual((code, verdict), (1, "bad"))
        self.assertRegex(text, r"power of alice says that it is off$")
        self.assertEqual(self.states()["alice"]["state"], "quarantined")
        hands("poe", "on", self.switch.at, 1, 3, "--community", "private")
        secrets = {"authentication_password": f"file:{self.write('a', 'authpass99')}",
                   "privacy_password": f"file:{self.write('p', 'privpass99')}"}  # fmt: skip
        self.assertEqual(self.power(self.entry(version=3, user="rig", **secrets))[0], 0)
        self.assertEqual(self.states()["alice"]["state"], "free")
        secrets["privacy_password"] = f"file:{self.write('p', 'another one')}"
        code, (verdict, text) = self.power(self.entry(version=3, user="rig", **secrets))
        self.assertEqual((code, verdict), (1, "bad"))
        self.assertTrue(re.match(r"PoE port 1\.3: ", text), text)


if __name__ == "__main__":
    main()
