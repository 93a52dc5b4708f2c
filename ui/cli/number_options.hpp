#pragma once

#include "emulator/base/ip_address.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace ui {

namespace detail {

template <class T>
struct Held {
    using Type = T;
};
template <class T>
struct Held<std::optional<T>> {
    using Type = T;
};

}  // namespace detail

// A whole number in a range.
template <class T>
CLI::Option* addNumber(CLI::App& app, const std::string& name, T& target, std::uint64_t least,
                       std::uint64_t most, const std::string& description)
{
    return app.add_option_function<std::string>(
        name,
        [&target, name, least, most](const std::string& text) {
            std::uint64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (text.empty() || error != std::errc{} || end != text.data() + text.size() || number < least ||
                number > most)
                throw CLI::ValidationError(
                    name, fmt::format("found {}, expected a whole number from {} to {}", text, least, most));
            target = static_cast<typename detail::Held<T>::Type>(number);
        },
        description);
}

inline constexpr std::uint64_t largestSeed = std::numeric_limits<std::int64_t>::max();  // as JSON shows it

inline constexpr std::uint64_t mostThreads = 256;  // our choice

inline void addThreads(CLI::App& app, unsigned& threads)
{
    addNumber(app, "--threads", threads, 1, mostThreads, "Threads for the phones; default: one per core")
        ->option_text("N");
}

inline void addPort(CLI::App& app, const std::string& name, std::uint16_t& target,
                    const std::string& description)
{
    CLI::Option* const option = app.add_option_function<std::string>(
        name,
        [&target, name](const std::string& text) {
            const emulator::Result<std::uint16_t> port = emulator::parsePort(text);
            if (!port.has_value())
                throw CLI::ValidationError(name,
                                           fmt::format("found {}, expected a port from 0 to 65535", text));
            target = *port;
        },
        description);
    option->option_text("PORT");
}

// Where phones answer browsers and SIP.
inline void addPhonePorts(CLI::App& app, std::uint16_t& web, std::uint16_t& sip)
{
    addPort(app, "--web-port", web, "Port of the phones' pages; default 8078, 0: a free one");
    addPort(app, "--sip-port", sip,
            "UDP port of the phones' SIP: NOTIFY and OPTIONS; default 5078, 0: a free one");
}

// A number of seconds from 0, whole or not.
inline CLI::Option* addSeconds(CLI::App& app, const std::string& name, std::optional<double>& target,
                               const std::string& description)
{
    CLI::Option* const option = app.add_option_function<std::string>(
        name,
        [&target, name](const std::string& text) {
            double seconds = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
            constexpr double longest = 1e8;  // three years
            if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= 0) ||
                seconds > longest)
                throw CLI::ValidationError(name, fmt::format("found {}, expected a number of seconds", text));
            target = seconds;
        },
        description);
    option->option_text("SECONDS");
    return option;
}

}  // namespace ui
