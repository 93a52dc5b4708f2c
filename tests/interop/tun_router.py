"""A router between two network namespaces: loses packets, or translates addresses as a strict home router does."""

import ctypes
import fcntl
import os
import random
import select
import socket
import struct
import threading

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
TCP, UDP = 6, 17


def open_tun(pid, name):
    """A network device `name` in the namespace of that process, and the file that its packets pass through."""
    opened = []

    def inside():
        # A namespace is a thread's own; this thread ends with it.
        libc = ctypes.CDLL(None, use_errno=True)
        with open(f"/proc/{pid}/ns/net", encoding="ascii") as there:
            if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
                opened.append(OSError(ctypes.get_errno(), "setns"))
                return
        try:
            file = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
            opened.append(file)
        except OSError as error:
            opened.append(error)

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    if isinstance(opened[0], OSError):
        raise opened[0]
    return opened[0]


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet:
    """An IPv4 packet of TCP or UDP without fragments; addresses and ports may be changed."""

    def __init__(self, data):
        length = (data[0] & 15) * 4
        self.header, self.payload = bytearray(data[:length]), bytearray(data[length:])
        self.protocol = data[9]

    @staticmethod
    def is_one(data):
        whole = len(data) >= 28 and data[0] >> 4 == 4 and struct.unpack("!H", data[6:8])[0] & 0x3FFF == 0
        return whole and data[9] in (TCP, UDP)

    @property
    def source(self):
        return bytes(self.header[12:16]), struct.unpack("!H", self.payload[0:2])[0]

    @source.setter
    def source(self, value):
        self.header[12:16], self.payload[0:2] = value[0], struct.pack("!H", value[1])

    @property
    def target(self):
        return bytes(self.header[16:20]), struct.unpack("!H", self.payload[2:4])[0]

    @target.setter
    def target(self, value):
        self.header[16:20], self.payload[2:4] = value[0], struct.pack("!H", value[1])

    def bytes(self):
        self.header[10:12] = b"\0\0"
        self.header[10:12] = struct.pack("!H", checksum(bytes(self.header)))
        at = 16 if self.protocol == TCP else 6
        self.payload[at : at + 2] = b"\0\0"  # of UDP that says: not computed
        if self.protocol == TCP:
            pseudo = bytes(self.header[12:20]) + struct.pack("!BBH", 0, TCP, len(self.payload))
            self.payload[at : at + 2] = struct.pack("!H", checksum(pseudo + bytes(self.payload)))
        return bytes(self.header + self.payload)


class SymmetricNat:
    """Another outer port for each pair of inner and outer address; only that outer address may answer to it."""

    def __init__(self, outer):
        self._outer = socket.inet_aton(outer)
        self._ports = {}
        self._pairs = {}

    def leaves(self, packet):
        pair = (packet.protocol, packet.source, packet.target)
        port = self._ports.setdefault(pair, 40000 + len(self._ports))
        self._pairs[packet.protocol, port] = pair
        packet.source = (self._outer, port)
        return True

    def enters(self, packet):
        pair = self._pairs.get((packet.protocol, packet.target[1]))
        if packet.target[0] != self._outer or pair is None or pair[2] != packet.source:
            return False
        packet.target = pair[1]
        return True


class Router:
    """Passes packets between two files of open_tun until stop()."""

    def __init__(self, inner, outer, nat=None, loss=0.0):
        self._files, self._nat, self._loss = (inner, outer), nat, loss
        self._chance = random.Random(1)
        self.lost = self.refused = 0
        self._wake, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self):
        os.write(self._stop, b"x")
        self._thread.join()
        for file in (*self._files, self._wake, self._stop):
            os.close(file)

    def _run(self):
        inner, outer = self._files
        while True:
            readable = select.select([inner, outer, self._wake], [], [])[0]
            if self._wake in readable:
                return
            for file in readable:
                self._pass(os.read(file, 65536), file is inner or file == inner)

    def _pass(self, data, leaves):
        if not Packet.is_one(data):
            return
        if self._chance.random() < self._loss:
            self.lost += 1
            return
        packet = Packet(data)
        if self._nat is not None and not (self._nat.leaves(packet) if leaves else self._nat.enters(packet)):
            self.refused += 1
            return
        os.write(self._files[1 if leaves else 0], packet.bytes())
