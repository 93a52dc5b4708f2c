#!/usr/bin/env python3
"""Credentials, CGI and packed bodies: phones against Apache and nginx, curl against the rig's own server."""

import base64
import gzip
import hashlib
import shutil
import subprocess
import unittest

from apache import Apache
from covers import covers, main
from foreign_servers import Nginx, need
from phones import BASIC, PhonesTest, until
from rig_process import PHONERIG, RigTest, free_port

USER, PASSWORD = "phone", "secret word"
ACCOUNT = {"Profile_Account_Username": USER, "Profile_Account_Password": PASSWORD}


class CredentialsTest(PhonesTest):
    def setUp(self):
        super().setUp()
        self.syslog = self.receiver()

    def up(self, first, *words, set_values=None, **options):
        return super().up(first, *words, set_values={"Syslog_Server": self.syslog.at, **(set_values or {})}, **options)


class ApacheTest(CredentialsTest):
    RULES = """
        <Location /basic>
            AuthType Basic
            AuthName phones
            AuthUserFile "@FOLDER@/basic.users"
            Require valid-user
        </Location>
        <Location /digest>
            AuthType Digest
            AuthName phones
            AuthDigestQop auth
            AuthDigestAlgorithm MD5
            AuthUserFile "@FOLDER@/digest.users"
            Require valid-user
        </Location>
        <Location /packed>
            SetOutputFilter DEFLATE
        </Location>
    """

    @classmethod
    def setUpClass(cls):
        need(Apache)

    def setUp(self):
        super().setUp()
        self.server = Apache(self, self.RULES)
        self.server.account(USER, PASSWORD)
        for name in ("basic", "digest", "packed"):
            (self.server.root / name).mkdir(mode=0o755)
            (self.server.root / name).chmod(0o755)
            self.server.put(f"www/{name}/basic.txt", BASIC)

    def statuses(self, address, count):
        until(lambda: len(self.server.requests(address)) >= count, f"{count} requests of {address}")
        return [(status, user) for _, status, _, user in self.server.requests(address)]

    @covers("PROV-HTTP-AUTH-BASIC", "PROV-HTTP-AUTH-DIGEST", "PROV-HTTP-401", "RSYNC-AUTH-BASIC")
    def test_apache_lets_a_phone_in_that_knows_the_password(self):
        self.up("127.92.40.1", "--phones", 2, set_values=ACCOUNT)
        for address, place in (("127.92.40.1", "basic"), ("127.92.40.2", "digest")):
            self.resync(address, f"http://{self.server.at}/{place}/basic.txt?a=b")
            self.syslog.expect("Successful resync", address)
            self.assertEqual(self.value(address, "GPP_A"), "12345678")
            # Apache's threads write it in any order.
            self.assertCountEqual(self.statuses(address, 2), [("401", "-"), ("200", USER)])

    @covers("PROV-HTTP-401")
    def test_apache_refuses_a_wrong_password_three_times(self):
        self.up("127.92.41.1", "--phones", 2, set_values={**ACCOUNT, "Profile_Account_Password": "wrong"})
        for address, place in (("127.92.41.1", "basic"), ("127.92.41.2", "digest")):
            self.resync(address, f"http://{self.server.at}/{place}/basic.txt")
            self.syslog.expect("Resync failed: HTTP 401", address)
            self.assertEqual([status for status, _ in self.statuses(address, 3)], ["401"] * 3)

    @covers("PROF-CGI-OUTPUT", "HTTP-DYNAMIC")
    def test_the_output_of_a_cgi_script_is_the_profile(self):
        self.server.put("visits", "", 0o666)
        self.server.put("cgi-bin/profile", f"""#!/bin/sh
echo x >>"{self.server.folder}/visits"
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "<flat-profile><GPP_A>$REQUEST_METHOD $(wc -l <"{self.server.folder}/visits")</GPP_A>"
echo "<GPP_B>$QUERY_STRING</GPP_B><GPP_C>$HTTP_USER_AGENT</GPP_C></flat-profile>"
""", 0o755)
        self.up("127.92.42.1")
        for visit in ("1", "2"):
            self.resync("127.92.42.1", f"http://{self.server.at}/cgi-bin/profile?mac=$MA")
            self.until_value("127.92.42.1", "GPP_A", f"GET {visit}")
        self.assertEqual(self.value("127.92.42.1", "GPP_B"), "mac=000e08000001")
        self.assertEqual(self.value("127.92.42.1", "GPP_C"), "Cisco-CP-7832-3PCC/11.3.1 (000e08000001)")

    def test_a_body_that_apache_packs_is_unpacked(self):
        self.up("127.92.43.1")
        rows = "".join(f"<GPP_{letter}>{letter * 400}</GPP_{letter}>" for letter in "ABCDEFGHIJKLMNOP")
        self.server.put("www/packed/basic.txt", f"<flat-profile>{rows}</flat-profile>")
        self.resync("127.92.43.1", f"http://{self.server.at}/packed/basic.txt")
        self.syslog.expect("Successful resync")
        self.assertEqual(self.value("127.92.43.1", "GPP_P"), "P" * 400)


