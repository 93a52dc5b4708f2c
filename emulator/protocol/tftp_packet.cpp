#include "emulator/protocol/tftp_packet.hpp"

#include "emulator/base/overloaded.hpp"

#include <fmt/format.h>

#include <optional>

namespace emulator {

namespace {

enum class Opcode : std::uint16_t { Read = 1, Write = 2, Data = 3, Ack = 4, Error = 5, Oack = 6 };

std::uint16_t readNumber(std::string_view bytes, std::size_t at)
{
    const auto octet = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(bytes[i]));
    };
    return static_cast<std::uint16_t>(octet(at) << 8 | octet(at + 1));
}

void appendNumber(std::string& packet, std::uint16_t value)
{
    packet.push_back(static_cast<char>(value >> 8));
    packet.push_back(static_cast<char>(value & 0xff));
}

void appendText(std::string& packet, std::string_view text)
{
    packet.append(text).push_back('\0');
}

// Takes one zero-terminated text off the front; nothing when its end is missing.
std::optional<std::string_view> takeText(std::string_view& rest)
{
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos)
        return std::nullopt;
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return text;
}

std::string lowerCase(std::string_view text)
{
    std::string result{text};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

Result<TftpOptions> decodeOptions(std::string_view rest)
{
    TftpOptions options;
    while (!rest.empty()) {
        const auto option = takeText(rest);
        const auto value = option ? takeText(rest) : std::nullopt;
        if (!value || option->empty())
            return fail(ErrorKind::Malformed,
                        "TFTP options: expected a name and a value, each ended by a zero");
        options.emplace_back(*option, *value);
    }
    return options;
}

template <class Request>
Result<TftpPacket> decodeRequest(std::string_view rest)
{
    const auto file = takeText(rest);
    const auto mode = file ? takeText(rest) : std::nullopt;
    if (!mode)
        return fail(ErrorKind::Malformed, "TFTP request: expected a file and a mode, each ended by a zero");
    Result<TftpOptions> options = decodeOptions(rest);
    if (!options.has_value())
        return fail(options.error());
    return TftpPacket{Request{std::string{*file}, lowerCase(*mode), std::move(*options)}};
}

Result<TftpPacket> decodeError(std::string_view datagram)
{
    if (datagram.size() < 4)
        return fail(ErrorKind::Malformed, "TFTP error packet without a code");
    const std::string_view text = datagram.substr(4);
    return TftpPacket{TftpError{static_cast<TftpErrorCode>(readNumber(datagram, 2)),
                                std::string{text.substr(0, text.find('\0'))}}};
}

void appendOptions(std::string& packet, const TftpOptions& options)
{
    for (const auto& [option, value] : options) {
        appendText(packet, option);
        appendText(packet, value);
    }
}

std::string startPacket(Opcode opcode, std::size_t size)
{
    std::string packet;
    packet.reserve(size);
    appendNumber(packet, static_cast<std::uint16_t>(opcode));
    return packet;
}

template <class Request>
std::string encodeRequest(Opcode opcode, const Request& request)
{
    std::string packet = startPacket(opcode, 2 + request.file.size() + 1 + request.mode.size() + 1);
    appendText(packet, request.file);
    appendText(packet, request.mode);
    appendOptions(packet, request.options);
    return packet;
}

}  // namespace

Result<TftpPacket> decodeTftp(std::string_view datagram)
{
    if (datagram.size() < 2)
        return fail(ErrorKind::Malformed,
                    fmt::format("TFTP packet of {} bytes; expected at least 2", datagram.size()));
    const std::uint16_t opcode = readNumber(datagram, 0);
    switch (static_cast<Opcode>(opcode)) {
    case Opcode::Read:
        return decodeRequest<TftpRead>(datagram.substr(2));
    case Opcode::Write:
        return decodeRequest<TftpWrite>(datagram.substr(2));
    case Opcode::Data:
        if (datagram.size() < 4)
            return fail(ErrorKind::Malformed, "TFTP data packet without a block number");
        return TftpPacket{TftpData{readNumber(datagram, 2), datagram.substr(4)}};
    case Opcode::Ack:
        if (datagram.size() != 4)
            return fail(ErrorKind::Malformed,
                        fmt::format("TFTP acknowledgement of {} bytes; expected 4", datagram.size()));
        return TftpPacket{TftpAck{readNumber(datagram, 2)}};
    case Opcode::Error:
        return decodeError(datagram);
    case Opcode::Oack: {
        Result<TftpOptions> options = decodeOptions(datagram.substr(2));
        if (!options.has_value())
            return fail(options.error());
        return TftpPacket{TftpOack{std::move(*options)}};
    }
    }
    return fail(ErrorKind::Malformed, fmt::format("TFTP packet of type {}; expected 1 to 6", opcode));
}

std::string encode(const TftpPacket& packet)
{
    return std::visit(Overloaded{
                          [](const TftpRead& p) { return encodeRequest(Opcode::Read, p); },
                          [](const TftpWrite& p) { return encodeRequest(Opcode::Write, p); },
                          [](const TftpData& p) {
                              std::string bytes = startPacket(Opcode::Data, 4 + p.bytes.size());
                              appendNumber(bytes, p.block);
                              bytes.append(p.bytes);
                              return bytes;
                          },
                          [](const TftpAck& p) {
                              std::string bytes = startPacket(Opcode::Ack, 4);
                              appendNumber(bytes, p.block);
                              return bytes;
                          },
                          [](const TftpError& p) {
                              std::string bytes = startPacket(Opcode::Error, 4 + p.message.size() + 1);
                              appendNumber(bytes, static_cast<std::uint16_t>(p.code));
                              appendText(bytes, p.message);
                              return bytes;
                          },
                          [](const TftpOack& p) {
                              std::string bytes = startPacket(Opcode::Oack, 64);
                              appendOptions(bytes, p.options);
                              return bytes;
                          },
                      },
                      packet);
}

}  // namespace emulator
