#!/usr/bin/env python3
"""What `phonerig bench check` says of a phone behind a cable: its clock, and each phone as it is done."""

import datetime
import json
import os
import signal

from bench_phone import ASKS, FAR, MODEL, OTHER, BenchPhoneTest
from own_network import main
from rig_process import run

CHANGES = """scenario: It changes
phones: { model: CP-7832-3PCC, set: { GPP_A: changed } }
steps:
  - power: on
  - expect: { param: GPP_A, is: changed }
"""


class BenchCheckTest(BenchPhoneTest):
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
        code, out, err = self.play(self.inventory(leave_out=["power"]), self.write("asks.yaml", ASKS))
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

    def test_a_password_that_is_missing_or_wrong_fails_the_check(self):
        self.lay_phone("--set", "Admin_Password=geheim")
        secret = self.folder / "secret"
        self.serve(self.inventory())
        for web, said, code in (({}, "none", 1), ({"password": f"file:{secret}"}, "guessed", 1), ({"password": f"file:{secret}"}, "geheim", 0)):
            with self.subTest(password=said):
                secret.write_text(said + "\n")
                outcome, out, err = run("bench", "check", "--inventory", self.inventory(web=web), "--socket", self.socket, "--json",
                                        prefix=self.near.inside)  # fmt: skip
                self.assertEqual((outcome, err), (code, ""), out)
                found = {one["check"]: one for one in json.loads(out)["phones"][0]["checks"]}
                self.assertEqual((found["page"]["verdict"], found["form"]["verdict"]), ("good", "bad" if code else "good"), out)
                if code:
                    self.assertIn(f"alice at {FAR}:80 refuses the user 'admin'", found["form"]["text"])
                self.assertEqual(self.state()["state"], "quarantined" if code else "free")

    def test_a_daemon_without_the_password_says_so_and_a_check_fails_until_it_has_it(self):
        self.lay_phone("--set", "Admin_Password=geheim", "--set", "GPP_A=mine")
        inventory = self.inventory(web={"password": "env:PHONERIG_TEST_PASSWORD"})
        daemon = self.serve(inventory)
        self.assertIn("bench serve: the password of alice: ", "".join(daemon.err.seen))
        os.environ["PHONERIG_TEST_PASSWORD"] = "geheim"
        self.addCleanup(os.environ.pop, "PHONERIG_TEST_PASSWORD")
        outcome = self.play(inventory, self.write("changes.yaml", CHANGES))
        self.assertEqual(outcome[0], 4, outcome)
        check = ["bench", "check", "--inventory", inventory, "--socket", self.socket]
        code, out, err = run(*check, prefix=self.near.inside)
        self.assertEqual((code, err), (1, ""), out)
        self.assertRegex(out, r"(?m)^  restore +bad +alice is quarantined: .*password of alice")
        self.assertEqual(self.state()["state"], "quarantined")
        daemon.stop(signal.SIGINT)
        self.assertNotIn("password", "".join(self.serve(inventory).err.seen))
        code, out, err = run(*check, prefix=self.near.inside)
        self.assertEqual((code, err), (0, ""), out)
        self.assertEqual(self.state()["state"], "free")


if __name__ == "__main__":
    main()
