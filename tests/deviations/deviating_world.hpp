#pragma once

#include "emulator/runtime/fleet.hpp"
#include "emulator/runtime/phone_host.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace deviations {

using emulator::FetchEvent;
using emulator::FetchKey;
using emulator::PhoneIndex;

// Stands between phones and their world and passes everything on. A deviation overrides what it does wrong.
class DeviatingWorld : public emulator::PhoneWorld {
public:
    explicit DeviatingWorld(emulator::PhoneWorld& real) : m_real{real} {}

    void wakePhone(PhoneIndex phone, emulator::TimePoint at) override { m_real.wakePhone(phone, at); }
    void wakeFetch(PhoneIndex phone, FetchKey key, emulator::TimePoint at) override
    {
        m_real.wakeFetch(phone, key, at);
    }
    void lookUp(PhoneIndex phone, FetchKey key, std::string_view host) override
    {
        m_real.lookUp(phone, key, host);
    }
    void callHttp(PhoneIndex phone, FetchKey key, emulator::HttpCall call) override
    {
        m_real.callHttp(phone, key, std::move(call));
    }
    void sendDatagram(PhoneIndex phone, FetchKey key, const emulator::Endpoint& to,
                      std::string_view bytes) override
    {
        m_real.sendDatagram(phone, key, to, bytes);
    }
    void endFetch(PhoneIndex phone, FetchKey key) override { m_real.endFetch(phone, key); }
    void sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram) override
    {
        m_real.sendSyslog(phone, server, datagram);
    }
    void sendSip(PhoneIndex phone, const emulator::Endpoint& to, std::string_view datagram) override
    {
        m_real.sendSip(phone, to, datagram);
    }
    bool keepsMemory() const override { return m_real.keepsMemory(); }
    bool remember(PhoneIndex phone, std::string memory) override
    {
        return m_real.remember(phone, std::move(memory));
    }
    emulator::TraceSink& trace() override { return m_real.trace(); }
    emulator::TrafficTrace& traffic() override { return m_real.traffic(); }
    const FetchEvent* arriving(PhoneIndex phone, FetchKey key, const FetchEvent& event) override
    {
        return m_real.arriving(phone, key, event);
    }

protected:
    emulator::PhoneWorld& real() { return m_real; }

private:
    emulator::PhoneWorld& m_real;
};

// Puts phones into such a world: one per shard.
template <class World, class... Arguments>
std::function<void(emulator::Fleet&)> inWorld(Arguments... arguments)
{
    return [arguments...](emulator::Fleet& fleet) {
        fleet.between = [arguments...](emulator::PhoneWorld& real) -> std::unique_ptr<emulator::PhoneWorld> {
            return std::make_unique<World>(real, arguments...);
        };
    };
}

}  // namespace deviations
