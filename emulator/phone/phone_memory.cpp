#include "emulator/phone/phone_logic.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

// What survives a power cut, as bytes.
// Shape:  "phonerig 1\n", then records: a letter, its numbers and texts, each text as "<length>:<bytes>".
//         F <load>                        the firmware that runs, unless it is the model's
//         I <load>                        the firmware in the other partition
//         A <number>                      what Upgrade_Rule was attempted for last
//         P <name> <source> <value>       a parameter that differs from its factory default
//         R <wall time, µs> <reason>      a restart, newest first
// Our own form: what real phones keep in flash is not published.

namespace emulator {

namespace {

constexpr std::string_view head = "phonerig 1\n";

void appendText(std::string& out, std::string_view text)
{
    fmt::format_to(std::back_inserter(out), " {}:{}", text.size(), text);
}

// Reads what appendText and numbers wrote; any read past a fault fails.
class Reader {
public:
    explicit Reader(std::string_view bytes) : m_rest{bytes} {}

    bool atEnd() const { return m_rest.empty(); }
    bool good() const { return m_good; }

    char letter()
    {
        if (m_rest.empty())
            return bad<char>();
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        return c;
    }

    std::int64_t number()
    {
        if (!m_rest.starts_with(' '))
            return bad<std::int64_t>();
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(m_rest.data() + 1, m_rest.data() + m_rest.size(), value);
        if (error != std::errc{})
            return bad<std::int64_t>();
        m_rest.remove_prefix(static_cast<std::size_t>(end - m_rest.data()));
        return value;
    }

    std::string_view text()
    {
        const std::int64_t length = number();
        if (!m_good || length < 0 || !m_rest.starts_with(':') ||
            static_cast<std::uint64_t>(length) > m_rest.size() - 1)
            return bad<std::string_view>();
        const std::string_view value = m_rest.substr(1, static_cast<std::size_t>(length));
        m_rest.remove_prefix(1 + value.size());
        return value;
    }

    void lineEnd()
    {
        if (letter() != '\n')
            m_good = false;
    }

private:
    template <class T>
    T bad()
    {
        m_good = false;
        m_rest = {};
        return T{};
    }

    std::string_view m_rest;
    bool m_good = true;
};

}  // namespace

std::string Phone::memory() const
{
    std::string out{head};
    if (m_firmware) {
        if (m_firmware->running) {
            out += 'F';
            appendText(out, m_firmware->running->load);
            out += '\n';
        }
        if (!m_firmware->inactive.empty()) {
            out += 'I';
            appendText(out, m_firmware->inactive);
            out += '\n';
        }
        if (m_firmware->attempted != 0 && m_firmware->failures == 0)
            fmt::format_to(std::back_inserter(out), "A {}\n",
                           static_cast<std::int64_t>(m_firmware->attempted));
    }
    for (const ParameterSet::Kept& kept : m_parameters.kept()) {
        out += 'P';
        appendText(out, m_parameters.schema().at(kept.id).name);
        fmt::format_to(std::back_inserter(out), " {}", static_cast<int>(kept.source));
        appendText(out, kept.value);
        out += '\n';
    }
    if (m_history)
        for (const auto& [at, reason] : m_history->reboots)
            fmt::format_to(std::back_inserter(out), "R {} {}\n", at.time_since_epoch().count(),
                           static_cast<int>(reason));
    return out;
}

Result<void> Phone::restore(std::string_view memory)
{
    const Error damaged =
        fail(ErrorKind::Corrupt, fmt::format("the kept memory of {} is damaged", m_mac.colons()));
    if (!memory.starts_with(head))
        return damaged;
    Reader reader{memory.substr(head.size())};
    std::vector<ParameterSet::Kept> values;
    History history;
    Boxed<Firmware> firmware;
    while (!reader.atEnd()) {
        switch (reader.letter()) {
        case 'F': {
            Result<FirmwareVersion> version = FirmwareVersion::parse(reader.text(), model().loadPrefix);
            if (!version.has_value())
                return damaged;
            firmware.ensure().running = *std::move(version);
            break;
        }
        case 'I': {
            const std::string_view load = reader.text();
            if (!FirmwareVersion::parse(load, model().loadPrefix).has_value())
                return damaged;
            firmware.ensure().inactive = load;
            break;
        }
        case 'A':
            firmware.ensure().attempted = static_cast<std::uint64_t>(reader.number());
            break;
        case 'P': {
            const std::optional<ParamId> id = m_parameters.schema().find(reader.text());
            const std::int64_t source = reader.number();
            const std::string_view value = reader.text();
            if (source < 0 || source > static_cast<int>(ValueSource::Rule))
                return damaged;
            if (id)  // a parameter of another firmware is dropped
                values.push_back({*id, std::string{value}, static_cast<ValueSource>(source)});
            break;
        }
        case 'R': {
            const std::int64_t at = reader.number();
            const std::int64_t reason = reader.number();
            if (reason < 0 || reason > static_cast<int>(RebootReason::UserTriggered) ||
                history.reboots.size() == history.reboots.capacity())
                return damaged;
            history.reboots.push_back({WallTime{Duration{at}}, static_cast<RebootReason>(reason)});
            break;
        }
        default:
            return damaged;
        }
        reader.lineEnd();
        if (!reader.good())
            return damaged;
    }
    m_firmware = std::move(firmware);
    m_parameters.restore(values);
    if (!history.reboots.empty())
        m_history.emplace(std::move(history));
    return {};
}

}  // namespace emulator