class NginxTest(CredentialsTest):
    STATUSES = (300, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 407, 410, 418, 500, 501, 502, 503, 504, 505, 599)

    @classmethod
    def setUpClass(cls):
        need(Nginx)

    @covers("PROV-HTTP-AUTH-BASIC")
    def test_nginx_lets_a_phone_in_that_knows_the_password(self):
        server = Nginx(self, "auth_basic phones; auth_basic_user_file users;")
        sha = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
        (server.root.parent / "users").write_text(f"{USER}:{{SHA}}{sha}\n")
        for path in (self.folder, server.root.parent, server.root):
            path.chmod(0o755)
        server.put("basic.txt", BASIC)
        self.up("127.92.44.1", set_values=ACCOUNT)
        self.resync("127.92.44.1", f"http://{server.at}/basic.txt")
        self.syslog.expect("Successful resync")
        self.assertEqual([one["status"] for one in server.await_requests(2)], ["401", "200"])

    @covers("PROV-HTTP-3XX", "PROV-HTTP-400", "PROV-HTTP-403", "PROV-HTTP-404", "PROV-HTTP-4XX", "PROV-HTTP-500",
            "PROV-HTTP-501", "PROV-HTTP-502", "PROV-HTTP-503", "PROV-HTTP-504", "PROV-HTTP-5XX")
    def test_each_status_is_reported_and_asked_for_again_after_the_delay(self):
        places = "".join(f"location = /{status} {{ return {status}{' /new' if status in (303, 307, 308) else ''}; }}\n"
                         for status in self.STATUSES)  # fmt: skip
        server = Nginx(self, places + "location = /new { return 200 x; }")
        self.up("127.92.45.1", "--phones", len(self.STATUSES), set_values={
            "Resync_On_Reset": "Yes", "Resync_Error_Retry_Delay": "2"})  # fmt: skip
        phones = {f"127.92.45.{k}": status for k, status in enumerate(self.STATUSES, 1)}
        for address, status in phones.items():
            self.submit(address, Profile_Rule=f"http://{server.at}/{status}")
        failures = {address: [] for address in phones}
        while min(map(len, failures.values())) < 2:
            address, instant, line = self.syslog.expect("Resync failed")
            failures[address].append((instant, line))
        for address, status in phones.items():
            text = "File not found" if status == 404 else f"HTTP {status}"
            self.assertRegex(failures[address][0][1], f"Resync failed: {text}")
            self.assertGreater(failures[address][1][0] - failures[address][0][0], 1.5, status)
        asked = [one["request"] for one in server.requests()]
        self.assertNotIn("GET /new HTTP/1.1", asked)


class CurlTest(RigTest):
    """The rig's own HTTP server, asked by a client that others wrote."""

    SCENARIO = """
scenario: A server for curl
phones: {{ model: CP-7832-3PCC, set: {{ Resync_On_Reset: "No" }} }}
servers:
  basic:
    kind: http
    port: {basic}
    auth: {{ user: phone, password: secret word }}
    files: {{ basic.txt: "12345678" }}
  digest:
    kind: http
    port: {digest}
    auth: {{ scheme: digest, algorithm: {algorithm}, user: phone, password: secret word }}
    files: {{ basic.txt: "12345678" }}
    uploads: [/up]
  proxy:
    kind: http
    port: {proxy}
    proxy: true
    auth: {{ scheme: digest, user: phone, password: secret word, as: proxy }}
  packed:
    kind: http
    port: {packed}
    coding: {{ /basic.txt: gzip }}
    files: {{ basic.txt: "12345678" }}
steps:
  - power: on
  - expect: {{ request: basic, file: end, within: 60s }}
"""

    @classmethod
    def setUpClass(cls):
        if not shutil.which("curl"):
            raise unittest.SkipTest("curl is missing")

    def curl(self, *words):
        done = subprocess.run(["curl", "--noproxy", "", "--silent", "--show-error", "--max-time", "20", *words],
                              capture_output=True, check=False)  # fmt: skip
        return done.stdout

    def test_curl_is_let_in_by_basic_and_digest_and_goes_by_the_proxy(self):
        for algorithm in ("MD5", "MD5-sess", "SHA-256"):
            ports = {name: free_port() for name in ("basic", "digest", "proxy", "packed")}
            at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
            path = self.folder / f"{algorithm}.yaml"
            path.write_text(self.SCENARIO.format(algorithm=algorithm, **ports))
            rig = subprocess.Popen([PHONERIG, "run", str(path), "--on", "net"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # fmt: skip
            self.addCleanup(rig.wait)
            self.addCleanup(rig.kill)
            known = ("--user", f"{USER}:{PASSWORD}")
            status = ("--output", "/dev/null", "--write-out", "%{http_code}")
            until(lambda at=at: self.curl(*status, at["basic"]) == b"401", "the servers")
            self.assertEqual(self.curl("--basic", *known, f"{at['basic']}/basic.txt"), b"12345678")
            self.assertEqual(self.curl(*status, "--basic", "--user", "phone:wrong", f"{at['basic']}/basic.txt"), b"401")
            self.assertEqual(self.curl("--digest", *known, f"{at['digest']}/basic.txt"), b"12345678")
            self.assertEqual(self.curl("--anyauth", *known, f"{at['digest']}/basic.txt"), b"12345678")
            self.assertEqual(self.curl(*status, "--digest", "--user", "phone:wrong", f"{at['digest']}/basic.txt"), b"401")
            self.assertEqual(self.curl(*status, "--digest", *known, "--data", "abc", f"{at['digest']}/up"), b"200")
            self.assertEqual(self.curl("--digest", *known, f"{at['digest']}/up"), b"abc")
            through = ("--proxy", at["proxy"], "--proxy-digest", "--proxy-user", f"{USER}:{PASSWORD}")
            self.assertEqual(self.curl(*through, f"{at['packed']}/basic.txt"), b"12345678")
            self.assertEqual(self.curl(*status, "--proxy", at["proxy"], f"{at['packed']}/basic.txt"), b"407")
            packed = self.curl("--header", "Accept-Encoding: gzip", f"{at['packed']}/basic.txt")
            self.assertEqual(gzip.decompress(packed), b"12345678")
            self.assertEqual(self.curl("--compressed", f"{at['packed']}/basic.txt"), b"12345678")


if __name__ == "__main__":
    main()
