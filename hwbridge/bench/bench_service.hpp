#pragma once

#include "hwbridge/bench/bench_message.hpp"
#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/lease_journal.hpp"
#include "hwbridge/bench/lease_table.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hwbridge {

enum class ClientId : std::uint64_t {};

// What the service wants done with its clients and phones.
class BenchOutbox {
public:
    virtual ~BenchOutbox() = default;
    virtual void send(ClientId client, std::string line) = 0;  // without '\n'
    virtual void hangUp(ClientId client) = 0;                  // once what was sent has left
    virtual void restore(const RestorePhone& order) = 0;       // answered by BenchService::restored()
};

struct BenchServiceOptions {
    emulator::WallTime zero{};  // the wall time of TimePoint{}
    bool restores = false;      // somebody can put parameters back
};

// The lease daemon of one bench without its sockets and clocks: lines in, lines out. What a line says of a lease is in
// the journal before it is sent.
class BenchService {
public:
    BenchService(Inventory inventory, std::unique_ptr<LeaseJournal> journal,
                 const BenchServiceOptions& options, BenchOutbox& outbox);

    // Once, before anything else. Errors: of the journal.
    emulator::Result<void> begin(emulator::TimePoint now);

    // A client that has to say `token` first; nothing: one that came by a door that lets in whom it should.
    void came(ClientId client, std::optional<std::string> token);
    void said(emulator::TimePoint now, ClientId client, std::string_view line);
    void gone(emulator::TimePoint now, ClientId client);
    void restored(emulator::TimePoint now, const PhoneRestored& event);
    void timePassed(emulator::TimePoint now);
    void wasDeaf(emulator::Duration time) { m_table->wasDeaf(time); }  // as LeaseTable's

    std::optional<emulator::TimePoint> nextDeadline() const { return m_table->nextDeadline(); }
    bool knows(ClientId client) const;  // it has said hello
    const BenchPhone* phone(std::string_view name) const;
    // Why nothing more can be promised: the journal cannot be written. From then on nothing is answered.
    const std::optional<emulator::Error>& trouble() const { return m_trouble; }
    // Phones that have left the inventory with parameters still owed to them.
    std::vector<std::string> strays() const { return m_strays; }

private:
    struct Client {
        std::optional<std::string> token;
        bool greeted = false;
        std::string holder;
        std::map<std::uint64_t, LeaseCommandId> waiting;  // its requests in the queue, by its own ids
    };
    struct Asker {
        ClientId client{};
        std::uint64_t id = 0;
    };

    struct Listener {  // who is answered once that phone is put back
        ClientId client{};
        std::uint64_t id = 0;
        std::string phone;
    };

    void list(emulator::TimePoint now, ClientId client, std::uint64_t id, const BenchList& wish);
    void tellListeners();
    void noteCheck(emulator::TimePoint now, const PhoneVerdict& verdict);
    bool isRestoring(std::string_view phone) const;
    void greet(ClientId client, std::uint64_t id, const BenchHello& hello);
    void ask(emulator::TimePoint now, ClientId client, std::uint64_t id, LeaseEvent event);
    void handle(emulator::TimePoint now, const LeaseEvent& event);
    void carryOut(const LeaseEffects& effects);
    void answer(LeaseCommandId command, decltype(ServerMessage::what) what);
    void refuse(ClientId client, std::uint64_t id, emulator::Error error);
    void hangUp(ClientId client);
    void send(ClientId client, const ServerMessage& message);
    BenchRows rows() const;

    Inventory m_inventory;
    std::unique_ptr<LeaseJournal> m_journal;
    BenchServiceOptions m_options;
    BenchOutbox& m_outbox;
    std::optional<LeaseTable> m_table;
    std::map<ClientId, Client> m_clients;
    std::map<LeaseCommandId, Asker> m_askers;
    std::map<Fence, ClientId> m_holders;  // who was last heard of under that lease
    std::vector<Listener> m_listeners;
    std::map<std::string, LastCheck> m_checks;  // by the phone's name
    std::uint64_t m_commands = 0;
    std::vector<std::string> m_strays;
    std::optional<emulator::Error> m_trouble;
};

}  // namespace hwbridge
