#include "tests/deviations/deviating_world.hpp"
#include "tests/deviations/deviation.hpp"

#include <regex>
#include <vector>

namespace deviations {

namespace {

constexpr std::string_view requesting = "Requesting resync";

// Sends other lines in place of each one.
class AlteredLines : public DeviatingWorld {
public:
    using Alter = std::function<std::vector<std::string>(std::string_view)>;
    AlteredLines(emulator::PhoneWorld& real, Alter alter) : DeviatingWorld{real}, m_alter{std::move(alter)} {}
    void sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram) override
    {
        for (const std::string& line : m_alter(datagram))
            real().sendSyslog(phone, server, line);
    }

private:
    Alter m_alter;
};

// Says that it asks only once it has the answer.
class LateLines : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;
    void sendSyslog(PhoneIndex phone, std::string_view server, std::string_view datagram) override
    {
        if (datagram.find(requesting) == std::string_view::npos)
            return real().sendSyslog(phone, server, datagram);
        m_server = server;
        m_line = datagram;
    }
    const FetchEvent* arriving(PhoneIndex phone, FetchKey, const FetchEvent& event) override
    {
        if (std::holds_alternative<emulator::HttpAnswered>(event) && !m_line.empty())
            real().sendSyslog(phone, m_server, std::exchange(m_line, {}));
        return &event;
    }

private:
    std::string m_server;
    std::string m_line;
};

std::string replaced(std::string_view line, std::string_view what, std::string_view with)
{
    std::string text{line};
    if (const std::size_t at = text.find(what); at != std::string::npos)
        text.replace(at, what.size(), with);
    return text;
}

}  // namespace

Deviations syslogDeviations()
{
    using Lines = std::vector<std::string>;
    const auto lines = [](AlteredLines::Alter alter) { return inWorld<AlteredLines>(std::move(alter)); };
    return {
        {"wrong-priority", "http", "logs as another facility", lines([](std::string_view line) {
             // Local use 0 becomes local use 1 (RFC 3164 section 4.1.1); how severe it is stays.
             const std::size_t end = line.find('>');
             const int priority = std::stoi(std::string{line.substr(1, end - 1)});
             return Lines{"<" + std::to_string(priority + 8) + std::string{line.substr(end)}};
         })},
        {"wrong-severity", "http", "calls everything it logs an error", lines([](std::string_view line) {
             const std::size_t end = line.find('>');
             const int priority = std::stoi(std::string{line.substr(1, end - 1)});
             return Lines{"<" + std::to_string(priority / 8 * 8 + 3) + std::string{line.substr(end)}};
         })},
        {"no-time-stamp", "http", "does not say when it logs", lines([](std::string_view line) {
             constexpr std::size_t stamp = sizeof "Jan  1 00:00:00 " - 1;
             return Lines{std::string{line}.erase(line.find('>') + 1, stamp)};
         })},
        {"no-mac", "http", "does not name itself in its log", lines([](std::string_view line) {
             static const std::regex mac{"([0-9a-f]{2}:){5}[0-9a-f]{2}"};
             return Lines{std::regex_replace(std::string{line}, mac, "")};
         })},
        {"extra-line", "http", "logs what it was asked not to", lines([](std::string_view line) {
             Lines all{std::string{line}};
             if (line.find(requesting) != std::string_view::npos)
                 all.push_back(std::string{line.substr(0, line.find(requesting))} + "Heap: 81234 bytes free");
             return all;
         })},
        {"missing-line", "http", "does not log what it requests", lines([](std::string_view line) {
             return line.find(requesting) == std::string_view::npos ? Lines{std::string{line}} : Lines{};
         })},
        {"doubled-line", "http", "logs twice what it requests", lines([](std::string_view line) {
             return Lines(line.find(requesting) == std::string_view::npos ? 1 : 2, std::string{line});
         })},
        {"other-words", "http", "says \"Fetching\" where it should say \"Requesting\"",
         lines([](std::string_view line) { return Lines{replaced(line, "Requesting", "Fetching")}; })},
        {"line-after-request", "http", "logs that it asks when it has the answer", inWorld<LateLines>()},
    };
}

}  // namespace deviations
