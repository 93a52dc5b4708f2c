#!/usr/bin/env python3
"""`phonerig up` over real sockets: addresses, pages, servers, events, memory."""

import json
import os
import re
import signal
import socket
import subprocess
import unittest
import urllib.error
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from covers import covers, main
from rig_process import PHONERIG, RigTest, free_port, get, run, until
from terminal import TerminalTest, plain

PROFILE = "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>\n"


class UpTest(RigTest):
    def up(self, *words, web_port=None):
        """A running rig; self.page(address, path) reads its phones' pages."""
        self.web_port = web_port or free_port()
        return self.start(
            "up", "--web-port", self.web_port, "--sip-port", free_port(socket.SOCK_DGRAM), "--threads", 2, *words
        )

    def page(self, address, path="/"):
        return get(f"http://{address}:{self.web_port}{path}")

    def value(self, address, name):
        text = self.page(address, "/admin/cfg.xml")
        found = re.search(rf"<{name}(?:\s[^>/]*)?(?:/>|>([^<]*)<)", text)
        self.assertTrue(found, f"{name} is not in /admin/cfg.xml")
        return found.group(1) or ""


class PagesTest(UpTest):
    def test_each_phone_answers_on_its_own_address_with_its_own_mac(self):
        rig = self.up("--phones", 5, "--first", "127.81.0.254", "--mac", "00:0e:08:00:00:fe", "--json")
        self.assertEqual(rig.ready(), 5)
        macs = ["000e080000fe", "000e080000ff", "000e08000100", "000e08000101", "000e08000102"]
        addresses = ["127.81.0.254", "127.81.0.255", "127.81.1.0", "127.81.1.1", "127.81.1.2"]
        for address, mac in zip(addresses, macs):
            page = self.page(address).lower().replace(":", "")
            self.assertIn(mac, page)
            for other in macs:
                if other != mac:
                    self.assertNotIn(other, page)
        with self.assertRaises((urllib.error.URLError, ConnectionError)):
            self.page("127.81.1.3")
        self.assertEqual(rig.stop(), 0)

    def test_a_resync_that_fails_at_once_is_seen_in_the_lines(self):
        rig = self.up("--phones", 1, "--first", "127.81.5.1", "--set", "Profile_Rule=gopher://127.0.0.1/basic.txt",
                      "--set", "Resync_Random_Delay=0")
        rig.out.wait_for(r"^ *\d+\.\d{3} s  127\.81\.5\.1 +00:0e:08:00:00:01  LED slow blink  .*Resync failed")
        self.assertEqual(rig.stop(), 0)

    @covers("WEB-RESYNC-CMD")
    def test_a_resync_url_changes_that_phone_alone(self):
        self.write("basic.txt", PROFILE)
        rig = self.up("--phones", 2, "--first", "127.81.2.1", "--serve", self.folder, "--set", "Resync_On_Reset=No")
        tftp = rig.err.wait_for(r"^tftp://(127\.0\.0\.1:\d+)$").group(1)
        rig.ready()
        self.assertEqual(self.value("127.81.2.2", "GPP_A"), "")
        self.page("127.81.2.2", f"/admin/resync?tftp://{tftp}/basic.txt")
        until(lambda: self.value("127.81.2.2", "GPP_A") == "12345678", "the resync")
        self.assertEqual(self.value("127.81.2.1", "GPP_A"), "")
        self.assertEqual(rig.stop(), 0)

    def test_set_changes_a_parameter_before_power_on(self):
        rig = self.up("--first", "127.81.3.1", "--set", "GPP_A=one two", "--set", "gpp_b=x=y")
        rig.ready()
        self.assertEqual(self.value("127.81.3.1", "GPP_A"), "one two")
        self.assertEqual(self.value("127.81.3.1", "GPP_B"), "x=y")

    def test_metrics_count_the_phones(self):
        rig = self.up("--first", "127.81.4.1", "--phones", 3, "--metrics", "127.0.0.1:0")
        url = rig.err.wait_for(r"(http://127\.0\.0\.1:\d+/metrics)").group(1)
        rig.ready()
        self.assertRegex(get(url), r"(?m)^phonerig_phones\{")


