#!/usr/bin/env python3
"""phonerig profile check: what it says, in which form, and its exit codes."""

import gzip
import json
import pathlib
import subprocess
import tempfile
import unittest

from covers import main
from rig_process import run

GOOD = "<flat-profile>\n<GPP_A>12345678</GPP_A>\n</flat-profile>\n"
MIXED = """<flat-profile>
<GPP_A>12345678</GPP_A>
<Profil_Rule>/a.xml</Profil_Rule>
<Provision_Enable>perhaps</Provision_Enable>
<Serial_Number>88012BA01234</Serial_Number>
<Forced_Resync_Delay>65536</Forced_Resync_Delay>
</flat-profile>
"""
KEYS = ["taken", "unknown", "malformed", "read_only", "out_of_range"]


class ProfileCheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, content, name="profile.xml"):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def check(self, *words):
        return run("profile", "check", *words)

    def json(self, *words):
        code, out, err = self.check(*words, "--json")
        return code, json.loads(out), err

    def openssl(self, content, *words):
        source = self.file(content, "plain")
        target = str(self.folder / "secret.cfg")
        subprocess.run(["openssl", "enc", *words, "-in", source, "-out", target], check=True, stderr=subprocess.DEVNULL)
        return target

    def test_a_right_profile_gives_0(self):
        code, found, err = self.json(self.file(GOOD))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(found["taken"], [{"name": "GPP_A", "line": 2}])
        self.assertEqual([found[key] for key in KEYS[1:]], [[], [], [], []])
        self.assertEqual((found["model"], found["file"].split("/")[-1]), ("CP-7832-3PCC", "profile.xml"))

    def test_wrong_parameters_give_1_and_are_named_with_their_lines(self):
        code, found, _ = self.json(self.file(MIXED))
        self.assertEqual(code, 1)
        self.assertEqual(
            {key: [(one["name"], one["line"]) for one in found[key]] for key in KEYS},
            {
                "taken": [("GPP_A", 2)],
                "unknown": [("Profil_Rule", 3)],
                "malformed": [("Provision_Enable", 4)],
                "read_only": [("Serial_Number", 5)],
                "out_of_range": [("Forced_Resync_Delay", 6)],
            },
        )
        self.assertEqual(found["unknown"][0]["nearest"], "Profile_Rule")

    def test_people_get_lines_and_a_summary_without_colours_in_a_pipe(self):
        code, out, err = self.check(self.file(MIXED))
        self.assertEqual((code, err), (1, ""))
        self.assertIn("line 3  Profil_Rule", out)
        self.assertIn("the nearest is Profile_Rule", out)
        self.assertIn("1 taken, 1 unknown, 1 malformed, 1 read-only, 1 out of range", out.splitlines()[-1])
        self.assertNotIn("\x1b", out)

    def test_what_is_no_profile_gives_2_and_one_sentence(self):
        for content in ("", "GPP_A = 1", "<flat-profile><GPP_A>", b"\x00\x01\x02", "<a/>"):
            path = self.file(content)
            code, out, err = self.check(path)
            self.assertEqual((code, out, len(err.splitlines())), (2, "", 1), content)
            self.assertIn("not a profile", err)
            code, found, _ = self.json(path)
            self.assertEqual(code, 2)
            self.assertIn("not a profile", found["error"])
        code, _, err = self.check(str(self.folder / "nothing.xml"))
        self.assertEqual(code, 2)
        self.assertIn("nothing.xml", err)
        self.assertEqual(self.check(str(self.folder))[0], 2)

    def test_it_opens_what_openssl_and_gzip_made(self):
        packed = gzip.compress(GOOD.encode())
        self.assertEqual(self.check(self.file(packed))[0], 0)
        for content in (GOOD, packed):
            for digest in ("md5", "sha256"):
                path = self.openssl(content, "-aes-256-cbc", "-k", "MyOwnSecret", "-md", digest)
                self.assertEqual(self.check(path, "--key", "MyOwnSecret")[0], 0)
                self.assertEqual(self.check(path, "--key", "MyOwnSecrets")[0], 2)
                self.assertEqual(self.check(path)[0], 2)
        key = "0123456789abcdef" * 4
        path = self.openssl(GOOD, "-aes-256-cbc", "-K", key, "-iv", "0" * 32)
        self.assertEqual(self.check(path, "--key", key)[0], 0)

    def test_a_key_may_stand_in_a_file_and_is_never_shown(self):
        path = self.openssl(GOOD, "-aes-256-cbc", "-k", "MyOwnSecret", "-md", "md5")
        self.assertEqual(self.check(path, "--key-file", self.file("MyOwnSecret\n", "key"))[0], 0)
        code, out, err = self.check(path, "--key-file", self.file("OtherSecret\n", "key"))
        self.assertEqual(code, 2)
        self.assertNotIn("OtherSecret", out + err)
        self.assertEqual(self.check(path, "--key-file", str(self.folder / "none"))[0], 2)
        self.assertEqual(self.check(path, "--key", "a", "--key-file", path)[0], 2)

    def test_an_alias_map_reads_another_form(self):
        path = self.file("<a>\n<x>1</x></a>")
        aliases = self.file("/x = /flat-profile/GPP_A ;\n", "aliases")
        code, found, _ = self.json(path, "--alias-file", aliases)
        self.assertEqual((code, found["taken"]), (0, [{"name": "GPP_A", "line": 2}]))

    def test_model_and_firmware_decide(self):
        path = self.file("<flat-profile><User_ID_4_>1</User_ID_4_></flat-profile>")
        self.assertEqual(self.check(path, "--model", "CP-7841-3PCC")[0], 0)
        self.assertEqual(self.check(path, "--model", "CP-7832-3PCC")[0], 1)
        code, _, err = self.check(path, "--model", "CP-7833-3PCC")
        self.assertEqual(code, 2)
        self.assertIn("CP-7832-3PCC", err)
        code, found, _ = self.json(self.file(GOOD), "--firmware", "11.0.1")
        self.assertEqual(code, 0)
        self.assertIn("11-0-1", found["firmware"])

    def test_no_secret_of_a_profile_is_shown(self):
        path = self.file("<flat-profile><Admin_Password>" + "secret" * 5000 + "</Admin_Password></flat-profile>")
        code, out, err = self.check(path, "--json")
        self.assertEqual(code, 1)
        self.assertNotIn("secret", out + err)

    def test_wrong_words_are_said(self):
        for words in (("profile",), ("profile", "chek", "a"), ("profile", "check")):
            code, out, err = run(*words)
            self.assertEqual((code, out, len(err.splitlines())), (2, "", 1), err)
        self.assertIn("expected check", run("profile", "chek")[2])
        self.assertIn("did you mean --model?", self.check(self.file(GOOD), "--modl", "x")[2])


if __name__ == "__main__":
    main()
