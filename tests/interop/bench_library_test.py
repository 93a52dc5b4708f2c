#!/usr/bin/env python3
"""The scenario library, unchanged, on a phone that is reached by its cable alone: what a bench can play passes."""

import pathlib
import re
import shutil

from bench_phone import EVERYTHING, BenchPhoneTest
from own_network import main

# Those that change the firmware of a phone like this one; of each other a whole library run says why it is skipped.
UPGRADES = ["firmware-upgrade", "sip-notify-upgrade", "upgrade-bad-loads", "upgrade-http-status", "upgrade-other-partition",
            "upgrade-power-cut", "upgrade-retry", "upgrade-rule"]  # fmt: skip
SAMPLE = ["ex-http-get", "ex-tftp-resync", "http-proxy", "sip-notify-check-sync"]  # a bench has no names for the proxy
LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "library"


class BenchLibraryTest(BenchPhoneTest):
    def test_every_scenario_that_a_bench_can_play_passes(self):
        self.lay_phone()
        inventory = self.bench(self.inventory())
        before = self.page("/admin/cfg.xml")
        paths = [LIBRARY] if EVERYTHING else [LIBRARY / f"{name}.yaml" for name in SAMPLE]
        code, out, err = self.play(inventory, *paths, limit=900)
        self.assertEqual(code, 0, out + err)
        counts = re.search(r"^(\d+) scenarios on bench:alice: (\d+) passed, (\d+) skipped$", out, re.MULTILINE)
        self.assertIsNotNone(counts, out)
        self.assertGreaterEqual(int(counts[2]), 25 if EVERYTHING else 3, out)
        self.assertEqual(self.page("/admin/cfg.xml"), before)

    def test_upgrades_pass_where_the_inventory_allows_them(self):
        self.lay_phone()
        inventory = self.bench(self.inventory(may=["upgrade"]))
        for name in UPGRADES if EVERYTHING else UPGRADES[:1]:
            with self.subTest(scenario=name):
                code, out, err = self.play(inventory, LIBRARY / f"{name}.yaml")
                self.assertEqual(code, 0, out + err)
                self.cut_power()
                shutil.rmtree(self.folder / "memory")  # the next one is a phone with the old firmware again
                self.lay_phone()


if __name__ == "__main__":
    main()
