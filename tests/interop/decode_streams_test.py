#!/usr/bin/env python3
"""HTTP and TLS as phonerig and tshark decode them, on captures of curl with nginx and of openssl with itself.

Servers lie on free loopback ports, so tshark is told what they speak.
"""

import email.utils
import os
import socket
import subprocess

from cable import need_programs
from captured import Decoded, Sniffer, named, need_capturing, number
from foreign_servers import PATH, Nginx, free_port_at, need
from own_network import main
from phones import until
from rig_process import RigTest


def lines(values):
    """Header fields as tshark shows them, each with its escaped line end."""
    return "".join(value.removesuffix("\\r\\n") + "\n" for value in values) or None


class HttpTest(RigTest):
    @classmethod
    def setUpClass(cls):
        need_capturing()
        need(Nginx)
        need_programs(curl="curl")

    RULES = """
        location /packed { gzip on; gzip_min_length 1; gzip_types text/plain; }
        location /moved { return 302 http://@AT@/plain.txt; }
        location /lost { return 301 /missing.txt; }
    """

    def setUp(self):
        super().setUp()
        self.nginx = Nginx(self, self.RULES)
        self.sniffer = Sniffer(self, "lo", only=f"tcp port {self.nginx.port}")

    def curl(self, *paths, options=()):
        urls = [word for path in paths for word in (f"http://{self.nginx.at}{path}", "-o", "/dev/null")]
        subprocess.run(["curl", "--noproxy", "*", "--silent", "--max-time", "30", *options, *urls], check=True,
                       env={**os.environ, "PATH": PATH})  # fmt: skip

    def check(self, at_least):
        decoded = Decoded(self, self.sniffer.stop(), decode_as=[f"tcp.port=={self.nginx.port},http"])
        chunked = {int(row["frame.number"][0]): sum(int(size, 0) for size in row["http.chunk_size"])
                   for row in decoded.theirs("http.chunk_size", "http.chunk_size")}  # fmt: skip
        for event in decoded.ours("http.response"):
            if "Transfer-Encoding: chunked" in event["headers"]:
                self.assertEqual(event["bytes"], chunked.pop(event["packet"]), event)
        self.assertEqual(chunked, {})
        return decoded.agree(["http."], "http", {
            "kind": ("http.request", lambda values: "http.request" if values else "http.response"),
            "method": "http.request.method", "target": ("http.request.method http.request.uri", of_request), "host": "http.host",
            "user_agent": "http.user_agent", "status": ("http.response.code", number), "reason": "http.response.phrase",
            "headers": ("http.request.line http.response.line", lambda request, response: lines(request + response)),
        }, at_least)  # fmt: skip

    def test_plain_chunked_and_packed_bodies_are_read_alike(self):
        self.nginx.put("plain.txt", "x" * 5000)
        self.nginx.put("large.txt", os.urandom(300_000))
        self.nginx.put("empty.txt", "")
        self.nginx.put("packed.txt", "all the same " * 3000)
        self.curl("/plain.txt")
        self.curl("/large.txt")
        self.curl("/packed.txt", options=["--compressed"])
        self.curl("/plain.txt", "/empty.txt", "/missing.txt")  # one connection
        events = self.check(at_least=12)
        bodies = [(event.get("bytes"), event.get("unpacked")) for event in events if event["kind"] == "http.response"]
        self.assertEqual([bodies[0], bodies[1], bodies[3], bodies[4]], [(5000, None), (300_000, None), (5000, None), (0, None)])
        self.assertEqual(bodies[2][1], 39_000)
        self.assertIn("Transfer-Encoding: chunked\n", [e for e in events if e.get("unpacked")][0]["headers"])

    def test_answers_without_bodies_and_redirects_are_read_alike(self):
        changed = email.utils.formatdate(self.nginx.put("plain.txt", "x" * 5000).stat().st_mtime, usegmt=True)
        self.curl("/plain.txt", "/plain.txt", options=["--head"])
        self.curl("/plain.txt", options=["-H", f"If-Modified-Since: {changed}"])
        self.curl("/moved", "/lost", options=["--location"])
        self.curl("/plain.txt", options=["--http1.0", "-A", "Cisco-CP-7832-3PCC/11.0.1 (000e08000001)"])
        events = self.check(at_least=14)
        answers = [event for event in events if event["kind"] == "http.response"]
        self.assertEqual([event["status"] for event in answers], [200, 200, 304, 302, 200, 301, 404, 200])
        self.assertEqual([event["bytes"] for event in answers[:3]], [0, 0, 0])
        self.assertEqual(len({event["x"] for event in events}), len(answers))


