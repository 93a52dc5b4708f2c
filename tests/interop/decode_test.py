#!/usr/bin/env python3
"""Datagrams as phonerig and tshark decode them, on captures of servers and clients that others wrote.

Each test makes its capture in a pair of network namespaces joined by a cable, where well-known ports are free. A packet
that only one of the two takes for a message, or a field with another value, fails.
"""

import os
import socket
import struct
import subprocess
import sys

from cable import CableTest, need_programs
from captured import joined, named, number
from foreign_servers import PATH, Tftpd, need
from network_namespace_test import FAR, NEAR
from own_network import main
from tun_router import Router, open_tun


def of_options(meaning):
    """A column of DHCP: what the options mean, given as code to bytes with the parts of each joined."""

    def read(codes, values):
        options = {}
        for code, value in zip([code for code in codes if code not in ("0", "255")], values, strict=False):
            options[int(code)] = options.get(int(code), b"") + bytes.fromhex(value.replace(":", ""))
        return meaning(options)

    return ("dhcp.option.type dhcp.option.value", read)


def text_of(code):
    return of_options(lambda options: options[code].rstrip(b"\0").decode() if code in options else None)


def dotted(octets):
    return " ".join(socket.inet_ntoa(octets[i : i + 4]) for i in range(0, len(octets), 4))


def unless_zero(values):
    return None if not values or values[0] == "0.0.0.0" else values[0]


