#!/usr/bin/env python3
"""phonerig bench under fire: real clients of a real daemon, both killed at random."""

import os
import random
import signal
import subprocess
import sys

from bench_rig import BenchTest
from covers import main
from rig_process import PHONERIG, until


class FaultsTest(BenchTest):
    """Real clients of a real daemon, killed at random: no phone is lost, none has two holders."""

    CYCLES = 300
    PHONES = 80
    SEED = 20260101

    def test_hundreds_of_leases_amid_killed_clients_and_daemons(self):
        chance = random.Random(self.SEED)
        names = [f"p{i}" for i in range(self.PHONES)]
        phones = "".join(f"  {name}: {{ model: M, address: 192.0.2.{i + 1} }}\n" for i, name in enumerate(names))
        inventory = self.write("many.yaml", f"bench: lab\nheartbeat: 15s\nphones:\n{phones}")
        daemon = self.serve(inventory=inventory)
        marks = self.folder / "marks"
        marks.mkdir()
        # Each holder makes a file of its phone's name, which must not be there yet.
        claim = [sys.executable, "-c", "import os, sys\n"
                 "name = os.environ['PHONERIG_PHONE']\n"
                 "os.close(os.open(os.path.join(sys.argv[1], name), os.O_CREAT | os.O_EXCL))\n"
                 "print(name, os.environ['PHONERIG_LEASE'], flush=True)\n"
                 "sys.stdin.read()\n", str(marks)]
        numbers, holders, cycles = [], [], 0
        while cycles < self.CYCLES:
            while len(holders) < 12:
                client = subprocess.Popen(
                    [PHONERIG, "bench", "lease", "--model", "M", "--wait", "--socket", self.socket, "--", *claim],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                self.addCleanup(client.wait)
                self.addCleanup(client.stdout.close)
                self.addCleanup(client.kill)
                line = client.stdout.readline().split()
                self.assertEqual(len(line), 2, f"a holder that found its phone taken, seed {self.SEED}")
                numbers.append(int(line[1]))
                cycles += 1
                holders.append((client, line[0]))
            client, phone = holders.pop(chance.randrange(len(holders)))
            os.remove(marks / phone)  # the lease lasts a little longer than the claim
            killed = chance.random() < 0.5
            if killed:
                client.kill()
            client.stdin.close()
            self.assertEqual(client.wait(60), -signal.SIGKILL if killed else 0)
            if chance.random() < 0.03:
                daemon.stop(signal.SIGKILL)
                daemon = self.serve(inventory=inventory)
        for client, phone in holders:
            os.remove(marks / phone)
            client.stdin.close()
            client.wait(60)
        self.assertEqual(numbers, sorted(set(numbers)), "numbers of leases grow, each once")
        until(lambda: all(phone["state"] == "free" for phone in self.states().values()), "every phone free again")
        self.assertEqual(sorted(self.states()), sorted(names))

if __name__ == "__main__":
    main()
