#include "emulator/web/execute.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/xml_text.hpp"
#include "emulator/phone/digest_login.hpp"
#include "emulator/phone/xml_command.hpp"
#include "emulator/protocol/xml_execute.hpp"
#include "emulator/web/form.hpp"
#include "emulator/web/web_access.hpp"
#include "emulator/web/web_response.hpp"
#include "emulator/web/web_view.hpp"

namespace emulator {
namespace {

WebAnswer errorObject(const Phone& phone, int status, std::string_view why)
{
    const std::string name = phone.model().productName + "Error";
    return {webResponse(status, xmlType, "<" + name + ">" + escapeXml(why) + "</" + name + ">\n"), {}};
}

// Nothing for those who may pass.
std::optional<WebAnswer> askForLogin(const Phone& phone, TimePoint now, const HttpRequest& request)
{
    const std::string_view mode = valueOf(phone, "CISCO_XML_EXE_Auth_Mode");
    const std::string userPassword{valueOf(phone, "User_Password")};
    if (mode == "Trusted" || (mode == "Local Credential" && userPassword.empty()))
        return std::nullopt;
    std::vector<HttpCredentials> logins;
    if (mode == "Local Credential")
        logins = {{"user", userPassword}, {"admin", std::string{valueOf(phone, "Admin_Password")}}};
    else
        logins = {
            {std::string{valueOf(phone, "XML_User_Name")}, std::string{valueOf(phone, "XML_Password")}}};

    const std::string_view given = request.fields.first("Authorization");
    const DigestLogin digest{phone, now, phone.model().productName, "/CGI/Execute"};
    DigestLogin::Verdict verdict = DigestLogin::Verdict::Missing;
    for (const HttpCredentials& login : logins) {
        if (login.password.empty())
            continue;
        verdict = std::max(verdict, digest.judge(given, request.method, login));
        if (verdict == DigestLogin::Verdict::Good || givesBasic(given, login.user, login.password))
            return std::nullopt;
    }
    WebAnswer answer = errorObject(phone, 401, "A password is needed.");
    answer.response.fields.add("WWW-Authenticate", digest.challenge(verdict));
    answer.response.fields.add("WWW-Authenticate", "Basic realm=\"" + phone.model().productName + "\"");
    return answer;
}

// The object itself, or the field of a form that holds it.
Result<std::string> objectIn(const HttpRequest& request)
{
    const std::string_view body = request.body ? std::string_view{*request.body} : std::string_view{};
    const std::string_view type = request.fields.first("Content-Type");
    if (!equalsAnyCase(type.substr(0, type.find_first_of("; ")), "application/x-www-form-urlencoded") ||
        body.starts_with('<'))
        return std::string{body.substr(0, maxXmlExecuteBytes + 1)};
    const Result<FormFields> form = parseForm(body);
    if (form.has_error())
        return fail(form.error());
    for (const auto& [name, value] : *form)
        if (name == "XML")
            return value;
    return fail(ErrorKind::Malformed, "expected the field XML in the form");
}

}  // namespace

WebAnswer answerExecute(const Phone& phone, TimePoint now, const HttpRequest& request, IpAddress requester)
{
    if (comesFromForeignPage(request))
        return errorObject(phone, 403, "A page of another host sent this.");
    if (std::optional<WebAnswer> ask = askForLogin(phone, now, request))
        return std::move(*ask);
    const Result<std::string> object = objectIn(request);
    if (object.has_error())
        return errorObject(phone, object.error().kind == ErrorKind::TooLarge ? 413 : 400,
                           object.error().detail);
    Result<ResyncCommanded> command = readXmlCommand(phone, *object, requester);
    if (command.has_error()) {
        const ErrorKind kind = command.error().kind;
        return errorObject(phone,
                           kind == ErrorKind::Refused    ? 403
                           : kind == ErrorKind::TooLarge ? 413
                                                         : 400,
                           command.error().detail);
    }
    const std::string name = phone.model().productName + "Response";
    return {webResponse(200, xmlType,
                        "<" + name + "><ResponseItem Status=\"0\" Data=\"Success\"/></" + name + ">\n"),
            {std::move(*command)}};
}

}  // namespace emulator
