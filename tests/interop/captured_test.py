#!/usr/bin/env python3
"""The captures that the other tests make are whole, or say that they are not."""

import sys

from cable import CableTest
from network_namespace_test import FAR
from own_network import main
from phones import until


class SnifferTest(CableTest):
    def send(self, datagrams):
        code = (f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                f"for n in range({datagrams}): s.sendto(b'datagram %d' % n, ({FAR!r}, 9))")  # fmt: skip
        self.sniffer.pause()
        self.near.run(sys.executable, "-c", code)
        self.sniffer.go_on()

    def test_packets_of_a_time_without_processor_are_all_there(self):
        self.send(200)
        capture = self.sniffer.stop(FAR).read_bytes()
        self.assertEqual([n for n in range(200) if b"datagram %d" % n not in capture], [])

    def test_a_capture_that_misses_packets_is_no_evidence(self):
        self.send(5000)
        until(lambda: b"datagram 0" in self.sniffer.file.read_bytes(), "room for the end of the capture")
        with self.assertRaisesRegex(AssertionError, "found packets missing from the capture, expected all"):
            self.sniffer.stop(FAR)


if __name__ == "__main__":
    main()
