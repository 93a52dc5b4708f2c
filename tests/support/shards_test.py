#!/usr/bin/env python3
"""shards.py, on commands that end as told."""

import pathlib
import subprocess
import sys
import unittest

SHARDS = pathlib.Path(__file__).with_name("shards.py")


def shards(count, script):
    command = [sys.executable, str(SHARDS), str(count), sys.executable, "-c", script, "file-{}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class ShardsTest(unittest.TestCase):
    def test_each_run_has_its_share_and_its_own_files(self):
        ended = shards(3, "import sys; print(*sys.argv[1:])")
        self.assertEqual(ended.returncode, 0)
        for number in (1, 2, 3):
            self.assertIn(f"exit code 0\nfile-{number} --shard {number}/3\n", ended.stdout)

    def test_one_failure_fails_all_and_an_invalid_run_outranks_it(self):
        for codes, expected in ((("0", "1", "0"), 1), (("1", "3", "2"), 3), (("0", "2", "1"), 2)):
            script = f"import sys; sys.exit(int({codes}[int(sys.argv[1][-1]) - 1]))"
            self.assertEqual(shards(3, script).returncode, expected)

    def test_a_run_that_is_killed_fails(self):
        self.assertNotEqual(shards(2, "import os; os.kill(os.getpid(), 9)").returncode, 0)


if __name__ == "__main__":
    unittest.main()