class DhcpTest(CableTest):
    OPTIONS = ("66,tftp.example.org", "67,boot/cfg.xml", "option:tftp-server-address,10.98.77.2,10.98.77.3",
               "159,https://prov.example.org/$MA.cfg", "160,http://prov.example.org/cfg", "option:domain-name,example.org",
               "option:router,10.98.77.2", "option:ntp-server,10.98.77.2", "vi-encap:9,4,here", "43,0a:04:74:65:78:74")  # fmt: skip
    KINDS = ("discover", "offer", "request", "decline", "ack", "nak", "release", "inform")
    COLUMNS = {
        "kind": ("dhcp.option.dhcp", lambda values: f"dhcp.{DhcpTest.KINDS[int(values[0]) - 1]}"),
        "client_mac": "dhcp.hw.mac_addr",
        "xid": ("dhcp.id", lambda values: f"{int(values[0], 0):08x}"),
        "flags": ("dhcp.flags.bc", lambda values: "broadcast" if values[0] in ("1", "True") else None),
        "ciaddr": ("dhcp.ip.client", unless_zero),
        "yiaddr": ("dhcp.ip.your", unless_zero),
        "siaddr": ("dhcp.ip.server", unless_zero),
        "giaddr": ("dhcp.ip.relay", unless_zero),
        "server_id": "dhcp.option.dhcp_server_id",
        "requested_ip": "dhcp.option.requested_ip_address",
        "lease": ("dhcp.option.ip_address_lease_time", number),
        "hostname": "dhcp.option.hostname",
        "vendor_class": "dhcp.option.vendor_class_id",
        "params": ("dhcp.option.request_list_item", joined(",")),
        "client_id": of_options(lambda options: options[61].hex() if 61 in options else None),
        "option_66": text_of(66),
        "option_67": text_of(67),
        "option_150": of_options(lambda options: dotted(options[150]) if 150 in options else None),
        "option_159": text_of(159),
        "option_160": text_of(160),
        "option_43": of_options(lambda options: f"{options[43][0]}={options[43][2:].decode()}" if 43 in options else None),
        "option_125": of_options(lambda options: f"9:{options[125][5]}={options[125][7:].decode()}" if 125 in options else None),
        "file": "dhcp.file",
        "server": "dhcp.server",
    }  # fmt: skip

    def serve(self):
        need_programs(dnsmasq="dnsmasq-base")
        self.far_server(
            "dnsmasq", "-k", "--conf-file=/dev/null", "--port=0", "--interface=far0", "--bind-interfaces", "--user=root",
            "--dhcp-range=10.98.77.50,10.98.77.60,3600", "--dhcp-authoritative", "--log-facility=-",
            f"--dhcp-leasefile={self.folder}/leases", f"--pid-file={self.folder}/dnsmasq.pid",
            *(f"--dhcp-option-force={option}" for option in self.OPTIONS))  # fmt: skip
        self.await_udp(67)

    def udhcpc(self, *words, check=True):
        need_programs(udhcpc="udhcpc")
        self.near.run("udhcpc", "-i", "near0", "-n", "-q", "-f", "-s", "/bin/true", *words, check=check)

    def test_a_lease_of_busybox_is_read_alike(self):
        self.serve()
        self.udhcpc("-x", "hostname:SEP000E08AABBCC", "-V", "Cisco Systems, Inc. IP Phone CP-7841-3PCC",
                    "-O", "66", "-O", "150", "-O", "160")  # fmt: skip
        decoded = self.decoded()
        events = decoded.agree(["dhcp."], "dhcp", self.COLUMNS, at_least=4)
        kinds = list(dict.fromkeys(event["kind"] for event in events))
        self.assertEqual(kinds, ["dhcp.discover", "dhcp.offer", "dhcp.request", "dhcp.ack"])
        self.assertEqual(len(self.groups(events)), 1, "exchanges")
        ack = events[-1]
        self.assertEqual((ack["option_150"], ack["option_159"], ack["option_125"], ack["option_43"]),
                         ("10.98.77.2 10.98.77.3", "https://prov.example.org/$MA.cfg", "9:4=here", "10=text"))  # fmt: skip

    def test_retransmissions_are_numbered(self):
        self.udhcpc("-t", "3", "-T", "1", check=False)
        events = self.decoded().agree(["dhcp."], "dhcp", self.COLUMNS, at_least=3)
        self.assertEqual([event.get("repeat", 0) for event in events], list(range(len(events))))
        self.assertEqual(len(self.groups(events)), 1, "exchanges")

    def test_a_lease_and_a_release_of_iscs_client_are_read_alike(self):
        need_programs(dhclient="isc-dhcp-client")
        self.serve()
        config = self.folder / "dhclient.conf"
        config.write_text('option option-150 code 150 = array of ip-address;\nsend host-name "phone";\n'
                          "request subnet-mask, routers, tftp-server-name, option-150;\n")  # fmt: skip
        words = ("dhclient", "-cf", str(config), "-lf", f"{self.folder}/client.leases", "-pf", f"{self.folder}/client.pid",
                 "-sf", "/bin/true")  # fmt: skip
        self.near.run(*words, "-1", "near0")
        self.near.run(*words, "-r", "near0")
        events = self.decoded().agree(["dhcp."], "dhcp", self.COLUMNS, at_least=5)
        self.assertEqual(events[-1]["kind"], "dhcp.release")


DNS_TYPES = {1: "A", 2: "NS", 5: "CNAME", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 35: "NAPTR", 255: "ANY"}


