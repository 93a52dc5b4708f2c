#include "emulator/provisioning/macro.hpp"
#include "tests/fuzz/target.hpp"

namespace {

class Values : public emulator::MacroSource {
public:
    bool append(std::string_view name, std::string& out) const override
    {
        if (name != "MA" && name != "A" && name != "GPP_A")
            return false;
        out += "000e08012345";
        return true;
    }
};

}  // namespace

// No text without '$' changes, and no text grows beyond what its macros can add.
FUZZ_TARGET(macro)
{
    const std::string_view text = fuzz::text(data, size);
    const std::string expanded = emulator::expandMacros(text, Values{});
    fuzz::require(text.find('$') != std::string_view::npos || expanded == text, "text without macros stays");
    fuzz::require(expanded.size() <= text.size() * 7, "a macro adds its value once");
    return 0;
}
