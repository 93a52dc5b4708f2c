#pragma once

#include "emulator/runtime/net_fleet.hpp"
#include "scenarios/control/control_message.hpp"
#include "scenarios/control/event_history.hpp"
#include "scenarios/control/window_service.hpp"

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

// A fleet on real sockets, as windows see and steer it.
class ControlService : public WindowService {
public:
    explicit ControlService(ControlSubject subject) : m_subject{std::move(subject)} {}

    ClientId join() override;
    void leave(ClientId client) override { m_clients.erase(client); }
    std::string hello() const override { return print(m_subject.hello); }
    std::optional<std::string> lineCame(ClientId client, std::string_view line) override;
    void turn(const Send& send) override;

private:
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
