#!/usr/bin/env python3
"""The scenario library, unchanged, on a phone that is reached by its cable alone: what a bench can play passes."""

import pathlib
import re

from bench_phone import EVERYTHING, BenchPhoneTest
from own_network import main

LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "library"


class BenchLibraryTest(BenchPhoneTest):
    def test_every_scenario_that_a_bench_can_play_passes(self):
        self.lay_phone()
        inventory = self.bench(self.inventory())
        before = self.page("/admin/cfg.xml")
        code, out, err = self.play(inventory, LIBRARY, *(() if EVERYTHING else ("--shard", "1/9")), limit=900)
        self.assertEqual(code, 0, out + err)
        counts = re.search(r"^(\d+) scenarios on bench:alice: (\d+) passed, (\d+) skipped$", out, re.MULTILINE)
        self.assertIsNotNone(counts, out)
        self.assertGreaterEqual(int(counts[2]), 25 if EVERYTHING else 2, out)
        self.assertEqual(self.page("/admin/cfg.xml"), before)


if __name__ == "__main__":
    main()
