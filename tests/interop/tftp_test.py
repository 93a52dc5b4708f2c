#!/usr/bin/env python3
"""The TFTP exercises against tftpd-hpa."""

import json
import signal
import time

from covers import covers, main
from foreign_servers import Tftpd, need
from phones import BASIC, PhonesTest, until


class TftpTest(PhonesTest):
    @classmethod
    def setUpClass(cls):
        need(Tftpd)

    def setUp(self):
        super().setUp()
        self.tftp = Tftpd(self, self.folder / "root")
        self.syslog = self.receiver()

    def up(self, first, *words, set_values=None, **options):
        return super().up(first, *words, set_values={"Syslog_Server": self.syslog.at, **(set_values or {})}, **options)

    def events(self, rig, *kinds):
        """Ends the rig; what its phones saw of these kinds."""
        self.assertEqual(rig.stop(), 0, rig.err.seen)
        events = [json.loads(line) for line in rig.out.rest()]
        return [event for event in events if event["by"] == "phone" and event["kind"] in kinds]


class ResyncTest(TftpTest):
    @covers("EX-TFTP-RESYNC", "TFTP-RESYNC", "WEB-RESYNC-CMD", "WEB-REFRESH-SHOWS", "PROF-VALUE-TRIM")
    def test_a_resync_url_fetches_a_profile(self):
        self.tftp.put("basic.txt", BASIC)
        rig = self.up("127.91.0.1", "--json")
        before = self.values("127.91.0.1")
        self.assertEqual({before[f"GPP_{letter}"] for letter in "ABCDEFGHIJKLMNOP"}, {""})
        url = f"tftp://{self.tftp.at}/basic.txt"
        self.resync("127.91.0.1", url)
        self.syslog.expect(rf"CP-7832-3PCC 00:0e:08:00:00:01 -- Requesting resync {url}$", "127.91.0.1")
        self.syslog.expect(rf"CP-7832-3PCC 00:0e:08:00:00:01 -- Successful resync {url}$", "127.91.0.1")
        self.assertEqual(self.value("127.91.0.1", "GPP_A"), "12345678")
        self.assertRegex(self.page("127.91.0.1", "/admin/advanced"), r'name="GPP_A"[^>]*value="12345678"')
        read = self.events(rig, "tftp.read")
        self.assertEqual([(one["file"].lstrip("/"), one["to"], one["mode"]) for one in read],
                         [("basic.txt", self.tftp.at, "octet")])  # fmt: skip

    @covers("EX-SPECIFIC-PROFILE", "MACRO-UNIQUE-PROFILES", "MACRO-MA", "RULE-EX-PN-MA", "RSYNC-SUBMIT-REBOOT")
    def test_one_rule_with_the_mac_gives_each_phone_its_own_file(self):
        addresses = {f"127.91.1.{k}": f"000e08aabb0{k}" for k in (1, 2, 3)}
        for mac in addresses.values():
            self.tftp.put(f"CP-7832-3PCC{mac}.cfg", BASIC.replace("12345678", f"for {mac}"))
        rig = self.up("127.91.1.1", "--phones", 3, "--mac", "00:0e:08:aa:bb:01", "--json",
                      set_values={"Resync_On_Reset": "Yes"})  # fmt: skip
        rule = f"tftp://{self.tftp.at}/CP-7832-3PCC$MA.cfg"
        for address in addresses:
            self.submit(address, Profile_Rule=rule)
        for address, mac in addresses.items():
            self.until_value(address, "GPP_A", f"for {mac}")
            self.assertEqual(self.value(address, "Profile_Rule"), rule)
        # Each phone booted twice: as it was switched on, and because of the submitted rule; then it read.
        events = self.events(rig, "phone.state", "tftp.read")
        for mac in ("00:0e:08:aa:bb:01", "00:0e:08:aa:bb:02", "00:0e:08:aa:bb:03"):
            own = [event for event in events if event["phone"] == mac]
            boots = [i for i, event in enumerate(own) if event.get("state") == "booting"]
            reads = [i for i, event in enumerate(own) if event["kind"] == "tftp.read"]
            self.assertEqual(len(boots), 2, own)
            self.assertEqual([own[i]["file"].lstrip("/") for i in reads], [f"CP-7832-3PCC{mac.replace(':', '')}.cfg"])
            self.assertLess(boots[1], reads[0])

    @covers("EX-PARTITIONED", "PROF-MULTI", "PROF-ORDER", "RULE-SEQUENCE")
    def test_two_rules_fetch_a_common_and_a_special_profile_from_two_servers(self):
        second = Tftpd(self, self.folder / "second root")
        self.tftp.put("basic.txt", "<flat-profile><GPP_A>12345678</GPP_A><GPP_B>first</GPP_B></flat-profile>")
        second.put("basic2.txt", "<flat-profile><GPP_A>12345678</GPP_A><GPP_B>ABCD</GPP_B></flat-profile>")
        self.up("127.91.2.1", set_values={"Resync_On_Reset": "Yes"})
        self.submit("127.91.2.1", Profile_Rule=f"tftp://{self.tftp.at}/basic.txt",
                    Profile_Rule_B=f"tftp://{second.at}/basic2.txt", Resync_Periodic="1")  # fmt: skip
        for _ in range(2):  # whenever a resync is due
            for verb, server, file in (("Requesting", self.tftp, "basic.txt"), ("Successful", self.tftp, "basic.txt"),
                                       ("Requesting", second, "basic2.txt"), ("Successful", second, "basic2.txt")):  # fmt: skip
                line = self.syslog.expect(r"resync", "127.91.2.1")[2]
                self.assertTrue(line.endswith(f"{verb} resync tftp://{server.at}/{file}"), line)
        self.assertEqual(self.value("127.91.2.1", "GPP_A"), "12345678")
        self.assertEqual(self.value("127.91.2.1", "GPP_B"), "ABCD")

    @covers("TFTP-ROOT-RELATIVE", "RULE-SUBDIR")
    def test_a_path_is_relative_to_the_root(self):
        self.tftp.put("cisco/config/x.cfg", BASIC.replace("12345678", "deep"))
        self.tftp.put("x.cfg", BASIC.replace("12345678", "shallow"))
        self.up("127.91.3.1", set_values={"GPP_B": "config"})
        self.resync("127.91.3.1", f"tftp://{self.tftp.at}/cisco/$B/x.cfg")
        self.until_value("127.91.3.1", "GPP_A", "deep")
        self.resync("127.91.3.1", f"tftp://{self.tftp.at}/x.cfg")
        self.until_value("127.91.3.1", "GPP_A", "shallow")


