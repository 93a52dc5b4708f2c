#!/usr/bin/env python3
"""`phonerig run --control`: windows pause virtual time, step through it and read what happened, and change none of it."""

import json
import os
import signal
import stat

from control_window import Window
from covers import main
from rig_process import RigTest, run

SCENARIO = """scenario: A phone resyncs
phones: { model: CP-7832-3PCC, set: { Resync_On_Reset: "No" } }
servers:
  tftp: { files: { basic.txt: "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { syslog: "*Successful resync*" }
  - wait: 24h
  - expect: { param: GPP_A, is: "12345678" }
"""


class RunControlTest(RigTest):
    def setUp(self):
        super().setUp()
        self.scenario = self.write("resync.yaml", SCENARIO)
        self.socket = self.folder / "run.sock"

    def run_held(self, *words):
        rig = self.start("run", self.scenario, "--on", "sim", "--control", self.socket, "--paused", *words)
        rig.err.wait_for(r"^phonerig: windows are let in at .*run\.sock$")
        return rig

    def window(self):
        window = Window(self.socket)
        self.addCleanup(window.close)
        return window

    def test_nothing_happens_before_a_window_says_so(self):
        self.run_held()
        window = self.window()
        self.assertEqual(window.hello["scenario"], "A phone resyncs")
        clock = window.ask(do="pause")["clock"]
        self.assertEqual((clock["now_us"], clock["paused"]), (0, True))
        told = [json.loads(line) for line in window.ask(do="events")["events"]]
        self.assertEqual([event["kind"] for event in told], ["run.begin", "rig.step"])

    def test_a_step_goes_to_the_next_event_and_its_instant(self):
        self.run_held()
        window = self.window()
        last, now = window.ask(do="pause")["clock"]["last"], 0
        for _ in range(12):
            clock = window.ask(do="step")["clock"]
            told = window.ask(do="events", after=last)
            events = [json.loads(line) for line in told["events"]]
            own = [event for event in events if event["by"] != "rig"]
            self.assertLessEqual(len(own), 1, events)
            late = clock["now_us"] - round(events[-1]["t"] * 1e6)
            self.assertTrue(0 <= late <= 5000, f"{late} us, where the run looks around every 5 ms")
            self.assertGreaterEqual(clock["now_us"], now)
            self.assertEqual(told["last"], clock["last"])
            last, now = clock["last"], clock["now_us"]
        self.assertGreater(now, 0)

    def test_the_trace_is_the_same_to_the_byte_whatever_was_held_back(self):
        free, held = self.folder / "free.ndjson", self.folder / "held.ndjson"
        self.assertEqual(run("run", self.scenario, "--on", "sim", "--events", free)[0], 0)
        rig = self.run_held("--events", held)
        window = self.window()
        for _ in range(15):
            window.ask(do="step")
        self.assertEqual(window.ask(do="speed", factor=60)["clock"]["factor"], 60)
        self.assertTrue(window.ask(do="pause")["clock"]["paused"])
        self.assertNotIn("factor", window.ask(do="speed")["clock"])
        self.assertEqual(rig.wait(), 0)
        self.assertEqual(held.read_bytes(), free.read_bytes())

    def test_time_between_events_can_be_stopped_in(self):
        self.run_held()
        window = self.window()
        while "wait" not in str(window.ask(do="events", after=window.ask(do="step")["clock"]["last"] - 1)):
            pass
        begun = window.ask(do="pause")["clock"]["now_us"]
        window.ask(do="speed", factor=60)
        clock = window.ask(do="clock")["clock"]
        while clock["now_us"] == begun:
            clock = window.ask(do="clock")["clock"]
        clock = window.ask(do="pause")["clock"]
        self.assertGreater(clock["now_us"], begun)
        self.assertLess(clock["now_us"], begun + 24 * 3600 * 10**6)
        self.assertEqual(window.ask(do="clock")["clock"], clock)

    def test_it_goes_on_freely_when_the_window_goes(self):
        rig = self.run_held()
        window = self.window()
        window.ask(do="step")
        window.close()
        self.assertEqual(rig.wait(), 0)

    def test_ctrl_c_ends_it_while_it_is_paused(self):
        rig = self.run_held()
        self.window().ask(do="pause")
        self.assertEqual(rig.stop(signal.SIGINT), 130)

    def test_the_socket_is_for_this_user_alone_and_goes_with_the_run(self):
        rig = self.run_held()
        self.assertEqual(stat.S_IMODE(os.stat(self.socket).st_mode), 0o600)
        self.window().ask(do="speed")
        self.assertEqual(rig.wait(), 0)
        self.assertFalse(self.socket.exists())

    def test_only_one_scenario_in_virtual_time_can_be_held_back(self):
        other = self.write("other.yaml", SCENARIO)
        for words, said in (
            ((self.scenario, "--control", self.socket), r"--control: found --on net, expected --on sim"),
            ((self.scenario, other, "--on", "sim", "--control", self.socket), r"--control: found 2 scenarios, expected one"),
            ((self.scenario, "--on", "sim", "--paused"), r"--paused: found no --control, expected --control SOCKET"),
        ):
            code, out, err = run("run", *words)
            self.assertEqual(code, 2)
            self.assertRegex(err, said)
            self.assertEqual(out, "")

    def test_a_fleets_command_is_refused_in_one_sentence(self):
        self.run_held()
        self.assertRegex(self.window().ask(do="changes")["error"], "runs a scenario in virtual time, expected clock")


if __name__ == "__main__":
    main()
