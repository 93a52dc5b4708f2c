#!/usr/bin/env python3
"""What phonerig says to wrong words, and which exit code tells scripts so."""

import json
import os
import pathlib
import re
import stat
import subprocess
import tempfile
import unittest

from covers import main
from rig_process import PHONERIG, RigTest, run

FLAGS = {
    "run": "--on --seed --threads --tag --strict --junit --html --events --steps --pcap --artefacts --results --shard --phones "
    "--live --no-live --verbose --inventory --known --wait --socket --connect --tls-ca --token-file --control --paused",
    "up": "--phones --model --firmware --first --mac --web-port --sip-port --dns --source --set --state --seed --threads "
    "--serve --json --for --metrics --pcap --control --device",
    "list": "--json",
    "validate": "PATH",
    "explain": "VERB",
    "doctor": "--phones --web-port --sip-port",
    "capture": "--interface --phone --write --for --ring-size --ring-age --ring-files",
    "decode": "--phone --json --ladder",
    "compare": "--html --json --rules --phone",
    "profile": "check",
    "profile check": "--key --key-file --ikm-file --alias-file --model --firmware --json",
    "firmware": "--hardware --size --output",
    "bench": "list check lease release serve",
    "bench list": "--socket --connect --tls-ca --token-file --inventory --json --schema",
    "bench check": "--socket --connect --tls-ca --token-file --inventory --json",
    "bench lease": "--socket --connect --tls-ca --token-file --tag --model --for --reason --wait --json",
    "bench release": "--socket --connect --tls-ca --token-file --kick --reason",
    "bench serve": "--inventory --socket --state --listen --tls-cert --tls-key --token-file",
}


