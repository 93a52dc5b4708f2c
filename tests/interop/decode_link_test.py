#!/usr/bin/env python3
"""ARP, ICMP, LLDP and CDP as phonerig and tshark decode them, from kernels, busybox and lldpd on a captured cable."""

import os
import sys

from cable import CableTest, need_programs
from captured import named, number
from foreign_servers import program
from network_namespace_test import FAR, NEAR
from own_network import main
from phones import until


class NeighbourTest(CableTest):
    """ARP and ICMP, as the kernel and busybox send them."""

    def test_arp_and_icmp_are_read_alike(self):
        need_programs(busybox="busybox")
        self.near.run("busybox", "ping", "-c", "2", FAR)
        self.near.run("busybox", "arping", "-c", "2", "-I", "near0", FAR)
        self.near.run("busybox", "arping", "-c", "1", "-U", "-I", "near0", NEAR, check=False)
        self.near.run("busybox", "arping", "-D", "-c", "1", "-I", "near0", "10.98.77.99", check=False)
        code = f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(({FAR!r}, 6969)); s.send(b'x')"
        self.near.run(sys.executable, "-c", code)
        decoded = self.decoded()
        arp = decoded.agree(["arp."], "arp", {
            "kind": ("arp.opcode", named({1: "arp.request", 2: "arp.reply"})),
            "sender_mac": "arp.src.hw_mac", "sender_ip": "arp.src.proto_ipv4",
            "target_mac": "arp.dst.hw_mac", "target_ip": "arp.dst.proto_ipv4",
            # tshark calls probes so only when their target has no address.
            "note": ("arp.isgratuitous", lambda values: "announcement" if values else None,
                     lambda note: None if note == "probe" else note),
        }, at_least=6)  # fmt: skip
        self.assertEqual({event.get("note") for event in arp}, {None, "announcement", "probe"})
        icmp = decoded.agree(["icmp."], "icmp", {
            "type": ("icmp.type", number), "code": ("icmp.code", number),
            "id": ("icmp.ident", number), "sequence": ("icmp.seq", number),
            "quoted_from": ("ip.src udp.srcport", quoted), "quoted_to": ("ip.dst udp.dstport", quoted),
        }, at_least=5)  # fmt: skip
        self.assertIn("port unreachable", {event["name"] for event in icmp})
        self.assertEqual([len(group) for group in self.groups(event for event in icmp if "id" in event)], [2, 2])


def quoted(addresses, ports):
    """An end in the second pair of headers, of a packet that quotes one."""
    return f"{addresses[1]}:{ports[0]}" if len(addresses) > 1 else None


class DiscoveryTest(CableTest):
    """lldpd as a switch that tells phones their VLAN."""

    SETTINGS = ("configure med policy application voice tagged vlan 110 priority voice dscp 46\n"
                "configure med power pse source primary priority high value 6300\n"
                "configure system hostname rig-switch\n")  # fmt: skip

    def announce(self, protocol, *words):
        need_programs(lldpd="lldpd")
        if not os.access(program("lldpcli"), os.X_OK):
            self.skipTest("lldpd is configured by lldpcli, which may not be run here")
        self.folder.chmod(0o755)  # it gives its privileges up before it reads
        settings = self.folder / "lldpd.conf"
        settings.write_text(self.SETTINGS)
        self.far_server("lldpd", "-d", "-I", "far0", "-u", self.folder / "lldpd.socket", "-O", settings, "-S", "a rig's switch",
                        "-m", FAR, *words)  # fmt: skip
        until(lambda: protocol in self.sniffer.file.read_bytes(), "an announcement")
        return self.decoded()

    def test_lldp_is_read_alike(self):
        decoded = self.announce(bytes.fromhex("0180c200000e"), "-M", "4")
        capabilities = "other repeater bridge wlan_access_pt router telephone docsis_cable_device station_only".split()
        shown = dict(zip(capabilities, "other repeater bridge wlan router telephone docsis station".split(), strict=True))
        events = decoded.agree(["lldp."], "lldp", {
            "chassis": "lldp.chassis.id.mac", "port": ("lldp.port.id lldp.port.id.mac", lambda text, mac: (text + mac)[0]),
            "ttl": ("lldp.time_to_live", number), "name": "lldp.tlv.system.name", "description": "lldp.tlv.system.desc",
            "port_description": "lldp.port.desc", "management": "lldp.mgn.addr.ip4",
            "capabilities": (" ".join(f"lldp.tlv.enable_system_cap.{one}" for one in capabilities), lambda *columns: " ".join(
                shown[one] for one, values in zip(capabilities, columns, strict=True) if values[-1] in ("1", "True")) or None),
            "vlan": ("lldp.media.vlan_id", number),
            "policy": ("lldp.media.tag_flag lldp.media.l2_prio lldp.media.dscp", lambda tag, priority, dscp:
                       f"voice {'tagged' if tag[0] in ('1', 'True') else 'untagged'} priority {int(priority[0], 0)} dscp {int(dscp[0], 0)}"),
            "power": ("lldp.media.power.value", lambda values: int(values[0], 0) * 100),
            "serial": "lldp.media.sn", "manufacturer": "lldp.media.manufacturer", "model": "lldp.media.model",
            "firmware": "lldp.media.firmware", "software": "lldp.media.software", "hardware": "lldp.media.hardware",
        })  # fmt: skip
        self.assertEqual((events[0]["vlan"], events[0]["policy"], events[0]["power"]),
                         (110, "voice tagged priority 5 dscp 46", 6300))  # fmt: skip

    def test_cdp_is_read_alike(self):
        decoded = self.announce(bytes.fromhex("01000ccccccc"), "-ll", "-ccccc")
        decoded.agree(["cdp."], "cdp", {
            "device": "cdp.deviceid", "platform": "cdp.platform", "version": "cdp.software_version", "port": "cdp.portid",
            "ttl": ("cdp.ttl", number), "native_vlan": ("cdp.native_vlan", number), "addresses": "cdp.nrgyz.ip_address",
        })  # fmt: skip


if __name__ == "__main__":
    main()
