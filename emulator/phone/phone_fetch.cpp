#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/firmware_load.hpp"

#include <fmt/format.h>

namespace emulator {

std::string PhoneLogic::failureText(const Error& error, bool upgrade)
{
    switch (error.kind) {
    case ErrorKind::NotFound:
        return "File not found";
    case ErrorKind::Corrupt:
        return upgrade ? error.detail : "Corrupt file";
    case ErrorKind::Unresolvable:
        return "Server name not resolved";
    case ErrorKind::Unreachable:
        return "Server not reachable";
    case ErrorKind::TimedOut:
        return "Server does not answer";
    case ErrorKind::TooLarge:
        return "File too large";
    case ErrorKind::Refused:
    case ErrorKind::Malformed:
    case ErrorKind::Unsupported:
        break;
    }
    return error.detail;
}

void PhoneLogic::begin()
{
    const Work work = m.m_running->work;
    enter(work == Work::Upgrade ? PhoneState::Upgrading : PhoneState::Contacting);
    if (work == Work::Resync)
        show(MuteLed::SlowBlink);
    m.m_request = RequestId{static_cast<std::uint32_t>(m.m_request) + 1};
    FetchRequest fetch{.url = m.m_running->url,
                       .bodyLimit = work == Work::Upgrade ? maxLoadBytes : maxProfileBytes};
    if (fetch.url.scheme != Scheme::Tftp)
        askByHttp(fetch);
    if (work == Work::Report)
        addReport(fetch, m.m_running->options);
    m_out.push_back(FetchFile{m.m_request, std::move(fetch)});
}

void PhoneLogic::addressed(const FetchAddressed& e)
{
    if (!m.m_running || e.request != m.m_request)
        return;
    Phone::Running& running = *m.m_running;
    running.server = e.server;
    if (e.url != nullptr)
        running.url = *e.url;
    announce();
}

void PhoneLogic::announce()
{
    if (m.m_running->announced || m.m_running->url.path.empty())
        return;
    m.m_running->announced = true;
    if (m.m_running->work == Work::Report) {
        logSystem(fmt::format("Requesting report {}", m.m_running->url.text()));
        return;
    }
    log(m.m_running->work == Work::Upgrade ? m_ids.logUpgradeRequestMsg : m_ids.logRequestMsg, {});
}

void PhoneLogic::finished(const FetchFinished& e)
{
    if (!m.m_running || e.request != m.m_request || m.m_running->writing)
        return;
    if (!e.file.has_value()) {
        failed(e.file.error());
        return;
    }
    if (m.m_running->work == Work::Report) {
        reportEnded(nullptr);
        return;
    }
    debug(2, [&] { return fmt::format("file of {} bytes", (*e.file)->size()); });
    if (m.m_running->work == Work::Upgrade)
        loadArrived(**e.file);
    else
        profileArrived(**e.file, e.coding);
}

void PhoneLogic::failed(const Error& error)
{
    const bool upgrade = m.m_running->work == Work::Upgrade;
    const bool counts =
        upgrade || error.kind != ErrorKind::NotFound || m.m_parameters.isYes(m_ids.resyncFailsOnFnf);
    announce();  // also when no address was found: two messages come in any case (SYSLOG-TWO-MSGS)
    if (m.m_running->work == Work::Report) {
        reportEnded(&error);
        return;
    }
    if (!counts) {
        ruleSucceeded();
        return;
    }
    const std::string reason = failureText(error, upgrade);
    const std::uint64_t attempt = m.m_running->attempt;
    log(upgrade ? m_ids.logUpgradeFailureMsg : m_ids.logFailureMsg, reason);
    note({m_now, false, upgrade, reason});
    endWork();
    if (upgrade) {
        upgradeFailed(attempt);
    } else {
        const bool wrongFile = error.kind == ErrorKind::NotFound || error.kind == ErrorKind::Corrupt;
        show(wrongFile ? MuteLed::FastBlink : MuteLed::SlowBlink);
        scheduleAfterFailure();
    }
    runWaiting();
}

void PhoneLogic::endWork()
{
    m.m_running.reset();
    rest();
}

}  // namespace emulator
