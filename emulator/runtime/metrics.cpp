#include "emulator/runtime/metrics.hpp"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <exception>
#include <utility>
#include <vector>

namespace emulator {

namespace {

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type)
{
    prometheus::MetricFamily made;
    made.name = std::move(name);
    made.help = std::move(help);
    made.type = type;
    return made;
}

void add(std::vector<prometheus::MetricFamily>& all, std::string name, std::string help,
         prometheus::MetricType type, double value)
{
    prometheus::MetricFamily& made = all.emplace_back(family(std::move(name), std::move(help), type));
    prometheus::ClientMetric& metric = made.metric.emplace_back();
    if (type == prometheus::MetricType::Counter)
        metric.counter.value = value;
    else
        metric.gauge.value = value;
}

class Collector : public prometheus::Collectable {
public:
    explicit Collector(std::function<MetricsReading()> reader) : read{std::move(reader)} {}

    std::vector<prometheus::MetricFamily> Collect() const override
    {
        const MetricsReading now = read();
        std::vector<prometheus::MetricFamily> all;
        prometheus::MetricFamily& phones =
            all.emplace_back(family("phonerig_phones", "Phones by state.", prometheus::MetricType::Gauge));
        for (std::size_t i = 0; i < now.fleet.inState.size(); ++i) {
            prometheus::ClientMetric& metric = phones.metric.emplace_back();
            metric.label.push_back({"state", std::string{name(static_cast<PhoneState>(i))}});
            metric.gauge.value = static_cast<double>(now.fleet.inState[i]);
        }
        prometheus::MetricFamily& resyncs = all.emplace_back(
            family("phonerig_resyncs_total", "Resyncs that ended.", prometheus::MetricType::Counter));
        for (const auto& [outcome, count] :
             {std::pair{"ok", now.fleet.resyncs}, {"failed", now.fleet.failedResyncs}}) {
            prometheus::ClientMetric& metric = resyncs.metric.emplace_back();
            metric.label.push_back({"outcome", outcome});
            metric.counter.value = static_cast<double>(count);
        }
        using prometheus::MetricType;
        add(all, "phonerig_fetches_total", "HTTP calls and TFTP transfers begun.", MetricType::Counter,
            static_cast<double>(now.fleet.fetches));
        add(all, "phonerig_fetches_waited_total", "Fetches that waited for a file descriptor.",
            MetricType::Counter, static_cast<double>(now.fleet.waitedForSockets));
        add(all, "phonerig_syslog_dropped_total", "Syslog lines that the rig could not send.",
            MetricType::Counter, static_cast<double>(now.fleet.droppedSyslog));
        add(all, "phonerig_trace_dropped_total", "Trace events that found the queue full.",
            MetricType::Counter, static_cast<double>(now.droppedEvents));
        add(all, "phonerig_lag_seconds", "The longest that a deadline was late since the last scrape.",
            MetricType::Gauge, std::chrono::duration<double>{now.worstLag}.count());
        return all;
    }

private:
    std::function<MetricsReading()> read;
};

}  // namespace

struct Metrics::Impl {
    std::shared_ptr<Collector> collector;  // the exposer holds it weakly
    std::unique_ptr<prometheus::Exposer> exposer;
};

Metrics::Metrics(std::unique_ptr<Impl> impl) : m_impl{std::move(impl)} {}

Metrics::~Metrics()
{
    m_impl->exposer.reset();
}

Result<std::unique_ptr<Metrics>> Metrics::serve(const Endpoint& at, std::function<MetricsReading()> read)
{
    auto impl = std::make_unique<Impl>();
    impl->collector = std::make_shared<Collector>(std::move(read));
    try {
        impl->exposer = std::make_unique<prometheus::Exposer>(at.text(), 1);
    } catch (const std::exception& error) {
        return fail(ErrorKind::Unreachable, "cannot serve metrics on " + at.text() + ": " + error.what());
    }
    impl->exposer->RegisterCollectable(impl->collector);
    return std::unique_ptr<Metrics>{new Metrics{std::move(impl)}};
}

std::uint16_t Metrics::port() const
{
    const std::vector<int> ports = m_impl->exposer->GetListeningPorts();
    return ports.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(ports.front());
}

}  // namespace emulator
