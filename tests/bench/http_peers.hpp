#pragma once

#include "emulator/base/ip_address.hpp"
#include "tests/bench/child.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace bench {

// A folder that is gone when this is.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

// nginx with one worker, serving a folder on a free loopback port.
class Nginx {
public:
    // Errors: Unreachable, with nginx's own words.
    static emulator::Result<std::unique_ptr<Nginx>> start(const std::filesystem::path& folder, int core);
    emulator::Endpoint at() const { return m_at; }

private:
    Nginx(Child process, emulator::Endpoint at) : m_process{std::move(process)}, m_at{at} {}
    Child m_process;
    emulator::Endpoint m_at;
};

// A bound UDP port that nobody reads, so that syslog lines are taken and no answer says otherwise.
class DatagramHole {
public:
    DatagramHole();
    ~DatagramHole();
    DatagramHole(const DatagramHole&) = delete;
    DatagramHole& operator=(const DatagramHole&) = delete;
    emulator::Endpoint at() const { return m_at; }

private:
    int m_socket = -1;
    emulator::Endpoint m_at;
};

}  // namespace bench
