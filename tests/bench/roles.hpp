#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// What this program does when it measures itself in a process of its own: each prints its numbers to stdout as
// "name=value name=value" and returns the exit status.
using Arguments = std::vector<std::string>;

// PHONES SECONDS SERVER [SYSLOG]: a fleet of one shard whose phones resync without pause. Prints "begin" when each
// has done so once, then the numbers of the seconds that follow.
int fetchingFleet(const Arguments& arguments);
// PHONES THREADS: a day in virtual time.
int virtualDay(const Arguments& arguments);
// PHONES SERVER: the memory of a fleet that has resynced and idles.
int idleFleet(const Arguments& arguments);
// The server that gives each phone of idleFleet its own profile: prints "port=N", then serves until it is ended.
int profileServer(const Arguments& arguments);
// FILE: decodes a capture into NDJSON that nobody reads.
int decodeCapture(const Arguments& arguments);
inline constexpr std::size_t packetBytes = 100;  // of each packet of the rows about captures
// SECONDS: captures what it sends itself over virtual Ethernet in a network of its own.
int liveCapture(const Arguments& arguments);
// BYTES: passes a capture of that size through a pipe into a ring of files, and looks at its own memory.
int captureRing(const Arguments& arguments);

}  // namespace bench
