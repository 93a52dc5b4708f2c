#!/usr/bin/env python3
"""`phonerig run`: verdicts as exit codes, reports, which scenarios run, and how an interrupted run ends."""

import json
import signal
import unittest
import xml.etree.ElementTree

from covers import main
from rig_process import RigTest, run
from terminal import TerminalTest

SCENARIO = """scenario: {title}
covers: [{covers}]
tags: [{tags}]
phones: {{ model: CP-7832-3PCC, set: {{ Resync_On_Reset: "No", GPP_A: "1" }} }}
servers:
  tftp: {{ files: {{ basic.txt: "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>" }} }}
  syslog: {{}}
steps:
  - power: on
  - browse: /admin/resync?tftp://${{tftp}}/basic.txt
{steps}"""
GOOD = '  - expect: { param: GPP_A, is: "12345678" }\n'
BAD = '  - expect: { param: GPP_A, is: "87654321", within: 1s }\n'
EMPTY = "  - wait: 10ms\n"


class RunTest(RigTest):
    def scenario(self, name, steps=GOOD, covers="EX-TFTP-RESYNC", tags="own"):
        text = SCENARIO.format(title=f"About {name}", covers=covers, tags=tags, steps=steps)
        return self.write(f"{name}.yaml", text)


class VerdictTest(RunTest):
    def test_exit_codes_tell_the_verdict(self):
        good, bad = self.scenario("good"), self.scenario("bad", BAD)
        empty, wrong = self.scenario("empty", EMPTY), self.scenario("wrong", "  - expct: {}\n")
        for target in ("sim", "net"):
            for paths, code in (((good,), 0), ((bad,), 1), ((good, bad), 1), ((empty,), 3), ((empty, bad), 3)):
                with self.subTest(target=target, paths=[path.name for path in paths]):
                    self.assertEqual(run("run", "--on", target, *paths)[0], code)
        code, out, err = run("run", "--on", "sim", good, wrong)
        self.assertEqual(code, 2)
        self.assertRegex(out + err, r"wrong\.yaml:\d+:\d+: .*expct")
        self.assertNotIn("About good", out)

    def test_a_run_that_its_limit_of_open_files_got_in_the_way_of_is_invalid(self):
        good = self.scenario("good")
        for files in (24, 32, 40):
            with self.subTest(files=files):
                few = ("prlimit", f"--nofile={files}:{files}")
                code, out, err = run("run", "--on", "net", "--phones", "16", good, prefix=few)
                self.assertEqual(code, 3, out + err)
                self.assertRegex(out + err, "open files")
        self.assertEqual(run("run", "--on", "net", "--phones", "16", good)[0], 0)

    def test_a_failed_run_prints_its_seed(self):
        bad = self.scenario("bad", BAD)
        _, out, err = run("run", "--on", "sim", "--seed", "4711", bad)
        self.assertIn("4711", out + err)
        _, out, err = run("run", "--on", "net", bad)
        self.assertRegex(out + err, r"--seed \d+")

    def test_what_failed_is_said_with_its_place(self):
        bad = self.scenario("bad", BAD)
        _, out, err = run("run", "--on", "sim", bad)
        self.assertRegex(out + err, r"bad\.yaml:11: .*GPP_A")
        self.assertIn("12345678", out + err)

    def test_no_colours_without_a_terminal(self):
        _, out, err = run("run", "--on", "sim", self.scenario("bad", BAD))
        self.assertNotIn("\x1b", out + err)


class ChoiceTest(RunTest):
    def titles(self, *words):
        code, _, err = run("run", "--on", "sim", "--results", self.folder / "results.json", *words)
        self.assertEqual(code, 0, err)
        return [record["name"] for record in json.loads((self.folder / "results.json").read_text())]

    def test_a_folder_is_its_files_in_order(self):
        for name in ("b", "a", "below/c"):
            self.scenario(name)
        self.assertEqual(self.titles(self.folder), ["About a", "About b", "About below/c"])

    def test_a_tag_and_a_shard_choose(self):
        for name in "abcde":
            self.scenario(name, tags="odd" if name in "ace" else "even")
        self.assertEqual(self.titles("--tag", "odd", self.folder), ["About a", "About c", "About e"])
        self.assertEqual(self.titles("--shard", "2/2", self.folder), ["About b", "About d"])
        self.assertEqual(self.titles("--tag", "odd", "--shard", "2/2", self.folder), ["About c"])

    def test_nothing_chosen_is_nothing_evaluated(self):
        code, _, err = run("run", "--on", "sim", "--tag", "none", self.scenario("a"))
        self.assertEqual(code, 3)
        self.assertIn("none", err)

    def test_the_library_is_found_by_name_and_by_requirement(self):
        for word in ("ex-tftp-resync", "EX-TFTP-RESYNC"):
            self.assertEqual(self.titles(word), ["A resync URL fetches a profile over TFTP"])
        code, _, err = run("run", "ex-tftp-rsync")
        self.assertEqual(code, 2)
        self.assertIn("did you mean ex-tftp-resync?", err)

    def test_phones_overrides_a_count_nobody_needs(self):
        results = self.folder / "events.ndjson"
        code, _, err = run("run", "--on", "sim", "--phones", "7", "--events", results, self.scenario("a"))
        self.assertEqual(code, 0, err)
        phones = {json.loads(line)["phone"] for line in results.read_text().splitlines()} - {None}
        self.assertEqual(len(phones), 7)


