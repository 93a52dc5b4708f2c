#include "ui/desktop/bench_leases.hpp"

#include "hwbridge/bench/bench_client.hpp"
#include "hwbridge/bench/bench_defaults.hpp"
#include "ui/desktop/background.hpp"

#include <chrono>

namespace ui {

using namespace std::chrono_literals;
using emulator::Result;
using hwbridge::BenchClient;

namespace {

constexpr auto daemonLimit = 2s;  // for a word of the daemon, which has it ready

}  // namespace

// One thread at a time uses it.
struct BenchLeases::Line {
    std::string socket;
    std::unique_ptr<BenchClient> client;  // null: to be connected
};

struct BenchLeases::Answer {
    std::shared_ptr<Line> line;  // that it came by
    std::optional<hwbridge::BenchRows> rows;
    std::string bench;
    std::string trouble;
};

BenchLeases::BenchLeases(QObject* parent) : QObject{parent}, m_line{std::make_shared<Line>()} {}

BenchLeases::~BenchLeases() = default;

void BenchLeases::setSocket(const QString& path)
{
    m_line = std::make_shared<Line>();
    m_line->socket = path.toStdString();
    m_hasAnswered = false;
}

void BenchLeases::look()
{
    if (std::exchange(m_isAsking, true))
        return;
    inBackground(
        this,
        [line = m_line] {
            Answer answer = ask(*line);
            answer.line = line;
            return answer;
        },
        [this](Answer answer) {
            m_isAsking = false;
            if (answer.line == m_line)
                take(std::move(answer));
            else
                look();
        });
}

BenchLeases::Answer BenchLeases::ask(Line& line)
{
    Answer answer;
    const auto failed = [&](const emulator::Error& error) {
        line.client.reset();
        answer.trouble = error.detail;
        return answer;
    };
    if (line.client == nullptr) {
        const Result<std::string> socket = hwbridge::benchSocket(line.socket);
        if (socket.has_error())
            return failed(socket.error());
        hwbridge::BenchAddress address;
        address.socket = *socket;
        Result<std::unique_ptr<BenchClient>> client =
            BenchClient::connect(address, hwbridge::benchHolder(), daemonLimit);
        if (client.has_error())
            return failed(client.error());
        line.client = std::move(*client);
    }
    Result<BenchClient::Answer> said = line.client->ask(hwbridge::BenchList{}, daemonLimit);
    if (said.has_error())
        return failed(said.error());
    auto* const rows = std::get_if<hwbridge::BenchRows>(&*said);
    if (rows == nullptr)
        return failed(emulator::fail(emulator::ErrorKind::Corrupt,
                                     "the bench daemon answered something else than its phones"));
    answer.rows = std::move(*rows);
    answer.bench = line.client->welcome().bench;
    return answer;
}

void BenchLeases::take(Answer answer)
{
    m_hasAnswered = true;
    m_rows = std::move(answer.rows);
    m_bench = QString::fromStdString(answer.bench);
    m_trouble = QString::fromStdString(answer.trouble);
    emit heard();
}

}  // namespace ui
