#include "emulator/phone/xml_command.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/protocol/xml_execute.hpp"

#include <fmt/format.h>

namespace emulator {

namespace {

bool saysYes(const Phone& phone, std::string_view name)
{
    const std::optional<ParamId> id = phone.parameters().schema().find(name);
    return id && phone.parameters().isYes(*id);
}

}  // namespace

Result<ResyncCommanded> readXmlCommand(const Phone& phone, std::string_view object, IpAddress requester)
{
    for (const std::string_view name : {"CISCO_XML_EXE_Enable", "Provision_Enable"})
        if (!saysYes(phone, name))
            return fail(ErrorKind::Refused, fmt::format("{} is No", name));
    const Result<XmlExecute> read = parseXmlExecute(object);
    if (read.has_error())
        return read.error();
    const std::string& product = phone.model().productName;
    if (read->product != product)
        return fail(ErrorKind::Malformed,
                    fmt::format("XML object: expected {}Execute, that of another model was found", product));
    constexpr std::string_view command = "Resync:";
    if (!equalsAnyCase(std::string_view{read->url}.substr(0, command.size()), command))
        return fail(ErrorKind::Unsupported, "XML object: expected an item Resync:rule");
    return ResyncCommanded{read->url.substr(command.size()), requester, CommandedBy::XmlObject};
}

}  // namespace emulator
