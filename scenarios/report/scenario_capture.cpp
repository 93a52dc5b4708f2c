#include "scenarios/report/scenario_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios {

namespace {

constexpr std::size_t enough = 256u << 10;  // bytes that are worth a write

// Whether the frame has this IPv4 address as source or destination.
bool concerns(std::string_view frame, emulator::IpAddress address)
{
    constexpr std::size_t source = 26;
    constexpr std::size_t destination = 30;
    std::string octets;
    for (const int shift : {24, 16, 8, 0})
        octets += static_cast<char>(address.value >> shift & 255);
    return frame.size() >= destination + 4 && frame.substr(12, 2) == std::string_view{"\x08\0", 2} &&
           (frame.substr(source, 4) == octets || frame.substr(destination, 4) == octets);
}

}  // namespace

ScenarioCapture::ScenarioCapture(std::string_view version, std::string_view interface, std::string_view title,
                                 Write write, std::size_t most)
    : m_write{std::move(write)},
      m_writer{fmt::format("phonerig {}", version)},
      m_most{most}
{
    m_described.name = interface;
    m_described.description = title;
    interfaceOf(hwbridge::LinkType::Ethernet);  // a scenario without packets is a capture as well
}

std::uint32_t ScenarioCapture::interfaceOf(hwbridge::LinkType link)
{
    const auto [place, isNew] = m_interfaces.try_emplace(link, 0);
    if (isNew) {
        m_described.link = link;
        place->second = m_writer.addInterface(m_described);
    }
    return place->second;
}

void ScenarioCapture::name(std::span<const StagePhone> phones)
{
    for (const StagePhone& phone : phones)
        m_writer.addPhone(phone.address, phone.mac);
}

void ScenarioCapture::packetSeen(const hwbridge::Packet& packet)
{
    ++m_packets;
    m_last = packet.at;
    m_held.push_back({packet, std::string{packet.bytes}});
    m_heldBytes += packet.bytes.size() + sizeof(Held);
    while (m_heldBytes > m_most)
        writeFirst({});
}

void ScenarioCapture::writeFirst(std::string_view comment)
{
    Held& first = m_held.front();
    first.packet.bytes = first.bytes;
    m_writer.addPacket(interfaceOf(first.packet.link), first.packet, comment);
    m_heldBytes -= first.bytes.size() + sizeof(Held);
    m_held.pop_front();
    if (m_writer.bytes().size() >= enough)
        flush();
}

void ScenarioCapture::flush()
{
    m_write(m_writer.bytes());
    m_writer.clear();
}

void ScenarioCapture::comment(std::map<std::size_t, std::string>& comments, const CaseResult& result,
                              const StepResult& step) const
{
    const auto decided = hwbridge::WallNanoseconds{emulator::wallTime(result.wall, step.ended)};
    const auto after = std::partition_point(m_held.begin(), m_held.end(),
                                            [&](const Held& held) { return held.packet.at <= decided; });
    std::size_t place = after == m_held.begin() ? 0 : static_cast<std::size_t>(after - m_held.begin()) - 1;
    const auto failedIt = [&](const Held& held) {
        return std::any_of(step.outcomes.begin(), step.outcomes.end(), [&](const PhoneOutcome& outcome) {
            const auto number = static_cast<std::size_t>(outcome.phone);
            return number < result.phones.size() && concerns(held.bytes, result.phones[number].address);
        });
    };
    for (std::size_t i = place + 1; i-- > 0;)
        if (failedIt(m_held[i])) {
            place = i;
            break;
        }
    std::string& text = comments[place];
    text +=
        fmt::format("{}{}:{}: failed: {}", text.empty() ? "" : "\n", result.file, step.place.line, step.text);
    for (const PhoneOutcome& outcome : step.outcomes) {
        const auto number = static_cast<std::size_t>(outcome.phone);
        if (number < result.phones.size())
            text += fmt::format("\n{}: {}", result.phones[number].name, outcome.seen);
    }
    if (!step.note.empty())
        text += fmt::format("\n{}", step.note);
}

std::map<std::size_t, std::string> ScenarioCapture::comments(const CaseResult& result) const
{
    std::map<std::size_t, std::string> comments;
    if (!m_held.empty())
        for (const StepResult& step : result.steps)
            if (step.status == StepStatus::Failed)
                comment(comments, result, step);
    return comments;
}

void ScenarioCapture::end(const CaseResult& result, std::uint64_t dropped)
{
    const std::map<std::size_t, std::string> said = comments(result);
    const std::size_t count = m_held.size();
    for (std::size_t i = 0; i < count; ++i) {
        const auto here = said.find(i);
        writeFirst(here == said.end() ? std::string_view{} : std::string_view{here->second});
    }
    // The interface that packets were on says how many there were; what it lost it lost there.
    const std::uint32_t interface = m_interfaces.begin()->second;
    m_writer.addCounts(interface, m_last, {m_packets, dropped});
    flush();
}

}  // namespace scenarios
