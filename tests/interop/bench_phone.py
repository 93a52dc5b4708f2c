"""A bench of one phone: an emulated phone that is a process in a network namespace of its own, behind a cable.

The rig's side knows the phone by its cable alone: its pages, its packets, and a command that cuts its power. Nothing else
of it, no descriptor and no trace, reaches the rig.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

from foreign_servers import PATH, program
from network_namespace_test import FAR, NEAR, Namespace
from phones import RigTest, until
from rig_process import PHONERIG, Lines, run

# A real phone's pace makes the whole library and every deviation take 20 minutes: PHONERIG_EVERYTHING=1 plays them, else a sample.
EVERYTHING = os.environ.get("PHONERIG_EVERYTHING") == "1"
MODEL, MAC = "CP-7832-3PCC", "00:0e:08:00:77:02"
OTHER = "10.98.77.3"  # another address behind the cable

ASKS = """scenario: It asks
phones: { model: CP-7832-3PCC }
steps:
  - power: on
  - expect: { param: GPP_A, is: "" }
"""

# The relay of the phone's power, run with an empty environment. "on" starts the phone, "off" ends it at once and takes its
# link away; a relay that does not obey does nothing.
RELAY = """#!/bin/sh
PATH={path}
export PATH
case $1 in
on)
    {inside} ip link set far0 up
    [ -e {pid} ] && kill -0 "$(cat {pid})" 2>/dev/null && exit 0
    # Whatever the relay's own session holds ends with it: the phone is in another one before the relay is done.
    setsid sh -c 'exec 9>"$2"; flock 9; echo $$ >"$0"; echo >"$1"; shift 2; exec "$@"' {pid} {ready} {lives} {inside} {phone} \
        </dev/null >>{log} 2>&1 &
    read -r _ <{ready}
    ;;
off)
    [ -e {pid} ] && kill -9 "$(cat {pid})" 2>/dev/null && flock {lives} true  # its port is free once it is gone
    rm -f {pid}
    {inside} ip link set far0 down
    ;;
