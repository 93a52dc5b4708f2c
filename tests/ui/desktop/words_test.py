#!/usr/bin/env python3
"""phonerig-desktop as a command: its words, its exit codes, and what it leaves behind."""

import os
import pathlib
import signal
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from covers import main  # noqa: E402
from rig_process import PHONERIG, RigTest, run, until  # noqa: E402

DESKTOP = str(pathlib.Path(PHONERIG).with_name("phonerig-desktop"))

def engines(folder):
    """The processes of engines whose socket is in that folder."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "--control" in words and words[words.index("--control") + 1].startswith(f"{folder}/"):
            found.append(int(process.name))
    return found


class WordsTest(RigTest):
    def setUp(self):
        super().setUp()
        self.surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(self.folder),
                             "TMPDIR": str(self.folder), "LC_ALL": "C.UTF-8"}  # fmt: skip

    def desktop(self, *words):
        """Exit code, stdout, stderr of one that ends by itself."""
        done = subprocess.run([DESKTOP, *map(str, words)], env=self.surroundings, capture_output=True, text=True, timeout=120,
                              check=False)  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def test_wrong_words_are_usage_and_the_nearest_is_named(self):
        for words, text in ((("--phnes", "3"), "unknown option --phnes; did you mean --phones?"),
                            (("--screenshot",), "screenshot"), (("--theme", "pink"), "expected system, light or dark"),
                            (("--compare", "a"), "expected two"), (("--run", "sim"), "found no --scenario"),
                            (("--socket", "s"), "found no --bench"), (("--bnch", "b"), "did you mean --bench?"),
                            (("--bench", "nowhere.yaml", "--for", "0"), "expected an inventory of a bench"),
                            (("--scenario", "ex-tftp-rsync", "--for", "0"), "did you mean ex-tftp-resync?")):  # fmt: skip
            with self.subTest(words=words):
                code, out, err = self.desktop(*words)
                self.assertEqual((code, out), (2, ""), err)
                # Beside it Qt may have something to say, and a debug build which handler was slow.
                own = [line for line in err.splitlines() if line.startswith("phonerig-desktop: ") and "kept the window busy" not in line]
                self.assertEqual(len(own), 1, err)
                self.assertIn(text, own[0])

    def test_help_has_examples(self):
        code, out, _ = self.desktop("--help")
        self.assertEqual(code, 0)
        self.assertIn("Examples:", out)

    def test_a_picture_is_a_png_unless_its_name_says_otherwise(self):
        trace = self.folder / "a.ndjson"
        self.assertEqual(run("run", "ex-tftp-resync", "--on", "sim", "--events", trace)[0], 0)
        picture = self.folder / "picture"
        code, _, err = self.desktop("--trace", trace, "--for", "0", "--screenshot", picture)
        self.assertEqual(code, 0, err)
        self.assertEqual(picture.read_bytes()[:4], b"\x89PNG")

    def test_a_scenario_is_run_and_drawn(self):
        picture = self.folder / "picture.png"
        code, _, err = self.desktop("--scenario", "ex-tftp-resync", "--run", "sim", "--for", "0", "--screenshot", picture)
        self.assertEqual(code, 0, err)
        self.assertEqual(picture.read_bytes()[:4], b"\x89PNG")
        self.assertEqual(list(self.folder.glob("*/events.ndjson")), [], "the run leaves its files behind")

    def test_the_engine_ends_with_its_window(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                window = subprocess.Popen([DESKTOP, "--phones", "1"], env=self.surroundings,
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
                self.addCleanup(window.wait)
                self.addCleanup(window.kill)
                until(lambda: engines(self.folder) and list(self.folder.glob("*/engine.sock")), "an engine")
                window.send_signal(number)
                self.assertEqual(window.wait(60), 0)
                self.assertEqual(engines(self.folder), [])


if __name__ == "__main__":
    main()
