#!/usr/bin/env python3
"""Says which requirements the last test run proved.

Reads from the results folders, at any depth:
  *.xml            GoogleTest results; the ids stand in the property "covers" (covers.hpp)
  scenario-*.json  scenario runs: [{"scenario", "name", "target", "covers": [...], "verdict"}]
  python-*.json    Python tests: [{"test", "covers": [...], "verdict"}] (covers.py)

A requirement is proved if at least one test that names it passed and none that names it failed or was invalid.
A skipped test, or one that did not run, counts neither way. An id that docs/requirements.yaml does not list is
an error: exit status 1, each one named with its test, and no report is written.

Exit status: 0 report written, 1 unknown ids, 2 nothing to read or a file that cannot be read.
"""

import argparse
import collections
import json
import pathlib
import re
import sys
import textwrap
import xml.etree.ElementTree

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERDICTS = {"passed", "failed", "invalid", "skipped"}

# One test as it ran. `label` is how the report names it: instances of one parameterized test share it.
Test = collections.namedtuple("Test", "name label covers verdict")


class BadInput(Exception):
    """A file that cannot be used; the text says which, and what was expected."""


def read_requirements(path):
    """id -> area, in the order of the file."""
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return {entry["id"]: entry["area"] for entry in entries}
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise BadInput(f"{path}: expected a list of requirements with id and area: {error}") from error


def base_name(suite, name):
    """Suite.Test without the instance of a parameterized (Inst/Suite.Test/0) or typed (Suite/0.Test) test."""
    parts = [part for part in suite.split("/") if not part.isdigit()]
    return f"{parts[-1] if parts else suite}.{name.split('/')[0]}"


def read_googletest(path):
    try:
        root = xml.etree.ElementTree.parse(path).getroot()
    except xml.etree.ElementTree.ParseError as error:
        raise BadInput(f"{path}: expected GoogleTest XML: {error}") from error
    for case in root.iter("testcase"):
        suite, name = case.get("classname", ""), case.get("name", "")
        ids = []
        for prop in case.iter("property"):
            if prop.get("name") == "covers":
                ids += [one for one in prop.get("value", "").split(",") if one]
        if case.find("failure") is not None or case.find("error") is not None:
            verdict = "failed"
        elif case.get("status") == "run" and case.get("result", "completed") == "completed":
            verdict = "skipped" if case.find("skipped") is not None else "passed"
        else:
            verdict = "skipped"
        yield Test(f"{suite}.{name}", base_name(suite, name), ids, verdict)


def read_json(path):
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        for record in records:
            if record["verdict"] not in VERDICTS:
                raise ValueError(f"verdict is '{record['verdict']}', expected one of {', '.join(sorted(VERDICTS))}")
            ids = [str(one) for one in record["covers"]]
            if "scenario" in record:
                label = pathlib.PurePath(record["scenario"]).name
                yield Test(f"{record['scenario']} on {record['target']}", label, ids, record["verdict"])
            else:
                yield Test(record["test"], record["test"], ids, record["verdict"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path}: expected a list of results: {error!r}") from error


def read_results(folders):
    tests = []
    for folder in folders:
        if not folder.is_dir():
            raise BadInput(f"{folder}: no such folder of results; run the tests first (./rig test)")
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".xml":
                tests += read_googletest(path)
            elif path.match("scenario-*.json") or path.match("python-*.json"):
                tests += read_json(path)
    if not tests:
        raise BadInput(f"no test results in {', '.join(map(str, folders))}; run the tests first (./rig test)")
    return tests


class Coverage:
    def __init__(self, requirements, tests):
        self.requirements = requirements
        self.passed = collections.defaultdict(set)  # id -> labels of tests
        self.failed = collections.defaultdict(set)
        self.unknown = set()  # (test, id)
        for test in tests:
            for one in test.covers:
                if one not in requirements:
                    self.unknown.add((test.name, one))
                elif test.verdict == "passed":
                    self.passed[one].add(test.label)
                elif test.verdict in ("failed", "invalid"):
                    self.failed[one].add(test.name)

    def is_proved(self, one):
        return one in self.passed and one not in self.failed

    def proved(self):
        return [one for one in self.requirements if self.is_proved(one)]

    def areas(self):
        """(area, proved ids, open ids) in the order of the requirements file."""
        ids_of = collections.defaultdict(list)
        for one, area in self.requirements.items():
            ids_of[area].append(one)
        for area, ids in ids_of.items():
            yield area, [one for one in ids if self.is_proved(one)], [one for one in ids if not self.is_proved(one)]

    def summary(self):
        return f"proved {len(self.proved())} of {len(self.requirements)}"


def report(coverage):
    lines = [
        "# Requirement coverage",
        "",
        "Written by `./rig coverage` from the results of the last test run; not edited by hand. The requirements are",
        "in [requirements.yaml](requirements.yaml). One is proved if a test that names it passed and none that names it",
        "failed.",
        "",
        f"**{coverage.summary()}**",
        "",
        "| area | proved | all |",
        "| --- | ---: | ---: |",
    ]
    areas = list(coverage.areas())
    lines += [f"| {area} | {len(proved)} | {len(proved) + len(still)} |" for area, proved, still in areas]
    if coverage.failed:
        lines += ["", "## Named by a test that failed", "", "| id | failed test |", "| --- | --- |"]
        lines += [
            f"| {one} | {', '.join(cell(label) for label in sorted(coverage.failed[one]))} |"
            for one in coverage.requirements
            if one in coverage.failed
        ]
    lines += ["", "## Open", ""]
    for area, _, still in areas:
        if still:
            lines += textwrap.wrap(f"**{area}** ({len(still)}): " + ", ".join(still), 118, break_on_hyphens=False)
            lines.append("")
    lines += ["## Proved", "", "| id | by |", "| --- | --- |"]
    lines += [f"| {one} | {', '.join(cell(label) for label in sorted(coverage.passed[one]))} |" for one in coverage.proved()]
    return "\n".join(lines) + "\n"


def cell(text):
    """A test's name for a table cell: a bar would end the cell."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="coverage.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", nargs="+", type=pathlib.Path, help="folder(s) of test results, e.g. build/results")
    parser.add_argument("--requirements", type=pathlib.Path, default=ROOT / "docs" / "requirements.yaml", metavar="F")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs" / "coverage.md", metavar="F")
    options = parser.parse_args(arguments)

    try:
        coverage = Coverage(read_requirements(options.requirements), read_results(options.results))
    except BadInput as error:
        print(f"coverage: {error}", file=sys.stderr)
        return 2
    if coverage.unknown:
        for test, one in sorted(coverage.unknown):
            print(f"coverage: {test} names '{one}', which {options.requirements} does not list", file=sys.stderr)
        return 1

    options.output.write_text(report(coverage), encoding="utf-8")
    areas = list(coverage.areas())
    width = max(len(area) for area, _, _ in areas)
    for area, proved, still in areas:
        print(f"{area:<{width}}  {len(proved):>4} of {len(proved) + len(still):>4}")
    for one, labels in sorted(coverage.failed.items()):
        print(f"not counted, a test that names it failed: {one} ({', '.join(sorted(labels))})")
    print(f"report: {options.output}")
    print(coverage.summary())
    return 0


if __name__ == "__main__":
    sys.exit(main())
