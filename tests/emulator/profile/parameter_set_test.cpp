#include "emulator/profile/parameter_set.hpp"

#include "emulator/profile/applied_layer.hpp"
#include "tests/emulator/profile/sample_schema.hpp"
#include "tests/support/covers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace emulator {
namespace {

constexpr std::string_view urlA = "tftp://192.168.1.200:69/basic.txt";
constexpr std::string_view urlB = "http://192.168.1.201:80/basic2.txt";

class ParameterSetTest : public testing::Test {
protected:
    ParamId id(std::string_view name) const { return idOf(*m_schema, name); }
    std::string value(std::string_view name) const { return std::string{m_phone.value(id(name))}; }

    std::shared_ptr<const Profile> profile(std::string_view elements)
    {
        return m_cache.parse(fmt::format("<flat-profile>{}</flat-profile>", elements)).value();
    }

    std::vector<std::string> apply(std::string_view elements, std::string_view url = urlA)
    {
        std::vector<std::string> changed;
        for (const ParamId one : m_phone.apply(profile(elements), url, m_cache, true))
            changed.push_back(m_schema->at(one).name);
        return changed;
    }

    void userChanges(std::string_view name, std::string_view text, ValueSource source = ValueSource::Page)
    {
        m_phone.change(id(name), std::string{text}, source);
    }

