#!/usr/bin/env python3
"""How runs on a bench end: whatever happens, the phone is as it was before, or quarantined with the reason."""

import os
import pty
import signal

from bench_phone import ASKS, FAR, BenchPhoneTest
from own_network import main
from phones import until
from rig_process import run

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


class BenchEndsTest(BenchPhoneTest):
    def setUp(self):
        super().setUp()
        self.waits = self.write("waits.yaml", WAITS)
        self.asks = self.write("asks.yaml", ASKS)

    def waiting(self, inventory):
        """A run that has changed the phone and waits."""
        running = self.start_playing(inventory, self.waits, "--verbose")
        running.err.wait_for("^  3/3 wait")
        self.assertEqual(self.value("GPP_A"), "changed")
        return running

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

if __name__ == "__main__":
    main()
