#include "hwbridge/compare/trace_store.hpp"

#include "emulator/trace/ndjson.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using emulator::EventKind;
using emulator::FieldName;

TEST(TraceStoreTest, GivesAnEventBackAsItCame)
{
    emulator::TraceEvent event;
    event.at = emulator::TimePoint{std::chrono::milliseconds{1500}};
    event.kind = EventKind::TftpData;
    event.by = emulator::Observer::Wire;
    event.exchange = {17, 0, 4};
    event.phone = *emulator::MacAddress::parse("00:0e:08:00:00:01");
    event.from = {{0x0a000002}, 69};
    event.to = {{0x0a000001}, 40000};
    event.add(FieldName::Block, 7);
    event.add(FieldName::Note, "the last");
    TraceStore store;
    store.seen(event);

    std::string came;
    std::string given;
    emulator::appendNdjson(came, event, 0);
    emulator::appendNdjson(given, store.event(store.events().front()), 0);
    EXPECT_EQ(given, came);
}

}  // namespace
}  // namespace hwbridge