esac
exit 0
"""


class BenchPhoneTest(RigTest):
    """Two namespaces, the rig's and the phone's; `alice` is the phone."""

    PROGRAM = PHONERIG

    @classmethod
    def setUpClass(cls):
        for tool, package in (("unshare", "util-linux"), ("nsenter", "util-linux"), ("ip", "iproute2"), ("setsid", "util-linux"),
                              ("flock", "util-linux")):
            if not shutil.which(tool, path=PATH):
                raise unittest.SkipTest(f"{tool} is missing; install {package}")

    def setUp(self):
        super().setUp()
        self.near = Namespace(self)
        self.far = Namespace(self)
        for side in (self.near, self.far):
            side.run("ip", "link", "set", "lo", "up")
        made = self.near.run("ip", "link", "add", "near0", "type", "veth", "peer", "name", "far0", "address", MAC, "netns",
                             str(self.far.pid), check=False)  # fmt: skip
        if made.returncode != 0:
            self.skipTest(f"virtual Ethernet is not permitted here: {made.stderr.strip()}")
        for side, port, address in ((self.near, "near0", NEAR), (self.far, "far0", FAR)):
            side.run("sysctl", "-q", "-w", f"net.ipv6.conf.{port}.disable_ipv6=1", check=False)
            side.run("ip", "address", "add", f"{address}/24", "dev", port)
            side.run("ip", "link", "set", port, "up")
        self.socket = str(self.folder / "s")
        self.pid = self.folder / "phone.pid"
        self.address = FAR

    def lay_phone(self, *words, up=("up",), web_port=80, sip_port=5060):
        """Puts a phone there and switches it on. `words`: more of `phonerig up`."""
        phone = [self.PROGRAM, *up, "--device", "far0", "--first", self.address, "--mac", MAC, "--model", MODEL, "--web-port", web_port,
                 "--sip-port", sip_port, "--threads", "1", "--state", self.folder / "memory", *words]  # fmt: skip
        ready = self.folder / "phone.ready"
        if not ready.exists():
            os.mkfifo(ready)
        quoted = {
            "path": shlex.quote(PATH),
            "inside": shlex.join([program("nsenter"), "-t", str(self.far.pid), "-n"]),
            "phone": shlex.join(map(str, phone)),
            "pid": shlex.quote(str(self.pid)),
            "ready": shlex.quote(str(ready)),
            "lives": shlex.quote(str(self.folder / "phone.lives")),
            "log": shlex.quote(str(self.folder / "phone.log")),
        }
        self.relay = self.folder / "relay"
        self.relay.write_text(RELAY.format(**quoted))
        self.relay.chmod(0o755)
        self.addCleanup(self.cut_power)
        self.switch("on")
        until(lambda: self.page(port=web_port) is not None, "the phone's page")

    def lay_edited_phone(self, *words):
        """A phone whose pages can be edited (page_editor.py): the editor answers at the phone's usual port."""
        behind = 8080
        self.lay_phone(*words, web_port=behind)
        self.editor = subprocess.Popen(
            [*self.far.inside, sys.executable, str(pathlib.Path(__file__).with_name("page_editor.py")), "0.0.0.0", "80", self.address, str(behind)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.addCleanup(self.editor.communicate)
        self.addCleanup(self.editor.kill)
        self.edited = Lines(self.editor.stdout)
        self.edit()

    def edit(self, **orders):
        self.editor.stdin.write(json.dumps(orders) + "\n")
        self.editor.stdin.flush()
        self.edited.wait_for("^orders taken$")

    def switch(self, state):
        subprocess.run([*self.near.inside, str(self.relay), state], check=True, timeout=30)

    def cut_power(self):
        if self.pid.exists():
            self.switch("off")

    def page(self, path="/", port=80):
        return self.near.curl(f"http://{self.address}:{port}{path}")

    def value(self, name):
        found = re.search(rf"<{name}(?:\s[^>/]*)?(?:/>|>([^<]*)<)", self.page("/admin/cfg.xml") or "")
        return found and (found.group(1) or "")

    def inventory(self, heartbeat="10s", leave_out=(), leases=None, **words):
        """bench.yaml of that phone, some words left out or otherwise."""
        relay = str(self.relay)
        entry = {
            "model": MODEL, "firmware": "11.3.1", "mac": MAC, "address": self.address, "tags": ["lobby"],
            "capture": {"interface": "near0", "direct": True},
            "servers": {"address": NEAR},
            "power": {"command": {"on": [relay, "on"], "off": [relay, "off"]}},
            **words,
        }  # fmt: skip
        for word in leave_out:
            del entry[word]
        top = f"bench: lab\nheartbeat: {heartbeat}\n" + (f"leases: {json.dumps(str(leases))}\n" if leases else "")
        return self.write("bench.yaml", f"{top}phones:\n  alice: {json.dumps(entry)}\n")

    def serve(self, inventory):
        daemon = self.start("bench", "serve", "--inventory", inventory, "--socket", self.socket, "--state",
                            self.folder / "state", prefix=self.near.inside)  # fmt: skip
        daemon.err.wait_for(r"^serving lab ")
        return daemon

    def bench(self, inventory):
        """An inventory with its daemon."""
        self.serve(inventory)
        return inventory

    def play(self, inventory, *words, on="bench:alice", limit=280):
        return run("run", *words, "--on", on, "--inventory", inventory, "--socket", self.socket, limit=limit,
                   prefix=self.near.inside)  # fmt: skip

    def start_playing(self, inventory, *words, on="bench:alice", **options):
        return self.start("run", *words, "--on", on, "--inventory", inventory, "--socket", self.socket,
                          prefix=self.near.inside, **options)  # fmt: skip

    def state(self, phone="alice"):
        code, out, err = run("bench", "list", phone, "--json", "--socket", self.socket, prefix=self.near.inside)
        self.assertEqual(code, 0, err)
        return json.loads(out)["phones"][0]

    def check(self, inventory):
        """The only phone of the inventory, as `bench check --json` has it."""
        code, out, err = run("bench", "check", "--inventory", inventory, "--socket", self.socket, "--json", prefix=self.near.inside)
        self.assertEqual((code, err), (0, ""), out)
        return json.loads(out)["phones"][0]

    def restored(self):
        until(lambda: self.state()["state"] == "free", "the phone to be free again")
        return self.value("GPP_A")

    def assertOneSentence(self, outcome, code, *texts):
        self.assertEqual(outcome[0], code, outcome[1] + outcome[2])
        self.assertEqual(len(outcome[2].splitlines()), 1, outcome[2])
        for text in texts:
            self.assertIn(text, outcome[2])
