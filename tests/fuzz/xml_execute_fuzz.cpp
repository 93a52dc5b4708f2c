#include "emulator/protocol/xml_execute.hpp"
#include "tests/fuzz/input.hpp"

// Whatever is posted as an object, one is read whole or refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace emulator;
    const Result<XmlExecute> object = parseXmlExecute(fuzz::text(data, size));
    if (object.has_value())
        fuzz::require(!object->product.empty() && object->url.size() <= maxXmlExecuteBytes, "a whole object");
    else
        fuzz::require(!object.error().detail.empty(), "a reason");
    return 0;
}
