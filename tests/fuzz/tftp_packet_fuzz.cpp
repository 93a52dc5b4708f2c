#include "emulator/protocol/tftp_packet.hpp"
#include "tests/fuzz/target.hpp"

// What is read can be written, and read again as the same bytes.
FUZZ_TARGET(tftp_packet)
{
    using namespace emulator;
    const Result<TftpPacket> packet = decodeTftp(fuzz::text(data, size));
    if (!packet.has_value())
        return 0;
    const std::string bytes = encode(*packet);
    const Result<TftpPacket> again = decodeTftp(bytes);
    fuzz::require(again.has_value() && encode(*again) == bytes, "writing and reading again is the identity");
    return 0;
}
