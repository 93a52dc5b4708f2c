#!/usr/bin/env python3
"""NOTIFYs that SIPp sends to running phones, and what phones answer to whoever writes SIP by hand."""

import re
import shutil
import socket
import subprocess
import unittest

from covers import covers, main
from foreign_servers import PATH
from phones import PhonesTest
from rig_process import free_port

REQUEST = """NOTIFY sip:4711@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:proxy@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:4711@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: {number} NOTIFY
Max-Forwards: 70
Event: {event}
Subscription-State: active
{more}Content-Length: [len]

{body}"""


def send(event, number, more="", body=""):
    return f'<send retrans="500"><![CDATA[\n\n{REQUEST.format(event=event, number=number, more=more, body=body)}\n]]></send>'


class SipTest(PhonesTest):
    def up(self, first, *words, **set_values):
        values = {"User_ID_1_": "4711", "Password_1_": "lucky", "Profile_Rule": "", **set_values}
        return super().up(first, *words, set_values=values)


class SippTest(SipTest):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("sipp", path=PATH):
            raise unittest.SkipTest("sipp is missing; install sip-tester")

    def sipp(self, address, *steps, calls=1):
        """Plays a SIPp scenario with a phone; fails unless every call went as it says."""
        file = self.folder / "notify.xml"
        file.write_text('<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="notify">' + "".join(steps) + "</scenario>\n")
        done = subprocess.run(
            ["sipp", f"{address}:{self.sip_port}", "-sf", str(file), "-m", str(calls), "-i", "127.0.0.1", "-p",
             str(free_port(socket.SOCK_DGRAM)), "-nostdin", "-timeout", "30", "-timeout_error"],
            cwd=self.folder, capture_output=True, text=True, timeout=60, check=False, env={"PATH": PATH, "TERM": "dumb"})  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])

    def with_password(self, event, body="", password="lucky"):
        login = f"[authentication username=4711 password={password}]\n"
        return (send(event, 1, body=body), '<recv response="401" auth="true"/>', send(event, 2, login, body))

    @covers("SIP-NOTIFY-RESYNC", "RSYNC-FROM-SIP-YES")
    def test_a_notify_with_the_lines_password_resyncs(self):
        log = self.receiver()
        self.up("127.95.0.1", Syslog_Server=log.at)
        rule = "tftp://127.0.0.1:9/from-sipp.cfg"
        self.sipp("127.95.0.1", *self.with_password(f'resync;profile="{rule}"'), '<recv response="200"/>')
        log.expect(f"Requesting resync {rule}$", "127.95.0.1")

    def test_a_wrong_password_is_asked_for_again(self):
        log = self.receiver()
        self.up("127.95.0.1", Syslog_Server=log.at)
        self.sipp("127.95.0.1", *self.with_password("reboot_now", password="unlucky"), '<recv response="401"/>')
        self.sipp("127.95.0.1", *self.with_password("restart_now"), '<recv response="200"/>')
        # The reboot would have come first.
        log.expect("System restarted", "127.95.0.1")
        self.assertEqual([line for _, _, line in log.seen if "System started" in line][1:], [])

    @covers("SIP-NOTIFY-XML")
    def test_an_xml_object_is_carried_out(self):
        log = self.receiver()
        self.up("127.95.0.1", Syslog_Server=log.at, CISCO_XML_EXE_Enable="Yes")
        body = "<CP-7832-3PCCExecute><ExecuteItem URL=Resync:tftp://127.0.0.1:9/$MA.cfg/></CP-7832-3PCCExecute>"
        self.sipp("127.95.0.1", *self.with_password("XML-Service", body), '<recv response="200"/>')
        log.expect(r"Requesting resync tftp://127.0.0.1:9/000e08000001\.cfg$", "127.95.0.1")

    @covers("RSYNC-FROM-SIP-NO", "SIP-NOTIFY-DISABLED")
    def test_resyncs_can_be_forbidden(self):
        log = self.receiver()
        self.up("127.95.0.1", Syslog_Server=log.at, Resync_From_SIP="No")
        self.sipp("127.95.0.1", send('resync;profile="tftp://127.0.0.1:9/forbidden"', 1), '<recv response="403"/>')
        # What is asked for afterwards comes; the forbidden file was never asked for.
        self.resync("127.95.0.1", "tftp://127.0.0.1:9/asked")
        log.expect("Requesting resync tftp://127.0.0.1:9/asked$", "127.95.0.1")
        self.assertEqual([line for _, _, line in log.seen if "forbidden" in line], [])

    def test_other_events_are_refused(self):
        self.up("127.95.0.1")
        self.sipp("127.95.0.1", send("message-summary", 1), '<recv response="489"/>')

    def test_every_phone_answers_for_itself(self):
        log = self.receiver()
        self.up("127.95.0.1", "--phones", 8, "--threads", 2, Syslog_Server=log.at)
        for k in range(1, 9):
            rule = f"tftp://127.0.0.1:9/{k}.cfg"
            self.sipp(f"127.95.0.{k}", *self.with_password(f'resync;profile="{rule}"'), '<recv response="200"/>')
            log.expect(f"Requesting resync {rule}$", f"127.95.0.{k}")


