#include "emulator/phone/phone_logic.hpp"

#include "emulator/phone/firmware_load.hpp"

#include <fmt/format.h>

namespace emulator {

namespace {

// What $ERR and the page say of a failed resync or upgrade. What is wrong with a load is named.
std::string failureText(const Error& error, bool upgrade)
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

}  // namespace

void PhoneLogic::begin()
{
    const bool upgrade = m.m_running->work == Work::Upgrade;
    enter(upgrade ? PhoneState::Upgrading : PhoneState::Contacting);
    if (!upgrade)
        show(MuteLed::SlowBlink);
    m.m_request = RequestId{static_cast<std::uint32_t>(m.m_request) + 1};
    FetchRequest fetch{.url = m.m_running->url, .bodyLimit = upgrade ? maxLoadBytes : maxProfileBytes};
    if (fetch.url.scheme != Scheme::Tftp)
        askByHttp(fetch);
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
    enter(PhoneState::Idle);
}

}  // namespace emulator
