#pragma once

#include "hwbridge/compare/trace_file.hpp"
#include "hwbridge/compare/trace_phones.hpp"
#include "ui/desktop/ladder_rows.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ui {

// A trace or capture that was read, and whose phones were told apart. Nothing changes in it any more, so that every
// thread may look.
class OpenedTrace {
public:
    // Errors: those of readTraceFile().
    static emulator::Result<std::shared_ptr<const OpenedTrace>> open(const std::string& path);
    // For comparing. Errors: those of readWholeTraceFile().
    static emulator::Result<std::shared_ptr<const OpenedTrace>> openWhole(const std::string& path);
    explicit OpenedTrace(std::shared_ptr<const hwbridge::TraceFile> file);

    const hwbridge::TraceFile& file() const { return *m_file; }
    std::shared_ptr<const hwbridge::TraceStore> store() const;
    const std::vector<hwbridge::TracePhone>& phones() const { return m_phones.phones(); }

    // Who saw messages of this phone: phone before wire before server.
    std::vector<emulator::Observer> observers(std::size_t phone) const;
    LadderSubject subject(std::size_t phone) const;
    // Events that a phone's ladder is made of, in the order of the trace: its own, and what the rig did.
    std::vector<std::uint32_t> events(std::size_t phone) const;

private:
    static emulator::Result<std::shared_ptr<const OpenedTrace>> keep(
        emulator::Result<hwbridge::TraceFile> file);

    std::shared_ptr<const hwbridge::TraceFile> m_file;
    hwbridge::TracePhones m_phones;
};

}  // namespace ui
