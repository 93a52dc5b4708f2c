#include "ui/desktop/opened_trace.hpp"

#include "emulator/trace/event_layer.hpp"
#include "hwbridge/compare/rules_reader.hpp"

#include <algorithm>

namespace ui {

using emulator::Observer;
using hwbridge::StoredEvent;
using hwbridge::TraceFile;

namespace {

// Those of a comparison, but that nothing is left out.
hwbridge::Rules rulesForLooking()
{
    hwbridge::Rules rules = hwbridge::defaultRules();
    rules.leftOut.clear();
    return rules;
}

bool isOfTheRig(const StoredEvent& event)
{
    const std::string_view layer = emulator::layerOf(event.kind);
    return layer == "rig" || layer == "run";
}

}  // namespace

emulator::Result<std::shared_ptr<const OpenedTrace>> OpenedTrace::open(const std::string& path)
{
    return keep(hwbridge::readTraceFile(path));
}

emulator::Result<std::shared_ptr<const OpenedTrace>> OpenedTrace::openWhole(const std::string& path)
{
    return keep(hwbridge::readWholeTraceFile(path));
}

emulator::Result<std::shared_ptr<const OpenedTrace>> OpenedTrace::keep(emulator::Result<TraceFile> file)
{
    if (file.has_error())
        return emulator::fail(file.error());
    return std::make_shared<const OpenedTrace>(std::make_shared<const TraceFile>(std::move(*file)));
}

OpenedTrace::OpenedTrace(std::shared_ptr<const TraceFile> file)
    : m_file{std::move(file)},
      m_phones{m_file->store, rulesForLooking()}
{}

std::shared_ptr<const hwbridge::TraceStore> OpenedTrace::store() const
{
    return {m_file, &m_file->store};
}

std::vector<Observer> OpenedTrace::observers(std::size_t phone) const
{
    std::vector<Observer> seen;
    for (const Observer by : {Observer::Phone, Observer::Wire, Observer::Server}) {
        const std::vector<std::uint32_t>& list = m_phones.events(by, phone);
        if (std::any_of(list.begin(), list.end(), [&](std::uint32_t event) {
                const StoredEvent& one = m_file->store.events()[event];
                return one.from != emulator::Endpoint{} || one.to != emulator::Endpoint{};
            }))
            seen.push_back(by);
    }
    return seen;
}

LadderSubject OpenedTrace::subject(std::size_t phone) const
{
    const hwbridge::TracePhone& one = phones()[phone];
    LadderSubject subject;
    subject.phone = one.label();
    subject.address = one.address;
    const std::vector<Observer> seen = observers(phone);
    subject.by = seen.empty() ? Observer::Phone : seen.front();
    return subject;
}

std::vector<std::uint32_t> OpenedTrace::events(std::size_t phone) const
{
    std::vector<std::uint32_t> all;
    for (const Observer by : {Observer::Phone, Observer::Wire, Observer::Server, Observer::Rig}) {
        const std::vector<std::uint32_t>& own = m_phones.events(by, phone);
        all.insert(all.end(), own.begin(), own.end());
        for (const std::uint32_t event : m_phones.events(by, phones().size()))
            if (isOfTheRig(m_file->store.events()[event]))
                all.push_back(event);
    }
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace ui
