#include "hwbridge/drive/xml_leaves.hpp"
#include "tests/fuzz/input.hpp"

// What a phone exports; every element that is listed has a name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto leaves = hwbridge::readXmlLeaves(fuzz::text(data, size));
    if (!leaves.has_value())
        return 0;
    for (const hwbridge::XmlLeaf& leaf : leaves.value())
        fuzz::require(!leaf.name.empty(), "an element has a name");
    return 0;
}
