#pragma once

#include "emulator/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emulator {

inline constexpr std::size_t tftpBlockSize = 512;  // RFC 1350

enum class TftpErrorCode : std::uint16_t {
    NotDefined = 0,
    FileNotFound = 1,
    AccessViolation = 2,
    DiskFull = 3,
    IllegalOperation = 4,
    UnknownTransfer = 5,
    FileExists = 6,
    NoSuchUser = 7,
    OptionRefused = 8,
};

using TftpOptions = std::vector<std::pair<std::string, std::string>>;  // RFC 2347, in packet order

struct TftpRead {
    std::string file{};
    std::string mode = "octet";
    TftpOptions options{};
};
struct TftpWrite {
    std::string file{};
    std::string mode = "octet";
    TftpOptions options{};
};
struct TftpData {
    std::uint16_t block = 0;
    std::string_view bytes{};
};  // bytes: inside the datagram that was read
struct TftpAck {
    std::uint16_t block = 0;
};
struct TftpError {
    TftpErrorCode code = TftpErrorCode::NotDefined;
    std::string message{};
};
struct TftpOack {
    TftpOptions options;
};
using TftpPacket = std::variant<TftpRead, TftpWrite, TftpData, TftpAck, TftpError, TftpOack>;

// Reads one datagram (RFC 1350 section 5, RFC 2347).
// Shape:  the mode comes out in lower case (RFC 1350 lets any case stand for it); the message of an error packet may
//         lack its closing zero, as some servers send it. DATA may be longer than 512 bytes: RFC 2348 allows it, and
//         whoever did not ask for that judges it.
// Errors: Malformed, with what was expected.
Result<TftpPacket> decodeTftp(std::string_view datagram);
std::string encode(const TftpPacket& packet);

}  // namespace emulator
