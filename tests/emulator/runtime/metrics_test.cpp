#include "emulator/runtime/metrics.hpp"

#include "tests/emulator/runtime/local_sockets.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

using tests::LocalSocket;

TEST(MetricsTest, AScrapeShowsTheFleetsCounters)
{
    const auto read = [] {
        MetricsReading reading;
        reading.fleet.inState[static_cast<std::size_t>(PhoneState::Idle)] = 7;
        reading.fleet.resyncs = 5;
        reading.fleet.failedResyncs = 2;
        reading.fleet.fetches = 9;
        reading.droppedEvents = 1;
        reading.worstLag = std::chrono::milliseconds{250};
        return reading;
    };
    const Result<std::unique_ptr<Metrics>> metrics = Metrics::serve({IpAddress{0x7f000001}, 0}, read);
    ASSERT_TRUE(metrics.has_value()) << metrics.error().detail;
    const LocalSocket scraper = LocalSocket::connected({IpAddress{0x7f000001}, (*metrics)->port()});
    ASSERT_TRUE(scraper.isOpen());
    scraper.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string page = scraper.readAll();
    for (const char* line :
         {"phonerig_phones{state=\"idle\"} 7", "phonerig_phones{state=\"off\"} 0",
          "phonerig_resyncs_total{outcome=\"ok\"} 5", "phonerig_resyncs_total{outcome=\"failed\"} 2",
          "phonerig_fetches_total 9", "phonerig_trace_dropped_total 1", "phonerig_lag_seconds 0.25"})
        EXPECT_NE(page.find(line), std::string::npos) << line << "\n" << page;
}

TEST(MetricsTest, ATakenPortIsNamed)
{
    const LocalSocket other = LocalSocket::listening();
    const Result<std::unique_ptr<Metrics>> metrics =
        Metrics::serve(other.local(), [] { return MetricsReading{}; });
    ASSERT_TRUE(metrics.has_error());
    EXPECT_NE(metrics.error().detail.find(other.local().text()), std::string::npos);
}

}  // namespace
}  // namespace emulator