class ServeTest(UpTest):
    def test_stderr_has_the_servers_then_ready(self):
        rig = self.up("--phones", 2, "--first", "127.82.0.1", "--serve", self.folder, "--for", 0)
        self.assertEqual(rig.wait(), 0)
        ours = [line for line in rig.err.seen if not line.startswith("phonerig: ")]
        self.assertEqual([line.split(":")[0] for line in ours], ["tftp", "http", "syslog", "ready"], rig.err.seen)
        self.assertEqual(ours[-1], "ready: 2 phones")
        self.assertTrue(any("DHCP option 66" in line for line in rig.err.seen), rig.err.seen)

    def test_phones_ask_the_rig_for_their_profile_and_log_to_it(self):
        self.write("7832-3PCC.xml", PROFILE)
        rig = self.up("--first", "127.82.1.1", "--serve", self.folder, "--json", "--set", "Resync_Random_Delay=0")
        rig.ready()
        until(lambda: self.value("127.82.1.1", "GPP_A") == "12345678", "the profile of the model")
        self.assertEqual(rig.stop(), 0)
        events = [json.loads(line) for line in rig.out.rest()]
        served = [event for event in events if event["by"] == "server"]
        self.assertIn("tftp.read", {event["kind"] for event in served})
        self.assertTrue(
            any(e["kind"] == "syslog.message" and "Successful resync" in e["text"] for e in served), served
        )
        self.assertEqual({event["phone"] for event in served}, {"00:0e:08:00:00:01"})

    def test_a_syslog_server_of_ones_own_stays(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
            mine.bind(("127.0.0.1", 0))
            mine.settimeout(30)
            at = f"127.0.0.1:{mine.getsockname()[1]}"
            rig = self.up("--first", "127.82.2.1", "--serve", self.folder, "--set", f"Syslog_Server={at}")
            rig.ready()
            self.assertEqual(self.value("127.82.2.1", "Syslog_Server"), at)
            self.page("127.82.2.1", "/admin/resync?tftp://127.0.0.1:9/none.txt")
            self.assertTrue(mine.recv(2048).startswith(b"<"))

    def test_an_edited_file_is_served_at_once(self):
        file = self.write("basic.txt", PROFILE)
        rig = self.up("--first", "127.82.3.1", "--serve", self.folder, "--set", "Resync_On_Reset=No")
        http = rig.err.wait_for(r"^(http://127\.0\.0\.1:\d+)$").group(1)
        rig.ready()
        self.assertEqual(get(f"{http}/basic.txt"), PROFILE)
        file.write_text(PROFILE.replace("12345678", "9"), encoding="utf-8")
        self.page("127.82.3.1", f"/admin/resync?{http}/basic.txt")
        until(lambda: self.value("127.82.3.1", "GPP_A") == "9", "the new value")


class EventsTest(UpTest):
    def test_json_is_events_and_nothing_else(self):
        self.write("basic.txt", PROFILE)
        rig = self.up("--phones", 5, "--first", "127.83.0.1", "--serve", self.folder, "--json", "--seed", 42)
        rig.ready()
        for k in range(1, 6):
            self.page(f"127.83.0.{k}")
        self.assertEqual(rig.stop(), 0)
        lines = rig.out.rest()
        events = [json.loads(line) for line in lines]
        first = events[0]
        self.assertEqual(list(first)[:6], ["t", "kind", "n", "by", "x", "phone"])
        self.assertEqual((first["kind"], first["schema"], first["seed"]), ("run.begin", 1, 42))
        self.assertEqual((first["target"], first["t"], first["n"]), ("net", 0, 0))
        self.assertRegex(first["version"], r"^\d+\.\d+\.\d+$")
        self.assertRegex(first["wall"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        self.assertEqual([event["n"] for event in events], list(range(len(events))))
        self.assertTrue(all(line.startswith('{"t":') for line in lines))
        self.assertRegex(lines[1], r'^\{"t":\d+\.\d{6},')
        self.assertEqual(events[-1]["kind"], "run.end")
        macs = {f"00:0e:08:00:00:0{k}" for k in range(1, 6)}
        self.assertEqual({e["phone"] for e in events if e["kind"] == "phone.state"}, macs)
        self.assertEqual({e["phone"] for e in events if e["kind"] == "http.request" and e["by"] == "phone"}, macs)

    def test_a_reader_that_goes_away_ends_it(self):
        words = ["up", "--first", "127.83.1.1", "--json", "--web-port", free_port(), "--sip-port", free_port()]
        process = subprocess.Popen([PHONERIG, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertIn(b"run.begin", process.stdout.readline())
        process.stdout.close()  # what the phone does when it has booted cannot be written any more
        self.assertEqual(process.wait(60), 0)

    def test_without_json_stdout_has_a_line_per_state(self):
        rig = self.up("--first", "127.83.2.1", "--set", "Resync_On_Reset=No")
        rig.ready()
        rig.out.wait_for(r"127\.83\.2\.1 +00:0e:08:00:00:01  idle")
        self.assertEqual(rig.stop(), 0)
        self.assertNotIn("\x1b", "".join(rig.out.rest()))


class EndTest(UpTest):
    def test_interrupt_and_terminate_end_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                rig = self.up("--first", "127.84.0.1", "--serve", self.folder)
                rig.ready()
                self.assertEqual(rig.stop(number), 0)
                with self.assertRaises((urllib.error.URLError, ConnectionError)):
                    self.page("127.84.0.1")

    def test_for_counts_from_ready(self):
        rig = self.up("--first", "127.84.1.1", "--for", "0.2")
        rig.ready()
        self.assertEqual(rig.wait(), 0)

    def submit(self, address, name, value):
        """Presses Submit All Changes with one field, as a browser would."""
        page = self.page(address, "/admin/advanced")
        form = re.search(r'<form[^>]* action="(/admin/advanced[^"]*)"', page)
        self.assertTrue(form, "no form on /admin/advanced")
        self.assertIn(f'name="{name}"', page)
        url = f"http://{address}:{self.web_port}{form.group(1)}"
        body = urlencode({name: value}).encode()
        build_opener(ProxyHandler({})).open(Request(url, data=body), timeout=20).close()

    def test_a_submitted_value_survives_kill_9(self):
        state = self.folder / "state"
        words = ("--first", "127.84.2.1", "--state", state, "--phones", 2, "--set", "Resync_On_Reset=No")
        rig = self.up(*words)
        rig.ready()
        self.submit("127.84.2.2", "GPP_B", "kept")
        rig.process.kill()
        rig.wait()
        rig = self.up(*words, web_port=self.web_port)
        rig.ready()
        self.assertEqual(self.value("127.84.2.2", "GPP_B"), "kept")
        self.assertEqual(self.value("127.84.2.1", "GPP_B"), "")
        self.assertEqual(rig.stop(), 0)


class LiveTest(TerminalTest):
    def test_a_terminal_shows_the_phones_and_is_given_back(self):
        def blinks(sent):
            return set(re.findall(r"127\.87\.0\.1 +00:0e:08:00:00:01  idle +([●○])  Resync failed", plain(sent))) == {"●", "○"}

        code, sent = self.on_a_terminal(
            "up", "--phones", 20, "--first", "127.87.0.1", "--web-port", free_port(), "--sip-port",
            free_port(socket.SOCK_DGRAM), "--for", 60, "--set", "Profile_Rule=http://127.0.0.1:9/none.xml",
            "--set", "Resync_Random_Delay=0", seen=lambda sent: blinks(sent) and "20 phones, 20 answering, 20 idle" in plain(sent),
        )  # fmt: skip
        self.assertEqual(code, 0, sent[-500:])
        self.assertTrue(blinks(sent), "the mute LED does not blink")
        self.assertShown(sent, r"ready: 20 phones")
        self.assertShown(sent, r"20 phones, 20 answering, 20 idle")
        self.assertShown(sent, r"… and 13 more")
        self.assertGreater(sent.rfind("\x1b[?25h"), sent.rfind("\x1b[?25l"), "the cursor stays hidden")


class ConflictTest(UpTest):
    def test_a_port_of_somebody_else_is_named_or_gone_around(self):
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as foreign:
            foreign.bind(("127.0.0.1", port))
            foreign.listen()
            rig = self.up("--first", "127.85.0.1", "--phones", 2, web_port=port)
            self.assertEqual(rig.ready(), 2)
            self.assertIn("00:0e:08:00:00:02".replace(":", ""), self.page("127.85.0.2").lower().replace(":", ""))
            self.assertEqual(rig.stop(), 0)
            self.assertTrue(any(str(port) in line for line in rig.err.seen), rig.err.seen)

    def test_a_taken_address_is_one_sentence(self):
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as foreign:
            foreign.bind(("127.85.1.1", port))
            foreign.listen()
            code, out, err = run("up", "--first", "127.85.1.1", "--web-port", port, "--for", 0)
        self.assertEqual((code, out), (2, ""), err)
        self.assertEqual(len(err.splitlines()), 1, err)
        self.assertIn(f"127.85.1.1:{port}", err)

    def test_two_rigs_never_share_a_port(self):
        rig = self.up("--first", "127.85.2.1", "--phones", 3)
        rig.ready()
        code, _, err = run("up", "--first", "127.85.2.1", "--web-port", self.web_port, "--for", 0)
        self.assertEqual(code, 2, err)
        self.assertIn(str(self.web_port), err)
        self.assertEqual(rig.stop(), 0)


if __name__ == "__main__":
    main()
