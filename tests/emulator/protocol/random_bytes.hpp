#pragma once

#include "emulator/base/chance.hpp"

#include <string>
#include <string_view>

namespace emulator {

// Bytes for tests that feed garbage, the same ones in every run.
class RandomBytes {
public:
    explicit RandomBytes(std::uint64_t seed) : m_chance{Seed{seed}, MacAddress{}} {}

    std::size_t upTo(std::size_t most) { return static_cast<std::size_t>(m_chance.upTo(most)); }
    char octet() { return static_cast<char>(m_chance.upTo(255)); }

    std::string octets(std::size_t count)
    {
        std::string bytes;
        for (std::size_t i = 0; i < count; ++i)
            bytes.push_back(octet());
        return bytes;
    }

    // The text with up to `most` of its bytes changed, dropped or doubled.
    std::string damaged(std::string_view text, std::size_t most)
    {
        std::string bytes{text};
        for (std::size_t i = upTo(most); i > 0 && !bytes.empty(); --i) {
            const std::size_t at = upTo(bytes.size() - 1);
            switch (upTo(2)) {
            case 0:
                bytes[at] = octet();
                break;
            case 1:
                bytes.erase(at, 1 + upTo(3));
                break;
            default:
                bytes.insert(at, bytes.substr(at, 1 + upTo(7)));
            }
        }
        return bytes;
    }

private:
    Chance m_chance;
};

}  // namespace emulator
