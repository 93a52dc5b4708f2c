#!/usr/bin/env python3
"""Who reaches whom across network namespaces: nobody a phone from outside, a phone a server outside.

The test makes two network namespaces of its own, joined by a pair of virtual Ethernet ports: "near", where phonerig
runs, and "far". Nothing of the machine's own network is touched. Started again inside "near", this file does the work
and prints one JSON object.
"""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import unittest

from covers import main
from rig_process import Rig, RigTest, free_port, get, until

NEAR, FAR = "10.99.77.1", "10.99.77.2"
PROFILE = b"<flat-profile><GPP_A>12345678</GPP_A></flat-profile>"


def serve_one_file(server):
    """A TFTP server for one small file (RFC 1350): any read request is answered from a new port."""
    while True:
        request, client = server.recvfrom(2048)
        if request[:2] != b"\0\1":
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as session:
            session.bind((FAR, 0))
            session.settimeout(10)
            session.sendto(b"\0\3\0\1" + PROFILE, client)
            try:
                session.recvfrom(64)
            except TimeoutError:
                pass


def can_connect(address, port):
    try:
        with socket.create_connection((address, port), timeout=5):
            return True
    except OSError:
        return False


def far():
    """Runs in the far namespace: a TFTP server, and connections asked for on stdin as "ADDRESS PORT"."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    print("up", flush=True)
    sys.stdin.readline()  # the link is there
    server.bind((FAR, 6969))
    threading.Thread(target=serve_one_file, args=(server,), daemon=True).start()
    print("serving", flush=True)
    for line in sys.stdin:
        address, port = line.split()
        print(json.dumps(can_connect(address, int(port))), flush=True)


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def near():
    outcome = {}
    ip("link", "set", "lo", "up")
    other = subprocess.Popen(
        ["unshare", "-n", sys.executable, __file__, "--far"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    other.stdout.readline()

    def in_far(*words):
        subprocess.run(["nsenter", "-t", str(other.pid), "-n", *words], check=True, capture_output=True)

    def ask(line):
        other.stdin.write(line + "\n")
        other.stdin.flush()
        return other.stdout.readline().strip()

    ip("link", "add", "near0", "type", "veth", "peer", "name", "far0")
    ip("link", "set", "far0", "netns", str(other.pid))
    ip("addr", "add", f"{NEAR}/24", "dev", "near0")
    ip("link", "set", "near0", "up")
    in_far("ip", "link", "set", "lo", "up")
    in_far("ip", "addr", "add", f"{FAR}/24", "dev", "far0")
    in_far("ip", "link", "set", "far0", "up")
    # Loopback addresses may come in from outside here, and the far side sends them: only the socket says no.
    pathlib.Path("/proc/sys/net/ipv4/conf/all/route_localnet").write_text("1")
    in_far("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet")
    in_far("ip", "route", "add", "127.86.0.0/16", "via", NEAR, "src", FAR)
    assert ask("") == "serving"

    web = free_port()
    rig = Rig("up", "--first", "127.86.0.1", "--web-port", web, "--sip-port", free_port(socket.SOCK_DGRAM),
              "--set", "Resync_On_Reset=No")  # fmt: skip
    try:
        rig.ready()
        outcome["from near"] = can_connect("127.86.0.1", web)
        with socket.create_server(("0.0.0.0", 0)) as open_to_all:
            outcome["the way is open"] = json.loads(ask(f"{NEAR} {open_to_all.getsockname()[1]}"))
            outcome["the way to loopback is open"] = json.loads(ask(f"127.86.0.1 {open_to_all.getsockname()[1]}"))
        outcome["phone from far"] = json.loads(ask(f"127.86.0.1 {web}"))
        outcome["its port from far"] = json.loads(ask(f"{NEAR} {web}"))

        page = f"http://127.86.0.1:{web}"
        get(f"{page}/admin/resync?tftp://{FAR}:6969/basic.txt")
        until(lambda: re.search(r"<GPP_A[^>]*>12345678<", get(f"{page}/admin/cfg.xml")), "the resync")
        outcome["resynced"] = True
    finally:
        outcome["stderr"] = rig.err.seen
        rig.stop()
        other.kill()
        other.wait()
    print(json.dumps(outcome))


class NamespaceTest(RigTest):
    @classmethod
    def setUpClass(cls):
        for tool in ("unshare", "nsenter", "ip"):
            if not shutil.which(tool):
                raise unittest.SkipTest(f"{tool} is not installed")
        words = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
        tried = subprocess.run(
            [*words, "ip", "link", "add", "a0", "type", "veth", "peer", "name", "a1"], capture_output=True, text=True
        )
        if tried.returncode != 0:
            raise unittest.SkipTest(f"network namespaces are not permitted here: {tried.stderr.strip()}")
        done = subprocess.run([*words, sys.executable, __file__, "--near"], capture_output=True, text=True, timeout=120)
        cls.outcome = json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr}

    def test_a_phone_cannot_be_reached_from_outside(self):
        self.assertNotIn("error", self.outcome)
        self.assertTrue(self.outcome["from near"])
        self.assertTrue(self.outcome["the way is open"], "the test's own network does not work")
        self.assertFalse(self.outcome["its port from far"])
        if not self.outcome["the way to loopback is open"]:
            self.skipTest("this kernel lets no loopback address in; the phone is out of reach anyway")
        self.assertFalse(self.outcome["phone from far"])

    def test_a_phone_reaches_a_server_outside(self):
        self.assertTrue(self.outcome.get("resynced"), self.outcome)


if __name__ == "__main__":
    if "--near" in sys.argv:
        near()
    elif "--far" in sys.argv:
        far()
    else:
        main()