    std::shared_ptr<const ParameterSchema> m_schema = schemaOf("7832");
    ProfileCache m_cache{m_schema};
    ParameterSet m_phone{*m_schema};
};

TEST_F(ParameterSetTest, StartsWithFactoryDefaults)
{
    for (std::size_t i = 0; i < m_schema->size(); ++i) {
        const ParamId one{static_cast<std::uint16_t>(i)};
        EXPECT_EQ(m_phone.value(one), m_schema->at(one).factory);
        EXPECT_EQ(m_phone.source(one), ValueSource::Factory);
        EXPECT_EQ(m_phone.access(one), m_schema->at(one).access);
        EXPECT_EQ(m_phone.sourceUrl(one), "");
    }
    EXPECT_TRUE(m_phone.kept().empty());
    EXPECT_TRUE(m_phone.isYes(id("Resync_On_Reset")));
    EXPECT_FALSE(m_phone.isYes(id("MIC_Cert_Refresh_Enable")));
}

TEST_F(ParameterSetTest, HasEmptyGeneralPurposeParameters)
{
    COVERS("GPP-EMPTY");
    for (const char* model : {"7832", "7841"}) {
        const auto schema = schemaOf(model);
        const auto factory = [&](std::string_view name) { return schema->at(idOf(*schema, name)).factory; };
        for (const char c : std::string_view{"ABCDEFGHIJKLMNOP"})
            EXPECT_EQ(factory(std::string{"GPP_"} + c), "") << model << c;
        for (const char c : std::string_view{"ABCD"})
            EXPECT_EQ(factory(std::string{"GPP_S"} + c), "") << model << c;
    }
}

TEST_F(ParameterSetTest, HasGeneralPurposeParametersThatChangeNothingElse)
{
    COVERS("GPP-FREE-REGISTERS");
    for (const char c : std::string_view{"ABCDEFGHIJKLMNOP"}) {
        const std::string name = std::string{"GPP_"} + c;
        EXPECT_THAT(apply(fmt::format("<{0}>[--key $A] /x | ($B)? {1}</{0}>", name, c)),
                    testing::ElementsAre(name));
        EXPECT_EQ(value(name), fmt::format("[--key $A] /x | ($B)? {}", c));
        for (std::size_t i = 0; i < m_schema->size(); ++i) {
            const Parameter& parameter = m_schema->at(ParamId{static_cast<std::uint16_t>(i)});
            if (!parameter.name.starts_with("GPP_")) {
                EXPECT_EQ(value(parameter.name), parameter.factory) << parameter.name;
            }
        }
    }
    EXPECT_EQ(m_phone.kept().size(), 16u);
}

TEST_F(ParameterSetTest, TakesWhatAProfileNamesAndKeepsTheRest)
{
    COVERS("PROF-PARTIAL", "PROF-PARSE-APPLY");
    userChanges("GPP_B", "mine");
    EXPECT_THAT(apply("<GPP_A>12345678</GPP_A>"), testing::ElementsAre("GPP_A"));
    EXPECT_EQ(value("GPP_A"), "12345678");
    EXPECT_EQ(m_phone.source(id("GPP_A")), ValueSource::Profile);
    EXPECT_EQ(m_phone.sourceUrl(id("GPP_A")), urlA);
    EXPECT_EQ(value("GPP_B"), "mine");
    for (std::size_t i = 0; i < m_schema->size(); ++i) {
        const Parameter& parameter = m_schema->at(ParamId{static_cast<std::uint16_t>(i)});
        if (parameter.name != "GPP_A" && parameter.name != "GPP_B") {
            EXPECT_EQ(value(parameter.name), parameter.factory) << parameter.name;
        }
    }
}

std::string anotherValue(const Parameter& parameter)
{
    switch (parameter.type) {
    case ParamType::Bool:
        return parameter.factory == "Yes" ? "No" : "Yes";
    case ParamType::Int:
        return std::to_string(parameter.max.value_or(4711));
    case ParamType::Enum:
        return parameter.allowed.back() == parameter.factory ? parameter.allowed.front()
                                                             : parameter.allowed.back();
    case ParamType::List:
        return "1,2,3";
    case ParamType::Url:
        return "http://192.168.1.200/x";
    case ParamType::String:
        return std::string{"x of "}
            .append(parameter.name)
            .substr(0, static_cast<std::size_t>(parameter.max.value_or(99)));
    case ParamType::Rule:
    case ParamType::Expression:
    case ParamType::Password:
    case ParamType::Color:
        break;
    }
    return "x of " + parameter.name;
}

TEST_F(ParameterSetTest, TakesAProfileThatNamesEveryParameter)
{
    COVERS("PROF-FULL");
    std::string elements;
    for (const Parameter& parameter : m_schema->all())
        elements += fmt::format("<{0} ua=\"rw\">{1}</{0}>", parameter.name, anotherValue(parameter));
    const auto changed = apply(elements);
    EXPECT_EQ(profile(elements)->problems.size(), 0u);
    for (std::size_t i = 0; i < m_schema->size(); ++i) {
        const ParamId one{static_cast<std::uint16_t>(i)};
        EXPECT_EQ(m_phone.value(one), anotherValue(m_schema->at(one))) << m_schema->at(one).name;
        EXPECT_EQ(m_phone.access(one), UserAccess::ReadWrite);
    }
    EXPECT_THAT(changed, testing::SizeIs(testing::Ge(m_schema->size() - 1)));
    EXPECT_TRUE(apply(elements).empty());
}

TEST_F(ParameterSetTest, TakesTheLaterOfTwoProfiles)
{
    apply("<GPP_A>1</GPP_A><GPP_B>first</GPP_B>", urlA);
    EXPECT_THAT(apply("<GPP_B>second</GPP_B><GPP_C>3</GPP_C>", urlB), testing::ElementsAre("GPP_B", "GPP_C"));
    EXPECT_EQ(value("GPP_A"), "1");
    EXPECT_EQ(value("GPP_B"), "second");
    EXPECT_EQ(m_phone.sourceUrl(id("GPP_A")), urlA);
    EXPECT_EQ(m_phone.sourceUrl(id("GPP_B")), urlB);
}

TEST_F(ParameterSetTest, ClearsAValueByAnEmptyElement)
{
    COVERS("PROF-EMPTY-ELEMENT");
    apply("<GPP_A>1</GPP_A><Profile_Rule_B>/b</Profile_Rule_B>");
    EXPECT_THAT(apply("<GPP_A></GPP_A><Profile_Rule_B ua=\"na\"/><Profile_Rule/>"),
                testing::UnorderedElementsAre("GPP_A", "Profile_Rule_B", "Profile_Rule"));
    EXPECT_EQ(value("GPP_A"), "");
    EXPECT_EQ(value("Profile_Rule_B"), "");
    EXPECT_EQ(value("Profile_Rule"), "");
}

TEST_F(ParameterSetTest, LetsAProfileWinOverThePhonesOwnChange)
{
    userChanges("GPP_A", "mine");
    userChanges("GPP_B", "also mine", ValueSource::Keypad);
    EXPECT_EQ(m_phone.source(id("GPP_B")), ValueSource::Keypad);
    EXPECT_THAT(apply("<GPP_A>theirs</GPP_A>"), testing::ElementsAre("GPP_A"));
    EXPECT_EQ(value("GPP_A"), "theirs");
    EXPECT_EQ(value("GPP_B"), "also mine");
    EXPECT_EQ(m_phone.ownCount(), 1u);
}

TEST_F(ParameterSetTest, ReportsAChangeBackToWhatTheProfileSaid)
{
    apply("<GPP_A>theirs</GPP_A>");
    const AppliedState before = m_phone.state();
    userChanges("GPP_A", "mine");
    EXPECT_EQ(m_phone.sourceUrl(id("GPP_A")), "");
    EXPECT_THAT(apply("<GPP_A>theirs</GPP_A>"), testing::ElementsAre("GPP_A"));
    EXPECT_EQ(value("GPP_A"), "theirs");
    EXPECT_EQ(m_phone.sourceUrl(id("GPP_A")), urlA);
    EXPECT_EQ(m_phone.state(), before);
    EXPECT_EQ(m_phone.ownCount(), 0u);
}

TEST_F(ParameterSetTest, LetsTheUsersChangeStayWhereTheProfileSaysSo)
{
    userChanges("GPP_A", "mine");
    userChanges("GPP_B", "set by rule", ValueSource::Rule);
    EXPECT_THAT(apply("<GPP_A user-pref=\"y\">theirs</GPP_A><GPP_B user-pref=\"y\">theirs</GPP_B>"
                      "<GPP_C user-pref=\"y\">theirs</GPP_C>"),
                testing::ElementsAre("GPP_B", "GPP_C"));
    EXPECT_EQ(value("GPP_A"), "mine");
    EXPECT_EQ(value("GPP_B"), "theirs") << "a rule is not the user";
    EXPECT_EQ(value("GPP_C"), "theirs") << "the user changed nothing here";
    apply("<GPP_A user-pref=\"n\">theirs</GPP_A>");
    EXPECT_EQ(value("GPP_A"), "theirs");
}

TEST_F(ParameterSetTest, LeavesAPreservedValueAsItIs)
{
    apply("<GPP_B>first</GPP_B>");
    userChanges("GPP_A", "mine");
    EXPECT_TRUE(apply("<GPP_A preserve-value=\"y\">x</GPP_A><GPP_B preserve-value=\"y\" ua=\"rw\">x</GPP_B>"
                      "<Resync_Periodic preserve-value=\"y\">x</Resync_Periodic>")
                    .empty());
    EXPECT_EQ(value("GPP_A"), "mine");
    EXPECT_EQ(value("GPP_B"), "first");
    EXPECT_EQ(m_phone.access(id("GPP_B")), UserAccess::ReadWrite);
    EXPECT_EQ(value("Resync_Periodic"), "3600");
}

TEST_F(ParameterSetTest, KeepsWhatTheUserEnteredUnderAnEmptyWritableElement)
{
    userChanges("GPP_A", "mine");
    apply("<GPP_A ua=\"rw\"/>");
    EXPECT_EQ(value("GPP_A"), "mine");
    apply("<GPP_A ua=\"na\"/>");
    EXPECT_EQ(value("GPP_A"), "");
}

TEST_F(ParameterSetTest, OverridesTheAccessUntilItIsSaidAnew)
{
    EXPECT_EQ(m_phone.access(id("GPP_A")), UserAccess::None);
    apply("<GPP_A ua=\"rw\">1</GPP_A>");
    EXPECT_EQ(m_phone.access(id("GPP_A")), UserAccess::ReadWrite);
    apply("<GPP_A>2</GPP_A>");
    EXPECT_EQ(m_phone.access(id("GPP_A")), UserAccess::ReadWrite) << "without ua it stays";
    EXPECT_EQ(value("GPP_A"), "2");
    apply("<GPP_A ua=\"ro\">2</GPP_A>");
    EXPECT_EQ(m_phone.access(id("GPP_A")), UserAccess::ReadOnly);
    m_phone.reset();
    EXPECT_EQ(m_phone.access(id("GPP_A")), UserAccess::None);
}

TEST_F(ParameterSetTest, IsFactoryFreshAfterAReset)
{
    m_phone = ParameterSet{*m_schema, m_cache.preset({{id("GPP_C"), "3"}})};
    apply("<GPP_A>1</GPP_A><Profile_Rule>/x</Profile_Rule>");
    userChanges("GPP_B", "2");
    m_phone.reset();
    for (std::size_t i = 0; i < m_schema->size(); ++i) {
        const ParamId one{static_cast<std::uint16_t>(i)};
        EXPECT_EQ(m_phone.value(one), m_schema->at(one).factory);
    }
    EXPECT_EQ(value("Profile_Rule"), "/$PSN.xml");
    EXPECT_EQ(m_phone.state(), nullptr);
}

TEST_F(ParameterSetTest, BeginsWithWhatWasSetBeforePowerOn)
{
    const AppliedState preset =
        m_cache.preset({{id("Resync_On_Reset"), "No"}, {id("GPP_A"), "x"}, {id("GPP_A"), "y"}});
    ParameterSet phone{*m_schema, preset};
    EXPECT_EQ(phone.value(id("Resync_On_Reset")), "No");
    EXPECT_EQ(phone.source(id("Resync_On_Reset")), ValueSource::Set);
    EXPECT_EQ(phone.value(id("GPP_A")), "y");
    EXPECT_EQ(m_cache.preset({}), nullptr);
}

TEST_F(ParameterSetTest, IsCopiedAndMovedByValue)
{
    apply("<GPP_A>1</GPP_A>");
    userChanges("GPP_B", "mine");
    ParameterSet copy{m_phone};
    copy.change(id("GPP_B"), "copy", ValueSource::Page);
    EXPECT_EQ(value("GPP_B"), "mine");
    EXPECT_EQ(copy.value(id("GPP_A")), "1");
    ParameterSet moved{std::move(copy)};
    EXPECT_EQ(moved.value(id("GPP_B")), "copy");
    m_phone = moved;
    EXPECT_EQ(value("GPP_B"), "copy");
    m_phone = std::move(moved);
    EXPECT_EQ(value("GPP_B"), "copy");
    EXPECT_EQ(&m_phone.schema(), m_schema.get());
}

TEST_F(ParameterSetTest, KeepsForDurableMemoryWhatDiffersAndTakesItBack)
{
    m_phone = ParameterSet{*m_schema, m_cache.preset({{id("GPP_C"), "3"}})};
    apply("<GPP_A>1</GPP_A><Resync_On_Reset>Yes</Resync_On_Reset>");
    userChanges("GPP_B", "2");
    userChanges("GPP_D", "4", ValueSource::Keypad);
    const auto kept = m_phone.kept();
    const auto kind = [&](std::string_view name) {
        for (const ParameterSet::Kept& one : kept)
            if (one.id == id(name))
                return one.source;
        return ValueSource::Factory;
    };
    ASSERT_EQ(kept.size(), 4u);
    EXPECT_TRUE(
        std::is_sorted(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
    EXPECT_EQ(kind("GPP_A"), ValueSource::Profile);
    EXPECT_EQ(kind("GPP_C"), ValueSource::Set);

    m_phone = ParameterSet{*m_schema};
    userChanges("GPP_E", "is gone");
    m_phone.restore(kept);
    for (const ParameterSet::Kept& one : kept) {
        EXPECT_EQ(m_phone.value(one.id), one.value);
        EXPECT_EQ(m_phone.source(one.id), one.source);
    }
    EXPECT_EQ(value("GPP_E"), "");
    apply("<GPP_B user-pref=\"y\">x</GPP_B><GPP_A user-pref=\"y\">x</GPP_A>");
    EXPECT_EQ(value("GPP_B"), "2");
    EXPECT_EQ(value("GPP_A"), "x");
    m_phone.restore({});
    EXPECT_TRUE(m_phone.kept().empty());
}

TEST_F(ParameterSetTest, FindsAProfileUnchangedWithoutANewState)
{
    apply("<GPP_A>1</GPP_A>");
    const AppliedState state = m_phone.state();
    EXPECT_TRUE(apply("<GPP_A>1</GPP_A>").empty());
    EXPECT_EQ(m_phone.state(), state);
    EXPECT_TRUE(apply("<GPP_A>1</GPP_A>", urlB).empty()) << "no value differs";
    EXPECT_EQ(m_phone.sourceUrl(id("GPP_A")), urlB);
    EXPECT_EQ(m_phone.state()->layers, 1);
    EXPECT_TRUE(apply("").empty());
}

TEST_F(ParameterSetTest, AppliesTwoProfilesInTurnForEverWithoutGrowing)
{
    const auto first = profile("<GPP_A>1</GPP_A><GPP_B>1</GPP_B>");
    const auto second = profile("<GPP_B>2</GPP_B><GPP_C>2</GPP_C>");
    m_phone.apply(first, urlA, m_cache, false);
    m_phone.apply(second, urlB, m_cache, false);
    const AppliedState state = m_phone.state();
    for (int round = 0; round < 100; ++round) {
        EXPECT_THAT(m_phone.apply(first, urlA, m_cache, true), testing::ElementsAre(id("GPP_B")));
        EXPECT_EQ(value("GPP_B"), "1");
        EXPECT_THAT(m_phone.apply(second, urlB, m_cache, true), testing::ElementsAre(id("GPP_B")));
        EXPECT_EQ(value("GPP_B"), "2");
        EXPECT_EQ(m_phone.state()->layers, 2);
    }
}

TEST_F(ParameterSetTest, DoesNotChangeStateInTurnsOfProfilesThatDoNotOverlap)
{
    const auto first = profile("<GPP_A>1</GPP_A>");
    const auto second = profile("<GPP_C>2</GPP_C>");
    m_phone.apply(first, urlA, m_cache, false);
    m_phone.apply(second, urlB, m_cache, false);
    const AppliedState state = m_phone.state();
    for (int round = 0; round < 10; ++round) {
        m_phone.apply(first, urlA, m_cache, false);
        EXPECT_EQ(m_phone.state(), state);
        m_phone.apply(second, urlB, m_cache, false);
        EXPECT_EQ(m_phone.state(), state);
    }
}

TEST_F(ParameterSetTest, FindsAStateUnchangedAlsoWhenItsProfileWasParsedAnew)
{
    const std::string_view bytes = "<flat-profile><GPP_A>1</GPP_A></flat-profile>";
    m_phone.apply(parseProfile(bytes, *m_schema).value(), urlA, m_cache, false);
    const AppliedState state = m_phone.state();
    m_phone.apply(parseProfile(bytes, *m_schema).value(), urlA, m_cache, false);
    EXPECT_EQ(m_phone.state(), state);
    Profile byHand;
    byHand.elements.push_back({id("GPP_A"), "1", {}, 0});
    m_phone.apply(std::make_shared<const Profile>(byHand), urlA, m_cache, false);
    EXPECT_EQ(m_phone.state(), state);
}

TEST_F(ParameterSetTest, ReplacesOlderVersionsOfAProfile)
{
    for (int version = 0; version < 50; ++version) {
        apply(fmt::format("<GPP_A>{}</GPP_A><GPP_B>b</GPP_B>", version));
        EXPECT_EQ(value("GPP_A"), std::to_string(version));
        EXPECT_EQ(m_phone.state()->layers, 1);
    }
}

TEST_F(ParameterSetTest, SharesOneStateBetweenPhonesWithOneHistory)
{
    ParameterSet other{*m_schema};
    const auto first = profile("<GPP_A>1</GPP_A>");
    const auto second = profile("<GPP_B>2</GPP_B>");
    for (ParameterSet* phone : {&m_phone, &other}) {
        phone->apply(first, urlA, m_cache, false);
        phone->apply(second, urlB, m_cache, false);
    }
    EXPECT_EQ(m_phone.state(), other.state());
}

TEST_F(ParameterSetTest, SharesTheCommonLayerUnderPhonesOwnOnesAlsoWhenTheyOverlapAndTakeTurns)
{
    ParameterSet other{*m_schema};
    const auto common = profile("<GPP_A>all</GPP_A><User_ID_1_>nobody</User_ID_1_>");
    for (int round = 0; round < 3; ++round) {
        for (ParameterSet* phone : {&m_phone, &other}) {
            phone->apply(common, urlA, m_cache, false);
            const std::string number = phone == &other ? "1002" : "1001";
            phone->apply(profile(fmt::format("<User_ID_1_>{}</User_ID_1_>", number)), urlB, m_cache, false);
            EXPECT_EQ(phone->value(id("User_ID_1_")), number);
        }
        EXPECT_NE(m_phone.state(), other.state());
        EXPECT_EQ(m_phone.state()->base, other.state()->base);
    }
}

TEST_F(ParameterSetTest, LetsStatesDieThatNoPhoneHas)
{
    apply("<GPP_A>1</GPP_A>");
    const std::weak_ptr<const AppliedLayer> state = m_phone.state();
    EXPECT_FALSE(state.expired());
    m_phone.reset();
    EXPECT_TRUE(state.expired());
}

// What a phone should show after a history of profiles, told by a plain map.
struct Expected {
    std::string value;
    std::string url;
    UserAccess access;
};

TEST_F(ParameterSetTest, ShowsTheSameAsAPlainMapAfterAnyHistory)
{
    std::uint64_t state = 1;
    const auto draw = [&](std::uint64_t below) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return (state >> 33) % below;
    };
    for (int history = 0; history < 60; ++history) {
        std::map<std::string, Expected> expected;
        std::vector<std::string> names;
        for (std::size_t i = 0; i < 12 + draw(250); ++i) {
            const Parameter& parameter = m_schema->at(ParamId{static_cast<std::uint16_t>(i)});
            if (parameter.type == ParamType::String && !parameter.max) {
                names.push_back(parameter.name);
                expected[parameter.name] = {parameter.factory, "", parameter.access};
            }
        }
        struct Given {
            std::string elements;
            std::string url;
            std::vector<std::pair<std::string, Expected>> says;  // an empty URL keeps the value
        };
        std::vector<Given> given(1 + draw(14));
        for (Given& one : given) {
            one.url = fmt::format("tftp://10.0.0.1:69/{}", draw(4));
            const std::uint64_t density = 1 + draw(10);
            for (const std::string& name : names) {
                if (draw(10) >= density)
                    continue;
                const std::string value = draw(4) == 0 ? "" : std::to_string(draw(3));
                const bool preserve = draw(8) == 0;
                const bool access = draw(3) == 0;
                one.elements += fmt::format("<{0}{1}{2}>{3}</{0}>", name, access ? " ua=\"ro\"" : "",
                                            preserve ? " preserve-value=\"y\"" : "", value);
                one.says.push_back(
                    {name,
                     {value, preserve ? "" : one.url, access ? UserAccess::ReadOnly : UserAccess::None}});
                if (!access)
                    one.says.back().second.access = UserAccess::ReadWrite;  // stands for "as it was"
            }
        }
        ParameterSet phone{*m_schema};
        for (int step = 0; step < 40; ++step) {
            const Given& one = given[draw(given.size())];
            const std::map<std::string, Expected> before = expected;
            for (const auto& [name, says] : one.says) {
                if (!says.url.empty()) {
                    expected[name].value = says.value;
                    expected[name].url = says.url;
                }
                if (says.access == UserAccess::ReadOnly)
                    expected[name].access = UserAccess::ReadOnly;
            }
            std::set<std::string> changes;
            for (const ParamId changed : phone.apply(profile(one.elements), one.url, m_cache, true))
                changes.insert(m_schema->at(changed).name);
            for (const auto& [name, wanted] : expected) {
                ASSERT_EQ(phone.value(id(name)), wanted.value) << history << " " << step << " " << name;
                ASSERT_EQ(phone.sourceUrl(id(name)), wanted.url) << history << " " << step << " " << name;
                ASSERT_EQ(phone.access(id(name)), wanted.access) << history << " " << step << " " << name;
                ASSERT_EQ(changes.contains(name), before.at(name).value != wanted.value) << name;
            }
            const AppliedState reached = phone.state();
            if (reached != nullptr) {
                ASSERT_LE(reached->layers, AppliedLayer::maxLayers);
            }
            phone.apply(profile(one.elements), one.url, m_cache, false);
            ASSERT_EQ(phone.state(), reached) << "the same profile again";
        }
    }
}

TEST(ProfileCacheTest, ParsesTheSameBytesOnce)
{
    const auto schema = schemaOf("7832");
    ProfileCache cache{schema};
    const std::string bytes = "<flat-profile><GPP_A>1</GPP_A></flat-profile>";
    const std::string other = "<flat-profile><GPP_A>2</GPP_A></flat-profile>";
    const auto first = cache.parse(bytes).value();
    EXPECT_NE(cache.parse(other).value(), first);
    EXPECT_EQ(cache.parse(std::string{bytes}).value(), first);
    EXPECT_EQ(cache.parse(bytes).value(), first);
}

TEST(ProfileCacheTest, RemembersWhatIsNoProfileToo)
{
    ProfileCache cache{schemaOf("7832")};
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(cache.parse("<flat-profile>").error().kind, ErrorKind::Corrupt);
        EXPECT_EQ(cache.parse("").error().kind, ErrorKind::Corrupt);
        EXPECT_EQ(cache.parse(std::string(maxProfileBytes + 1, '<')).error().kind, ErrorKind::TooLarge);
    }
}

TEST(ProfileCacheTest, ForgetsWhatWasAskedForOnceBeforeWhatManyAskFor)
{
    const auto schema = schemaOf("7832");
    ProfileCache cache{schema};
    const auto common = cache.parse("<flat-profile><GPP_A>all</GPP_A></flat-profile>").value();
    EXPECT_EQ(cache.parse("<flat-profile><GPP_A>all</GPP_A></flat-profile>").value(), common);
    std::weak_ptr<const Profile> early;
    for (int i = 0; i < 30'000; ++i) {
        const auto own =
            cache.parse(fmt::format("<flat-profile><GPP_A>{}</GPP_A></flat-profile>", i)).value();
        if (i == 0)
            early = own;
    }
    EXPECT_TRUE(early.expired());
    EXPECT_EQ(cache.parse("<flat-profile><GPP_A>all</GPP_A></flat-profile>").value(), common);
}

}  // namespace
}  // namespace emulator
