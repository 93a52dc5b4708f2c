"""Two network namespaces joined by a cable whose near end is captured."""

import os
import subprocess
import unittest

from captured import Decoded, Sniffer, need_capturing
from foreign_servers import PATH, program
from network_namespace_test import FAR, NEAR, Namespace
from phones import until
from rig_process import RigTest


def need_programs(**packages):
    """Skips unless the programs are here: program to the package that has it."""
    for tool, package in packages.items():
        if not program(tool):
            raise unittest.SkipTest(f"{tool} is missing; install {package}")


class CableTest(RigTest):
    """Two namespaces, near and far, on one cable; the near end is captured."""

    @classmethod
    def setUpClass(cls):
        need_capturing()

    def setUp(self):
        super().setUp()
        self.near = Namespace(self)
        self.far = Namespace(self)
        for side in (self.near, self.far):
            side.run("ip", "link", "set", "lo", "up")
        self.lay_cable()
        self.sniffer = Sniffer(self, "near0", prefix=self.near.inside)

    def lay_cable(self):
        ports = ("ip", "link", "add", "near0", "type", "veth", "peer", "name", "far0", "netns", str(self.far.pid))
        made = self.near.run(*ports, check=False)
        if made.returncode != 0:
            self.skipTest(f"virtual Ethernet is not permitted here: {made.stderr.strip()}")
        for side, port, address in ((self.near, "near0", NEAR), (self.far, "far0", FAR)):
            side.run("ip", "address", "add", f"{address}/24", "dev", port)
            side.run("ip", "link", "set", port, "up")

    def far_server(self, *words):
        """A server in the far namespace, which ends with the test."""
        log = open(self.folder / f"{words[0]}.log", "ab")
        self.addCleanup(log.close)
        server = subprocess.Popen([*self.far.inside, *map(str, words)], cwd=self.folder, stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=log, env={**os.environ, "PATH": PATH, "TERM": "dumb"})  # fmt: skip
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        return server

    def await_udp(self, port):
        """Until somebody in the far namespace has bound that port."""
        until(lambda: f":{port:04X} " in self.far.run("cat", "/proc/net/udp").stdout, f"a server at UDP port {port}")

    def decoded(self):
        return Decoded(self, self.sniffer.stop(FAR))

    def groups(self, events):
        """Exchanges: the packets of each."""
        found = {}
        for event in events:
            found.setdefault(event["x"], []).append(event["packet"])
        return list(found.values())
