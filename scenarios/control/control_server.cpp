#include "scenarios/control/control_server.hpp"

#include "hwbridge/bench/line_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <thread>
#include <utility>
#include <vector>

namespace scenarios::control {

using emulator::Result;
using namespace std::chrono_literals;

namespace {

constexpr auto betweenTurns = 34ms;  // so that views get at most 30 snapshots a second

class Server final : public ControlServer {
public:
    explicit Server(std::unique_ptr<WindowService> service)
        : m_turns{m_context},
          m_service{std::move(service)}
    {}
    ~Server() override
    {
        m_context.stop();
        if (m_thread.joinable())
            m_thread.join();
        m_door.reset();
        m_turns.cancel();
        turn();
        const auto windows = std::exchange(m_windows, {});  // so that no further turn is due
        for (const auto& [id, window] : windows)
            window->stream->close(true);
        m_context.restart();
        m_context.run();  // until they have taken it, or two seconds are over
    }

    Result<void> open(const std::string& socket)
    {
        Result<hwbridge::LineDoorPtr> door = hwbridge::openUnixDoor(
            m_context, socket, [this](hwbridge::LineStreamPtr stream) { return came(std::move(stream)); });
        if (door.has_error())
            return door.error();
        m_door = std::move(*door);
        m_thread = std::thread{[this] { m_context.run(); }};
        return {};
    }

private:
    using ClientId = WindowService::ClientId;

    struct Window final : hwbridge::LineUser {
        Server* server = nullptr;
        ClientId id{};
        hwbridge::LineStreamPtr stream;

        void lineCame(std::string_view line) override
        {
            if (std::optional<std::string> answer = server->m_service->lineCame(id, line))
                stream->send(std::move(*answer));
        }
        void streamEnded(const emulator::Error&) override { server->left(id); }
    };

    bool came(hwbridge::LineStreamPtr stream)
    {
        if (m_windows.size() >= mostWindows) {
            stream->send(print(ControlAnswer{{}, "too many windows look at this engine already", {}}));
            return false;
        }
        const ClientId id = m_service->join();
        const auto window = std::make_shared<Window>();
        window->server = this;
        window->id = id;
        window->stream = stream;
        m_windows[id] = window;
        stream->send(m_service->hello());
        stream->start(*window, longestCommandLine);
        if (m_windows.size() == 1)
            turnLater();
        return true;
    }

    // The stream that ended is still on the stack.
    void left(ClientId id)
    {
        m_service->leave(id);
        const auto known = m_windows.find(id);
        if (known == m_windows.end())
            return;
        m_gone.push_back(std::move(known->second));
        m_windows.erase(known);
    }

    void turnLater()
    {
        m_turns.expires_after(betweenTurns);
        m_turns.async_wait([this](const boost::system::error_code& stopped) {
            if (stopped)
                return;
            turn();
            if (!m_windows.empty())
                turnLater();
        });
    }

    void turn()
    {
        m_gone.clear();
        m_service->turn([this](ClientId id, std::string line) {
            if (const auto known = m_windows.find(id); known != m_windows.end())
                m_answers.emplace_back(known->second, std::move(line));
        });
        for (auto& [window, line] : m_answers)  // a stream that ends now changes m_windows
            window->stream->send(std::move(line));
        m_answers.clear();
    }

    boost::asio::io_context m_context;
    boost::asio::steady_timer m_turns;
    std::unique_ptr<WindowService> m_service;
    hwbridge::LineDoorPtr m_door;
    std::map<ClientId, std::shared_ptr<Window>> m_windows;
    std::vector<std::shared_ptr<Window>> m_gone;
    std::vector<std::pair<std::shared_ptr<Window>, std::string>> m_answers;
    std::thread m_thread;
};

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::serve(const std::string& socket,
                                                            std::unique_ptr<WindowService> service)
{
    auto server = std::make_unique<Server>(std::move(service));
    if (const Result<void> opened = server->open(socket); opened.has_error())
        return opened.error();
    return std::unique_ptr<ControlServer>{std::move(server)};
}

}  // namespace scenarios::control
