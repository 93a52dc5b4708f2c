#include "emulator/profile/nearest_name.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/base/chance.hpp"
#include "tests/emulator/profile/sample_schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace emulator {
namespace {

// The usual table, row by row.
std::size_t tableDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (lowerAscii(a[i]) == lowerAscii(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string_view nearestByTable(const ParameterSchema& schema, std::string_view name)
{
    std::size_t best = std::max<std::size_t>(name.size() / 3, 2) + 1;
    std::string_view nearest;
    for (const Parameter& parameter : schema.all()) {
        const std::size_t distance = tableDistance(name, parameter.name);
        if (distance < best) {
            best = distance;
            nearest = parameter.name;
        }
    }
    return nearest;
}

// A known name with a few letters changed, added and dropped, as a hasty person would.
std::string misspelt(std::string name, int slips, Chance& chance)
{
    constexpr std::string_view letters = "aeLr_019.\xC3";
    for (int i = 0; i < slips && !name.empty(); ++i) {
        const std::size_t place = chance.upTo(name.size() - 1);
        const char letter = letters[chance.upTo(letters.size() - 1)];
        switch (chance.upTo(2)) {
        case 0:
            name[place] = letter;
            break;
        case 1:
            name.insert(place, 1, letter);
            break;
        default:
            name.erase(place, 1);
        }
    }
    return name;
}

TEST(NearestNameTest, IsTheOneThatTheTableOfEditDistancesHasFirst)
{
    const auto schema = schemaOf("7832");
    const NearestName nearest{schema->all()};
    Chance chance{Seed{7}, MacAddress{}};
    for (std::size_t i = 0; i < schema->size(); i += 5) {
        const std::string& known = schema->at(ParamId{static_cast<std::uint16_t>(i)}).name;
        for (const int slips : {0, 1, 3, 9}) {
            const std::string name = misspelt(known, slips, chance);
            if (!name.empty() && name.size() <= 64) {
                EXPECT_EQ(nearest.to(name), nearestByTable(*schema, name)) << name;
            }
        }
    }
}

TEST(NearestNameTest, IsNoneForNamesThatLookLikeNothingOrAreTooLong)
{
    const auto schema = schemaOf("7832");
    const NearestName nearest{schema->all()};
    EXPECT_EQ(nearest.to("Something_Else_Entirely"), "");
    EXPECT_EQ(nearest.to(""), "");
    EXPECT_EQ(nearest.to(std::string(64, 'x')), "");
    EXPECT_EQ(nearest.to(std::string(100'000, 'x')), "");
    EXPECT_EQ(NearestName{{}}.to("Profile_Rule"), "");
}

}  // namespace
}  // namespace emulator
