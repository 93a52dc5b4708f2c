#!/usr/bin/env python3
"""Profiles that the gzip and openssl programs of this machine made, fetched from tftpd-hpa and nginx."""

import shutil
import subprocess
import unittest
import urllib.parse
import zlib

from covers import covers, main
from foreign_servers import Nginx, Tftpd, need
from phones import BASIC, PhonesTest

KEY = "MyOwnSecret"


def basic(value):
    return BASIC.replace("12345678", value)


class FormatsTest(PhonesTest):
    @classmethod
    def setUpClass(cls):
        need(Tftpd)
        for program in ("gzip", "openssl"):
            if shutil.which(program) is None:
                raise unittest.SkipTest(f"{program} is not installed")

    def setUp(self):
        super().setUp()
        self.tftp = Tftpd(self, self.folder / "root")
        self.syslog = self.receiver()

    def up(self, first, **set_values):
        return super().up(first, set_values={"Syslog_Server": self.syslog.at, **set_values})

    def gzip(self, content):
        return subprocess.run(["gzip", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout

    def openssl(self, content, *words):
        """As the guide spells it: openssl enc -aes-256-cbc -k MyOwnSecret -in basic.txt -out basic.cfg."""
        source, target = self.folder / "in", self.folder / "out"
        source.write_bytes(content)
        words = ["openssl", "enc", "-aes-256-cbc", "-k", KEY, *words, "-in", str(source), "-out", str(target)]
        subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
        return target.read_bytes()

    def put(self, name, content):
        self.tftp.put(name, content)
        return f"tftp://{self.tftp.at}/{name}"

    def resync_with(self, address, rule):
        self.page(address, f"/admin/resync?{urllib.parse.quote(rule, safe='/:')}")

    @covers("EX-GZIP", "PROF-GZIP", "PROF-OPEN-TOOLS", "PROF-NAME-BASIC")
    def test_a_file_that_gzip_made_is_applied(self):
        url = self.put("basic.txt.gz", self.gzip(BASIC.encode()))
        self.up("127.95.0.1", Resync_On_Reset="Yes")
        self.submit("127.95.0.1", Profile_Rule=url)
        self.syslog.expect(rf"Successful resync {url}$", "127.95.0.1")
        self.assertEqual(self.value("127.95.0.1", "GPP_A"), "12345678")

    @covers("EX-AES", "PROF-AES", "PROF-AES-OPENSSL", "PROF-GZIP-THEN-AES", "PROF-OPEN-TOOLS", "RULE-KEY-DASHES",
            "RSYNC-NPS-SECURE")  # fmt: skip
    def test_files_that_openssl_made_are_applied(self):
        self.up("127.95.1.1", Resync_On_Reset="Yes")
        for digest in ((), ("-md", "md5"), ("-md", "sha256")):  # the first: whatever this machine's openssl does
            for packed in (False, True):
                value = f"{'packed' if packed else 'plain'} {' '.join(digest)}".strip()
                content = basic(value).encode()
                content = self.openssl(self.gzip(content) if packed else content, *digest)
                self.assertNotIn(b"flat-profile", content, "no clear text travels")
                url = self.put(f"basic-{value.replace(' ', '')}.cfg", content)
                self.submit("127.95.1.1", Profile_Rule=f"[--key {KEY}] {url}")
                self.syslog.expect(rf"Successful resync {url}$", "127.95.1.1")
                self.assertEqual(self.value("127.95.1.1", "GPP_A"), value)

    @covers("PROF-AES-BAD-KEY", "PROF-AES-THEN-GZIP", "PROF-GZIP-HEADER")
    def test_wrong_keys_orders_and_streams_are_corrupt_files(self):
        raw = zlib.compressobj(wbits=-15)
        secret = self.openssl(basic("no").encode(), "-md", "md5")
        files = {
            "secret.cfg": secret,
            "order.cfg": self.gzip(secret),
            "zlib.gz": zlib.compress(basic("no").encode()),
            "deflate.gz": raw.compress(basic("no").encode()) + raw.flush(),
            "cut.gz": self.gzip(basic("no").encode())[:-9],
            "cut.cfg": secret[:-16],
        }
        self.up("127.95.2.1", Resync_Error_Retry_Delay="0")
        rules = {name: f"[--key {KEY}]" for name in files}
        rules["secret.cfg"] = "[--key AnotherSecret]"
        for name, content in files.items():
            url = self.put(name, content)
            self.resync_with("127.95.2.1", rules[name] + url)
            self.syslog.expect(r"Requesting resync", "127.95.2.1")
            line = self.syslog.expect(r"Successful resync|Resync failed", "127.95.2.1")[2]
            self.assertTrue(line.endswith("Resync failed: Corrupt file"), f"{name}: {line}")
        self.assertEqual(self.value("127.95.2.1", "GPP_A"), "")
        url = self.put("after.gz", self.gzip(basic("after").encode()))
        self.resync_with("127.95.2.1", url)
        self.syslog.expect(r"Successful resync", "127.95.2.1")
        self.assertEqual(self.value("127.95.2.1", "GPP_A"), "after")

    @covers("PROF-ENC-OVER-HTTP")
    def test_an_encrypted_file_from_nginx_is_applied(self):
        need(Nginx)
        nginx = Nginx(self)
        nginx.put("basic.cfg", self.openssl(self.gzip(BASIC.encode()), "-md", "md5"))
        self.up("127.95.3.1")
        self.resync_with("127.95.3.1", f"[--key {KEY}]http://{nginx.at}/basic.cfg")
        self.syslog.expect(r"Successful resync", "127.95.3.1")
        self.assertEqual(self.value("127.95.3.1", "GPP_A"), "12345678")


if __name__ == "__main__":
    main()
