#!/usr/bin/env python3
"""Runs one command N times at once, each run with its share of the work: shards.py N COMMAND...

Shape:  "{}" in an argument is the number of the run, from 1, so that each has files of its own; "--shard I/N" is added.
        A run's output comes as one piece, when it has ended.
Exit status: 0 when all runs ended with 0; 3 (invalid) when one did, as it outranks the others; else the highest.
"""

import concurrent.futures
import subprocess
import sys


def run(number, count, command):
    words = [word.replace("{}", str(number)) for word in command] + ["--shard", f"{number}/{count}"]
    ended = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    sys.stdout.buffer.write(f"--- shard {number} of {count}: exit code {ended.returncode}\n".encode() + ended.stdout)
    sys.stdout.flush()
    return ended.returncode


def main(arguments):
    count, command = int(arguments[0]), arguments[1:]
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        codes = list(pool.map(lambda number: run(number, count, command), range(1, count + 1)))
    return 3 if 3 in codes else max(codes, key=abs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