class UsageTest(RigTest):
    def refused(self, *words):
        """One sentence on stderr, nothing on stdout, exit code 2."""
        code, out, err = run(*words)
        self.assertEqual((code, out), (2, ""), err)
        self.assertEqual(len(err.splitlines()), 1, err)
        self.assertTrue(err.startswith("phonerig: "), err)
        return err

    def test_firmware_refuses_names_that_no_phone_would_read(self):
        self.assertIn("--hardware", self.refused("firmware", "7.4.8"))
        self.assertIn("'sip78xx.newest' is not a firmware", self.refused("firmware", "sip78xx.newest"))

    def test_help_names_every_flag_and_gives_examples(self):
        code, out, _ = run("--help")
        self.assertEqual(code, 0)
        self.assertIn("Examples:", out)
        for command in FLAGS:
            self.assertIn(f"  {command.split()[0]} ", out)
        for command, flags in FLAGS.items():
            with self.subTest(command=command):
                code, out, err = run(*command.split(), "--help")
                self.assertEqual((code, err), (0, ""))
                self.assertIn("Example", out)
                for flag in flags.split():
                    self.assertIn(flag, out)

    def test_help_all_has_the_words_of_every_command(self):
        code, out, err = run("--help-all")
        self.assertEqual((code, err), (0, ""))
        for command, flags in FLAGS.items():
            section = out
            for depth, word in enumerate(command.split()):
                _, found, rest = section.partition(f"\n{'  ' * depth}{word}\n")
                self.assertTrue(found, f"{command} has no heading")
                section = re.split(rf"(?m)^ {{0,{2 * depth}}}[a-z]", rest, maxsplit=1)[0]
            for word in flags.split():
                with self.subTest(command=command, word=word):
                    self.assertRegex(section, rf"(?m)(^ *|,){word}\b")

    def test_version_is_one_line(self):
        code, out, _ = run("--version")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^phonerig \d+\.\d+\.\d+\n$")

    def test_without_a_command_the_commands_are_named(self):
        self.assertIn("run, up, profile, capture, decode, compare, bench, list, validate, explain, doctor or firmware", self.refused())

    def test_an_unknown_command_names_the_nearest(self):
        self.assertIn("did you mean validate?", self.refused("valdate", "x.yaml"))

    def test_an_unknown_option_names_the_nearest(self):
        self.assertIn("did you mean --phones?", self.refused("up", "--phone", "3"))
        self.assertIn("did you mean --strict?", self.refused("run", "--stirct", "x.yaml"))

        self.assertIn("did you mean --version?", self.refused("--verson"))

    def test_a_missing_value_is_said(self):
        self.assertIn("--phones: expected a value", self.refused("up", "--phones"))
        self.assertIn("PATH is required", self.refused("run"))

    def test_a_word_too_many_is_named(self):
        self.assertIn("up: found extra, expected nothing more", self.refused("up", "extra"))
        self.assertIn("found GPP_B=2, expected nothing more", self.refused("up", "--set", "GPP_A=1", "GPP_B=2"))
        self.assertIn("unknown command benhc; did you mean bench?", self.refused("benhc", "list"))
        self.assertIn("--on: found more than one, expected one value", self.refused("run", "x", "--on", "sim", "--on", "net"))

    def test_numbers_out_of_range_say_the_range(self):
        for words in (("--phones", "0"), ("--phones", "1000001"), ("--phones", "many"), ("--phones", "-1")):
            self.assertIn("expected a whole number from 1 to 1000000", self.refused("up", *words))
        self.assertIn("expected a port", self.refused("up", "--web-port", "99999"))
        self.assertIn("expected a number of seconds", self.refused("up", "--for", "soon"))

    def test_addresses_that_do_not_fit_are_refused(self):
        self.assertIn("--mac", self.refused("up", "--phones", "2", "--mac", "ff:ff:ff:ff:ff:ff"))
        self.assertIn("--mac", self.refused("up", "--mac", "00:0e:08"))
        self.assertIn("--first", self.refused("up", "--phones", "3", "--first", "127.255.255.253"))
        self.assertIn("--first", self.refused("up", "--first", "10.0.0.1"))
        self.assertIn("--first", self.refused("up", "--first", "::1"))

    def test_unknown_models_and_firmware_are_refused(self):
        self.assertIn("CP-7832-3PCC", self.refused("up", "--model", "CP-7833-3PCC"))
        self.assertIn("--firmware", self.refused("up", "--firmware", "eleven"))

    def test_wrong_settings_say_what_is_allowed(self):
        self.assertIn("did you mean GPP_A?", self.refused("up", "--set", "GPPA=1"))
        self.assertIn("expected Yes or No", self.refused("up", "--set", "Resync_On_Reset=maybe"))
        self.assertIn("whole number from", self.refused("up", "--set", "Resync_Random_Delay=soon"))
        self.assertIn("Name=Value", self.refused("up", "--set", "GPP_A"))
        self.assertIn("GPP_A is set twice", self.refused("up", "--set", "GPP_A=1", "--set", "GPP_A=2"))

    def test_a_folder_that_is_none_is_refused(self):
        self.assertIn("--serve", self.refused("up", "--serve", self.folder / "absent"))

    def test_one_port_for_two_things_is_refused(self):
        self.assertIn("--sip-port", self.refused("up", "--web-port", "9000", "--sip-port", "9000"))

    def test_wrong_endpoints_are_refused(self):
        self.assertIn("--metrics", self.refused("up", "--metrics", "9478"))
        self.assertIn("--dns", self.refused("up", "--dns", "1.2.3"))

    def test_a_target_that_is_none_names_the_targets(self):
        self.assertIn("sim", self.refused("run", "--on", "simm", "ex-tftp-resync"))

    def test_the_bench_is_unavailable(self):
        for target in ("bench:lab", "twin:lab"):
            code, out, err = run("run", "--on", target, "ex-tftp-resync")
            self.assertEqual((code, out, len(err.splitlines())), (4, "", 1), err)

    def test_a_shard_outside_its_parts_is_refused(self):
        for shard in ("3/2", "0/2", "1", "a/b", "1/"):
            self.assertIn("expected I/N", self.refused("run", "--shard", shard, "ex-tftp-resync"))


class OutputTest(RigTest):
    """What scripts give as files and as standard output."""

    def test_a_report_leaves_pipes_links_and_modes_as_they_are(self):
        good = self.write("good.yaml", GOOD)
        pipe, real, link = self.folder / "pipe", self.folder / "real.ndjson", self.folder / "link.ndjson"
        os.mkfifo(pipe)
        link.symlink_to(real)
        real.touch(0o640)
        with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
            self.assertEqual(run("run", good, "--on", "sim", "--events", pipe)[0], 0)
            events = reader.stdout.read()
        self.assertIn(b'"kind":"run.end"', events)
        self.assertEqual(run("run", good, "--on", "sim", "--events", link)[0], 0)
        self.assertTrue(link.is_symlink())
        self.assertEqual(real.read_bytes(), events)
        self.assertEqual(stat.S_IMODE(real.stat().st_mode), 0o640)

    def test_standard_output_is_no_report(self):
        good = self.write("good.yaml", GOOD)
        for words in (*(("run", good, "--on", "sim", flag) for flag in ("--junit", "--html", "--events", "--steps", "--pcap")),
                      ("compare", good, good, "--json"), ("up", "--pcap"), ("firmware", "sip78xx.12-0-1MPP0001-245", "--output")):  # fmt: skip
            with self.subTest(words=words):
                code, out, err = run(*words, "-")
                self.assertEqual((code, out), (2, ""), err)
                self.assertRegex(err, r"^phonerig: \w+: .*found -, expected the name of a file .*\n$")

    def test_an_output_that_cannot_be_written_is_said(self):
        with open("/dev/full", "w") as full:
            for words in (("list",), ("explain", "browse"), ("run", self.write("good.yaml", GOOD), "--on", "sim")):
                with self.subTest(words=words):
                    done = subprocess.run([PHONERIG, *map(str, words)], stdout=full, stderr=subprocess.PIPE, text=True,
                                          check=False, timeout=60)  # fmt: skip
                    self.assertEqual(done.returncode, 2)
                    self.assertEqual(done.stderr, "phonerig: cannot write standard output: No space left on device\n")

    def test_the_words_that_repeat_a_run_are_those_of_the_run(self):
        bad = self.write("a bad one.yaml", GOOD.replace('is: ""', 'is: "9"'))
        _, out, _ = run("run", bad, "--on", "sim", "--phones", 2, "--strict", "--seed", 5)
        self.assertIn(f"again: phonerig run '{bad}' --on sim --seed 5 --phones 2 --strict\n", out)

    def test_a_bench_without_a_daemon_to_look_for_is_unavailable(self):
        code, _, err = run("bench", "list", XDG_RUNTIME_DIR="")
        self.assertEqual((code, len(err.splitlines())), (4, 1), err)


