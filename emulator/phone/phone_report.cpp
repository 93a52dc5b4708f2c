#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/phone_macros.hpp"
#include "emulator/phone/status.hpp"
#include "emulator/profile/aes128gcm.hpp"
#include "emulator/profile/openssl_enc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace emulator {

namespace {

constexpr std::string_view onLocalChange = "On Local Change";
constexpr std::string_view periodically = "Periodically";

std::chrono::seconds secondsIn(std::string_view text)
{
    std::uint32_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds{seconds};
}

// The values that differ between two sets of what differs from the factory defaults, both sorted by id.
std::vector<ParamId> differences(const std::vector<ParameterSet::Kept>& before,
                                 const std::vector<ParameterSet::Kept>& after)
{
    std::vector<ParamId> ids;
    auto old = before.begin();
    auto now = after.begin();
    while (old != before.end() || now != after.end()) {
        if (now == after.end() || (old != before.end() && old->id < now->id)) {
            ids.push_back(old++->id);
        } else if (old == before.end() || now->id < old->id) {
            ids.push_back(now++->id);
        } else {
            if (old->value != now->value)
                ids.push_back(now->id);
            ++old;
            ++now;
        }
    }
    return ids;
}

// A salt that no other report of the fleet has.
template <class Bytes>
Bytes drawn(Chance& chance)
{
    Bytes bytes{};
    static_assert(bytes.size() % sizeof(std::uint64_t) == 0);
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
        const std::uint64_t word = chance.next();
        for (std::size_t k = 0; k < sizeof word; ++k)
            bytes[i + k] = static_cast<unsigned char>(word >> (8 * k));
    }
    return bytes;
}

}  // namespace

void PhoneLogic::command(const ReportCommanded& e)
{
    if (m.answersWeb() && !value(m_ids.reportRule).empty() && !mustWait(e))
        reportDue();
}

void PhoneLogic::scheduleReportAfterBoot()
{
    if (value(m_ids.reportRule).empty())
        return;
    const std::string_view when = value(m_ids.reportToServer);
    if (when == periodically)
        scheduleNextPeriodicReport();
    else if (when != onLocalChange)
        m.m_report.ensure().at = m_now;
    else if (m.m_report && m.m_report->changed)
        m.m_report->at = m_now + secondsIn(value(m_ids.uploadDelay));
}

void PhoneLogic::scheduleReportAfterChange(bool settings)
{
    const bool reports = !value(m_ids.reportRule).empty();
    const std::string_view when = value(m_ids.reportToServer);
    if (m.m_report && settings)
        m.m_report->at = TimePoint::max();
    if (reports && when == periodically && settings) {
        scheduleNextPeriodicReport();
    } else if (reports && when == onLocalChange) {
        Phone::Reporting& report = m.m_report.ensure();
        // The first change starts the wait; what changes meanwhile goes along.
        if (!report.changed || settings)
            report.at = m_now + secondsIn(value(m_ids.uploadDelay));
        report.changed = true;
        report.periodic = false;
    }
}

void PhoneLogic::scheduleReportAfterResync()
{
    const bool wanted = value(m_ids.reportToServer) == periodically && !value(m_ids.reportRule).empty();
    const bool scheduled = m.m_report && m.m_report->periodic && m.m_report->at != TimePoint::max();
    if (wanted && !scheduled)
        scheduleNextPeriodicReport();
    else if (!wanted && scheduled)
        m.m_report->at = TimePoint::max();
}

void PhoneLogic::scheduleNextPeriodicReport()
{
    Phone::Reporting& report = m.m_report.ensure();
    report.at = m_now + secondsIn(value(m_ids.periodicUpload));
    report.periodic = true;
}

TimePoint PhoneLogic::reportMayBegin() const
{
    return m.m_report && mayWork() ? std::max(m.m_report->at, m_now) : TimePoint::max();
}

