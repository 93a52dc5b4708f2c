#include "emulator/profile/alias_map.hpp"

#include "emulator/profile/xml_start.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

constexpr std::string_view target = "/flat-profile/";

}  // namespace

Result<AliasMap> AliasMap::parse(std::string_view text)
{
    AliasMap map;
    while (true) {
        const std::size_t end = std::min(text.find(';'), text.size());
        const std::string_view entry = withoutXmlWhiteSpace(text.substr(0, end));
        if (!entry.empty()) {
            const std::size_t equals = entry.find('=');
            const std::string_view path = withoutXmlWhiteSpace(entry.substr(0, equals));
            const std::string_view right = equals == std::string_view::npos
                                               ? std::string_view{}
                                               : withoutXmlWhiteSpace(entry.substr(equals + 1));
            const bool named = right.starts_with(target) && right.size() > target.size() &&
                               right.find('/', target.size()) == std::string_view::npos;
            constexpr std::size_t quoted = 80;
            if (path.empty() || path == "/" || !named)
                return fail(ErrorKind::Malformed,
                            fmt::format("alias map: '{}'; expected /path/element = /flat-profile/NAME ;",
                                        entry.substr(0, quoted)));
            if (map.m_entries.size() == maxEntries)
                return fail(ErrorKind::Malformed,
                            fmt::format("alias map of more than {} entries", maxEntries));
            map.m_entries.push_back({path.starts_with('/') ? std::string{path} : fmt::format("/{}", path),
                                     std::string{right.substr(target.size())}});
        }
        if (end == text.size())
            break;
        text.remove_prefix(end + 1);
    }
    std::stable_sort(map.m_entries.begin(), map.m_entries.end(),
                     [](const Entry& a, const Entry& b) { return a.path.size() > b.path.size(); });
    return map;
}

std::string_view AliasMap::find(std::string_view path) const
{
    for (const Entry& entry : m_entries)
        if (path.ends_with(entry.path))
            return entry.parameter;
    return {};
}

}  // namespace emulator
