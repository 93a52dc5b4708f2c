#!/usr/bin/env python3
"""The twin of a phone on a bench: a phone that is right does as its twin does; one that is wrong is named by what it does
wrong, and by nothing else."""

import json
import os
import pathlib
import re

from bench_phone import BenchPhoneTest
from covers import main

TESTS = pathlib.Path(__file__).resolve().parents[1]
LIBRARY = TESTS.parent / "scenarios" / "library"
DEVIATING = os.environ.get("PHONERIG_DEVIATING_BIN", "")


class TwinTest(BenchPhoneTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"

    def play_twin(self, inventory, scenario, *words):
        """Exit code, output, and the comparison as JSON."""
        code, out, err = self.play(inventory, scenario, "--artefacts", self.out, *words, on="twin:alice")
        report = self.out / f"{pathlib.Path(scenario).stem}.twin.json"
        self.assertTrue(report.exists(), out + err)
        return code, out + err, json.loads(report.read_text(encoding="utf-8"))

    def test_a_right_phone_is_like_its_twin(self):
        self.lay_phone("--set", "GPP_B=mine")
        inventory = self.bench(self.inventory())
        for name in ("ex-tftp-resync", "ex-http-get"):
            with self.subTest(scenario=name):
                code, said, report = self.play_twin(inventory, LIBRARY / f"{name}.yaml")
                self.assertEqual((code, report["roots"]), (0, []), said)
                self.assertEqual({row["percent"] for row in report["fidelity"]}, {100}, said)
        self.assertTrue((self.out / "ex-http-get.twin.html").stat().st_size > 10_000)


if __name__ == "__main__":
    main()
