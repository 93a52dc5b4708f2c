#!/usr/bin/env python3
"""`phonerig up --control`: what windows are told, and that they change nothing by going."""

import json
import os
import pathlib
import socket
import stat

from control_window import Window
from covers import main
from rig_process import RigTest, free_port, run, until


class ControlTest(RigTest):
    def up(self, *words):
        self.path = pathlib.Path(self.folder) / "engine.sock"
        rig = self.start("up", "--web-port", 0, "--sip-port", free_port(socket.SOCK_DGRAM), "--control", self.path,
                         "--set", "Resync_On_Reset=No", *words)
        rig.ready()
        return rig

    def window(self):
        window = Window(self.path)
        self.addCleanup(window.close)
        return window

    def test_the_socket_is_for_this_user_alone_and_goes_with_the_engine(self):
        rig = self.up("--first", "127.81.20.1")
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        rig.stop()
        self.assertFalse(self.path.exists())

    def test_two_windows_see_what_one_of_them_does(self):
        self.up("--phones", 3, "--first", "127.81.21.1")
        one, other = self.window(), self.window()
        self.assertEqual([(group["count"], group["first_address"]) for group in one.hello["groups"]],
                         [(3, "127.81.21.1")])
        for window in (one, other):
            self.assertEqual([phone["state"] for phone in window.ask(do="changes")["changes"]], ["idle"] * 3)
        self.assertEqual(one.ask(do="power_off", phones=[[1, 1]])["done"], 1)
        for window in (one, other):
            told = until(lambda w=window: w.ask(do="changes")["changes"], "a change")
            self.assertEqual([(phone["phone"], phone["state"]) for phone in told], [(1, "off")])

    def test_a_window_that_goes_leaves_the_engine_as_it_was(self):
        rig = self.up("--first", "127.81.22.1")
        window = self.window()
        window.lines.write('{"id":1,"do":"changes"}\n{"id":2,"do":"par')
        window.lines.flush()
        window.socket.shutdown(socket.SHUT_RDWR)
        self.assertEqual(self.window().ask(do="changes")["changes"][0]["state"], "idle")
        self.assertEqual(rig.stop(), 0)

    def test_the_events_of_a_phone_are_those_of_its_trace(self):
        self.up("--phones", 2, "--first", "127.81.23.1", "--serve", self.folder)
        window = self.window()
        tftp = next(url for url in window.hello["servers"] if url.startswith("tftp://"))
        window.ask(do="resync", phones=[[1, 1]], rule=f"{tftp}/missing.txt")

        def failed():
            kinds = [json.loads(line) for line in window.ask(do="events", phone=1)["events"]]
            return [event for event in kinds if event["kind"] == "tftp.error"] and kinds

        events = until(failed, "the server's refusal")
        self.assertEqual({event["phone"] for event in events}, {"00:0e:08:00:00:02"})
        self.assertIn("tftp.read", [event["kind"] for event in events])
        kinds = [json.loads(line)["kind"] for line in window.ask(do="events", phone=0)["events"]]
        self.assertNotIn("tftp.read", kinds)

    def test_a_socket_that_is_in_use_is_one_sentence(self):
        self.up("--first", "127.81.24.1")
        code, _, stderr = run("up", "--first", "127.81.25.1", "--web-port", 0, "--sip-port", free_port(socket.SOCK_DGRAM),
                              "--control", self.path)
        self.assertEqual(code, 2)
        self.assertRegex(stderr, r"phonerig: up: --control: .*engine\.sock belongs to another daemon")
        self.assertEqual(self.window().hello["version"], 1)


if __name__ == "__main__":
    main()
