#!/usr/bin/env python3
"""TFTP and HTTP over networks that are not kind: a symmetric NAT, and one packet in ten lost."""

import os
import re
import subprocess
import sys
import unittest

from covers import covers
from foreign_servers import Tftpd, need
from network_namespace_test import Namespace
from own_network import main
from phones import BASIC, until
from rig_process import RigTest
from tun_router import Router, SymmetricNat, open_tun

PHONE = "127.94.1.1"
NEAR, FAR, NAT_OUTSIDE = "10.98.78.1", "203.0.113.2", "203.0.113.1"


class BadNetworkTest(RigTest):
    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
            raise unittest.SkipTest("a router between namespaces wants root and /dev/net/tun")
        need(Tftpd)

    def setUp(self):
        super().setUp()
        self.near = Namespace(self)
        self.far = Namespace(self)
        self.near.run("ip", "link", "set", "lo", "up")
        self.far.run("ip", "link", "set", "lo", "up")
        try:
            self.files = [open_tun(side.pid, name) for side, name in ((self.near, "out0"), (self.far, "in0"))]
        except OSError as error:
            self.skipTest(f"network tunnels are not permitted here: {error}")
        for side, name, address in ((self.near, "out0", NEAR), (self.far, "in0", FAR)):
            side.run("ip", "address", "add", f"{address}/24", "dev", name)
            side.run("ip", "link", "set", name, "up")
        self.near.run("ip", "route", "add", "default", "dev", "out0")
        self.far.run("ip", "route", "add", "10.98.78.0/24", "dev", "in0")
        self.tftp = Tftpd(self, self.folder / "root", port=69, address=FAR, prefix=self.far.inside)
        self.start_program([*self.far.inside, sys.executable, "-m", "http.server", "--bind", FAR, "--directory",
                            str(self.folder / "root"), "80"])  # fmt: skip

    def start_program(self, words):
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        until(lambda: self.far.curl(f"http://{FAR}/") is not None, "the HTTP server")

    def route(self, **how):
        router = Router(*self.files, **how)
        self.addCleanup(router.stop)
        return router

    def up(self):
        rig = self.start("up", "--first", PHONE, "--phones", 1, "--web-port", 8078, "--sip-port", 5078,
                         "--set", "Resync_On_Reset=No", "--set", "Resync_Error_Retry_Delay=0",
                         prefix=self.near.inside)  # fmt: skip
        rig.ready()

    def page(self, path):
        return self.near.curl(f"http://{PHONE}:8078{path}") or ""

    def value(self, name):
        found = re.search(rf"<{name}[^>]*>([^<]*)<", self.page("/admin/cfg.xml"))
        return found.group(1).strip() if found else ""

    def resync(self, url):
        self.page(f"/admin/resync?{url}")

    @covers("TFTP-NAT-SYMMETRIC")
    def test_a_symmetric_nat_lets_http_through_and_tftp_not(self):
        self.tftp.put("tftp.txt", BASIC.replace("12345678", "tftp"))
        self.tftp.put("http.txt", BASIC.replace("12345678", "http"))
        router = self.route(nat=SymmetricNat(NAT_OUTSIDE))
        self.up()
        self.resync(f"tftp://{FAR}/tftp.txt")
        until(lambda: "Server does not answer" in self.page("/status.xml"), "the failure")
        self.assertGreater(router.refused, 0, "nobody answered from another port")
        self.assertEqual(self.value("GPP_A"), "")
        self.resync(f"http://{FAR}/http.txt")
        until(lambda: self.value("GPP_A") == "http", "the profile by HTTP")

    def test_a_plain_router_lets_both_through(self):
        self.tftp.put("tftp.txt", BASIC.replace("12345678", "tftp"))
        self.route()
        self.up()
        self.resync(f"tftp://{FAR}/tftp.txt")
        until(lambda: self.value("GPP_A") == "tftp", "the profile by TFTP")

    @covers("HTTP-TCP-RELIABLE")
    def test_http_survives_the_loss_of_every_tenth_packet(self):
        rows = "".join(f"<GPP_{letter}>{letter * 6000}</GPP_{letter}>" for letter in "ABCDEFGHIJKLMNOP")
        self.tftp.put("large.xml", f"<flat-profile>{rows}</flat-profile>")
        router = self.route(loss=0.1)
        self.up()
        self.resync(f"http://{FAR}/large.xml")
        until(lambda: self.value("GPP_P") == "P" * 6000, "the profile")
        for letter in "ABCDEFGHIJKLMNO":
            self.assertEqual(self.value(f"GPP_{letter}"), letter * 6000)
        self.assertGreater(router.lost, 3)


if __name__ == "__main__":
    main()
