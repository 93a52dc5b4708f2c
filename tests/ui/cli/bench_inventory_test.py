#!/usr/bin/env python3
"""phonerig bench list --inventory: what is taken as an inventory, and that its JSON Schema says the same."""

import json
import pathlib
import re

import jsonschema
import yaml

from bench_rig import BenchTest
from covers import main
from rig_process import run

ROOT = pathlib.Path(__file__).resolve().parents[3]


class InventoryTest(BenchTest):
    def test_list_shows_an_inventory_without_a_daemon(self):
        code, out, _ = run("bench", "list", "--inventory", self.inventory)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)^alice +CP-7841-3PCC +00:0e:08:00:00:01 +headset$")
        self.assertRegex(out, r"(?m)^bob +CP-7832-3PCC +192\.0\.2\.8 +headset lobby$")

    def test_what_is_wrong_is_said_line_by_line(self):
        wrong = self.write("wrong.yaml", "bench: lab\nphones:\n  alice: { modle: x, mac: 1 }\n")
        code, out, err = run("bench", "serve", "--inventory", wrong, "--socket", self.socket)
        self.assertEqual((code, out), (2, ""))
        self.assertIn('wrong.yaml:3:12: found the key "modle"', err)
        self.assertIn('did you mean "model"?', err)
        self.assertIn("expected a MAC such as", err)

    def test_a_model_that_no_scenario_knows_is_said_with_the_nearest(self):
        for model in ("CP-7832", "CP-7832-PCC"):
            with self.subTest(model=model):
                typed = self.write("typed.yaml", f"bench: lab\nphones:\n  alice: {{ model: {model}, address: 192.0.2.8 }}\n")
                code, out, err = run("bench", "list", "--inventory", typed)
                self.assertEqual(code, 0)
                self.assertIn("alice", out)
                self.assertIn(f"typed.yaml: alice is a {model}, which no scenario knows; did you mean CP-7832-3PCC?", err)

    def test_a_file_without_end_is_read_to_its_limit(self):
        code, out, err = run("bench", "list", "--inventory", "/dev/zero")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("/dev/zero", err)

    def test_the_schema_and_the_reader_agree(self):
        class Yaml12(yaml.SafeLoader):
            """The core schema of YAML 1.2, as the reader and editors take it: `on` is a text."""

            yaml_implicit_resolvers = {}

        for tag, form, first in (
            ("null", r"^(~|null|)$", ["~", "n", ""]),
            ("bool", r"^(true|false)$", ["t", "f"]),
            ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
            ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", list("-+.0123456789")),
        ):
            Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(form), first)
        code, text, _ = run("bench", "list", "--schema")
        self.assertEqual(code, 0)
        self.assertEqual(text, (ROOT / "hwbridge" / "bench" / "bench.schema.json").read_text(encoding="utf-8"))
        schema = json.loads(text)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for entry, right in PHONES.items():
            with self.subTest(entry=entry):
                content = f"bench: lab\nphones:\n  alice: {entry}\n"
                file = self.write("one.yaml", content)
                by_reader = run("bench", "list", "--inventory", file)[0] == 0
                by_schema = validator.is_valid(yaml.load(content, Loader=Yaml12))
                self.assertEqual((by_reader, by_schema), (right, right))
        for content, right in FILES.items():
            with self.subTest(content=content):
                file = self.write("one.yaml", content)
                self.assertEqual(run("bench", "list", "--inventory", file)[0] == 0, right)
                self.assertEqual(validator.is_valid(yaml.load(content, Loader=Yaml12)), right)


