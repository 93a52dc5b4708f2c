#include "hwbridge/drive/xml_leaves.hpp"
#include "tests/fuzz/target.hpp"

// What a phone exports; every element that is listed has a name.
FUZZ_TARGET(xml_leaves)
{
    const auto leaves = hwbridge::readXmlLeaves(fuzz::text(data, size));
    if (!leaves.has_value())
        return 0;
    for (const hwbridge::XmlLeaf& leaf : leaves.value())
        fuzz::require(!leaf.name.empty(), "an element has a name");
    return 0;
}
