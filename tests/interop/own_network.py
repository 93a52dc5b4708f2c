"""Tests that capture, or make network namespaces, are root's: for an ordinary user the whole test runs in a user and a network
namespace of its own, in which that user is root.

main() takes the place of covers.main(). Where the kernel grants no such namespaces, the tests skip and say why. With
uidmap the namespace has all users, without it none but root: tcpdump and in.tftpd do not run then.
"""

import os
import subprocess
import sys

import covers
from foreign_servers import PATH

BEGIN = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


def enter():
    """Starts the program that runs again, in a network of its own; comes back where it need not, or must not."""
    os.environ["PATH"] = PATH  # ip, sysctl and servers are in folders that only root looks through
    if os.geteuid() == 0:
        return
    for users in (["--map-root-user", "--map-auto"], ["--map-root-user"]):
        words = ["unshare", *users, "--net", *BEGIN]
        if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            os.execvp(words[0], [*words, sys.executable, *sys.argv])


def main():
    enter()
    covers.main()
