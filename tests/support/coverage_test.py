#!/usr/bin/env python3
"""Proves the counting rules of coverage.py, and that covers.py writes what coverage.py reads."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import coverage  # noqa: E402
import covers as marker  # noqa: E402

REQUIREMENTS = """
- {id: RC-OPEN, area: rc, text: a}
- {id: RC-ABORTED, area: rc, text: b}
- {id: WEB-SUBMIT, area: web, text: c}
"""

PASSED = ""
FAILED = '<failure message="no" type=""/>'
SKIPPED = '<skipped message="no device"/>'


def case(suite, name, covers, body=PASSED, status="run", result="completed"):
    properties = f'<properties><property name="covers" value="{covers}"/></properties>'
    return f'<testcase classname="{suite}" name="{name}" status="{status}" result="{result}">{body}{properties}</testcase>'


class ResultsFolder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.results = self.folder / "results with space"
        self.results.mkdir()
        (self.folder / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")

    def xml(self, file, *cases):
        path = self.results / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")

    def json(self, file, records):
        (self.results / file).write_text(json.dumps(records), encoding="utf-8")

    def run_coverage(self, results=None):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = coverage.main(
                [
                    "--requirements", str(self.folder / "requirements.yaml"),
                    "--output", str(self.folder / "coverage.md"),
                    str(results or self.results),
                ]
            )  # fmt: skip
        self.output, self.errors = out.getvalue(), err.getvalue()
        self.last = self.output.splitlines()[-1] if self.output else ""
        report = self.folder / "coverage.md"
        self.report = report.read_text(encoding="utf-8") if report.exists() else ""
        return status


class CoverageTest(ResultsFolder):
    def test_counts_an_id_named_by_a_passed_test(self):
        self.xml("a.xml", case("RcTest", "StartsOpen", "RC-OPEN,WEB-SUBMIT"))
        self.assertEqual(self.run_coverage(), 0)
        self.assertEqual(self.last, "proved 2 of 3")
        self.assertIn("| RC-OPEN | RcTest.StartsOpen |", self.report)
        self.assertIn("| rc | 1 | 2 |", self.report)
        self.assertIn("**rc** (1): RC-ABORTED", self.report)
        self.assertRegex(self.output, r"(?m)^rc +1 of +2$")

    def test_one_failed_test_outweighs_a_passed_one(self):
        self.xml("a.xml", case("RcTest", "StartsOpen", "RC-OPEN"), case("RcTest", "StaysOpen", "RC-OPEN", FAILED))
        self.assertEqual(self.run_coverage(), 0)
        self.assertEqual(self.last, "proved 0 of 3")
        self.assertIn("| RC-OPEN | RcTest.StaysOpen |", self.report)
        self.assertIn("RC-OPEN (RcTest.StaysOpen)", self.output)

    def test_skipped_and_unrun_tests_count_neither_way(self):
        self.xml(
            "a.xml",
            case("RcTest", "OnTheBench", "RC-OPEN", SKIPPED, result="skipped"),
            case("RcTest", "Disabled", "RC-ABORTED", status="notrun", result="suppressed"),
            case("WebTest", "Submits", "WEB-SUBMIT"),
            case("WebTest", "SubmitsOnTheBench", "WEB-SUBMIT", SKIPPED, result="skipped"),
        )
        self.assertEqual(self.run_coverage(), 0)
        self.assertEqual(self.last, "proved 1 of 3")

    def test_an_unknown_id_fails_and_names_test_and_id(self):
        self.xml("a.xml", case("RcTest", "StartsOpen", "RC-OPEN,RC-OPNE", SKIPPED, result="skipped"))
        self.assertEqual(self.run_coverage(), 1)
        self.assertIn("RcTest.StartsOpen", self.errors)
        self.assertIn("'RC-OPNE'", self.errors)
        self.assertNotIn("proved", self.output)
        self.assertEqual(self.report, "")

    def test_instances_of_a_parameterized_test_are_one_line_and_one_failure_is_enough(self):
        self.xml("Rows/RcTest.Row/0.xml", case("Rows/RcTest", "Row/0", "RC-OPEN"))
        self.xml("Rows/RcTest.Row/1.xml", case("Rows/RcTest", "Row/1", "RC-OPEN"))
        self.xml("Rows/WebTest.Row/0.xml", case("Rows/WebTest", "Row/first", "WEB-SUBMIT"))
        self.xml("Rows/WebTest.Row/1.xml", case("Rows/WebTest", "Row/second", "WEB-SUBMIT", FAILED))
        self.assertEqual(self.run_coverage(), 0)
        self.assertIn("| RC-OPEN | RcTest.Row |", self.report)
        self.assertIn("| WEB-SUBMIT | Rows/WebTest.Row/second |", self.report)
        self.assertEqual(self.last, "proved 1 of 3")

    def scenario(self, name, target, ids, verdict):
        return {"scenario": f"scenarios/library/{name}", "name": name, "target": target, "covers": ids, "verdict": verdict}

    def test_scenarios_count_and_an_invalid_run_is_no_proof(self):
        self.json("scenario-sim.json", [self.scenario("rc.yaml", "sim", ["RC-OPEN"], "passed")])
        self.json(
            "scenario-net.json",
            [
                self.scenario("rc.yaml", "net", ["RC-OPEN"], "passed"),
                self.scenario("web.yaml", "net", ["WEB-SUBMIT"], "invalid"),
                self.scenario("aborted.yaml", "net", ["RC-ABORTED"], "skipped"),
            ],
        )
        self.xml("a.xml", case("WebTest", "Submits", "WEB-SUBMIT"))
        self.assertEqual(self.run_coverage(), 0)
        self.assertIn("| RC-OPEN | rc.yaml |", self.report)
        self.assertIn("WEB-SUBMIT (scenarios/library/web.yaml on net)", self.output)
        self.assertEqual(self.last, "proved 1 of 3")

    def test_other_files_are_left_alone(self):
        self.xml("a.xml", case("RcTest", "StartsOpen", "RC-OPEN"))
        (self.results / "events.json").write_text("not json", encoding="utf-8")
        self.assertEqual(self.run_coverage(), 0)

    def test_nothing_to_read_is_said_in_one_sentence(self):
        for results in (self.results, self.folder / "absent"):
            with self.subTest(results=results.name):
                self.assertEqual(self.run_coverage(results), 2)
                self.assertIn("run the tests first", self.errors)

    def test_a_damaged_file_is_named(self):
        for file, text in (("a.xml", "<testsuites>"), ("python-a.json", "[{"), ("scenario-a.json", '[{"test": "a"}]')):
            with self.subTest(file=file):
                path = self.results / file
                path.write_text(text, encoding="utf-8")
                self.assertEqual(self.run_coverage(), 2)
                self.assertIn(file, self.errors)
                path.unlink()

    def test_a_verdict_nobody_knows_is_not_taken_for_a_pass(self):
        self.json("python-a.json", [{"test": "a", "covers": ["RC-OPEN"], "verdict": "ok"}])
        self.assertEqual(self.run_coverage(), 2)


class MarkerTest(ResultsFolder):
    """covers.py feeds coverage.py."""

    def run_python(self, case_class):
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(case_class)
        return marker.run(suite, "made_up", self.results, io.StringIO())

    def test_writes_ids_and_verdicts(self):
        class MadeUp(unittest.TestCase):
            @marker.covers("RC-OPEN")
            def test_passes(self):
                pass

            @marker.covers("RC-ABORTED")
            def test_skips(self):
                self.skipTest("no browser")

            @marker.covers("WEB-SUBMIT")
            def test_fails_in_a_subtest(self):
                with self.subTest(row=1):
                    self.fail("wrong")

        self.assertEqual(self.run_python(MadeUp), 1)
        verdicts = {
            record["covers"][0]: record["verdict"]
            for record in json.loads((self.results / "python-made_up.json").read_text(encoding="utf-8"))
        }
        self.assertEqual(verdicts, {"RC-OPEN": "passed", "RC-ABORTED": "skipped", "WEB-SUBMIT": "failed"})
        self.assertEqual(self.run_coverage(), 0)
        self.assertEqual(self.last, "proved 1 of 3")

    def test_a_setup_that_raises_leaves_its_tests_failed(self):
        class MadeUp(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                raise OSError("no server")

            @marker.covers("RC-OPEN")
            def test_anything(self):
                pass

        self.assertEqual(self.run_python(MadeUp), 1)
        self.run_coverage()
        self.assertEqual(self.last, "proved 0 of 3")

    def test_all_skipped_is_not_a_pass(self):
        @unittest.skip("package missing")
        class MadeUp(unittest.TestCase):
            @marker.covers("RC-OPEN")
            def test_anything(self):
                pass

        self.assertEqual(self.run_python(MadeUp), marker.SKIPPED_EXIT)

    def test_class_and_method_marks_add_up(self):
        @marker.covers("RC-OPEN")
        class MadeUp(unittest.TestCase):
            @marker.covers("WEB-SUBMIT", "RC-OPEN")
            def test_anything(self):
                pass

        self.assertEqual(self.run_python(MadeUp), 0)
        self.run_coverage()
        self.assertEqual(self.last, "proved 2 of 3")


if __name__ == "__main__":
    unittest.main()
