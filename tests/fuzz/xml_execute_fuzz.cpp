#include "emulator/protocol/xml_execute.hpp"
#include "tests/fuzz/target.hpp"

// Whatever is posted as an object, one is read whole or refused with a reason.
FUZZ_TARGET(xml_execute)
{
    using namespace emulator;
    const Result<XmlExecute> object = parseXmlExecute(fuzz::text(data, size));
    if (object.has_value())
        fuzz::require(!object->product.empty() && object->url.size() <= maxXmlExecuteBytes, "a whole object");
    else
        fuzz::require(!object.error().detail.empty(), "a reason");
    return 0;
}