def of_request(method, values):
    return values[0] if method and values else None  # tshark 4.4 shows a response the target that it answers


class TlsTest(RigTest):
    """openssl s_server and s_client; without compression of certificates everything is in the clear up to TLS 1.2."""

    CIPHERS = "ECDHE-RSA-AES256-GCM-SHA384"

    @classmethod
    def setUpClass(cls):
        need_capturing()
        need_programs(openssl="openssl")

    def serve(self, *words):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                        "-days", "30", "-subj", "/O=rig/CN=rig.example", "-addext", "subjectAltName=DNS:rig.example"],
                       check=True, capture_output=True)  # fmt: skip
        self.port = free_port_at("127.0.0.1", socket.SOCK_STREAM)
        self.sniffer = Sniffer(self, "lo", only=f"tcp port {self.port}")
        server = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-key", key, "-cert", certificate,
                                   "-naccept", "1", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)  # fmt: skip
        self.addCleanup(server.communicate)
        self.addCleanup(server.kill)
        until(lambda: server.stdout.readline().startswith("ACCEPT"), "openssl s_server")

    def connect(self, *words):
        return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", *words], input="Q\n", text=True,
                              capture_output=True, timeout=60, check=False)  # fmt: skip

    def check(self):
        decoded = Decoded(self, self.sniffer.stop(), decode_as=[f"tcp.port=={self.port},tls"])
        versions = {0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}

        def highest(plain, offered):
            return versions[max(int(one, 0) for one in plain[:1] + [o for o in offered if int(o, 0) in versions])]

        hello = {
            "version": ("tls.handshake.version tls.handshake.extensions.supported_version", highest),
            "alpn": ("tls.handshake.extensions_alpn_str", lambda values: " ".join(values) or None),
        }
        decoded.agree(["tls.client_hello"], "tls.handshake.type == 1", {
            **hello, "server_name": "tls.handshake.extensions_server_name", "ja3": "tls.handshake.ja3_full",
            "ciphers": ("tls.handshake.ciphersuite", lambda values: " ".join(f"{int(one, 0):04x}" for one in values)),
        })  # fmt: skip
        decoded.agree(["tls.server_hello"], "tls.handshake.type == 2", {
            **hello, "cipher": ("tls.handshake.ciphersuite", lambda values: f"{int(values[0], 0):04x}"),
        }, at_least=0)  # fmt: skip
        decoded.agree(["tls.alert"], "tls.alert_message.level", {
            "level": ("tls.alert_message.level", named({1: "warning", 2: "fatal"})),
            "code": ("tls.alert_message.desc", number),
        }, at_least=0)  # fmt: skip
        return decoded

    def test_a_connection_of_tls_1_2_is_read_alike_with_its_certificate(self):
        self.serve("-tls1_2", "-cipher", self.CIPHERS, "-alpn", "http/1.1")
        self.connect("-servername", "rig.example", "-alpn", "h2,http/1.1")
        decoded = self.check()
        [certificate] = decoded.ours("tls.certificate")
        [row] = decoded.theirs("tls.handshake.type == 11", "x509af.serialNumber", "x509ce.dNSName", "x509sat.uTF8String",
                               "x509af.utcTime")  # fmt: skip
        self.assertEqual(certificate["packet"], int(row["frame.number"][0]))
        serial = row["x509af.serialNumber"][0].lower().replace(":", "").removeprefix("0x")
        self.assertEqual(certificate["serial"].lower().lstrip("0"), serial.lstrip("0"))
        self.assertIn(f"DNS:{row['x509ce.dNSName'][0]}", certificate["names"])
        for part in row["x509sat.uTF8String"]:
            self.assertIn(part, certificate["subject"] + certificate["issuer"])
        self.assertEqual(len(decoded.ours("tls.server_hello")), 1)

    def test_a_connection_of_tls_1_3_is_read_alike(self):
        self.serve("-tls1_3")
        self.connect("-servername", "rig.example")
        decoded = self.check()
        self.assertEqual([event["version"] for event in decoded.ours("tls.server_hello")], ["TLS 1.3"])
        self.assertEqual(decoded.ours("tls.certificate"), [])

    def test_an_alert_is_read_alike(self):
        self.serve("-tls1_2")
        self.connect("-tls1_3")
        decoded = self.check()
        self.assertEqual([(event["level"], event["code"]) for event in decoded.ours("tls.alert")], [("fatal", 70)])


if __name__ == "__main__":
    main()
