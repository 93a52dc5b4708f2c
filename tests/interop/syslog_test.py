#!/usr/bin/env python3
"""The syslog exercises against rsyslogd."""

import re

from covers import covers, main
from foreign_servers import Nginx, Rsyslogd, need
from phones import BASIC, PhonesTest, until

MAC = "00:0e:08:00:00:01"
STAMP = r"<\d{1,3}>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d "  # RFC 3164


class SyslogTest(PhonesTest):
    @classmethod
    def setUpClass(cls):
        need(Rsyslogd, Nginx)

    def setUp(self):
        super().setUp()
        self.syslog = Rsyslogd(self)
        self.files = Nginx(self)
        self.files.put("basic.txt", BASIC)
        self.url = f"http://{self.files.at}/basic.txt"

    def all_said(self, address, server=None, limit=60.0):
        """The texts that came since the last expectation and up to a failed resync, asked for now as a full stop."""
        server = server or self.syslog
        seen = []
        self.resync(address, f"http://{self.files.at}/full-stop.txt")

        def stopped():
            seen[:] = server.new_lines()
            return any(re.search("File not found|full stop", line["raw"]) for line in seen)

        until(stopped, "the full stop", limit)
        server.expect("File not found|full stop")
        return [re.sub("^" + STAMP, "", line["raw"]) for line in seen]


class ExerciseTest(SyslogTest):
    @covers("EX-SYSLOG-11-0", "SYSLOG-SERVER-NAME-UNDERSCORE", "SYSLOG-CLEARED", "SYSLOG-TWO-MSGS",
            "SYSLOG-REQUEST-DASHES", "SYSLOG-DISABLED", "SYSLOG-DEBUG-INSTEAD")  # fmt: skip
    def test_firmware_11_0_reports_a_resync_in_two_messages(self):
        address = "127.93.0.1"
        self.up(address, "--firmware", "11.0.1")
        requesting = f"CP-7832-3PCC {MAC} -- Requesting resync {self.url}"
        successful = f"CP-7832-3PCC {MAC} -- Successful resync {self.url}"
        missing = self.url.replace("basic", "full-stop")
        full_stop = [f"CP-7832-3PCC {MAC} -- Requesting resync {missing}",
                     f"CP-7832-3PCC {MAC} -- Resync failed: File not found"]  # fmt: skip

        # Without a server nothing is sent anywhere; then its address is typed into the System tab.
        self.resync(address, self.url)
        self.until_value(address, "GPP_A", "12345678")
        self.submit(address, Syslog_Server=self.syslog.at)
        self.assertEqual(self.all_said(address), full_stop)
        self.resync(address, self.url)
        self.syslog.expect("Successful")
        self.assertEqual([line["raw"].split(" ", 3)[3].strip() for line in self.syslog.lines()[-2:]],
                         [requesting, successful])  # fmt: skip

        # A profile sets it as well.
        second = Rsyslogd(self, "second")
        self.files.put("second.txt", f"<flat-profile><Syslog_Server>{second.at}</Syslog_Server></flat-profile>")
        self.resync(address, self.url.replace("basic", "second"))
        self.until_value(address, "Syslog_Server", second.at)
        self.resync(address, self.url)
        second.expect(re.escape(requesting))
        second.expect(re.escape(successful))
        self.syslog.expect("Requesting resync .*second.txt")
        self.assertEqual(self.syslog.new_lines(), [])

        # Details go to a debug server instead, here the first one.
        self.submit(address, Syslog_Server="", Debug_Server=self.syslog.at, Debug_Level="3")
        self.resync(address, self.url)
        self.syslog.expect(re.escape(successful))
        detailed = self.syslog.lines()
        self.assertGreater(len(detailed), 7, detailed)
        self.submit(address, Syslog_Server=second.at, Debug_Server="", Debug_Level="0")
        self.assertEqual(self.all_said(address, second), full_stop)  # and nothing in the meantime

        # A cleared message is not generated, the other two are.
        self.submit(address, Log_Request_Msg="")
        self.resync(address, self.url)
        second.expect(re.escape(successful))
        self.assertEqual(self.all_said(address, second), full_stop[1:])
        self.submit(address, Log_Request_Msg="$PN $MAC -- Requesting resync $SCHEME://$SERVIP:$PORT$PATH",
                    Log_Success_Msg="")  # fmt: skip
        self.resync(address, self.url)
        self.assertEqual(self.all_said(address, second), [requesting, *full_stop])
        self.submit(address, Log_Failure_Msg="")
        self.resync(address, missing)
        self.submit(address, Log_Success_Msg="full stop")
        self.resync(address, self.url)
        second.expect("Requesting .*full-stop")
        self.assertIn("Requesting", second.expect("")["raw"])
        self.assertIn("full stop", second.expect("")["raw"])

    @covers("EX-SYSLOG-11-3", "SYSLOG-PARAMS", "SYSLOG-SERVER-NAME-LABEL", "SYSLOG-DEFAULT-USED", "SYSLOG-IDENT-MA",
            "SYSLOG-IDENT-MAU", "SYSLOG-IDENT-MAC", "SYSLOG-IDENT-SN", "SYSLOG-IDENT-NONE", "SYSLOG-IDENT-POSITION",
            "SYSLOG-IDENT-DEFAULT", "MACRO-SCOPE-LOG")  # fmt: skip
    def test_firmware_11_3_uses_the_identifier_and_the_administrators_words(self):
        address = "127.93.1.1"
        self.up(address, "--firmware", "11.3.1")
        serial = re.search(r"(?i)<serial_?number>([^<]+)<", self.page(address, "/status.xml"))
        identifiers = {None: "", "$MA": "000e08000001 ", "$MAU": "000E08000001 ", "$MAC": f"{MAC} ",
                       "$SN": f"{serial.group(1)} ", "None": ""}  # fmt: skip
        self.submit(address, Syslog_Server=self.syslog.at)
        for identifier, text in identifiers.items():
            if identifier:
                self.submit(address, Syslog_Identifier=identifier)
            for verb in ("Requesting", "Successful"):
                if verb == "Requesting":
                    self.resync(address, self.url)
                line = self.syslog.expect("resync")
                self.assertRegex(line["raw"], f"^{STAMP}{re.escape(text)}CP-7832-3PCC {MAC} -- {verb} resync "
                                              f"{re.escape(self.url)}$")  # fmt: skip
        host, port = self.files.at.split(":")
        self.submit(address, Log_Request_Msg="asking $SERVIP at $PORT for $PATH by $SCHEME",
                    Log_Success_Msg="$PN is in sync", Log_Failure_Msg="no: $ERR", Syslog_Identifier="$MA")  # fmt: skip
        self.resync(address, self.url)
        self.syslog.expect(f"^{STAMP}000e08000001 asking {host} at {port} for /basic.txt by http$")
        self.syslog.expect(f"^{STAMP}000e08000001 CP-7832-3PCC is in sync$")
        self.resync(address, f"http://{self.files.at}/missing.txt")
        self.syslog.expect(f"^{STAMP}000e08000001 no: File not found$")


