#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// Several measurements of one thing.
class Samples {
public:
    void add(double value) { m_values.push_back(value); }
    bool empty() const { return m_values.empty(); }
    double median() const;
    double spread() const;  // (highest - lowest) / median

private:
    std::vector<double> m_values;
};

// What a row has to reach.
struct Goal {
    enum class Of : bool { Ratio, Ours };
    Of of = Of::Ratio;
    bool atMost = false;
    double limit = 0;
};

// One line of the result: ours, and a peer measured in the same run where there is one.
struct Row {
    std::string key;  // what --only selects
    std::string name;
    std::string unit;
    Samples ours;
    std::string peerName;
    Samples peer;  // empty: there is none
    std::optional<Goal> goal;
    // The share of each core's time that was busy: "client core", 0.99, …
    std::vector<std::pair<std::string, double>> busy;
    bool serverBound = false;  // the server's core had no time left: the row measures the server
    std::string trouble;       // what makes the row worthless; then it is never met
    std::string note;

    std::optional<double> ratio() const;
    bool met() const;
    std::string verdict()
        const;  // "met", "short by 12.3 %", "server-bound", or the trouble; without a goal ""
};

std::string text(const Row& row);  // for a person, one line and indented details
std::string json(const Row& row);  // an object

}  // namespace bench
