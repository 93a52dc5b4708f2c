#include "emulator/profile/parameter_set.hpp"

#include "emulator/base/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emulator {

namespace {

std::string_view attribute(UserAccess access)
{
    switch (access) {
    case UserAccess::None:
        return "na";
    case UserAccess::ReadOnly:
        return "ro";
    case UserAccess::ReadWrite:
        return "rw";
    }
    return "na";
}

}  // namespace

std::string exportConfiguration(const ParameterSet& parameters, const ExportChoice& choice)
{
    const std::span<const Parameter> all = parameters.schema().all();
    std::string out;
    out.reserve((choice.only == nullptr ? all.size() : choice.only->size()) * 72);
    out += "<flat-profile>\n";
    std::string_view section;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Parameter& parameter = all[i];
        const ParamId id{static_cast<std::uint16_t>(i)};
        const bool chosen =
            choice.only == nullptr || std::binary_search(choice.only->begin(), choice.only->end(), id);
        if (!parameter.exported || !chosen)
            continue;
        if (parameter.section != section && choice.only == nullptr) {
            section = parameter.section;
            out += fmt::format("<!-- {} -->\n", commentXml(section));
        }
        const std::string_view access = attribute(parameters.access(id));
        if (parameter.secret || parameter.type == ParamType::Password) {
            out += fmt::format("<!-- <{} ua=\"{}\"/> -->\n", parameter.name, access);
            continue;
        }
        const std::string replaced =
            choice.shown ? choice.shown(parameter, parameters.value(id)) : std::string{};
        const std::string_view value = choice.shown ? std::string_view{replaced} : parameters.value(id);
        if (value.empty()) {
            out += fmt::format("<{} ua=\"{}\"/>\n", parameter.name, access);
        } else {
            out += fmt::format("<{} ua=\"{}\">", parameter.name, access);
            appendXml(out, value);
            out += fmt::format("</{}>\n", parameter.name);
        }
        if (parameter.type == ParamType::Enum && !parameter.allowed.empty() && choice.only == nullptr)
            out += fmt::format("<!-- available options: {} -->\n",
                               commentXml(fmt::format("{}", fmt::join(parameter.allowed, "|"))));
    }
    out += "</flat-profile>\n";
    return out;
}

}  // namespace emulator
