#!/usr/bin/env python3
"""The HTTP exercises against nginx, and HTTP/1.0 against Python's own server."""

import functools
import http.client
import http.server
import threading

from covers import covers, main
from foreign_servers import Nginx, need
from phones import BASIC, PhonesTest

AGENT = "Cisco-CP-7832-3PCC/11.3.1 ({})"


class HttpTest(PhonesTest):
    @classmethod
    def setUpClass(cls):
        need(Nginx)

    def setUp(self):
        super().setUp()
        self.syslog = self.receiver()

    def up(self, first, *words, set_values=None, **options):
        return super().up(first, *words, set_values={"Syslog_Server": self.syslog.at, **(set_values or {})}, **options)

    def raw_answer(self, server, path):
        """What the server says to somebody else, so that the test knows what the phone is given."""
        connection = http.client.HTTPConnection(server.at, timeout=20)
        self.addCleanup(connection.close)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer

    def assert_asked_once(self, server, address, requests):
        """The phone's requests, in order, each once. The access log has one only after its answer went out."""
        server.await_requests(len(requests), address=address)
        self.assertEqual([one["request"] for one in server.requests() if one["address"] == address], requests)


class GetTest(HttpTest):
    @covers("EX-HTTP-GET", "HTTP-GET", "HTTP-UA-FORMAT", "HTTP-NO-CONFIG", "HTTP-PORT-OVERRIDE", "HTTP-V11")
    def test_a_rule_is_fetched_with_get_and_names_the_phone(self):
        server = Nginx(self)
        server.put("basic.txt", BASIC)
        self.up("127.92.0.1", "--phones", 2, set_values={"Resync_On_Reset": "Yes"})
        url = f"http://{server.at}/basic.txt"
        self.submit("127.92.0.1", Profile_Rule=url, Resync_Periodic="1")
        self.syslog.expect(rf"Requesting resync {url}$", "127.92.0.1")
        self.syslog.expect(rf"Successful resync {url}$", "127.92.0.1")
        self.syslog.expect(rf"Successful resync {url}$", "127.92.0.1")  # a periodic one
        self.assertEqual(self.value("127.92.0.1", "GPP_A"), "12345678")
        self.submit("127.92.0.2", Profile_Rule=url)
        for address, mac in (("127.92.0.1", "000e08000001"), ("127.92.0.2", "000e08000002")):
            one = server.await_requests(1, address=address)[0]
            self.assertEqual((one["request"], one["status"]), ("GET /basic.txt HTTP/1.1", "200"))
            self.assertEqual(one["agent"], AGENT.format(mac))
            self.assertEqual(one["host"], server.at)

    @covers("HTTP-UA-FORMAT")
    def test_the_user_agent_of_firmware_11_0_is_the_printed_one(self):
        server = Nginx(self)
        server.put("basic.txt", BASIC)
        self.up("127.92.1.1", "--firmware", "11.0.1", "--mac", "00:56:2b:04:36:15")
        self.resync("127.92.1.1", f"http://{server.at}/basic.txt")
        one = server.await_requests(1, address="127.92.1.1")[0]
        self.assertEqual(one["agent"], "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)")

    @covers("MACRO-UNIQUE-PROFILES", "MACRO-MA", "HTTP-PER-DEVICE", "HTTP-SERVE-FILE")
    def test_twenty_phones_with_one_rule_fetch_twenty_files(self):
        server = Nginx(self)
        phones = {f"127.92.2.{k}": f"000e080000{k:02x}" for k in range(1, 21)}
        for mac in phones.values():
            server.put(f"{mac}/7832.xml", BASIC.replace("12345678", f"for {mac}"))
        self.up("127.92.2.1", "--phones", 20, set_values={
            "Resync_On_Reset": "Yes", "Profile_Rule": f"http://{server.at}/$MA/7832.xml"})  # fmt: skip
        for address, mac in phones.items():
            self.until_value(address, "GPP_A", f"for {mac}")
            self.assert_asked_once(server, address, [f"GET /{mac}/7832.xml HTTP/1.1"])
            self.assertEqual(server.await_requests(1, address=address)[0]["agent"], AGENT.format(mac))

    @covers("HTTP-SERVER-LOG")
    def test_a_server_can_log_and_deny_by_address_and_by_user_agent(self):
        server = Nginx(self, "deny 127.92.3.2; if ($http_user_agent ~ 000e08000003) { return 403; }")
        server.put("basic.txt", BASIC)
        self.up("127.92.3.1", "--phones", 3)
        for k in (1, 2, 3):
            self.resync(f"127.92.3.{k}", f"http://{server.at}/basic.txt")
        for k, status in ((1, "200"), (2, "403"), (3, "403")):
            one = server.await_requests(1, address=f"127.92.3.{k}")[0]
            self.assertEqual((one["request"], one["status"]), ("GET /basic.txt HTTP/1.1", status))
            self.assertEqual(one["agent"], AGENT.format(f"000e0800000{k}"))
            self.assertRegex(one["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
        self.until_value("127.92.3.1", "GPP_A", "12345678")
        self.assertEqual(self.value("127.92.3.2", "GPP_A"), "")
        self.assertEqual(self.value("127.92.3.3", "GPP_A"), "")


class AnswerTest(HttpTest):
    RULES = """
        location = /moved { return 301 http://@AT@/new/basic.txt; }
        location = /found { return 302 /new/basic.txt; }
        location = /other { return 307 http://@AT@/new/basic.txt; }
        location = /round { return 302 http://@AT@/round; }
        location = /403 { return 403; }
        location = /500 { return 500; }
        location = /503 { return 503; }
        location = /page { default_type text/html; return 200 '<html><body>welcome</body></html>'; }
        location /chunked/ { alias www/; sub_filter nothing-like-it x; sub_filter_types *; }
        location /slow/ { alias www/; limit_rate 20k; }
    """

    def setUp(self):
        super().setUp()
        self.server = Nginx(self, self.RULES)
        self.server.put("new/basic.txt", BASIC)

    def fails(self, address, path, reason):
        self.resync(address, f"http://{self.server.at}{path}")
        line = self.syslog.expect(r"Resync failed", address)[2]
        self.assertRegex(line, reason)
        self.assertEqual(self.value(address, "GPP_A"), "")

    @covers("PROV-HTTP-301", "PROV-HTTP-302")
    def test_redirects_are_followed_at_once(self):
        self.up("127.92.10.1", "--phones", 2)
        for address, path in (("127.92.10.1", "/moved"), ("127.92.10.2", "/found")):
            self.resync(address, f"http://{self.server.at}{path}")
            self.syslog.expect(r"Successful resync", address)
            self.assertEqual(self.value(address, "GPP_A"), "12345678")
            self.assert_asked_once(self.server, address, [f"GET {path} HTTP/1.1", "GET /new/basic.txt HTTP/1.1"])

    def test_other_redirects_and_endless_ones_are_failures(self):
        self.up("127.92.11.1", "--phones", 2)
        self.fails("127.92.11.1", "/other", "307")
        self.assert_asked_once(self.server, "127.92.11.1", ["GET /other HTTP/1.1"])
        self.fails("127.92.11.2", "/round", "(?i)redirect")
        self.assertLess(len(self.server.await_requests(1, address="127.92.11.2", status="302")), 10)

    @covers("PROV-HTTP-404", "PROV-HTTP-403", "PROV-HTTP-500", "PROV-HTTP-503", "PROV-HTTP-CAT-B", "PROV-HTTP-CAT-C")
    def test_refusals_are_reported_and_asked_for_again(self):
        reasons = {"/missing.txt": "File not found$", "/403": "403", "/500": "500", "/503": "503"}
        self.up("127.92.12.1", "--phones", len(reasons), set_values={"Resync_Error_Retry_Delay": "2"})
        for k, (path, reason) in enumerate(reasons.items(), 1):
            self.submit(f"127.92.12.{k}", Resync_On_Reset="Yes")
            self.submit(f"127.92.12.{k}", Profile_Rule=f"http://{self.server.at}{path}")
        messages = {f"127.92.12.{k}": [] for k in range(1, len(reasons) + 1)}
        while min(map(len, messages.values())) < 4:  # two attempts of each
            address, instant, line = self.syslog.expect("(?i)resync")
            messages[address].append((instant, line))
        for seen, reason in zip(messages.values(), reasons.values()):
            self.assertRegex(seen[1][1], f"Resync failed: .*{reason}")
            self.assertIn("Requesting resync", seen[2][1])
            self.assertGreater(seen[2][0] - seen[1][0], 1.5)
            self.assertRegex(seen[3][1], "Resync failed")

    @covers("PROV-HTTP-CORRUPT")
    def test_a_welcome_page_is_no_profile(self):
        self.up("127.92.13.1")
        self.fails("127.92.13.1", "/page", "Corrupt file$")

    @covers("HTTP-CHUNKED")
    def test_a_chunked_body_arrives_whole(self):
        letters = "ABCDEFGHIJKLMNOP"
        rows = "".join(f"<GPP_{letters[n % 16]}>{n:0480d}</GPP_{letters[n % 16]}>\n" for n in range(1000))
        self.server.put("many.xml", f"<flat-profile>\n{rows}</flat-profile>\n")
        answer = self.raw_answer(self.server, "/chunked/many.xml")
        self.assertEqual((answer.status, answer.getheader("Transfer-Encoding")), (200, "chunked"))
        self.assertIsNone(answer.getheader("Content-Length"))
        self.up("127.92.14.1")
        self.resync("127.92.14.1", f"http://{self.server.at}/chunked/many.xml")
        self.syslog.expect(r"Successful resync")
        values = self.values("127.92.14.1")
        for n in range(984, 1000):
            self.assertEqual(values[f"GPP_{letters[n % 16]}"], f"{n:0480d}")

    def test_a_file_over_the_limit_is_refused_before_it_is_read(self):
        with open(self.server.put("huge.xml", "<flat-profile><GPP_A>1</GPP_A>"), "r+b") as file:
            file.truncate(300 << 20)
        self.up("127.92.15.1")
        for path in ("/huge.xml", "/chunked/huge.xml", "/slow/huge.xml"):
            self.fails("127.92.15.1", path, "too large|TooLarge|File too large")

    @covers("HTTP-V10")
    def test_a_server_of_http_1_0_is_understood(self):
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(self.server.root))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as old:
            handler.func.log_message = lambda *_: None
            threading.Thread(target=old.serve_forever, daemon=True).start()
            old.at = f"127.0.0.1:{old.server_address[1]}"
            try:
                self.assertEqual(self.raw_answer(old, "/new/basic.txt").version, 10)
                self.up("127.92.16.1")
                self.resync("127.92.16.1", f"http://{old.at}/new/basic.txt")
                self.syslog.expect(r"Successful resync")
                self.assertEqual(self.value("127.92.16.1", "GPP_A"), "12345678")
            finally:
                old.shutdown()


if __name__ == "__main__":
    main()