POE = "power: { poe: { host: s, port: 7, version: %s } }"
PHONES = {
    "{ model: M, mac: 00:0e:08:00:00:01 }": True,
    "{ model: M, mac: 000E08aabbcc, address: 192.0.2.1, firmware: 11.3.1 }": True,
    "{ model: M }": False,
    "{ mac: 000e08aabbcc }": False,
    "{ model: M, mac: 000e08aabb }": False,
    "{ model: M, address: 192.0.2.256 }": False,
    "{ model: M, address: 192.0.2.01 }": False,
    "{ model: M, address: 192.0.2.1, adress: 192.0.2.1 }": False,
    "{ model: M, address: 192.0.2.1, web: { port: 8078, user: user, password: env:A_1 } }": True,
    "{ model: M, address: 192.0.2.1, web: { port: 0 } }": False,
    "{ model: M, address: 192.0.2.1, web: { port: http } }": False,
    "{ model: M, address: 192.0.2.1, web: { password: hunter2 } }": False,
    "{ model: M, address: 192.0.2.1, web: { protocol: https, certificate: any } }": True,
    "{ model: M, address: 192.0.2.1, web: { protocol: http, certificate: 'file:pki/phones.pem' } }": True,
    "{ model: M, address: 192.0.2.1, web: { certificate: 'sha256:" + "aB" * 32 + "' } }": True,
    "{ model: M, address: 192.0.2.1, web: { certificate: 'sha256:" + ":".join(["0F"] * 32) + "' } }": True,
    "{ model: M, address: 192.0.2.1, web: { certificate: 'sha256:" + "ab" * 31 + "' } }": False,
    "{ model: M, address: 192.0.2.1, web: { certificate: 'sha256:" + "gb" * 32 + "' } }": False,
    "{ model: M, address: 192.0.2.1, web: { certificate: 'file:' } }": False,
    "{ model: M, address: 192.0.2.1, web: { certificate: phones.pem } }": False,
    "{ model: M, address: 192.0.2.1, web: { certificate: [any] } }": False,
    "{ model: M, address: 192.0.2.1, web: { protocol: HTTPS } }": False,
    "{ model: M, address: 192.0.2.1, web: { protocol: tftp } }": False,
    "{ model: M, address: 192.0.2.1, sip_port: 5061 }": True,
    "{ model: M, address: 192.0.2.1, sip_port: 0 }": False,
    "{ model: M, address: 192.0.2.1, sip_port: 65536 }": False,
    "{ model: M, address: 192.0.2.1, web: { password: 'file:' } }": False,
    "{ model: M, address: 192.0.2.1, capture: { interface: eth1 } }": True,
    "{ model: M, address: 192.0.2.1, capture: { interface: eth1, filter: [192.0.2.0/24, 000e08aabbcc] } }": True,
    "{ model: M, address: 192.0.2.1, capture: { filter: 192.0.2.1 } }": False,
    "{ model: M, address: 192.0.2.1, capture: { interface: eth1, filter: host 192.0.2.1 } }": False,
    "{ model: M, address: 192.0.2.1, may: [upgrade, factory_reset] }": True,
    "{ model: M, address: 192.0.2.1, may: upgrade }": True,
    "{ model: M, address: 192.0.2.1, may: [reboot] }": False,
    "{ model: M, address: 192.0.2.1, tags: [a, b-c, d_e.f, 7] }": True,
    "{ model: M, address: 192.0.2.1, tags: [a b] }": False,
    "{ model: M, address: 192.0.2.1, power: person }": True,
    "{ model: M, address: 192.0.2.1, power: persons }": False,
    "{ model: M, address: 192.0.2.1, power: { person: person } }": False,
    "{ model: M, address: 192.0.2.1, power: { command: { on: [/bin/relay, 3], off: /bin/off } } }": True,
    "{ model: M, address: 192.0.2.1, power: { command: { on: [/bin/relay, 3], off: /bin/off, probe: [/bin/is, 3] } } }": True,
    "{ model: M, address: 192.0.2.1, power: { command: { on: [/bin/relay, 3], off: /bin/off, cycle: [/x] } } }": False,
    "{ model: M, address: 192.0.2.1, power: { command: { on: [/bin/relay, 3] } } }": False,
    "{ model: M, address: 192.0.2.1, power: { command: { on: [relay, 3], off: /bin/off } } }": False,
    "{ model: M, address: 192.0.2.1, power: { command: { on: [], off: /x } } }": False,
    "{ model: M, address: 192.0.2.1, power: { pdudaemon: { url: 'http://p:1', host: h, port: 1 } } }": True,
    "{ model: M, address: 192.0.2.1, power: { pdudaemon: { url: 'ftp://p:1', host: h, port: 1 } } }": False,
    "{ model: M, address: 192.0.2.1, power: { pdudaemon: { url: 'http://p:1', host: h } } }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "2c, community: env:C" + " }": True,
    "{ model: M, address: 192.0.2.1, " + POE % "2c, group: 2, community: file:a/b" + " }": True,
    "{ model: M, address: 192.0.2.1, " + POE % "2c" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "2c, community: public" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "1, community: env:C" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "2c, community: env:C, user: u" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "3, user: u" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "3, user: u, authentication: sha256, authentication_password: env:A, "
    "privacy_password: env:B" + " }": True,
    "{ model: M, address: 192.0.2.1, " + POE % "3, user: u, authentication_password: env:A, privacy: des, "
    "privacy_password: env:B" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "3, user: u, authentication_password: env:A" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "3, user: u, privacy_password: env:B" + " }": False,
    "{ model: M, address: 192.0.2.1, " + POE % "3, user: u, authentication: sha1, authentication_password: env:A, "
    "privacy_password: env:B" + " }": False,
    "{ model: M, address: 192.0.2.1, power: { poe: { host: s, port: 0, version: 3, user: u } } }": False,
    "{ model: M, address: 192.0.2.1, power: {} }": False,
}
FILES = {
    "bench: lab\nphones: { a: { model: M, mac: 000e08aabbcc } }\n": True,
    "bench: lab\nheartbeat: 15s\nlongest_lease: 1.5h\ncapture: { interface: eth1 }\n"
    "phones: { a: { model: M, mac: 000e08aabbcc } }\n": True,
    "phones: { a: { model: M, mac: 000e08aabbcc } }\n": False,
    "bench: the lab\nphones: { a: { model: M, mac: 000e08aabbcc } }\n": False,
    "bench: lab\nphones: {}\n": False,
    "bench: lab\n": False,
    "bench: lab\nheartbeat: soon\nphones: { a: { model: M, mac: 000e08aabbcc } }\n": False,
    "bench: lab\nphone: { a: { model: M, mac: 000e08aabbcc } }\n": False,
    "bench: lab\nphones: { 'a b': { model: M, mac: 000e08aabbcc } }\n": False,
    "bench: lab\nphones: [a]\n": False,
}

if __name__ == "__main__":
    main()
