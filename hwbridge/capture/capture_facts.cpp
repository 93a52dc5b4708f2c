#include "hwbridge/capture/capture_facts.hpp"

#include <algorithm>

namespace hwbridge {

namespace {

constexpr std::string_view phoneSuffix = ".phonerig";
constexpr std::size_t macDigits = 12;

}  // namespace

std::string phoneName(const emulator::MacAddress& phone)
{
    return phone.plain().append(phoneSuffix);
}

std::optional<emulator::MacAddress> phoneOfName(std::string_view name)
{
    if (name.size() != macDigits + phoneSuffix.size() || !name.ends_with(phoneSuffix))
        return {};
    const auto mac = emulator::MacAddress::parse(name.substr(0, macDigits));
    return mac.has_value() ? std::optional{*mac} : std::nullopt;
}

void CaptureNames::add(emulator::IpAddress address, std::string_view name)
{
    if (name.empty())
        return;
    if (name.size() > longestName || m_text.size() + name.size() > mostText ||
        (m_places.size() >= mostNames && !m_places.contains(address.value))) {
        ++m_leftOut;
        return;
    }
    const Place place{static_cast<std::uint32_t>(m_text.size()), static_cast<std::uint32_t>(name.size())};
    if (m_places.try_emplace(address.value, place).second)
        m_text.append(name);
}

std::optional<std::string_view> CaptureNames::of(emulator::IpAddress address) const
{
    const auto found = m_places.find(address.value);
    if (found == m_places.end())
        return {};
    return std::string_view{m_text}.substr(found->second.from, found->second.length);
}

std::optional<emulator::MacAddress> CaptureNames::phone(emulator::IpAddress address) const
{
    const std::optional<std::string_view> name = of(address);
    return name ? phoneOfName(*name) : std::nullopt;
}

std::vector<emulator::IpAddress> CaptureNames::addresses() const
{
    std::vector<emulator::IpAddress> all;
    all.reserve(m_places.size());
    for (const auto& [address, place] : m_places)
        all.push_back({address});
    std::sort(all.begin(), all.end());
    return all;
}

void CaptureFacts::addComment(std::uint64_t packet, std::string_view text)
{
    if (comments.size() >= mostComments || m_commentText + text.size() > mostCommentText)
        return;
    m_commentText += text.size();
    comments.push_back({packet, std::string{text}});
}

std::optional<std::uint64_t> CaptureFacts::dropped() const
{
    std::optional<std::uint64_t> sum;
    for (const CaptureInterface& interface : interfaces)
        if (interface.dropped)
            sum = sum.value_or(0) + *interface.dropped;
    return sum;
}

}  // namespace hwbridge
