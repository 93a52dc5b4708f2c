#include "hwbridge/power/pdudaemon_power.hpp"

#include "emulator/base/one_line.hpp"
#include "hwbridge/drive/form_encoding.hpp"
#include "hwbridge/drive/web_client.hpp"

#include <fmt/format.h>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

PdudaemonPower::PdudaemonPower(WebAccess daemon, std::string unit, std::string socket)
    : m_daemon{std::move(daemon)},
      m_unit{std::move(unit)},
      m_socket{std::move(socket)}
{}

std::string PdudaemonPower::name() const
{
    return fmt::format("socket {} of {}, by pdudaemon", m_socket, m_unit);
}

Result<void> PdudaemonPower::on()
{
    return command("on");
}

Result<void> PdudaemonPower::off()
{
    return command("off");
}

Result<void> PdudaemonPower::command(const std::string& word)
{
    Result<WebClient> client = WebClient::open(m_daemon);
    if (!client.has_value())
        return emulator::fail(client.error());
    const Result<WebReply> reply =
        client->send({.target = fmt::format("/power/control/{}?hostname={}&port={}&delay=0", word,
                                            encodedQuery(m_unit), encodedQuery(m_socket))});
    if (!reply.has_value())
        return emulator::fail(reply.error().kind, fmt::format("{}: {}", name(), reply.error().detail));
    if (reply->status == 200)
        return {};
    const std::string said = emulator::oneLine(reply->body, 100);
    return emulator::fail(ErrorKind::Refused, fmt::format("{}: the daemon does not take '{}': {} {}", name(),
                                                          word, reply->status, said));
}

}  // namespace hwbridge
