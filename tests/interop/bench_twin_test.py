#!/usr/bin/env python3
"""The twin of a phone on a bench: a phone that is right does as its twin does; one that is wrong is named by what it does
wrong, and by nothing else."""

import json
import os
import pathlib
import shutil
import signal
import sys
import unittest
import unittest.mock

from bench_phone import EVERYTHING, MAC, BenchPhoneTest
from own_network import main
from phones import until
from rig_process import run

TESTS = pathlib.Path(__file__).resolve().parents[1]
LIBRARY = TESTS.parent / "scenarios" / "library"
DEVIATING = os.environ.get("PHONERIG_DEVIATING_BIN", "")
sys.path.append(str(TESTS / "deviations"))
from deviations_test import ROOTS, listed  # noqa: E402


class TwinRunTest(BenchPhoneTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"

    def play_twin(self, inventory, scenario, *words):
        """Exit code, output, and the comparison as JSON."""
        code, out, err = self.play(inventory, scenario, "--artefacts", self.out, *words, on="twin:alice")
        report = self.out / f"{pathlib.Path(scenario).stem}.twin.json"
        self.assertTrue(report.exists(), out + err)
        return code, out + err, json.loads(report.read_text(encoding="utf-8"))


class RightPhoneTest(TwinRunTest):
    def test_a_right_phone_is_like_its_twin(self):
        self.lay_phone("--set", "GPP_B=mine")
        inventory = self.bench(self.inventory())
        for name in ("ex-tftp-resync", "ex-http-get", "sip-notify-check-sync"):
            with self.subTest(scenario=name):
                code, said, report = self.play_twin(inventory, LIBRARY / f"{name}.yaml")
                self.assertEqual((code, report["roots"]), (0, []), said)
                self.assertEqual({row["percent"] for row in report["fidelity"]}, {100}, said)
        self.assertGreater((self.out / "ex-http-get.twin.html").stat().st_size, 10_000)
        self.assertEqual((self.out / "ex-http-get.twin.pcapng").read_bytes()[:4], b"\x0a\x0d\x0d\x0a")

    def test_a_right_phone_with_a_password_is_like_its_twin(self):
        self.lay_phone("--set", "Admin_Password=geheim")
        inventory = self.bench(self.inventory(web={"password": f"file:{self.write('secret', 'geheim')}"}))
        code, said, report = self.play_twin(inventory, LIBRARY / "ex-tftp-resync.yaml")
        self.assertEqual((code, report["roots"]), (0, []), said)
        self.assertEqual({row["percent"] for row in report["fidelity"]}, {100}, said)
        for file in self.out.iterdir():
            self.assertNotIn(b"geheim", file.read_bytes(), file)

    def test_a_scenario_of_the_library_is_played_by_its_name_anywhere(self):
        self.lay_phone("--set", "GPP_B=mine")
        inventory = self.bench(self.inventory())
        code, out, err = run("run", "ex-tftp-resync", "--on", "twin:alice", "--inventory", inventory, "--socket", self.socket,
                             limit=280, prefix=[*self.near.inside, "env", "-C", self.folder])  # fmt: skip
        self.assertEqual(code, 0, out + err)

    def test_a_twin_ends_with_its_run_and_leaves_no_password(self):
        self.lay_phone("--set", "Admin_Password=geheim")
        inventory = self.bench(self.inventory(web={"password": f"file:{self.write('secret', 'geheim')}"}))
        temporary = self.folder / "temporary"
        temporary.mkdir()
        environment = unittest.mock.patch.dict(os.environ, {"TMPDIR": str(temporary)})
        environment.start()
        self.addCleanup(environment.stop)
        playing = self.start_playing(inventory, self.write("waits.yaml", WAITS), on="twin:alice")
        twin = until(lambda: twin_below(temporary), "the twin", limit=60)
        until(lambda: not list(temporary.glob("*/phone.json")), "the twin to know who it is")
        os.kill(playing.process.pid, signal.SIGKILL)
        until(lambda: twin_below(temporary) != twin, "the end of the twin", limit=5)
        self.assertEqual(list(temporary.glob("*/phone.json")), [])


WAITS = """scenario: It waits
phones: { model: CP-7832-3PCC }
steps:
  - power: on
  - wait: 10s
  - expect: { param: GPP_A, is: "" }
"""


def twin_below(folder):
    """The number of the process that is the twin whose files are there."""
    for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"--twin-of\0{folder}/" in process.read_text():
                return int(process.parent.name)
        except OSError:
            pass  # it has ended meanwhile
    return None


# A bench sets what these phones act as if it were set otherwise; and of two datagrams to a port that is not open yet, real
# sockets send the second.
NOT_ON_A_BENCH = {"no-second-rule", "no-resync-on-reset", "reversed-rules", "doubled-read"}


@unittest.skipUnless(DEVIATING, "PHONERIG_DEVIATING_BIN names no program")
class DeviatingPhoneTest(TwinRunTest):
    """The phones of tests/deviations, one after the other, at the end of the cable."""

    PROGRAM = DEVIATING

    def on_bench(self, scenario):
        """The scenario that shows a deviation, with an expectation that a bench can see; none: a bench cannot play it."""
        text = (TESTS / "deviations" / "scenarios" / f"{scenario}.yaml").read_text(encoding="utf-8")
        if any(word in text for word in ("rig.test", "assword", "IKM_", "3600", "300s")):
            return None
        text = text.replace("000e08000001", MAC.replace(":", "")).replace("wait: 3s", "wait: 1500ms")
        return self.write(f"{scenario}.yaml", text.replace("expect: { state: idle }", 'expect: { param: GPP_P, is: "" }'))

    def test_each_deviation_is_the_only_root(self):
        inventory = None
        playable = [(deviation, played) for deviation, scenario in listed().items()
                    if deviation in ROOTS.keys() - NOT_ON_A_BENCH and (played := self.on_bench(scenario)) is not None]
        for deviation, played in playable if EVERYTHING else playable[::16]:
            with self.subTest(deviation=deviation):
                if inventory is not None:
                    self.cut_power()
                self.lay_phone(up=(deviation, "up"))
                inventory = inventory or self.bench(self.inventory())
                code, said, report = self.play_twin(inventory, played)
                roots = [(r["difference"], r["kind"], r.get("field") or "") for r in report["roots"]]
                self.assertEqual((code, roots), (1, [ROOTS[deviation]]), said)

    def test_known_deviations_are_in_every_report_and_so_are_those_that_are_gone(self):
        self.lay_phone(up=("wrong-user-agent", "up"))
        inventory = self.bench(self.inventory())
        known = self.write("known.yaml", KNOWN)
        scenario = self.on_bench(listed()["wrong-user-agent"])
        for folder in "ab":
            (self.folder / folder).mkdir()
            shutil.copy(scenario, self.folder / folder / "x.yaml")
        code, out, err = self.play(inventory, self.folder / "a", self.folder / "b", "--known", known, "--artefacts", self.out,
                                   on="twin:alice")  # fmt: skip
        self.assertEqual(code, 0, out + err)
        junit = (self.out / "junit.xml").read_text(encoding="utf-8")
        for text in ("as known (old-agent: reported)", "the known deviation never-seen did not show"):
            for where, said in {"terminal": out, "JUnit": junit, "HTML": (self.out / "report.html").read_text(encoding="utf-8")}.items():
                self.assertIn(text, said, where)
        for name in ("x", "x-2"):
            (root,) = json.loads((self.out / f"{name}.twin.json").read_text(encoding="utf-8"))["roots"]
            self.assertEqual((root["known"], root["known_why"]), ("old-agent", "reported"))
            self.assertIn("as known (old-agent): reported", (self.out / f"{name}.twin.html").read_text(encoding="utf-8"))
            self.assertTrue((self.out / f"{name}.twin.pcapng").exists())


KNOWN = """old-agent: { model: CP-7832-3PCC, kind: http.request, field: user_agent, why: reported }
never-seen: { kind: http.request, field: method, why: a build said HEAD }
"""


if __name__ == "__main__":
    main()