class HandTest(SipTest):
    """Datagrams from a socket of the test's own."""

    def setUp(self):
        super().setUp()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(("127.0.0.1", 0))

    def options(self, number=1):
        port = self.socket.getsockname()[1]
        return (f"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{number};rport\r\n"
                f"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: {number}\r\nCSeq: {number} OPTIONS\r\n\r\n").encode()  # fmt: skip

    def answer(self, number):
        """The answer to that request and who sent it; others may still be on their way."""
        self.socket.settimeout(20)
        while True:
            datagram, sender = self.socket.recvfrom(65535)
            if re.search(rb"\r\nCall-ID: %d\r\n" % number, datagram):
                return datagram.decode(), sender

    def test_the_answer_leaves_from_the_phone_that_was_asked(self):
        self.up("127.95.0.1", "--phones", 6, "--threads", 2)
        for k in range(1, 7):
            self.socket.sendto(self.options(k), (f"127.95.0.{k}", self.sip_port))
            text, sender = self.answer(k)
            self.assertTrue(text.startswith("SIP/2.0 200 OK\r\n"), text)
            self.assertEqual(sender, (f"127.95.0.{k}", self.sip_port))
            self.assertIn("Allow-Events: resync", text)

    def test_garbage_and_addresses_without_a_phone_stay_without_answer(self):
        self.up("127.95.0.1")
        for datagram in (b"", b"\r\n\r\n", b"hello", bytes(range(256)) * 30, b"A" * 60000):
            self.socket.sendto(datagram, ("127.95.0.1", self.sip_port))
        self.socket.sendto(self.options(1), ("127.95.0.9", self.sip_port))
        self.socket.sendto(self.options(2), ("127.95.0.1", self.sip_port))
        text, _ = self.answer(2)
        self.assertTrue(text.startswith("SIP/2.0 200"), text)
        self.socket.setblocking(False)
        with self.assertRaises(BlockingIOError):
            self.socket.recv(65535)

    def test_a_taken_port_of_one_address_leads_to_a_socket_per_phone(self):
        port = free_port(socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.99.0.1", port))
            rig = self.start("up", "--first", "127.95.1.1", "--phones", 2, "--web-port", free_port(), "--sip-port", port,
                             "--set", "Resync_On_Reset=No")  # fmt: skip
            rig.err.wait_for(rf"UDP port {port} is taken by .*; each phone listens on its own address instead")
            rig.ready()
            self.socket.sendto(self.options(3), ("127.95.1.2", port))
            self.assertEqual(self.answer(3)[1], ("127.95.1.2", port))


if __name__ == "__main__":
    main()
