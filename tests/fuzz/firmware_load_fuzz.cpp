#include "emulator/phone/firmware_load.hpp"
#include "emulator/provisioning/version_literal.hpp"
#include "tests/fuzz/target.hpp"

// A load file, and the same bytes as the version that a rule compares.
FUZZ_TARGET(firmware_load)
{
    using namespace emulator;
    const std::string_view bytes = fuzz::text(data, size);
    (void)parseLoad(bytes, "sip7832");
    (void)hardwareOf(bytes);
    (void)loadNameOf(bytes);
    const std::optional<VersionLiteral> version = VersionLiteral::parse(bytes);
    if (version)
        fuzz::require(version->compare(*version) == std::strong_ordering::equal, "a version equals itself");
    return 0;
}
