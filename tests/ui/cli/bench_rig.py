"""A bench for tests: its daemon and its clients as processes."""

import json
import sys

from rig_process import RigTest, run

HOLD = [sys.executable, "-c", "import signal; signal.pause()"]  # a command that ends when it is told to

INVENTORY = """bench: lab
heartbeat: {heartbeat}
phones:
  alice: {{ model: CP-7841-3PCC, mac: 00:0e:08:00:00:01, tags: [headset] }}
  bob: {{ model: CP-7832-3PCC, address: 192.0.2.8, tags: [headset, lobby] }}
"""


class BenchTest(RigTest):
    def setUp(self):
        super().setUp()
        self.socket = str(self.folder / "s")
        self.inventory = self.write("bench.yaml", INVENTORY.format(heartbeat="15s"))

    def serve(self, *words, inventory=None):
        daemon = self.start("bench", "serve", "--inventory", inventory or self.inventory, "--socket", self.socket,
                            "--state", self.folder / "state", *words)
        daemon.err.wait_for(r"^serving lab \(\d+ phones\) at ")
        return daemon

    def bench(self, word, *words):
        """One command that ends by itself: exit code, stdout, stderr."""
        words = list(map(str, words))
        at = words.index("--") if "--" in words else len(words)
        return run("bench", word, *words[:at], "--socket", self.socket, *words[at:])

    def states(self):
        code, out, err = self.bench("list", "--json")
        self.assertEqual(code, 0, err)
        return {phone["phone"]: phone for phone in json.loads(out)["phones"]}

    def hold(self, *words):
        """A client that holds a lease until it is stopped; returns it and the lease."""
        client = self.start("bench", "lease", *words, "--socket", self.socket, "--json")
        return client, json.loads(client.out.wait_for(r"^\{").string)

    def refused(self, result, code, *texts):
        """That exit code, nothing on stdout, one sentence with these texts."""
        self.assertEqual((result[0], result[1]), (code, ""), result[2])
        self.assertEqual(len(result[2].splitlines()), 1, result[2])
        for text in texts:
            self.assertIn(text, result[2])
