#pragma once

#include "emulator/runtime/net_fleet.hpp"
#include "scenarios/control/control_message.hpp"
#include "scenarios/control/event_history.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::control {

// What an engine has to offer to windows. Outlives the service.
struct ControlSubject {
    emulator::NetFleet* fleet = nullptr;
    std::vector<emulator::FleetGroup> groups;
    const EventHistory* history = nullptr;
    ControlHello hello;
    // Lets the rig's server of that URL listen or not; empty: there are none.
    std::function<void(const std::string& url, bool answers)> setServer;
};

// The hello of a fleet.
ControlHello helloOf(const emulator::NetFleet& fleet, const std::vector<emulator::FleetGroup>& groups,
                     std::string program, std::string start, std::vector<std::string> servers);

// The engine's side of the control protocol without sockets: lines of windows in, lines out. One thread.
class ControlService {
public:
    enum class ClientId : std::uint32_t {};
    using Send = std::function<void(ClientId client, std::string line)>;

    explicit ControlService(ControlSubject subject) : m_subject{std::move(subject)} {}

    ClientId join();
    void leave(ClientId client) { m_clients.erase(client); }
    std::string hello() const { return print(m_subject.hello); }

    // Every command gets exactly one result: here, or in a turn when it awaits changes. A window that leaves takes its
    // question along.
    std::optional<std::string> lineCame(ClientId client, std::string_view line);

    // To be called 30 times a second while there are clients (design decision D13): answers those that wait and have
    // something to hear, and all that have waited for a second.
    void turn(const Send& send);

private:
    static constexpr unsigned quietTurns = 30;

    struct Client {
        std::vector<bool> isPending;  // by phone; empty until it first asks
        std::vector<emulator::PhoneIndex> pending;
        std::size_t told = 0;   // of `pending`
        std::size_t known = 0;  // how many phones it has been told of at all
        bool catchesUp = true;  // has not seen every phone yet
        std::optional<std::uint64_t> waits;
        unsigned quiet = 0;
    };

    ControlAnswer obey(Client& client, const ControlCommand& command, bool& waits);
    ControlAnswer act(const ActOnPhones& order);
    ControlAnswer set(const SetServer& order);
    ControlAnswer press(const PressKeys& order);
    ControlAnswer changes(Client& client, std::uint64_t id);
    void begin(Client& client);
    const emulator::FleetGroup& groupOf(std::uint32_t phone) const;
    emulator::MacAddress macOf(std::uint32_t phone) const;
    bool isThere(std::uint32_t phone) const { return phone < m_subject.fleet->size(); }
    std::string masked(std::string_view text) { return std::string{m_words.withoutSecrets(text)}; }

    ControlSubject m_subject;
    std::map<ClientId, Client> m_clients;
    std::vector<std::string> m_stopped;  // servers
    std::uint32_t m_lastClient = 0;
    emulator::TrafficTrace m_words;  // knows what in a text is secret (design decision D7)
};

}  // namespace scenarios::control
