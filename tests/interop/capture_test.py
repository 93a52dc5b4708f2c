#!/usr/bin/env python3
"""`phonerig capture` on interfaces of a namespace of its own, its files read by tools that others wrote.

What captures is proved to hold no right any more once it listens, and to miss nothing that was sent from then on. Files
that other tools write are read in tests/hwbridge/capture/foreign_tools_test.cpp.
"""

import os
import pathlib
import re
import shlex
import shutil
import signal
import stat
import struct
import subprocess
import sys
import unittest

from covers import main
from phones import RigTest, until
from rig_process import PHONERIG, run

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
HELPER = pathlib.Path(PHONERIG or "phonerig").with_name("phonerig-capture")

# Sends numbered frames of a type nobody uses, so that they can be told from what the system says by itself.
SENDER = """
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
for i in range(int(sys.argv[2])):
    s.send(b"\\xff" * 6 + bytes.fromhex(sys.argv[3]) + b"\\x88\\xb5" + i.to_bytes(4, "big") + b"x" * 60)
"""


def tool(name):
    if not shutil.which(name, path=PATH):
        raise unittest.SkipTest(f"{name} is missing; install tshark and tcpdump")
    return name


def fields(file, *names, only=""):
    """Rows of fields of the frames that tshark shows."""
    words = [word for name in names for word in ("-e", name)]
    done = subprocess.run([tool("tshark"), "-n", "-r", file, "-T", "fields", *words, *(["-Y", only] if only else [])],
                          capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


class CaptureTest(RigTest):
    def setUp(self):
        super().setUp()
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        self.holder = subprocess.Popen(
            ["unshare", *user, "-n", "sh", "-c",
             "ip link set lo up && ip link add near0 type veth peer name far0 && ip link set near0 up"
             " && ip link set far0 up && echo made; exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PATH": PATH})  # fmt: skip
        self.addCleanup(self.holder.communicate)
        self.addCleanup(self.holder.kill)
        if self.holder.stdout.readline() != "made\n":
            self.skipTest("virtual Ethernet is not permitted here")
        user = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
        self.inside = ["nsenter", "-t", str(self.holder.pid), *user, "-n"]

    def capture(self, *words):
        rig = self.start("capture", *words, prefix=self.inside)
        rig.err.wait_for(r"^listening on \S+$")
        return rig

    def send(self, count, interface="far0", mac="000e08000001"):
        subprocess.run([*self.inside, sys.executable, "-c", SENDER, interface, str(count), mac], check=True)

    def helper_of(self, rig):
        """The process that captures: the child of the program that was started."""
        children = pathlib.Path(f"/proc/{rig.process.pid}/task").glob("*/children")
        return int(" ".join(file.read_text() for file in children).split()[0])

    def test_nothing_is_missed_from_listening_to_the_stop(self):
        file = self.folder / "a.pcapng"
        rig = self.capture("-i", "near0", "-w", file)
        self.send(5000)
        self.assertEqual(rig.stop(signal.SIGINT), 0)
        self.assertRegex(rig.err.seen[-1], r"^\d+ packets, 0 dropped on near0, in .*a\.pcapng$")
        self.assertEqual(rig.out.seen, [])
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        sent = fields(file, "eth.src", "data.data", only="eth.type == 0x88b5")
        self.assertEqual([row[1][:8] for row in sent], [f"{i:08x}" for i in range(5000)])
        self.assertEqual(sent[0][0], "00:0e:08:00:00:01")

    def test_other_tools_read_what_it_writes(self):
        file = self.folder / "a.pcapng"
        rig = self.capture("-i", "near0", "-w", file)
        self.send(10)
        self.assertEqual(rig.stop(), 0)
        count = int(re.match(r"(\d+) packets", rig.err.seen[-1]).group(1))
        info = subprocess.run([tool("capinfos"), "-M", file], capture_output=True, text=True, check=True).stdout
        self.assertRegex(info, rf"Number of packets:\s+{count}\b")
        self.assertRegex(info, r"Name = near0")
        self.assertRegex(info, r"Time precision = nanoseconds")
        read = subprocess.run([tool("tcpdump"), "-n", "-r", file, "ether proto 0x88b5"], capture_output=True, text=True,
                              check=True, env={**os.environ, "PATH": PATH})  # fmt: skip
        packets = [line for line in read.stdout.splitlines() if not line.startswith("\t")]  # without their bytes
        self.assertEqual(len(packets), 10)
        for convert in (["editcap", "-F", "pcap"], ["editcap", "-F", "nsecpcap"]):
            tool(convert[0])
            subprocess.run([*convert, file, self.folder / "b.pcap"], check=True)
            self.assertEqual(len(fields(self.folder / "b.pcap", "frame.number")), count)

    def test_the_process_that_captures_keeps_no_right(self):
        rig = self.capture("-i", "near0", "-w", self.folder / "a.pcapng")
        status = pathlib.Path(f"/proc/{self.helper_of(rig)}/status").read_text(encoding="utf-8")
        self.assertRegex(status, r"Name:\s+phonerig-captur")
        for held in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertRegex(status, rf"{held}:\s+0000000000000000\n")
        self.assertRegex(status, r"NoNewPrivs:\s+1\n")
        if os.geteuid() == 0:
            self.assertNotRegex(status, r"Uid:\s+0\b")
        self.assertEqual(rig.stop(), 0)

    def test_it_ends_with_the_program_that_started_it(self):
        rig = self.capture("-i", "near0", "-w", self.folder / "a.pcapng")
        helper = self.helper_of(rig)
        rig.process.kill()
        rig.wait()

        def gone():
            try:
                return "State:\tZ" in pathlib.Path(f"/proc/{helper}/status").read_text(encoding="utf-8")
            except FileNotFoundError:
                return True

        until(gone, "the end of the process that captures")

    def test_only_the_phones_are_captured(self):
        file = self.folder / "a.pcapng"
        rig = self.capture("-i", "near0", "--phone", "00:0e:08:00:00:02", "--phone", "000e08000003", "-w", file)
        for last in (1, 2, 3):
            self.send(10, mac=f"000e0800000{last}")
        self.assertEqual(rig.stop(), 0)
        self.assertEqual({row[0] for row in fields(file, "eth.src")}, {"00:0e:08:00:00:02", "00:0e:08:00:00:03"})
        self.assertEqual(rig.err.seen[-1].split(" on ")[0], "20 packets, 0 dropped")

    def test_phones_are_found_inside_vlans(self):
        file = self.folder / "a.pcapng"
        rig = self.capture("-i", "near0", "--phone", "10.9.9.5", "-w", file)
        header = struct.pack(">BBHHHBBH", 0x45, 0, 28, 1, 0, 64, 17, 0)
        frames = []
        for tags in ("", "81000005", "88a8000681000005"):
            for host in (5, 6):
                ip = header + bytes((10, 9, 9, 9, 10, 9, 9, host)) + struct.pack(">HHHH", 1, 2, 8, 0)
                frames.append("ff" * 6 + "02" * 6 + tags + "0800" + ip.hex() + "00" * 20)
        sender = ("import socket, sys\ns = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\ns.bind(('far0', 0))\n"
                  "for frame in sys.argv[1:]: s.send(bytes.fromhex(frame))")  # fmt: skip
        subprocess.run([*self.inside, sys.executable, "-c", sender, *frames], check=True)
        self.assertEqual(rig.stop(), 0)
        self.assertEqual([row[0] for row in fields(file, "ip.dst")], ["10.9.9.5"] * 3)

    def test_loopback_and_any_give_what_is_sent_there(self):
        sender = ("import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                  "for i in range(5): s.sendto(b'hello', ('127.0.0.1', 9))")  # fmt: skip
        for interface, protocols in (("lo", "eth:"), ("any", "sll:")):
            file = self.folder / f"{interface}.pcapng"
            rig = self.capture("-i", interface, "--phone", "127.0.0.1", "-w", file)
            subprocess.run([*self.inside, sys.executable, "-c", sender], check=True)
            self.assertEqual(rig.stop(), 0)
            rows = fields(file, "frame.protocols", only="udp.dstport == 9 and not icmp")
            self.assertEqual(len(rows), 5, interface)
            self.assertTrue(all(row[0].startswith(protocols) for row in rows), rows)

    def test_standard_output_is_a_capture_while_it_comes(self):
        rig = subprocess.Popen([*self.inside, PHONERIG, "capture", "-i", "near0", "-w", "-"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
        self.addCleanup(rig.communicate)
        self.addCleanup(rig.kill)
        self.assertEqual(rig.stderr.readline(), b"listening on near0\n")
        self.send(1)
        came = b""
        while b"\x88\xb5" not in came:  # it comes before the end
            came += os.read(rig.stdout.fileno(), 65536)
        rig.send_signal(signal.SIGTERM)
        rest, _ = rig.communicate()
        file = self.write("a.pcapng", "")
        file.write_bytes(came + rest)
        self.assertEqual(len(fields(file, "eth.src", only="eth.type == 0x88b5")), 1)

    def test_a_ring_keeps_its_last_files(self):
        rig = self.capture("-i", "near0", "-w", self.folder / "a.pcapng", "--ring-size", "64K", "--ring-files", 3)
        self.send(3000)
        self.assertEqual(rig.stop(), 0)
        files = sorted(self.folder.glob("a-*.pcapng"))
        self.assertEqual(len(files), 3)
        self.assertTrue(all(file.stat().st_size <= 65536 for file in files))
        sent = [row[0][:8] for file in files for row in fields(file, "data.data", only="eth.type == 0x88b5")]
        self.assertEqual(sent, [f"{i:08x}" for i in range(3000 - len(sent), 3000)])
        self.assertRegex(rig.err.seen[-1], rf"0 dropped on near0, in 3 files, the last {re.escape(str(files[-1]))}$")

    def test_it_ends_when_its_time_is_over(self):
        rig = self.capture("-i", "near0", "-w", self.folder / "a.pcapng", "--for", "0.2")
        self.assertEqual(rig.wait(), 0)

    def test_it_says_when_the_interface_goes_away(self):
        file = self.folder / "a.pcapng"
        rig = self.capture("-i", "near0", "-w", file)
        self.send(3)
        until(lambda: file.read_bytes().count(b"\x88\xb5") >= 3, "the packets that came before")
        subprocess.run([*self.inside, "ip", "link", "delete", "near0"], check=True, env={**os.environ, "PATH": PATH})
        self.assertEqual(rig.wait(), 2)
        self.assertEqual(rig.err.seen[-1], "phonerig: capture: capturing on near0 ended: The interface disappeared")
        self.assertEqual(len(fields(file, "eth.src", only="eth.type == 0x88b5")), 3)

    def test_an_unknown_interface_leaves_the_file_alone(self):
        file = self.write("a.pcapng", "precious")
        code, _, err = run("capture", "-i", "eth9", "-w", file, prefix=self.inside)
        self.assertEqual((code, err.count("\n")), (2, 1))
        self.assertRegex(err, r"^phonerig: capture: found eth9, expected an interface: lo, .*near0")
        self.assertEqual(file.read_text(encoding="utf-8"), "precious")

    def test_a_mac_cannot_be_filtered_on_all_interfaces(self):
        code, _, err = run("capture", "-i", "any", "--phone", "000e08000001", "-w", self.folder / "a", prefix=self.inside)
        self.assertEqual((code, err.count("\n")), (2, 1))
        self.assertIn("any cannot be filtered for these phones", err)


class RightTest(RigTest):
    @unittest.skipUnless(os.geteuid() == 0, "an ordinary user may have been granted the right")
    def test_who_may_not_capture_is_told_the_one_command(self):
        self.folder.chmod(0o755)  # wherever the clone is, others can run these
        for program in (PHONERIG, HELPER):
            shutil.copy(program, self.folder)
        done = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", self.folder / "phonerig", "capture", "-i", "lo",
                               "-w", "/nonexistent/a"], capture_output=True, text=True, timeout=30, check=False)  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        command = shlex.join(["sudo", "setcap", "cap_net_raw=ep", str((self.folder / HELPER.name).resolve())])
        self.assertEqual(done.stderr, "phonerig: capture: capturing on lo takes a right that phonerig-capture lacks; this grants "
                                      f"it: {command}\n")  # fmt: skip

    @unittest.skipUnless(os.geteuid() == 0, "granting a right takes root")
    def test_that_command_is_enough(self):
        if not shutil.which("setcap", path=PATH):
            self.skipTest("setcap is missing; install libcap2-bin")
        self.folder.chmod(0o755)
        for program in (PHONERIG, HELPER):
            shutil.copy(program, self.folder)
        words = ["setcap", "cap_net_raw=ep", str(self.folder / HELPER.name)]
        if subprocess.run(words, env={**os.environ, "PATH": PATH}, check=False).returncode != 0:
            self.skipTest("rights cannot be granted to files here")
        target = self.folder / "user"
        target.mkdir()
        os.chown(target, 65534, 65534)
        done = subprocess.run(
            ["setpriv", "--reuid=65534", "--clear-groups", self.folder / "phonerig", "capture", "-i", "lo", "--for", "0.1",
             "-w", target / "a.pcapng"], capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("listening on lo\n", done.stderr)


class UsageTest(RigTest):
    def test_wrong_words_are_named(self):
        for words, said in (
            (("-w", "a"), "capture: --interface is required; see phonerig capture --help"),
            (("-i", "lo", "-w", "a", "--phone", "me"), "--phone: found me, expected an IPv4 address"),
            (("-i", "lo", "-w", "a", "--ring-size", "10"), "--ring-size: found 10, expected a size such as 100M"),
            (("-i", "lo", "-w", "a", "--ring-size", "99999999G"), "--ring-size: found 99999999G, expected"),
            (("-i", "lo", "-w", "a", "--ring-age", "soon"), "--ring-age: found soon, expected a time"),
            (("-i", "lo", "-w", "a", "--ring-files", "3"), "--ring-files: expected --ring-size or --ring-age"),
            (("-i", "lo", "-w", "-", "--ring-age", "3"), "-w: found -, expected a file"),
            (("-i", "lo", "-w", "a", "--for", "soon"), "--for: found soon, expected a number of seconds"),
        ):
            code, out, err = run("capture", *words)
            self.assertEqual((code, out, err.count("\n")), (2, "", 1), err)
            self.assertIn(said, err)


if __name__ == "__main__":
    main()