class TransferTest(TftpTest):
    @staticmethod
    def profile(size):
        """A profile of exactly so many bytes whose last element comes last."""
        head, tail = "<flat-profile>\n<!--", "-->\n<GPP_A>end</GPP_A>\n</flat-profile>\n"
        return head + "." * (size - len(head) - len(tail)) + tail

    @covers("TFTP-RFC1350")
    def test_a_file_around_the_block_size_arrives_whole(self):
        rig = self.up("127.91.4.1", "--json")
        blocks = {511: [511], 512: [512, 0], 513: [512, 1], 1024: [512, 512, 0]}
        for size in blocks:
            self.tftp.put("block.xml", self.profile(size).replace("end", "e%2d" % (size % 97)))
            self.resync("127.91.4.1", f"tftp://{self.tftp.at}/block.xml")
            self.until_value("127.91.4.1", "GPP_A", "e%2d" % (size % 97))
        events = self.events(rig, "tftp.read", "tftp.data", "tftp.ack")
        seen = {}
        for event in events:
            seen.setdefault(event["x"], []).append(event)
        for transfer, expected in zip(seen.values(), blocks.values(), strict=True):
            self.assertEqual((transfer[0]["kind"], transfer[0]["mode"]), ("tftp.read", "octet"))
            data = [event["bytes"] for event in transfer if event["kind"] == "tftp.data"]
            acks = [event["block"] for event in transfer if event["kind"] == "tftp.ack"]
            if len(data) == len(expected):  # a loaded machine may have seen repeats; the profile arrived anyway
                self.assertEqual(data, expected)
                self.assertEqual(acks, list(range(1, len(expected) + 1)))
            self.assertEqual(set(acks), set(range(1, len(expected) + 1)))

    def test_a_profile_of_a_megabyte_and_a_half_arrives_whole(self):
        # No element may be lost, doubled or moved: each is one block's worth apart, and the last of a name counts.
        lines, size, number = [], 0, 0
        while size < 1_500_000:
            line = f"<GPP_{'ABCDEFGHIJKLMNOP'[number % 16]}>{number:0480d}</GPP_{'ABCDEFGHIJKLMNOP'[number % 16]}>\n"
            lines.append(line)
            size, number = size + len(line), number + 1
        self.tftp.put("big.xml", "<flat-profile>\n" + "".join(lines) + "</flat-profile>\n")
        self.up("127.91.5.1")
        self.resync("127.91.5.1", f"tftp://{self.tftp.at}/big.xml")
        self.syslog.expect(r"Successful resync")
        values = self.values("127.91.5.1")
        for n in range(number - 16, number):
            self.assertEqual(values[f"GPP_{'ABCDEFGHIJKLMNOP'[n % 16]}"], f"{n:0480d}")

    @covers("TFTP-FNF", "RSYNC-FNF-YES")
    def test_a_missing_file_is_reported_and_asked_for_again(self):
        self.up("127.91.6.1", set_values={"Resync_Error_Retry_Delay": "2", "Resync_On_Reset": "Yes",
                                          "Profile_Rule": f"tftp://{self.tftp.at}/missing.txt"})  # fmt: skip
        failed = self.syslog.expect(r"CP-7832-3PCC 00:0e:08:00:00:01 -- Resync failed: File not found$")
        asked = self.syslog.expect(r"Requesting resync")
        self.assertGreater(asked[1] - failed[1], 1.5)
        self.syslog.expect(r"Resync failed: File not found$")
        self.tftp.put("missing.txt", BASIC)
        self.syslog.expect(r"Successful resync")
        self.assertEqual(self.value("127.91.6.1", "GPP_A"), "12345678")


