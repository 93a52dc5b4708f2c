#include "hwbridge/drive/xml_leaves.hpp"

#include "emulator/profile/expat_position.hpp"
#include "emulator/profile/xml_start.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <memory>
#include <type_traits>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

constexpr int maxDepth = 64;

struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

struct LeafReading {
    Parser parser{XML_ParserCreate(nullptr)};
    std::vector<XmlLeaf> leaves;
    std::string text;
    bool isLeaf = false;
    int depth = 0;
    const char* stopped = nullptr;

    void stop(const char* reason)
    {
        stopped = reason;
        XML_StopParser(parser.get(), XML_FALSE);
    }
};

void elementBegins(void* user, const XML_Char*, const XML_Char**)
{
    auto& reading = *static_cast<LeafReading*>(user);
    reading.isLeaf = true;
    reading.text.clear();
    if (++reading.depth > maxDepth)
        reading.stop("more than 64 levels");
}

void elementEnds(void* user, const XML_Char* name)
{
    auto& reading = *static_cast<LeafReading*>(user);
    --reading.depth;
    if (std::exchange(reading.isLeaf, false)) {
        reading.leaves.push_back({name, std::string{emulator::withoutXmlWhiteSpace(reading.text)}});
        if (reading.leaves.size() == maxXmlLeaves)
            reading.stop("more than 65,536 elements");
    }
}

}  // namespace

Result<std::vector<XmlLeaf>> readXmlLeaves(std::string_view bytes)
{
    if (bytes.size() > maxXmlBytes) {
        return emulator::fail(ErrorKind::TooLarge, fmt::format("the XML has {} bytes, expected at most {}",
                                                               bytes.size(), maxXmlBytes));
    }
    LeafReading reading;
    const XML_Parser parser = reading.parser.get();
    XML_SetUserData(parser, &reading);
    XML_SetElementHandler(parser, elementBegins, elementEnds);
    XML_SetCharacterDataHandler(parser, [](void* user, const XML_Char* text, int length) {
        auto& self = *static_cast<LeafReading*>(user);
        if (self.isLeaf)
            self.text.append(text, static_cast<std::size_t>(length));
    });
    XML_SetStartDoctypeDeclHandler(parser,
                                   [](void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
                                       static_cast<LeafReading*>(user)->stop("a document type declaration");
                                   });
    if (XML_Parse(parser, bytes.data(), static_cast<int>(bytes.size()), XML_TRUE) != XML_STATUS_OK) {
        const char* const what =
            reading.stopped != nullptr ? reading.stopped : XML_ErrorString(XML_GetErrorCode(parser));
        const emulator::ExpatPosition where = emulator::expatPosition(parser);
        return emulator::fail(ErrorKind::Corrupt,
                              fmt::format("no XML as phones write it: {} at line {}, column {}", what,
                                          where.line, where.column));
    }
    return std::move(reading.leaves);
}

}  // namespace hwbridge