class InformTest(RigTest):
    def test_list_names_scenarios_models_and_verbs(self):
        code, out, _ = run("list")
        self.assertEqual(code, 0)
        for word in ("ex-tftp-resync", "CP-7832-3PCC", "browse"):
            self.assertIn(word, out)

    def test_list_as_json_is_one_object(self):
        code, out, _ = run("list", "--json")
        self.assertEqual(code, 0)
        everything = json.loads(out)
        self.assertEqual(list(everything), ["scenarios", "models", "verbs"])
        models = {model["name"]: model for model in everything["models"]}
        self.assertEqual(models["CP-7861-3PCC"]["lines"], 16)
        scenarios = {scenario["name"]: scenario for scenario in everything["scenarios"]}
        self.assertIn("EX-TFTP-RESYNC", scenarios["ex-tftp-resync"]["covers"])
        self.assertIn("exercise", scenarios["ex-tftp-resync"]["tags"])

    def test_list_of_one_kind_has_only_that(self):
        code, out, _ = run("list", "models", "--json")
        self.assertEqual((code, list(json.loads(out))), (0, ["models"]))
        code, _, err = run("list", "model")
        self.assertEqual(code, 2)
        self.assertIn("did you mean models?", err)

    def test_firmware_writes_a_load_and_names_what_it_is_for(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "x.loads"
            code, out, err = run("firmware", "sip78xx.12-0-1MPP0001-245", "--output", str(file))
            self.assertEqual((code, out, err), (0, f"{file}: firmware sip78xx.12-0-1MPP0001-245 for sip78xx\n", ""))
            self.assertIn(b"\nhardware = sip78xx\nlength = 4096\n", file.read_bytes())

    def test_explain_prints_an_example(self):
        code, out, _ = run("explain", "browse")
        self.assertEqual(code, 0)
        self.assertIn("/admin/resync?", out)

    def test_explain_names_the_nearest_verb(self):
        code, out, err = run("explain", "brwose")
        self.assertEqual((code, out), (2, ""))
        self.assertIn('did you mean "browse"?', err)

    def test_validate_says_file_line_and_column(self):
        good = self.write("good.yaml", GOOD)
        wrong = self.write("wrong.yaml", GOOD.replace("- power", "- powr"))
        self.assertEqual(run("validate", good)[0], 0)
        code, out, _ = run("validate", good, wrong)
        self.assertEqual(code, 2)
        self.assertRegex(out, r"wrong\.yaml:4:\d+: .*powr")
        self.assertIn("power", out)
        self.assertEqual(run("validate", self.folder)[0], 2)

    def test_validate_names_what_is_not_there(self):
        code, _, err = run("validate", self.folder / "absent.yaml")
        self.assertEqual(code, 2)
        self.assertIn("absent.yaml", err)

    def test_doctor_says_whether_they_fit(self):
        code, out, _ = run("doctor", "--phones", "10")
        self.assertEqual(code, 0, out)
        self.assertIn("open files", out)
        self.assertIn("10 phones fit", out)


GOOD = """scenario: A phone that is switched on answers
phones: { model: CP-7832-3PCC, set: { Resync_On_Reset: "No" } }
steps:
  - power: on
  - expect: { param: GPP_A, is: "" }
"""


if __name__ == "__main__":
    main()
