#!/usr/bin/env python3
"""Scenarios on a bench: a phone in a network namespace of its own is driven, captured and switched as a real one would be,
and is as it was afterwards."""

import json
import pathlib

from bench_phone import ASKS, FAR, MAC, NEAR, BenchPhoneTest
from own_network import main

LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "library"


class BenchRunTest(BenchPhoneTest):
    def setUp(self):
        super().setUp()
        self.asks = self.write("asks.yaml", ASKS)

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
