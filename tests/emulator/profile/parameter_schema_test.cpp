#include "emulator/profile/parameter_schema.hpp"

#include "tests/emulator/profile/sample_schema.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

constexpr std::string_view header = "name,label,tab,section,type,default,min,max,allowed,access,flags\n";

Result<std::shared_ptr<const ParameterSchema>> parse(std::string_view rows, int lines = 1,
                                                     std::string_view generations = {},
                                                     Generation generation = Generation::Mpp11_3)
{
    return ParameterSchema::parse(std::string{header}.append(rows), generations, lines, generation);
}

std::vector<std::string> names(const ParameterSchema& schema)
{
    std::vector<std::string> result;
    for (const Parameter& parameter : schema.all())
        result.push_back(parameter.name);
    return result;
}

TEST(ParameterSchemaTest, ReadsEveryColumn)
{
    const auto schema = parse("A_Rule,A Rule,Voice > X,Some Section,string,/x,1,9,,rw,secret;reboot\n"
                              "B,B,T,S,enum,Two,,,One|Two,ro,noexport\n"
                              "C,C,T,S,int,5,-3,,,na,hidden\n");
    ASSERT_TRUE(schema.has_value()) << schema.error().detail;
    const Parameter& a = (*schema)->at(ParamId{0});
    EXPECT_EQ(a.name, "A_Rule");
    EXPECT_EQ(a.label, "A Rule");
    EXPECT_EQ(a.tab, "Voice > X");
    EXPECT_EQ(a.section, "Some Section");
    EXPECT_EQ(a.type, ParamType::String);
    EXPECT_EQ(a.factory, "/x");
    EXPECT_EQ(a.min, 1);
    EXPECT_EQ(a.max, 9);
    EXPECT_EQ(a.access, UserAccess::ReadWrite);
    EXPECT_TRUE(a.secret && a.reboots && a.exported && !a.hidden);
    const Parameter& b = (*schema)->at(ParamId{1});
    EXPECT_THAT(b.allowed, testing::ElementsAre("One", "Two"));
    EXPECT_TRUE(!b.exported && !b.hidden && !b.secret && !b.reboots);
    EXPECT_EQ(b.access, UserAccess::ReadOnly);
    const Parameter& c = (*schema)->at(ParamId{2});
    EXPECT_TRUE(c.hidden && !c.exported);
    EXPECT_EQ(c.min, -3);
    EXPECT_EQ(c.max, std::nullopt);
    EXPECT_EQ(c.access, UserAccess::None);
}

TEST(ParameterSchemaTest, RepeatsBlocksOfIndexedRowsForEachLine)
{
    const auto schema = parse("First,First,T,S,string,,,,,na,\n"
                              "Port_n_,Port n,Voice > Ext n,SIP n,int,{n+5059},0,65535,,na,\n"
                              "Header_n_,Header,Voice > Ext n,SIP,enum,{n},,,{1..lines}|none,na,lines=1\n"
                              "Log_n,Log n,Voice > Ext n,SIP,bool,Yes,,,,na,\n"
                              "Last,Last n,T,S,enum,3,,,{1..lines},na,\n",
                              3);
    ASSERT_TRUE(schema.has_value()) << schema.error().detail;
    EXPECT_THAT(names(**schema), testing::ElementsAre("First", "Port_1_", "Header_1_", "Log_1", "Port_2_",
                                                      "Log_2", "Port_3_", "Log_3", "Last"));
    const Parameter& port = (*schema)->at(ParamId{6});
    EXPECT_EQ(port.factory, "5062");
    EXPECT_EQ(port.label, "Port 3");
    EXPECT_EQ(port.tab, "Voice > Ext 3");
    EXPECT_EQ(port.section, "SIP 3");
    EXPECT_THAT((*schema)->at(ParamId{2}).allowed, testing::ElementsAre("1", "2", "3", "none"));
    EXPECT_EQ((*schema)->at(ParamId{8}).label, "Last n");
}