class ScheduleTest(TftpTest):
    @covers("EX-AUTO-RESYNC", "TFTP-SERVER-DOWN", "RSYNC-ERROR-INT", "RSYNC-ERROR-ZERO",
            "RSYNC-PERIODIC-INT", "RSYNC-PERIODIC-SPEC")  # fmt: skip
    def test_a_phone_resyncs_by_itself_and_copes_with_a_server_that_is_down(self):
        # The guide's 30 seconds are 2 here.
        address = "127.91.7.1"
        self.tftp.put("basic.txt", BASIC)
        words = (address, "--state", self.folder / "state")
        on = {"Resync_On_Reset": "Yes"}
        rig = self.up(*words, set_values=on)
        self.submit(address, Profile_Rule=f"tftp://{self.tftp.at}/basic.txt", Resync_Periodic="2")
        first = self.syslog.expect(r"Successful resync")
        self.tftp.put("basic.txt", BASIC.replace("12345678", "changed"))
        second = self.syslog.expect(r"Successful resync")
        third = self.syslog.expect(r"Successful resync")
        for gap in (second[1] - first[1], third[1] - second[1]):
            self.assertGreater(gap, 1.5)
        self.assertEqual(self.value(address, "GPP_A"), "changed")

        # Its power fails.
        self.submit(address, Resync_Periodic="3600")
        rig.stop(signal.SIGKILL)
        self.syslog.drain()
        lines = len(self.syslog.seen)
        rig = self.up(*words, set_values=on, web_port=self.web_port)
        self.syslog.expect(r"Requesting resync")
        self.syslog.expect(r"Successful resync")
        self.assertGreaterEqual(len(self.syslog.seen), lines + 2)

        # The server is disabled.
        self.submit(address, Resync_Error_Retry_Delay="2", Resync_Periodic="2")
        self.tftp.stop()
        first = self.syslog.expect(r"Resync failed: Server not reachable")
        second = self.syslog.expect(r"Resync failed: Server not reachable")
        third = self.syslog.expect(r"Resync failed: Server not reachable")
        for gap in (second[1] - first[1], third[1] - second[1]):
            self.assertGreater(gap, 1.5)

        # It comes back, at the same port.
        self.tftp = Tftpd(self, self.tftp.root, port=self.tftp.port)
        self.syslog.expect(r"Successful resync")

        # With a delay of 0 there is one failure and no retry: the next message follows a command.
        self.submit(address, Resync_Error_Retry_Delay="0")
        self.tftp.stop()
        failed = self.syslog.expect(r"Resync failed")
        until(lambda: self.quiet_since(failed[1], 5.0), "5 quiet seconds")

    def quiet_since(self, instant, seconds):
        self.syslog.drain()
        later = [line for line in self.syslog.seen if line[1] > instant]
        self.assertEqual(later, [])
        return time.time() > instant + seconds


class StagingTest(TftpTest):
    @covers("TFTP-MASS-STAGING", "RULE-LEADING-SLASH")
    def test_a_hundred_phones_that_boot_at_once_are_all_served(self):
        phones = 100
        self.tftp.put("7832-3PCC.xml", BASIC)
        self.up("127.91.8.1", "--phones", phones,
                set_values={"Resync_On_Reset": "Yes", "Profile_Rule": f"tftp://{self.tftp.at}/$PSN.xml"})  # fmt: skip
        done = set()
        while len(done) < phones:
            done.add(self.syslog.expect(r"Successful resync")[0])
        self.assertEqual(done, {f"127.91.8.{k}" for k in range(1, phones + 1)})
        for k in (1, 2, 57, 100):
            self.assertEqual(self.value(f"127.91.8.{k}", "GPP_A"), "12345678")


if __name__ == "__main__":
    main()
