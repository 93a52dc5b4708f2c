#pragma once

#include "emulator/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// Which elements of a foreign XML form are which parameters, as `--alias` names it in a GPP register.
// Shape:  "/CPE/SIP-Credentials/name = /flat-profile/Display_Name_1_ ; …", white space and new lines around every
//         part, the last ';' may be missing. The left path matches from its right end: "/name" is every <name>,
//         wherever it stands. Where several match, the longest path counts, of equal ones the first (our choice).
// Errors: Malformed, quoting the entry (not the value: there is none), for one without '=', an empty path or a right
//         side that is not /flat-profile/NAME; for more than 30. Our choice: a typo shows at the rig.
// Source: "Cisco Small Business IP Telephony Devices Provisioning Guide, Creating Provisioning Scripts", alias option;
//         GPP-USES.
class AliasMap {
public:
    static constexpr std::size_t maxEntries = 30;

    static Result<AliasMap> parse(std::string_view text);

    bool empty() const { return m_entries.empty(); }
    // The parameter's name for an element with this path from the root, "/CPE/SIP-Credentials/name"; empty: none.
    std::string_view find(std::string_view path) const;

private:
    struct Entry {
        std::string path;  // begins with '/'
        std::string parameter;
    };
    std::vector<Entry> m_entries;
};

}  // namespace emulator
