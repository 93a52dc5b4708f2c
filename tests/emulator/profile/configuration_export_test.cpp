#include "emulator/profile/parameter_set.hpp"

#include "tests/emulator/profile/sample_schema.hpp"
#include "tests/support/covers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigurationExportTest : public testing::Test {
protected:
    void set(std::string_view name, std::string_view value)
    {
        m_phone.change(idOf(*m_schema, name), std::string{value}, ValueSource::Page);
    }

    std::shared_ptr<const ParameterSchema> m_schema = schemaOf("7841");
    ProfileCache m_cache{m_schema};
    ParameterSet m_phone{*m_schema};
};

TEST_F(ConfigurationExportTest, HasEveryExportedParameterWithItsAccess)
{
    const std::string text = exportConfiguration(m_phone);
    EXPECT_THAT(
        text, testing::StartsWith(
                  "<flat-profile>\n<!-- System Configuration -->\n<Restricted_Access_Domains ua=\"na\"/>\n"));
    EXPECT_THAT(text, HasSubstr("<Resync_Periodic ua=\"na\">3600</Resync_Periodic>\n"));
    EXPECT_THAT(text, HasSubstr("<!-- Configuration Profile -->\n"));
    std::size_t elements = 0;
    for (const Parameter& parameter : m_schema->all()) {
        const bool shown = text.find(fmt::format("<{} ua=\"", parameter.name)) != std::string::npos;
        EXPECT_EQ(shown, parameter.exported) << parameter.name;
        elements += parameter.exported && !parameter.secret ? 1 : 0;
    }
    const auto parsed = parseProfile(text, *m_schema);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
    EXPECT_EQ((*parsed)->elements.size(), elements);
}

TEST_F(ConfigurationExportTest, SaysWhichValuesAnEnumerationHas)
{
    EXPECT_THAT(
        exportConfiguration(m_phone),
        HasSubstr(
            "<Enable_Protocol ua=\"na\">Http</Enable_Protocol>\n<!-- available options: Http|Https -->\n"));
}

TEST_F(ConfigurationExportTest, HasPasswordsOnlyAsComments)
{
    for (const Parameter& parameter : m_schema->all())
        if (parameter.secret)
            set(parameter.name, "MyOwnSecret");
    const std::string text = exportConfiguration(m_phone);
    EXPECT_THAT(text, HasSubstr("<!-- <Admin_Password ua=\"na\"/> -->\n"));
    EXPECT_THAT(text, HasSubstr("<!-- <User_Password ua=\"rw\"/> -->\n"));
    EXPECT_THAT(text, Not(HasSubstr("MyOwnSecret")));
    EXPECT_THAT(text, Not(HasSubstr("GPP_SA")));
}

TEST_F(ConfigurationExportTest, GivesTheSameValuesWhenAnotherPhoneTakesIt)
{
    set("GPP_A", "a<b>&\"c'  d ü");
    set("GPP_B", "one\ttwo");
    set("Resync_Periodic", "");
    set("Resync_On_Reset", "No");
    set("Profile_Rule", "(\"$A\" ne \"x\")? [--key k] https://h/p?a&b | /$MA.cfg");
    m_phone.apply(m_cache.parse("<flat-profile><GPP_C ua=\"ro\">3</GPP_C></flat-profile>").value(),
                  "tftp://h:69/a", m_cache, false);
    const auto parsed = parseProfile(exportConfiguration(m_phone), *m_schema);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
    EXPECT_TRUE((*parsed)->problems.empty())
        << (*parsed)->problems.front().name << (*parsed)->problems.front().detail;
    ParameterSet other{*m_schema};
    other.apply(*parsed, "tftp://h:69/cfg.xml", m_cache, false);
    for (std::size_t i = 0; i < m_schema->size(); ++i) {
        const ParamId id{static_cast<std::uint16_t>(i)};
        EXPECT_EQ(other.value(id), m_phone.value(id)) << m_schema->at(id).name;
        EXPECT_EQ(other.access(id), m_phone.access(id)) << m_schema->at(id).name;
    }
}

TEST_F(ConfigurationExportTest, StaysWellFormedWhateverTheValuesHold)
{
    using namespace std::string_literals;
    set("GPP_A", "\0\x01\xFF]]>--><!--"s);
    set("GPP_B", "caf\xE9");
    const auto parsed = parseProfile(exportConfiguration(m_phone), *m_schema);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
}

}  // namespace
}  // namespace emulator
