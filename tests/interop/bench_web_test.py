#!/usr/bin/env python3
"""The bench's web client against Apache (Basic, Digest) and nginx (https, redirects to it, dripping and endless answers)."""

import socket
import subprocess

from apache import Apache
from bench_hands import hands
from cable import need_programs
from covers import main
from foreign_servers import Nginx, free_port_at, need
from rig_process import RigTest, until

RULES = """
<Location "/basic">
  AuthType Basic
  AuthName "phones"
  AuthUserFile "@FOLDER@/basic.users"
  Require valid-user
</Location>
<Location "/digest">
  AuthType Digest
  AuthName "phones"
  AuthDigestProvider file
  AuthUserFile "@FOLDER@/digest.users"
  Require valid-user
</Location>
"""


class CredentialsTest(RigTest):
    def test_basic_and_digest_are_answered_and_refused_once(self):
        need(Apache)
        server = Apache(self, RULES)
        server.account("admin", "s3cret")
        for name in ("basic", "digest"):
            server.put(f"www/{name}", f"hello {name}")
            url = f"http://{server.at}/"
            right = ("--user", "admin", "--password", "s3cret")
            self.assertEqual(hands("get", url, f"/{name}", *right), (0, f"200 hello {name}"))
            self.assertEqual(hands("get", url, f"/{name}", "--user", "admin", "--password", "wrong"),
                             (1, f"CP7832-1 at {server.at} refuses the user 'admin' with the password that is known for it"))  # fmt: skip
            self.assertEqual(hands("get", url, f"/{name}")[1],
                             f"CP7832-1 at {server.at} asks for a password, but none is known for it")  # fmt: skip


            def statuses():
                return [status for request, status, _, _ in server.requests("127.0.0.1") if f"/{name} " in request]

            until(lambda: len(statuses()) >= 5, "five lines of the log, which are written after the answers")
            self.assertEqual(sorted(statuses()), ["200", "401", "401", "401", "401"])  # threads write it, in any order


class HttpsTest(RigTest):
    def setUp(self):
        need(Nginx)
        need_programs(openssl="openssl")
        super().setUp()
        self.certificate, other = self.make("cert"), self.make("other")
        self.pin = self.fingerprint(self.certificate)
        self.other_pin = self.fingerprint(other)
        self.tls = free_port_at("127.0.0.1", socket.SOCK_STREAM)
        self.url = f"https://127.0.0.1:{self.tls}/"
        self.server = Nginx(self, f"""
            listen 127.0.0.1:{self.tls} ssl;
            ssl_certificate "{self.certificate}";
            ssl_certificate_key "{self.folder / 'cert.key'}";
            location /moved {{ return 301 https://127.0.0.1:{self.tls}/page; }}
            location /down {{ return 302 http://@AT@/page; }}
            location /drip {{ limit_rate 1; }}
        """)  # fmt: skip
        self.server.put("page", "hello")

    def make(self, name):
        path = self.folder / f"{name}.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=phone",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / f"{name}.key", "-out", path],
                       check=True, capture_output=True)  # fmt: skip
        return path

    def fingerprint(self, path):
        words = ["openssl", "x509", "-in", path, "-noout", "-fingerprint", "-sha256"]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip().split("=")[1]

    def test_a_certificate_is_believed_as_the_policy_says(self):
        place = f"CP7832-1 at 127.0.0.1:{self.tls}"
        for policy in (("--any",), ("--pin", self.pin), ("--authorities", self.certificate)):
            self.assertEqual(hands("get", self.url, "/page", *policy), (0, "200 hello"))
        code, said = hands("get", self.url, "/page")
        self.assertEqual(code, 1)
        self.assertRegex(said, f"^{place} shows a certificate that is not trusted: ")
        self.assertEqual(hands("get", self.url, "/page", "--pin", self.other_pin),
                         (1, f"{place} shows another certificate than the pinned one: its SHA-256 is "
                             f"{self.pin.replace(':', '').lower()}"))  # fmt: skip
        self.assertRegex(hands("get", self.url, "/page", "--authorities", self.folder / "other.pem")[1], "is not trusted")
        self.server.await_requests(3)
        self.assertEqual([entry["status"] for entry in self.server.requests()], ["200"] * 3)

    def test_a_phone_that_moved_to_https_is_followed_and_none_back(self):
        plain = f"http://{self.server.at}/"
        self.assertEqual(hands("get", plain, "/moved", "--pin", self.pin), (0, "200 hello"))
        self.assertIn("from https to http; this is not followed", hands("get", self.url, "/down", "--any")[1])

    def test_plain_http_where_tls_is_spoken_and_the_other_way_round_is_said(self):
        self.assertIn("does not speak TLS as it should", hands("get", f"https://{self.server.at}/", "/page", "--any")[1])
        self.assertTrue(hands("get", f"http://127.0.0.1:{self.tls}/", "/page")[1].startswith("400 "))

    def test_answers_that_drip_or_do_not_end_are_bounded(self):
        self.server.put("drip", "x" * 1000)
        with open(self.server.root / "endless", "wb") as file:
            file.truncate(1 << 30)
        plain = f"http://{self.server.at}/"
        self.assertIn("began to answer, but did not finish in time", hands("get", plain, "/drip", "--timeout", 3000)[1])
        self.assertIn("answers more than is read", hands("get", plain, "/endless")[1])


if __name__ == "__main__":
    main()