TEST(ParameterSchemaTest, ReplacesWhatAGenerationHasDifferently)
{
    constexpr std::string_view rows =
        "Rule,Rule,T,S,string,new,,,,na,\nLevel,Level,T,S,enum,NOTICE,,,NOTICE|DEBUG,na,\n";
    constexpr std::string_view generations = "generation,parameter,default,min,max,allowed\n"
                                             "mpp-11.0,Rule,old,,,\nmpp-11.0,Level,0,0,3,0|1|2|3\n"
                                             "mpp-11.0,Of_Another_Model,1,,,\n";
    const auto older = parse(rows, 1, generations, Generation::Mpp11_0);
    ASSERT_TRUE(older.has_value()) << older.error().detail;
    EXPECT_EQ((*older)->at(ParamId{0}).factory, "old");
    EXPECT_EQ((*older)->at(ParamId{1}).max, 3);
    EXPECT_EQ(checkedValue((*older)->at(ParamId{1}), "2").value(), "2");
    EXPECT_TRUE(checkedValue((*older)->at(ParamId{1}), "DEBUG").has_error());
    const auto newer = parse(rows, 1, generations, Generation::Mpp11_3);
    EXPECT_EQ((*newer)->at(ParamId{0}).factory, "new");
    EXPECT_TRUE(checkedValue((*newer)->at(ParamId{1}), "2").has_error());
}

TEST(ParameterSchemaTest, SaysWhichRowIsWrongAndWhy)
{
    const auto says = [](std::string_view rows, std::string_view what) {
        const auto schema = parse(rows);
        ASSERT_TRUE(schema.has_error()) << rows;
        EXPECT_EQ(schema.error().kind, ErrorKind::Malformed);
        EXPECT_THAT(schema.error().detail, testing::HasSubstr(what));
    };
    says("A,A,T,S,number,,,,,na,\n", "line 2 (A): unknown type 'number'");
    says("A,A,T,S,string,,,,,no,\n", "access 'no'; expected na, ro or rw");
    says("A,A,T,S,int,,x,,,na,\n", "min and max are numbers or empty");
    says("A,A,T,S,string,,,,,na,shiny\n", "unknown flag 'shiny'");
    says("A,A,T,S,string,,,,,na,lines=0\n", "unknown flag 'lines=0'");
    says(",A,T,S,string,,,,,na,\n", "every parameter has a name");
    says("A,A,T,S,bool,perhaps,,,,na,\n", "default of A: 'perhaps' is refused");
    says("A,A,T,S,string,,,,,na,\na,A,T,S,string,,,,,na,\n", "parameter a is listed twice");
    says("\"A,A,T", "no closing quote");
    EXPECT_TRUE(parse("A,A,T,S,string,,,,,na,\n", 0).has_error());
    EXPECT_TRUE(parse("A,A,T,S,string,,,,,na,\n", 101).has_error());
}

TEST(ParameterSchemaTest, FindsEveryNameOfAModelInAnyCase)
{
    COVERS("PROF-NAME-CASE");
    const auto schema = schemaOf("7861");
    for (std::size_t i = 0; i < schema->size(); ++i) {
        const ParamId id{static_cast<std::uint16_t>(i)};
        std::string name = schema->at(id).name;
        EXPECT_EQ(schema->find(name), id);
        for (char& c : name)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        EXPECT_EQ(schema->findAnyCase(name), id) << name;
    }
    EXPECT_EQ(schema->find("profile_rule"), std::nullopt);
    EXPECT_EQ(schema->findAnyCase("Profile Rule"), std::nullopt);
    EXPECT_EQ(schema->findAnyCase(""), std::nullopt);
    EXPECT_EQ(ParameterSchema{}.findAnyCase("x"), std::nullopt);
}

TEST(ParameterSchemaTest, NamesTheNearestParameter)
{
    const auto schema = schemaOf("7832");
    EXPECT_EQ(schema->nearestName("Resync_On_Rest"), "Resync_On_Reset");
    EXPECT_EQ(schema->nearestName("profile_rul"), "Profile_Rule");
    EXPECT_EQ(schema->nearestName("Upgade_Rule"), "Upgrade_Rule");
    EXPECT_EQ(schema->nearestName("Something_Else_Entirely"), "");
    EXPECT_EQ(schema->nearestName(""), "");
    EXPECT_EQ(schema->nearestName(std::string(100'000, 'x')), "");
}

}  // namespace
}  // namespace emulator