void PhoneLogic::reportDue()
{
    Phone::Reporting& report = m.m_report.ensure();
    report.at = TimePoint::max();
    report.changed = false;
    if (value(m_ids.reportToServer) == periodically)
        scheduleNextPeriodicReport();
    Result<std::vector<RuleDecision>> rules = decideReport(value(m_ids.reportRule), PhoneMacros{m, m_now});
    if (!rules.has_value()) {
        logSystem(fmt::format("Report failed: {}", rules.error().detail));
        return;
    }
    report.rest = std::move(*rules);
    // Only who sends differences has to remember what it sent: a fleet has a hundred thousand of these.
    const bool delta = std::any_of(report.rest.begin(), report.rest.end(),
                                   [](const RuleDecision& rule) { return rule.options.delta; });
    report.sending = delta ? m.m_parameters.kept() : std::vector<ParameterSet::Kept>{};
    sendNextReport();
}

void PhoneLogic::sendNextReport()
{
    std::vector<RuleDecision>& rest = m.m_report->rest;
    while (!rest.empty()) {
        const RuleDecision rule = std::move(rest.front());
        rest.erase(rest.begin());
        assign(rule.assignments);
        if (rule.url.empty())
            continue;
        Result<Url> url = parseUrl(askableUrl(rule.url), m.m_surroundings->provisioningServer);
        if (url.has_value() && url->scheme == Scheme::Tftp)
            url = fail(ErrorKind::Unsupported, fmt::format("{}: reports go by HTTP", url->text()));
        const Result<void> allowed = url.has_value() ? mayAsk(*url, rule.options) : Result<void>{url.error()};
        if (!allowed.has_value()) {
            logSystem(fmt::format("Report failed: {}", allowed.error().detail));
            continue;
        }
        m.m_running.emplace();
        m.m_running->work = Work::Report;
        m.m_running->rule = storedRules;
        m.m_running->url = std::move(*url);
        m.m_running->options = rule.options;
        begin();
        return;
    }
    m.m_report->sending.clear();
}

std::string PhoneLogic::reportText(const RuleOptions& options)
{
    if (options.status)
        return statusXml(m, m_now);
    std::vector<ParamId> changed;
    if (options.delta)
        changed = differences(m.m_report->reported, m.m_report->sending);
    ExportChoice choice;
    choice.only = options.delta ? &changed : nullptr;
    choice.shown = [](const Parameter& parameter, std::string_view text) {
        return parameter.type == ParamType::Rule ? withoutSecrets(text) : std::string{text};
    };
    return exportConfiguration(m.m_parameters, choice);
}

void PhoneLogic::addReport(FetchRequest& fetch, const RuleOptions& options)
{
    fetch.method = value(m_ids.httpReportMethod) == "PUT" ? FetchMethod::Put : FetchMethod::Post;
    std::string body = reportText(options);
    const std::string_view ikm = value(m_ids.ikmHttpEncryptContent);
    if (!options.key.empty()) {
        body = encryptSalted(body, options.key, KeyDigest::Md5, drawn<Salt>(m.m_chance));
    } else if (!ikm.empty()) {
        const Aes128GcmHeader header{.salt = drawn<Aes128GcmSalt>(m.m_chance)};
        body = encryptAes128Gcm(body, keyingMaterials(ikm).front(), header);
        fetch.coding = ContentCoding::Aes128Gcm;
    }
    fetch.body = shareBytes(std::move(body));
}

void PhoneLogic::reportEnded(const Error* error)
{
    const std::string url = m.m_running->url.text();
    const bool configuration = !m.m_running->options.status;
    endWork();
    if (error != nullptr)
        logSystem(fmt::format("Report failed: {}", failureText(*error, false)));
    else
        logSystem(fmt::format("Successful report {}", url));
    if (error == nullptr && configuration)
        m.m_report->reported = m.m_report->sending;
    sendNextReport();
    runWaiting();
}

}  // namespace emulator