class DnsTest(CableTest):
    RECORDS = ("--host-record=phone.example,10.98.77.7,2001:db8::7", "--cname=alias.example,phone.example",
               "--srv-host=_sip._udp.example,phone.example,5060,10,20", "--txt-record=txt.example,one two,three",
               "--mx-host=example,phone.example,5", "--ptr-record=x.example,phone.example", "--local=/example/",
               "--naptr-record=example,10,20,s,SIP+D2U,,_sip._udp.example")  # fmt: skip

    def ask(self, name, kind):
        """A question of the near namespace; until an answer comes."""
        question = struct.pack(">HHHHHH", kind * 257 % 65536, 0x0100, 1, 0, 0, 0)
        question += b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
        question += struct.pack(">HH", kind, 1)
        code = (f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(30)\n"
                f"s.connect(({FAR!r}, 53)); s.send({question!r}); s.recv(4096)")  # fmt: skip
        self.near.run(sys.executable, "-c", code)

    @staticmethod
    def answers(count, types, *columns):
        """Type and data of each answer; what follows in the columns is of the additional section."""
        a, aaaa, cname, ptr, txt, exchange, preference, priority, weight, port, target, order, naptr_preference, \
            flags, service, regex, replacement = (list(column) for column in columns)  # fmt: skip
        found = []
        texts = iter(txt)
        for kind in map(int, types[: int(count[0])]):
            made = {
                1: lambda: a.pop(0), 28: lambda: aaaa.pop(0), 5: lambda: cname.pop(0), 12: lambda: ptr.pop(0),
                15: lambda: f"{preference.pop(0)} {exchange.pop(0)}",
                16: lambda: " ".join(f'"{one}"' for one in texts),
                33: lambda: f"{priority.pop(0)} {weight.pop(0)} {port.pop(0)} {target.pop(0)}",
                35: lambda: f'{order.pop(0)} {naptr_preference.pop(0)} "{flags.pop(0)}" "{service.pop(0)}" '
                            f'"{regex.pop(0) if regex else ""}" {replacement.pop(0)}',
            }[kind]()  # fmt: skip
            found.append(f"{DNS_TYPES[kind]} {made}")
        return "; ".join(found) or None

    @staticmethod
    def addresses(count, types, a, aaaa):
        kinds = types[: int(count[0])]
        return " ".join(a[: kinds.count("1")] + aaaa[: kinds.count("28")]) or None

    @staticmethod
    def without_names(answers):
        return answers and "; ".join(one.split(" ", 1)[1] for one in answers.split("; "))

    def test_questions_and_answers_are_read_alike(self):
        need_programs(dnsmasq="dnsmasq-base", busybox="busybox")
        self.far_server("dnsmasq", "-k", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", f"--listen-address={FAR}",
                        "--bind-interfaces", "--user=root", "--log-facility=-", f"--pid-file={self.folder}/dnsmasq.pid",
                        *self.RECORDS)  # fmt: skip
        self.await_udp(53)
        for name, kind in (("phone.example", 1), ("phone.example", 28), ("alias.example", 1), ("alias.example", 5),
                           ("_sip._udp.example", 33), ("txt.example", 16), ("example", 15), ("x.example", 12),
                           ("example", 35), ("missing.example", 1), ("elsewhere.org", 1)):  # fmt: skip
            self.ask(name, kind)
        self.near.run("busybox", "nslookup", "alias.example", FAR, check=False)
        flags = (("dns.flags.authoritative", "aa"), ("dns.flags.truncated", "tc"), ("dns.flags.recdesired", "rd"),
                 ("dns.flags.recavail", "ra"), ("dns.flags.authenticated", "ad"), ("dns.flags.checkdisable", "cd"))  # fmt: skip
        data = ("dns.a dns.aaaa dns.cname dns.ptr.domain_name dns.txt dns.mx.mail_exchange dns.mx.preference "
                "dns.srv.priority dns.srv.weight dns.srv.port dns.srv.target dns.naptr.order dns.naptr.preference "
                "dns.naptr.flags dns.naptr.service dns.naptr.regex dns.naptr.replacement")  # fmt: skip
        events = self.decoded().agree(["dns."], "dns", {
            "kind": ("dns.flags.response", lambda values: "dns.response" if values[0] in ("1", "True") else "dns.query"),
            "id": ("dns.id", number), "name": "dns.qry.name", "qtype": ("dns.qry.type", named(DNS_TYPES)),
            "flags": (" ".join(field for field, _ in flags), lambda *columns: " ".join(
                name for (_, name), values in zip(flags, columns, strict=True) if values and values[0] in ("1", "True")) or None),
            "error": ("dns.flags.rcode", named({1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"})),
            "addresses": ("dns.count.answers dns.resp.type dns.a dns.aaaa", self.addresses),
            "answers": (f"dns.count.answers dns.resp.type {data}", self.answers, self.without_names),
            "ttl": ("dns.count.answers dns.resp.ttl", lambda count, values:
                    min(map(int, values[: int(count[0])]), default=None)),
        }, at_least=24)  # fmt: skip
        self.assertEqual({len(group) for group in self.groups(events)}, {2})
        self.assertTrue({"NXDOMAIN", "REFUSED"} <= {event.get("error") for event in events})


class TftpTest(CableTest):
    KINDS = {1: "tftp.read", 2: "tftp.write", 3: "tftp.data", 4: "tftp.ack", 5: "tftp.error", 6: "tftp.oack"}
    COLUMNS = {
        "kind": ("tftp.opcode", named(KINDS)),
        # tshark repeats the file in every packet of the transfer.
        "file": ("tftp.opcode tftp.source_file tftp.destination_file", lambda code, read, written:
                 (read + written)[0] if int(code[0], 0) in (1, 2) else None),
        "mode": ("tftp.type", lambda values: values[0].lower() if values else None, lambda mode: mode and mode.lower()),
        "block": ("tftp.block", number),
        "bytes": ("tftp.opcode udp.length", lambda code, length: int(length[0]) - 12 if int(code[0], 0) == 3 else None),
        "code": ("tftp.error.code", number),
        "text": ("tftp.option.name tftp.option.value tftp.error.message", lambda names, values, message: " ".join(
            f"{name}={value}" for name, value in zip(names, values, strict=True)) or (message[0] if message else None)),
    }  # fmt: skip

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need(Tftpd)
        need_programs(curl="curl")

    def serve(self):
        self.tftp = Tftpd(self, self.folder / "root", port=69, address=FAR, prefix=self.far.inside)
        self.await_udp(69)

    def curl(self, *words, check=True):
        return self.near.run("curl", "--silent", "--show-error", "--max-time", "60", *words, check=check)

    def check(self, at_least):
        events = self.decoded().agree(["tftp."], "tftp", self.COLUMNS, at_least)
        # What tshark joins by the request's frame is one exchange; what is there twice is a repeat.
        seen = {}
        for event in events:
            message = (event["x"], event["kind"], event.get("block"))
            self.assertEqual(event.get("repeat", 0), seen.get(message, 0), event)
            seen[message] = seen.get(message, 0) + 1
        return events

    def test_reads_with_and_without_options_and_a_write_are_read_alike(self):
        self.serve()
        self.tftp.put("spa.cfg", "x" * 5000)
        self.tftp.put("upload.txt", "").chmod(0o666)
        self.curl(f"tftp://{FAR}/spa.cfg", "-o", f"{self.folder}/a", "--tftp-no-options")
        self.curl(f"tftp://{FAR}/spa.cfg", "-o", f"{self.folder}/b", "--tftp-blksize", "1428")
        (self.folder / "sent").write_text("y" * 1500)
        self.curl("-T", f"{self.folder}/sent", f"tftp://{FAR}/upload.txt")
        self.curl(f"tftp://{FAR}/missing.cfg", check=False)
        events = self.check(at_least=25)
        ends = [event for event in events if "took" in event]
        self.assertEqual([event["total"] for event in ends], [5000, 5000, 1500, 0])
        self.assertEqual(len(self.groups(events)), 4)
        self.assertIn("File not found", ends[-1]["text"])


class LossyTftpTest(TftpTest):
    """The same over a router that loses packets: a raw IP link."""

    def lay_cable(self):
        if not os.path.exists("/dev/net/tun"):
            self.skipTest("a router between namespaces wants /dev/net/tun")
        try:
            self.files = [open_tun(side.pid, name) for side, name in ((self.near, "near0"), (self.far, "far0"))]
        except OSError as error:
            self.skipTest(f"network tunnels are not permitted here: {error}")
        for side, port, address in ((self.near, "near0", NEAR), (self.far, "far0", FAR)):
            side.run("ip", "address", "add", f"{address}/24", "dev", port)
            side.run("ip", "link", "set", port, "up")

    def test_reads_with_and_without_options_and_a_write_are_read_alike(self):
        self.serve()
        self.tftp.put("spa.cfg", "x" * 20000)
        router = Router(*self.files, loss=0.1)
        self.addCleanup(router.stop)  # with it the cable is gone
        self.curl(f"tftp://{FAR}/spa.cfg", "-o", f"{self.folder}/a", "--tftp-no-options")
        events = self.check(at_least=80)
        self.assertGreater(router.lost, 0)
        self.assertGreater(sum("repeat" in event for event in events), 0)
        end = [event for event in events if "took" in event]
        self.assertEqual([event["total"] for event in end], [20000])
        self.assertEqual(end[0]["resent"], sum("repeat" in event for event in events if event["packet"] <= end[0]["packet"]))


class LogTest(CableTest):
    def test_lines_of_logger_are_read_alike(self):
        need_programs(logger="bsdutils")
        for words in (["--rfc3164"], ["--rfc5424"], ["--rfc3164", "-p", "local0.err", "-t", "CP-7832-3PCC"]):
            self.near.run("logger", "-n", FAR, "-P", "514", "-d", *words, "Requesting resync tftp://10.0.0.1/a")
        events = self.decoded().agree(["syslog."], "syslog and not icmp", {
            "facility": ("syslog.facility", number), "severity": ("syslog.level", number), "text": ("syslog.msg", lambda values: said(values[0]), said),
            "version": ("syslog.version", number), "hostname": ("syslog.version syslog.hostname", of_rfc5424),
            "identifier": ("syslog.version syslog.appname", of_rfc5424),
        }, at_least=3)  # fmt: skip
        self.assertTrue(all("timestamp" in event for event in events))
        # Newer tshark leaves out what stands before the message; we leave out nothing.
        header = r"[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S+"
        for event, before in zip(events, (header + r" \S+: ", r"1 \S+ \S+ \S+ - - (-|\[.*\]) ", header + " CP-7832-3PCC: "), strict=True):
            self.assertRegex(event["text"], f"^{before}Requesting resync tftp://10.0.0.1/a$")


def said(text):
    return text.rsplit("] ", 1)[-1].rsplit(": ", 1)[-1].strip()  # tshark 4.4 takes what is before it off


def of_rfc5424(version, values):
    return values[0] if version and values else None


class SipTest(CableTest):
    def test_a_call_of_sipp_is_read_alike(self):
        need_programs(sipp="sip-tester")
        self.far_server("sipp", "-sn", "uas", "-i", FAR, "-p", "5060", "-nostdin", "-m", "1")
        self.await_udp(5060)
        done = subprocess.run(
            [*self.near.inside, "sipp", "-sn", "uac", f"{FAR}:5060", "-i", NEAR, "-p", "5078", "-m", "1", "-nostdin", "-nr", "-d", "100",
             "-timeout", "30", "-timeout_error"], cwd=self.folder, capture_output=True, text=True, check=False,
            env={"PATH": PATH, "TERM": "dumb"})  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])

        def lines(values):
            """tshark's text has the body behind the head."""
            return values[0].replace("\\r\\n", "\n").split("\n\n")[0].rstrip("\n") + "\n" if values else None

        events = self.decoded().agree(["sip."], "sip", {
            "method": "sip.Method", "target": "sip.r-uri", "status": ("sip.Status-Code", number),
            "call_id": "sip.Call-ID", "cseq": "sip.CSeq", "headers": ("sip.msg_hdr", lines),
            "bytes": ("sip.Content-Length", number),
        }, at_least=6)  # fmt: skip
        self.assertEqual([len(group) for group in self.groups(events)], [4, 2])  # INVITE 180 200 ACK; BYE 200


class SnmpTest(CableTest):
    def test_questions_of_snmpget_are_read_alike_and_no_community_is_shown(self):
        need_programs(snmpd="snmpd", snmpget="snmp")
        config = self.folder / "snmpd.conf"
        config.write_text("agentaddress udp:161\nrocommunity hunter2\ncreateUser rig SHA authpass99 AES privpass99\n"
                          "rouser rig\n")  # fmt: skip
        os.environ["SNMP_PERSISTENT_DIR"] = str(self.folder)
        self.addCleanup(os.environ.pop, "SNMP_PERSISTENT_DIR")
        self.far_server("snmpd", "-f", "-Lo", "-C", "-c", config, "-r", "-p", self.folder / "snmpd.pid")
        self.await_udp(161)
        name, other = "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"
        once = ("-t", "30", "-r", "0")
        self.near.run("snmpget", *once, "-v1", "-c", "hunter2", FAR, name, other)
        self.near.run("snmpget", *once, "-v2c", "-c", "hunter2", FAR, "1.3.6.1.2.1.1.99.0")
        self.near.run("snmpget", *once, "-v1", "-c", "hunter2", FAR, "1.3.6.1.2.1.1.99.0", check=False)
        self.near.run("snmpgetnext", *once, "-v2c", "-c", "hunter2", FAR, name)
        self.near.run("snmpbulkget", *once, "-v2c", "-c", "hunter2", FAR, "1.3.6.1.2.1.1")
        login = (*once, "-v3", "-u", "rig", "-a", "SHA", "-A", "authpass99")
        self.near.run("snmpget", *login, "-l", "authNoPriv", FAR, name)
        self.near.run("snmpget", *login, "-l", "authPriv", "-x", "AES", "-X", "privpass99", FAR, name)
        pdus = dict(enumerate(("get", "get-next", "response", "set", "trap-v1", "bulk", "inform", "trap", "report")))
        decoded = self.decoded()
        events = decoded.agree(["snmp."], "snmp", {
            "version": ("snmp.version snmp.msgVersion", lambda old, new: {0: "1", 1: "2c", 3: "3"}[int((old + new)[0], 0)]),
            "pdu": ("snmp.encryptedPDU snmp.data", lambda sealed, pdu: "encrypted" if sealed else pdus[int(pdu[0], 0)]),
            "id": ("snmp.encryptedPDU snmp.msgID snmp.request_id", lambda sealed, whole, one: int((whole if sealed else one)[0], 0)),
            "oids": ("snmp.name", lambda names: " ".join(names[:8] + ["…"] * (len(names) > 8)) or None),
            "error": ("snmp.error_status snmp.data", lambda status, pdu: "noSuchName" if status and pdu != ["5"] and int(status[0], 0) == 2 else None),
        }, at_least=18)  # fmt: skip
        self.assertEqual({len(group) for group in self.groups(events)}, {2})
        self.assertIn("noSuchName", {event.get("error") for event in events})
        self.assertNotIn("hunter2", str(decoded.events))


class NtpTest(CableTest):
    def test_chronys_question_and_answer_are_read_alike(self):
        need_programs(chronyd="chrony")
        config = self.folder / "chrony.conf"
        config.write_text("local stratum 5\nallow all\ncmdport 0\npidfile server.pid\nuser root\n")
        self.far_server("chronyd", "-d", "-x", "-f", config)
        self.await_udp(123)
        # Paths of its settings may hold no blanks.
        self.near.run("sh", "-c", f'cd "$0" && exec chronyd -Q -x -t 20 "server {FAR} iburst maxsamples 1" "cmdport 0" '
                      '"user root" "pidfile client.pid"', str(self.folder))  # fmt: skip
        modes = {1: "symmetric active", 2: "symmetric passive", 3: "client", 4: "server", 5: "broadcast"}
        events = self.decoded().agree(["ntp."], "ntp", {
            "version": ("ntp.flags.vn", number), "mode": ("ntp.flags.mode", named(modes)), "stratum": ("ntp.stratum", number),
        }, at_least=2)  # fmt: skip
        self.assertEqual({len(group) for group in self.groups(events)}, {2})
        self.assertIn(("server", 5), {(event["mode"], event["stratum"]) for event in events})


if __name__ == "__main__":
    main()
