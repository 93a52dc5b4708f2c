#pragma once

#include "emulator/runtime/net_fleet.hpp"
#include "fixtures/models/model_data.hpp"
#include "tests/emulator/runtime/local_sockets.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

// One emulated CP-7832-3PCC on loopback: a phone that others drive over real sockets.
class RunningPhone {
public:
    explicit RunningPhone(std::vector<std::pair<std::string, std::string>> set = {})
    {
        set.emplace_back("Resync_On_Reset", "No");
        emulator::FleetGroup group;
        group.model = *fixtures::loadModel("CP-7832-3PCC");
        group.firstAddress = emulator::IpAddress{0x7f4f0301};
        for (auto& [name, value] : set)
            group.set.emplace_back(*group.model->schema->find(name), value);
        emulator::Fleet fleet;
        fleet.groups.push_back(std::move(group));
        fleet.bootTime = std::chrono::milliseconds{10};
        emulator::NetOptions options;
        options.webPort = 0;
        options.threads = 1;
        options.powerOnAtStart = true;
        m_fleet = std::move(emulator::NetFleet::open(std::move(fleet), options, m_trace)).value();
        EXPECT_TRUE(comesTrue([&] { return m_fleet->answering() == 1; }));
    }

    std::string url() const { return "http://" + address() + ":" + std::to_string(m_fleet->webPort()) + "/"; }
    std::string sip() const { return address() + ":" + std::to_string(m_fleet->sipPort()); }

    // Whether this comes to stand among the phone's own messages, which the first page of its log shows.
    bool comesToSay(std::string_view text) const
    {
        return comesTrue([&] { return messages().find(text) != std::string::npos; });
    }
    std::string messages() const
    {
        const LocalSocket browser =
            LocalSocket::connected({emulator::IpAddress{0x7f4f0301}, m_fleet->webPort()});
        if (!browser.isOpen())
            return {};
        browser.send("GET /admin/messages HTTP/1.0\r\n\r\n");
        return browser.readAll();
    }
    bool comesToAnswer() const
    {
        return comesTrue([&] { return m_fleet->answering() == 1; });
    }

private:
    static std::string address() { return emulator::IpAddress{0x7f4f0301}.text(); }

    struct Forgets : emulator::TraceSink {
        bool wants(emulator::EventKind) const override { return true; }
        void seen(const emulator::TraceEvent&) override {}
    };

    // Looks again whenever something has happened to the phone, and now and then for what is told of before it is done.
    template <class Condition>
    bool comesTrue(Condition condition) const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        Forgets sink;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            m_trace.drain(sink, std::chrono::milliseconds{20});
        }
        return true;
    }

    mutable emulator::TraceQueue m_trace{{emulator::EventKind::PhoneState, emulator::EventKind::PhoneParam,
                                          emulator::EventKind::SyslogMessage, emulator::EventKind::TftpRead}};
    std::unique_ptr<emulator::NetFleet> m_fleet;
};

}  // namespace tests
