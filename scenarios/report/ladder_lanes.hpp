#pragma once

#include "emulator/trace/trace_event.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// Whether it went from one end to another; else it is a note about one of them.
bool isMessage(const emulator::TraceEvent& event);

// An error, a fault, or an answer that never came.
bool isBad(const emulator::TraceEvent& event);

// What stands on a message's arrow. When a syslog line was sent, and by which phone, is plain to see on a ladder: a line
// without its "Jan  1 00:00:05 MODEL MAC -- ".
std::string messageLabel(const emulator::TraceEvent& event);

// Which lane of a ladder each message of one phone goes to or comes from. Lane 0 is the phone itself.
class LadderLanes {
public:
    // Our choice for reports: of ends that are no server of the rig's, how many get a lane of their own.
    static constexpr std::size_t fewOthers = 4;

    // An address of 0.0.0.0: nobody knows it.
    LadderLanes(std::string phone, emulator::IpAddress address, std::size_t mostOthers = fewOthers);
    void addServer(const emulator::Endpoint& endpoint, std::string name);

    // From the phone.
    bool isToPeer(const emulator::TraceEvent& event) const;
    // A transfer goes on from another port of the server: its exchange remembers whose it is.
    std::size_t laneOf(const emulator::TraceEvent& event, const emulator::Endpoint& peer);

    const std::vector<std::string>& titles() const { return m_titles; }

private:
    bool isPage(const emulator::TraceEvent& event) const;
    std::string titleOf(const emulator::TraceEvent& event, const emulator::Endpoint& peer) const;

    emulator::IpAddress m_address;
    std::size_t m_mostOthers;
    std::vector<std::string> m_titles;
    std::map<emulator::Endpoint, std::size_t> m_servers;
    std::map<emulator::ExchangeId, std::size_t> m_exchanges;
    std::map<std::string, std::size_t> m_others;
};

}  // namespace scenarios
