"""Emulated phones for tests: the running program, its phones' pages, and a receiver for their syslog lines."""

import contextlib
import pathlib
import re
import select
import socket
import struct
import sys
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "ui" / "cli"))
from rig_process import LIMIT, RigTest, free_port, get, until  # noqa: E402

BASIC = "<flat-profile>\n  <GPP_A> 12345678\n</GPP_A>\n</flat-profile>\n"  # the guide's basic.txt


SO_TIMESTAMPNS = 35  # Linux; the socket module has no name for it


class SyslogReceiver:
    """A UDP socket on loopback that keeps every line with the address it came from and the time it arrived."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # The kernel notes the time: a test may look later.
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.at = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.seen = []  # (address of the phone, seconds of the wall clock, line)
        self._next = 0  # the first line that no expectation has passed yet

    def close(self):
        self._socket.close()

    def drain(self):
        """Takes in what has already come."""
        with contextlib.suppress(BlockingIOError):
            while True:
                line, notes, _, (address, _) = self._socket.recvmsg(4096, socket.CMSG_SPACE(16))
                stamps = [data for level, kind, data in notes if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS)]
                seconds, nanoseconds = struct.unpack("@ll", stamps[0])
                self.seen.append((address, seconds + nanoseconds / 1e9, line.decode("utf-8", "replace")))

    def expect(self, pattern, address=None, limit=LIMIT):
        """The next line that has the pattern, as (address, seconds, line); lines before it count as passed."""
        end = time.monotonic() + limit
        while True:
            while self._next < len(self.seen):
                line = self.seen[self._next]
                self._next += 1
                if re.search(pattern, line[2]) and address in (None, line[0]):
                    return line
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                raise AssertionError(f"no line with {pattern!r} within {limit:g} s after: {self.seen[-20:]}")
            self.drain()


class PhonesTest(RigTest):
    """A test of phones that talk to servers which others wrote."""

    def up(self, first, *words, set_values=None, web_port=None, **options):
        """Starts phones at the address `first` and on, and waits until all answer."""
        self.web_port = web_port or free_port()
        self.sip_port = free_port(socket.SOCK_DGRAM)
        for name, value in {"Resync_Random_Delay": "0", "Resync_On_Reset": "No", **(set_values or {})}.items():
            words += ("--set", f"{name}={value}")
        rig = self.start("up", "--first", first, "--web-port", self.web_port, "--sip-port",
                         self.sip_port, *words, **options)  # fmt: skip
        rig.ready()
        return rig

    def receiver(self):
        receiver = SyslogReceiver()
        self.addCleanup(receiver.close)
        return receiver

    def page(self, address, path="/"):
        return get(f"http://{address}:{self.web_port}{path}")

    def resync(self, address, url):
        self.page(address, f"/admin/resync?{url}")

    def values(self, address):
        """All parameters that the phone's exported configuration shows."""
        root = xml.etree.ElementTree.fromstring(self.page(address, "/admin/cfg.xml"))
        return {element.tag: element.text or "" for element in root.iter()}

    def value(self, address, name):
        return self.values(address)[name]

    def until_value(self, address, name, expected):
        shown = []

        def same():
            shown[:] = [self.value(address, name)]
            return shown[0] == expected

        try:
            until(same, f"{name} = {expected}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {shown[0]!r}") from None

    def submit(self, address, **values):
        """Presses Submit All Changes on a page on which these fields were edited."""
        body = urllib.parse.urlencode(values).encode()
        request = urllib.request.Request(f"http://{address}:{self.web_port}/admin/advanced", data=body)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(request, timeout=20).close()
        # A phone that reboots because of it answers again when it is up.
        until(lambda: self._shows(address, values), f"the submitted values {values}")

    def _shows(self, address, values):
        try:
            shown = self.values(address)
        except OSError:
            return False
        return all(shown.get(name, value) == value for name, value in values.items())  # some are never exported