class ReportTest(RunTest):
    def test_reports_are_written(self):
        self.scenario("a")
        self.scenario("b", BAD)
        paths = {kind: self.folder / "reports" / f"r.{kind}" for kind in ("junit", "html", "events", "results")}
        words = [word for kind, path in paths.items() for word in (f"--{kind}", path)]
        code, _, err = run("run", "--on", "sim", *words, self.folder)
        self.assertEqual(code, 1, err)
        self.assertEqual(sorted(path.name for path in (self.folder / "reports").iterdir()),
                         ["r.events", "r.html", "r.junit", "r.results"])  # fmt: skip

        cases = list(xml.etree.ElementTree.parse(paths["junit"]).getroot().iter("testcase"))
        self.assertEqual([case.find("failure") is not None for case in cases], [False, True])
        self.assertIn("About b", paths["html"].read_text(encoding="utf-8"))
        records = json.loads(paths["results"].read_text(encoding="utf-8"))
        self.assertEqual([(r["verdict"], r["target"], r["covers"]) for r in records],
                         [("passed", "sim", ["EX-TFTP-RESYNC"]), ("failed", "sim", ["EX-TFTP-RESYNC"])])  # fmt: skip
        events = [json.loads(line) for line in paths["events"].read_text(encoding="utf-8").splitlines()]
        self.assertEqual((events[0]["kind"], events[0]["schema"]), ("run.begin", 1))
        self.assertEqual([event["n"] for event in events], list(range(len(events))))
        self.assertEqual(sum(event["kind"] == "run.begin" for event in events), 2)

    def test_steps_are_the_events_of_the_run_alone(self):
        steps, events = self.folder / "steps.ndjson", self.folder / "events.ndjson"
        self.assertEqual(run("run", "--on", "sim", "--steps", steps, "--events", events, self.scenario("a", BAD))[0], 1)
        said = [json.loads(line) for line in steps.read_text(encoding="utf-8").splitlines()]
        self.assertEqual([event["kind"] for event in said],
                         ["run.begin", "rig.step", "rig.step", "rig.step", "rig.verdict", "run.end"])  # fmt: skip
        self.assertEqual((said[4]["line"], said[4]["verdict"], "12345678" in said[4]["note"]), (11, "failed", True))
        self.assertIn('"kind":"syslog.message"', events.read_text(encoding="utf-8"))

    def test_equal_seeds_give_equal_events(self):
        path = self.scenario("a")
        traces = []
        for threads in (1, 2):
            file = self.folder / f"{threads}.ndjson"
            self.assertEqual(
                run("run", "--on", "sim", "--seed", 7, "--threads", threads, "--phones", 20, "--events", file, path)[0], 0
            )
            traces.append(file.read_bytes())
        self.assertEqual(traces[0], traces[1])

    def test_a_report_that_cannot_be_written_is_a_usage_error(self):
        (self.folder / "file").write_text("")
        code, _, err = run("run", "--on", "sim", "--html", self.folder / "file" / "r.html", self.scenario("a"))
        self.assertEqual(code, 2)
        self.assertIn("r.html", err)


class InterruptTest(RunTest):
    def test_an_interrupted_run_reports_what_ran(self):
        self.scenario("a")
        self.scenario("b", "  - wait: 1h\n" + GOOD)
        self.scenario("c")
        report, events = self.folder / "report.xml", self.folder / "events.ndjson"
        rig = self.start("run", "--on", "net", "--verbose", "--junit", report, "--events", events, self.folder)
        rig.err.wait_for("wait")
        self.assertEqual(rig.stop(signal.SIGINT), 130)
        done, broken_off, not_begun = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
        self.assertEqual([child.tag for child in done], ["properties", "system-out"])
        self.assertEqual(broken_off.find("error").get("message"), "interrupted")
        self.assertRegex(broken_off.findtext("system-out"), r"done +power on")
        self.assertRegex(broken_off.findtext("system-out"), r"not run +wait 1 h.*interrupted")
        self.assertEqual(not_begun.find("skipped").get("message"), "interrupted before it began")
        last = json.loads(events.read_text().splitlines()[-1])
        self.assertEqual((last["kind"], last["verdict"]), ("run.end", "invalid"))


    def test_steps_are_written_as_they_are_known(self):
        rig = self.start("run", "--on", "net", "--steps", "/dev/stdout", self.scenario("a", GOOD + "  - wait: 1h\n"))
        for words in ('"rig.verdict".*"met"', '"rig.step".*wait'):
            rig.out.wait_for(words)
        self.assertEqual(rig.stop(signal.SIGINT), 130)


class LiveTest(TerminalTest):
    def test_the_phones_of_the_scenario_are_shown(self):
        code, sent = self.on_a_terminal("run", "--on", "net", "--phones", 3, "--live", "led-slow-blink")
        self.assertEqual(code, 0, sent[-500:])
        self.assertShown(sent, r"\[1/1\] The mute key blinks slowly")
        self.assertShown(sent, r"3 phones, 3 answering")
        self.assertShown(sent, r"127\.78\.0\.3 +00:0e:08:00:00:03")
        self.assertShown(sent, r"1 scenario on net: 1 passed")
        self.assertGreater(sent.rfind("\x1b[?25h"), sent.rfind("\x1b[?25l"), "the cursor stays hidden")


if __name__ == "__main__":
    main()
