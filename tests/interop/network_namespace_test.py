#!/usr/bin/env python3
"""Who reaches whom across network namespaces: nobody a phone from outside, a phone a server outside.

Two namespaces are made for each test, "near" where phonerig runs and "far", joined by a pair of virtual Ethernet
ports. They last as long as a process in each, which ends with the test; nothing of the machine's own network is
touched.
"""

import ctypes
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import unittest

from foreign_servers import PATH, Tftpd, need
from own_network import main
from phones import BASIC, PhonesTest, until
from rig_process import PHONERIG, RigTest, run

NEAR, FAR = "10.98.77.1", "10.98.77.2"
PHONE = "127.94.0.7"
LIBRARY = os.path.join(os.path.dirname(__file__), "..", "..", "scenarios", "library")


class Namespace:
    """A network namespace of one's own. `inside` goes before a command that is to run in it. Making one takes root, which
    everybody is where own_network.main() runs the tests."""

    def __init__(self, test):
        # Ends, and the namespace with it, as soon as the test no longer holds the other end of its input.
        self._holder = subprocess.Popen(
            ["unshare", "-n", "sh", "-c", "echo made; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        test.addCleanup(self._end)
        if self._holder.stdout.readline() != "made\n":
            raise unittest.SkipTest(f"network namespaces are not permitted here: {self._holder.stderr.read().strip()}")
        self.pid = self._holder.pid
        self.inside = ["nsenter", "-t", str(self.pid), "-n"]

    def _end(self):
        self._holder.kill()
        self._holder.communicate()

    def run(self, *words, check=True):
        done = subprocess.run([*self.inside, *words], capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")
        return done

    def curl(self, url):
        """The page, or None when nobody answers."""
        done = self.run("curl", "--noproxy", "*", "--silent", "--max-time", "5", url, check=False)
        return done.stdout if done.returncode == 0 else None

    def reaches(self, url):
        return self.curl(url) is not None


class NamespaceTest(PhonesTest):
    @classmethod
    def setUpClass(cls):
        for tool, package in (("unshare", "util-linux"), ("nsenter", "util-linux"), ("ip", "iproute2"), ("curl", "curl")):
            if not shutil.which(tool, path=PATH):
                raise unittest.SkipTest(f"{tool} is missing; install {package}")

    def setUp(self):
        super().setUp()
        self.near = Namespace(self)
        self.far = Namespace(self)
        self.near.run("ip", "link", "set", "lo", "up")
        ports = ("ip", "link", "add", "near0", "type", "veth", "peer", "name", "far0", "netns", str(self.far.pid))
        made = self.near.run(*ports, check=False)
        if made.returncode != 0:
            self.skipTest(f"virtual Ethernet is not permitted here: {made.stderr.strip()}")
        for side, port, address in ((self.near, "near0", NEAR), (self.far, "far0", FAR)):
            side.run("ip", "address", "add", f"{address}/24", "dev", port)
            side.run("ip", "link", "set", port, "up")

    def up(self, *words):
        """A rig in the near namespace; ports need no search there."""
        rig = self.start("up", "--first", "127.94.0.1", "--phones", 8, "--web-port", 8078, "--sip-port", 5078,
                         "--set", "Resync_On_Reset=No", *words, prefix=self.near.inside)  # fmt: skip
        rig.ready()
        return rig

    def open_server(self, port):
        """A server in the near namespace that listens to everybody, to show that the way is open."""
        server = subprocess.Popen(
            [*self.near.inside, sys.executable, "-m", "http.server", "--directory", str(self.folder), str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        until(lambda: self.near.curl(f"http://127.0.0.1:{port}/"), "an open server")

    def lead_loopback_to_near(self):
        """Makes the far side send 127.94.0.0/16 over the cable, and the near side take it in."""
        for side in (self.near, self.far):
            side.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet")
        self.far.run("ip", "route", "replace", "127.94.0.0/16", "via", NEAR, "src", FAR)

    def test_no_phone_can_be_reached_from_another_namespace(self):
        self.up()
        self.open_server(8079)
        self.assertIn("000e08000007", self.near.curl(f"http://{PHONE}:8078/").replace(":", "").lower())
        self.assertTrue(self.far.reaches(f"http://{NEAR}:8079/"), "the test's own network does not work")
        self.assertFalse(self.far.reaches(f"http://{NEAR}:8078/"))
        # Even if somebody routes loopback addresses here, the phones' socket takes nothing from outside.
        self.lead_loopback_to_near()
        self.assertTrue(self.far.reaches(f"http://{PHONE}:8079/"), "no loopback address can be reached from outside")
        self.assertFalse(self.far.reaches(f"http://{PHONE}:8078/"))
        self.assertTrue(self.near.reaches(f"http://{PHONE}:8078/"))

    def asks_sip(self, side, address, port):
        """Whether somebody answers an OPTIONS that is sent from there."""
        asker = (
            "import socket, sys\n"
            "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(float(sys.argv[3]))\n"
            "head = 'OPTIONS sip:a SIP/2.0\\r\\nVia: SIP/2.0/UDP x;branch=z9hG4bK1;rport\\r\\nFrom: <sip:a@b>;tag=1'\n"
            "rest = '\\r\\nTo: <sip:c@d>\\r\\nCall-ID: 1\\r\\nCSeq: 1 OPTIONS\\r\\n\\r\\n'\n"
            "s.sendto((head + rest).encode(), (sys.argv[1], int(sys.argv[2])))\n"
            "try: print(s.recv(9000)[:11].decode())\n"
            "except (TimeoutError, OSError): print('nobody')\n"
        )
        patience = 10 if side is self.near else 2
        done = side.run(sys.executable, "-c", asker, address, str(port), str(patience))
        return done.stdout.strip() == "SIP/2.0 200"

    def test_no_phones_sip_port_can_be_reached_from_another_namespace(self):
        self.up()
        echo = subprocess.Popen(
            [*self.near.inside, sys.executable, "-c",
             "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('0.0.0.0', 5079))\n"
             "print('bound', flush=True)\n"
             "while True:\n    d, a = s.recvfrom(9000); s.sendto(b'SIP/2.0 200 echo', a)\n"],
            stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.addCleanup(echo.communicate)
        self.addCleanup(echo.kill)
        self.assertEqual(echo.stdout.readline(), "bound\n")
        self.assertTrue(self.asks_sip(self.near, PHONE, 5078))
        self.assertTrue(self.asks_sip(self.far, NEAR, 5079), "the test's own network does not work")
        self.assertFalse(self.asks_sip(self.far, NEAR, 5078))
        self.lead_loopback_to_near()
        self.assertFalse(self.asks_sip(self.far, PHONE, 5078))
        self.assertTrue(self.asks_sip(self.near, PHONE, 5078))

    def test_the_rigs_own_servers_cannot_be_reached_from_another_namespace(self):
        rig = self.up("--serve", self.folder)
        http = next(line for line in rig.err.seen if line.startswith("http://127.0.0.1:"))
        port = http.rsplit(":", 1)[1]
        self.assertTrue(self.near.reaches(http))
        self.assertFalse(self.far.reaches(f"http://{NEAR}:{port}/"))

    def test_a_default_phone_reaches_a_tftp_server_in_another_namespace(self):
        need(Tftpd)
        server = Tftpd(self, self.folder / "root", port=6969, address=FAR, prefix=self.far.inside)
        server.put("basic.txt", BASIC)
        rig = self.up()
        command = f"http://{PHONE}:8078/admin/resync?tftp://{server.at}/basic.txt"

        def fetched():
            text = self.near.curl(f"http://{PHONE}:8078/admin/cfg.xml")
            return re.search(r"<GPP_A[^>]*>12345678<", text or "")

        # The server may not be up yet, so the phone is told again.
        until(lambda: self.near.curl(command) is not None and until_soon(fetched), "the profile from the other namespace")
        rig.err.wait_for("^phonerig: servers beyond loopback see all phones at this machine's own address")


def until_soon(condition):
    try:
        return until(condition, "it", 3.0)
    except AssertionError:
        return False


def forbid_sockets():
    """From now on this process and its children are killed by the system call that opens a socket."""
    number = {"x86_64": 41, "aarch64": 198}[platform.machine()]
    load, equal, answer, kill, allow = 0x20, 0x15, 0x06, 0x80000000, 0x7FFF0000
    steps = [(load, 0, 0, 0), (equal, 0, 1, number), (answer, 0, 0, kill), (answer, 0, 0, allow)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, by_filter = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0 or libc.prctl(set_seccomp, by_filter, filter_, 0, 0) != 0:
        os._exit(97)


class VirtualTimeTest(RigTest):
    WORDS = ("run", os.path.join(LIBRARY, "ex-tftp-resync.yaml"), "--on", "sim")

    def test_sim_runs_without_any_interface(self):
        alone = ["unshare", "-n"]
        tried = subprocess.run([*alone, "ip", "-brief", "address"], capture_output=True, text=True, check=False)
        if tried.returncode != 0:
            self.skipTest(f"network namespaces are not permitted here: {tried.stderr.strip()}")
        self.assertRegex(tried.stdout, r"^lo\s+DOWN\s*$")
        code, out, err = run(*self.WORDS, prefix=alone)
        self.assertEqual(code, 0, out + err)

    @unittest.skipUnless(platform.machine() in ("x86_64", "aarch64"), "the number of socket() is not known here")
    def test_sim_opens_no_socket(self):
        def outcome(*words):
            return subprocess.run(words, capture_output=True, text=True, timeout=60, preexec_fn=forbid_sockets, check=False)

        opener = outcome(sys.executable, "-c", "import socket; socket.socket()")
        if opener.returncode == 97:
            self.skipTest("system calls cannot be forbidden here")
        self.assertLess(opener.returncode, 0, "the filter forbids nothing")
        done = outcome(PHONERIG, *self.WORDS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    main()