class SenderTest(SyslogTest):
    def test_each_of_fifty_phones_speaks_from_its_own_address(self):
        phones = {f"127.93.2.{k}": f"00:0e:08:00:00:{k:02x}" for k in range(1, 51)}
        self.up("127.93.2.1", "--phones", len(phones), set_values={
            "Syslog_Server": self.syslog.at, "Resync_On_Reset": "Yes", "Profile_Rule": self.url})  # fmt: skip
        until(lambda: sum("Successful resync" in line["raw"] for line in self.syslog.lines()) == len(phones),
              "the success of every phone")  # fmt: skip
        said = {address: [] for address in phones}
        for line in self.syslog.lines():
            self.assertIn(line["address"], phones)
            self.assertIn(phones[line["address"]], line["raw"])
            self.assertEqual(line["facility"], "local0")
            # rsyslogd could read the time: it is the phone's, not that of the arrival of an unreadable line.
            stamp = re.match(f"^{STAMP}", line["raw"]).group(0)
            self.assertIn(line["time"], stamp)
            if "resync" in line["raw"]:  # it tells of its boot as well
                said[line["address"]].append("Successful" if "Successful" in line["raw"] else "Requesting")
        self.assertEqual(list(said.values()), [["Requesting", "Successful"]] * len(phones))


if __name__ == "__main__":
    main()
