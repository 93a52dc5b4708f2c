"""Requirement ids for tests written in Python's unittest, the counterpart of covers.hpp.

    from covers import covers, main

    class PageTest(unittest.TestCase):
        @covers("WEB-SUBMIT", "WEB-REFRESH-SHOWS")
        def test_submit_changes_the_value(self): ...

    if __name__ == "__main__":
        main()

main() runs the tests of the calling script as unittest.main() would and, if the environment variable
PHONERIG_RESULTS names a folder, writes python-<script>.json there for coverage.py, the script named with its folder:
    [{"test": "browser.pages_test.PageTest.test_submit…", "covers": ["WEB-SUBMIT", …], "verdict": "passed|failed|skipped"}]
Exit status: 0 passed, 1 failed, 77 if every test was skipped (CTest's SKIP_RETURN_CODE).
"""

import json
import os
import pathlib
import sys
import unittest

SKIPPED_EXIT = 77


def covers(*ids):
    """Names the requirements that a test method, or every test of a class, proves when it passes."""

    def mark(target):
        target.covered_ids = list(getattr(target, "covered_ids", [])) + [str(one) for one in ids]
        return target

    return mark


def covered_by(test):
    method = getattr(test, test._testMethodName, None)
    named = getattr(type(test), "covered_ids", []) + getattr(method, "covered_ids", [])
    return list(dict.fromkeys(named))


class _Verdicts(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.verdicts = {}  # test id -> verdict; the worst one of its subtests stays

    def _note(self, test, verdict):
        if self.verdicts.get(test.id()) != "failed":
            self.verdicts[test.id()] = verdict

    def addSuccess(self, test):
        super().addSuccess(test)
        if self.verdicts.get(test.id()) != "skipped":  # a skipped subtest leaves its part unproved
            self._note(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test, "failed")

    def addError(self, test, err):
        super().addError(test, err)
        self._note(test, "failed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(getattr(test, "test_case", test), "skipped")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._note(test, "failed")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._note(test, "skipped")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._note(test, "failed")


def _flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from _flatten(item)
        else:
            yield item


def run(suite, script, results=None, stream=None):
    """Runs a suite, writes results/python-<script>.json when results is given, returns the exit status."""
    tests = list(_flatten(suite))
    covered = {test.id(): covered_by(test) for test in tests}  # a suite drops its tests while it runs
    outcome = unittest.TextTestRunner(stream=stream, verbosity=2, resultclass=_Verdicts).run(suite)
    # What a failed or skipped setUpClass kept from running has no verdict of its own.
    unrun = "skipped" if outcome.wasSuccessful() else "failed"
    records = [
        {
            "test": f"{script}.{identity.removeprefix('__main__.')}",
            "covers": ids,
            "verdict": outcome.verdicts.get(identity, unrun),
        }
        for identity, ids in covered.items()
    ]
    if results:
        folder = pathlib.Path(results)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"python-{script}.json").write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    if not outcome.wasSuccessful():
        return 1
    if records and all(record["verdict"] == "skipped" for record in records):
        return SKIPPED_EXIT
    return 0


def main():
    """Runs the tests of the calling script, or those named as arguments (Class or Class.test)."""
    module = sys.modules["__main__"]
    loader = unittest.defaultTestLoader
    names = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    path = pathlib.Path(module.__file__).resolve()
    script = ".".join([path.parent.name, path.stem, *names])
    sys.exit(run(suite, script, os.environ.get("PHONERIG_RESULTS")))
