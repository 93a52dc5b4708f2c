#include "tests/deviations/deviating_world.hpp"
#include "tests/deviations/deviation.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/profile/aes128gcm.hpp"

#include <algorithm>

namespace deviations {

namespace {

using emulator::HttpRequest;
using Alter = std::function<void(HttpRequest&)>;

class AlteredRequests : public DeviatingWorld {
public:
    AlteredRequests(emulator::PhoneWorld& real, Alter alter) : DeviatingWorld{real}, m_alter{std::move(alter)}
    {}
    void callHttp(PhoneIndex phone, FetchKey key, emulator::HttpCall call) override
    {
        m_alter(call.request);
        real().callHttp(phone, key, std::move(call));
    }

private:
    Alter m_alter;
};

void setField(HttpRequest& request, std::string_view name, std::string value)
{
    for (auto& [known, text] : request.fields.lines)
        if (known == name)
            text = std::move(value);
}

// Every part of the target that spells a phone's MAC in lower case.
void raiseMac(HttpRequest& request)
{
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    std::string& target = request.target;
    for (std::size_t at = target.find("000e08"); at != std::string::npos; at = target.find("000e08", at + 1))
        for (std::size_t i = at; i < target.size() && i < at + 12 && isHex(target[i]); ++i)
            target[i] = static_cast<char>(target[i] >= 'a' ? target[i] - 'a' + 'A' : target[i]);
}

void reportInTheClear(HttpRequest& request)
{
    if (!request.body || request.fields.first("Content-Encoding").empty())
        return;
    if (const auto clear = emulator::decryptAes128Gcm(*request.body, "plain words"); clear.has_value())
        request.body = std::make_shared<const std::string>(*clear);
    std::erase_if(request.fields.lines, [](const auto& line) { return line.first == "Content-Encoding"; });
}

void raise(std::string& text)
{
    for (char& c : text)
        c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

void lower(std::string& text)
{
    std::transform(text.begin(), text.end(), text.begin(), emulator::lowerAscii);
}

}  // namespace

Deviations httpRequestDeviations()
{
    const auto row = [](std::string_view name, std::string_view scenario, std::string_view description,
                        Alter alter) {
        return Deviation{name, scenario, description, inWorld<AlteredRequests>(std::move(alter))};
    };
    return {
        row("wrong-user-agent", "http", "gives its name as that of another maker",
            [](HttpRequest& r) { setField(r, "User-Agent", "Acme-Phone/1.0"); }),
        row("missing-header", "http", "does not say which charsets it takes",
            [](HttpRequest& r) {
                std::erase_if(r.fields.lines,
                              [](const auto& line) { return line.first == "Accept-Charset"; });
            }),
        row("extra-header", "http", "forbids caches to answer",
            [](HttpRequest& r) { r.fields.add("Cache-Control", "no-cache"); }),
        row("header-order", "http", "sends its header fields the other way round",
            [](HttpRequest& r) { std::reverse(r.fields.lines.begin(), r.fields.lines.end()); }),
        row("lower-case-header", "http", "writes the name of a header field in lower case",
            [](HttpRequest& r) {
                for (auto& [name, value] : r.fields.lines)
                    if (name == "Accept")
                        lower(name);
            }),
        row("wrong-host", "http", "names another host than the one it asks",
            [](HttpRequest& r) { setField(r, "Host", "provisioning.example"); }),
        row("lower-case-method", "http", "writes the method in lower case",
            [](HttpRequest& r) { lower(r.method); }),
        row("head-instead-of-get", "http", "asks for the head of the file only",
            [](HttpRequest& r) { r.method = "HEAD"; }),
        row("path-case", "http", "asks for the file in upper case", [](HttpRequest& r) { raise(r.target); }),
        row("double-slash", "http", "begins the path with two slashes",
            [](HttpRequest& r) { r.target = "/" + r.target; }),
        row("http-1-0", "http", "speaks HTTP/1.0", [](HttpRequest& r) { r.minor = 0; }),
        row("keep-alive", "http", "asks to keep the connection",
            [](HttpRequest& r) { r.fields.add("Connection", "keep-alive"); }),
        row("upper-case-mac", "http", "expands $MA in upper case", raiseMac),
        row("wrong-accept", "http", "takes HTML only",
            [](HttpRequest& r) { setField(r, "Accept", "text/html"); }),
        row("takes-compressed", "http", "takes compressed files",
            [](HttpRequest& r) { r.fields.add("Accept-Encoding", "gzip"); }),
        row("absolute-target", "http", "asks as if the server were a proxy",
            [](HttpRequest& r) { r.target = "http://" + std::string{r.fields.first("Host")} + r.target; }),
        row("encoded-target", "http", "writes the dot of a file name as %2E",
            [](HttpRequest& r) { r.target.replace(r.target.rfind('.'), 1, "%2E"); }),
        row("host-without-port", "http", "names its host without the port",
            [](HttpRequest& r) {
                const std::string host{r.fields.first("Host")};
                setField(r, "Host", host.substr(0, host.find(':')));
            }),
        row("query-with-mac", "http", "adds its MAC to what it asks for",
            [](HttpRequest& r) { r.target += "?mac=000e08000001"; }),
        row("host-twice", "http", "names its host twice",
            [](HttpRequest& r) { r.fields.add("Host", std::string{r.fields.first("Host")}); }),
        row("body-in-get", "http", "sends a body with its question",
            [](HttpRequest& r) { r.body = std::make_shared<const std::string>("hello"); }),
        row("credentials-before-challenge", "password",
            "sends credentials of somebody else before it is asked",
            [](HttpRequest& r) {
                if (r.fields.first("Authorization").empty())
                    r.fields.add("Authorization", "Basic YTpi");
            }),
        row("half-report", "report", "sends the first half of its report",
            [](HttpRequest& r) {
                if (r.body)
                    r.body = std::make_shared<const std::string>(r.body->substr(0, r.body->size() / 2));
            }),
        row("put-instead-of-post", "report", "sends reports by PUT",
            [](HttpRequest& r) { r.method = "PUT"; }),
        row("get-instead-of-post", "report", "asks for the report instead of sending it",
            [](HttpRequest& r) {
                r.method = "GET";
                r.body = nullptr;
                std::erase_if(r.fields.lines, [](const auto& line) { return line.first == "Content-Type"; });
            }),
        row("wrong-content-type", "report", "calls its report XML",
            [](HttpRequest& r) { setField(r, "Content-Type", "text/xml"); }),
        row("report-in-the-clear", "report-encrypted", "does not encrypt its report", reportInTheClear),
        row("empty-report", "report", "sends a report without anything in it",
            [](HttpRequest& r) { r.body = nullptr; }),
    };
}

}  // namespace deviations
