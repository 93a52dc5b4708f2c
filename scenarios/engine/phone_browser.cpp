#include "scenarios/engine/phone_browser.hpp"

#include "emulator/base/base64.hpp"
#include "emulator/profile/expat_position.hpp"
#include "emulator/runtime/phone_host.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <memory>

namespace scenarios {

namespace {

void appendEncoded(std::string& out, char c)
{
    out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
}

std::string formText(std::string_view text)
{
    constexpr std::string_view plain = "*-._";
    std::string out;
    for (const char c : text) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            plain.find(c) != std::string_view::npos)
            out += c;
        else if (c == ' ')
            out += '+';
        else
            appendEncoded(out, c);
    }
    return out;
}

struct Search {
    std::string_view name;
    std::optional<std::string> value;
    int inside = 0;  // levels below the element; 0: outside
};

void XMLCALL begins(void* user, const XML_Char* name, const XML_Char**)
{
    auto& search = *static_cast<Search*>(user);
    if (search.inside > 0) {
        ++search.inside;
    } else if (search.name == name) {
        search.inside = 1;
        search.value = "";
    }
}

void XMLCALL ends(void* user, const XML_Char*)
{
    auto& search = *static_cast<Search*>(user);
    if (search.inside > 0)
        --search.inside;
}

void XMLCALL hears(void* user, const XML_Char* text, int length)
{
    auto& search = *static_cast<Search*>(user);
    if (search.inside == 1)
        search.value->append(text, static_cast<std::size_t>(length));
}

}  // namespace

emulator::HttpRequest pageRequest(const StagePhone& phone, std::string_view target,
                                  const std::optional<Login>& login, Visitor visitor)
{
    emulator::HttpRequest request;
    request.target.clear();
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f || c == '"' || c == '<' || c == '>')
            appendEncoded(request.target, c);
        else
            request.target += c;
    }
    request.fields.add("Host", phone.address.text());
    request.fields.add("User-Agent", visitor == Visitor::Rig ? std::string{emulator::PhoneHost::rigUserAgent}
                                                             : std::string{personUserAgent});
    if (login)
        request.fields.add("Authorization", "Basic " + emulator::base64(login->user + ':' + login->password));
    return request;
}

emulator::HttpRequest postRequest(const StagePhone& phone, std::string_view target, std::string body,
                                  std::string type, const std::optional<Login>& login)
{
    emulator::HttpRequest request = pageRequest(phone, target, login);
    request.method = "POST";
    request.fields.add("Content-Type", std::move(type));
    request.body = emulator::shareBytes(std::move(body));
    return request;
}

emulator::HttpRequest submitRequest(const StagePhone& phone, std::string_view target,
                                    const std::vector<std::pair<std::string, std::string>>& fields,
                                    const std::optional<Login>& login)
{
    std::string body;
    for (const auto& [name, value] : fields)
        body += fmt::format("{}{}={}", body.empty() ? "" : "&", formText(name), formText(value));
    return postRequest(phone, target, std::move(body), "application/x-www-form-urlencoded", login);
}

bool hasField(std::string_view page, std::string_view name)
{
    return page.find(fmt::format("name=\"{}\"", name)) != std::string_view::npos;
}

emulator::Result<std::optional<std::string>> exportedValue(std::string_view xml, std::string_view name)
{
    Search search{name, {}, 0};
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser{
        XML_ParserCreate(nullptr), &XML_ParserFree};
    XML_SetUserData(parser.get(), &search);
    XML_SetElementHandler(parser.get(), &begins, &ends);
    XML_SetCharacterDataHandler(parser.get(), &hears);
    if (XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE) != XML_STATUS_OK)
        return emulator::fail(emulator::ErrorKind::Corrupt,
                              fmt::format("the configuration export is no XML: {} in line {}",
                                          XML_ErrorString(XML_GetErrorCode(parser.get())),
                                          emulator::expatPosition(parser.get()).line));
    return search.value;
}

}  // namespace scenarios
