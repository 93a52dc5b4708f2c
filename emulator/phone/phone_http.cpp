#include "emulator/phone/phone_logic.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/phone/phone_macros.hpp"

#include <charconv>

namespace emulator {

namespace {

std::optional<HttpCredentials> credentialsOf(std::string_view user, std::string_view password)
{
    if (user.empty())
        return std::nullopt;
    return HttpCredentials{std::string{user}, std::string{password}};
}

}  // namespace

void PhoneLogic::askByHttp(FetchRequest& fetch)
{
    const RuleOptions& options = m.m_running->options;
    fetch.userAgent = m.userAgent();
    const bool told = !options.user.empty() || !options.password.empty();
    fetch.credentials = told ? HttpCredentials{options.user, options.password} : profileAccount();
    goByProxy(fetch);
    if (fetch.credentials || fetch.proxy)
        fetch.luck = m.m_chance.next();
    if (options.post) {
        PhoneMacros macros{m, m_now};
        macros.url = &fetch.url;
        const std::string_view form = value(m_ids.gpp[static_cast<std::size_t>(*options.post - 'A')]);
        fetch.method = FetchMethod::Post;
        fetch.body = shareBytes(expandMacros(form, macros));
    }
}

// Of firmware loads, too: the guides give them the same table of answers (PROV-HTTP-UPGRADE-SAME), and no account of
// their own (our choice).
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Parameters", Profile Authentication Type
//         (RSYNC-AUTH-*).
std::optional<HttpCredentials> PhoneLogic::profileAccount() const
{
    const std::string_view type = value(m_ids.profileAuthenticationType);
    if (equalsAnyCase(type, "Basic Http Authentication"))
        return credentialsOf(value(m_ids.profileAccountUsername), value(m_ids.profileAccountPassword));
    if (!equalsAnyCase(type, "XSI Authentication"))
        return std::nullopt;
    if (equalsAnyCase(value(m_ids.xsiAuthenticationType), "SIP Credentials"))
        return credentialsOf(value(m_ids.sipAuthId), value(m_ids.sipPassword));
    return credentialsOf(value(m_ids.loginUserId), value(m_ids.loginPassword));
}

// Only Manual: what Auto looks for, a proxy auto-configuration script, is not emulated; the phone then asks
// directly (our choice). A Manual proxy without host is none.
// Source: "Cisco IP Phone MPP Administration Guide", HTTP Proxy Settings.
void PhoneLogic::goByProxy(FetchRequest& fetch) const
{
    if (!m_ids.proxy || !equalsAnyCase(value(m_ids.proxy->mode), "Manual") ||
        value(m_ids.proxy->host).empty())
        return;
    HttpProxy& proxy = fetch.proxy.emplace();
    proxy.host = value(m_ids.proxy->host);
    const std::string_view port = value(m_ids.proxy->port);
    std::from_chars(port.data(), port.data() + port.size(), proxy.port);
    if (m.m_parameters.isYes(m_ids.proxy->requiresAuthentication))
        proxy.credentials = credentialsOf(value(m_ids.proxy->username), value(m_ids.proxy->password));
}

}  // namespace emulator
