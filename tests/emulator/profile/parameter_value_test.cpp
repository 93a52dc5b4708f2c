#include "emulator/profile/parameter_schema.hpp"

#include "tests/emulator/profile/sample_schema.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

Parameter aParameter(ParamType type)
{
    Parameter parameter;
    parameter.name = "P";
    parameter.type = type;
    return parameter;
}

const Parameter& of7832(std::string_view name)
{
    static const std::shared_ptr<const ParameterSchema> schema = schemaOf("7832");
    return schema->at(idOf(*schema, name));
}

std::string accepted(const Parameter& parameter, std::string_view value)
{
    const Result<std::string> result = checkedValue(parameter, value);
    return result.has_value() ? *result : "refused: " + result.error().detail;
}

TEST(ParameterValueTest, TakesYesAndNoInAnyCase)
{
    const Parameter yesNo = aParameter(ParamType::Bool);
    EXPECT_EQ(accepted(yesNo, "yes"), "Yes");
    EXPECT_EQ(accepted(yesNo, "NO"), "No");
    for (const char* value : {"1", "0", "true", "Y", "Yes ", "yesno"})
        EXPECT_EQ(checkedValue(yesNo, value).error().kind, ErrorKind::Malformed) << value;
}

TEST(ParameterValueTest, TakesEnumValuesInAnyCaseAndKeepsTheirSpelling)
{
    const Parameter& type = of7832("Profile_Authentication_Type");
    EXPECT_EQ(accepted(type, "basic HTTP authentication"), "Basic Http Authentication");
    EXPECT_EQ(checkedValue(type, "Basic").error().detail,
              "'Basic' is refused for Profile_Authentication_Type; expected one of Disabled|Basic Http "
              "Authentication|XSI "
              "Authentication");
}

TEST(ParameterValueTest, TakesWholeNumbersInTheirRange)
{
    Parameter number = aParameter(ParamType::Int);
    number.min = 10;
    number.max = 900;
    EXPECT_EQ(accepted(number, "10"), "10");
    EXPECT_EQ(accepted(number, "900"), "900");
    EXPECT_EQ(accepted(number, "0060"), "60");
    for (const char* value : {"9", "901", "-10", "99999999999999999999"})
        EXPECT_EQ(checkedValue(number, value).error().kind, ErrorKind::TooLarge) << value;
    for (const char* value : {"x", "12x", "1.5", "+12", " 12", "0x20", "-"})
        EXPECT_EQ(checkedValue(number, value).error().kind, ErrorKind::Malformed) << value;
    EXPECT_EQ(checkedValue(number, "901").error().detail,
              "'901' is refused for P; expected a whole number from 10 to 900");
}

TEST(ParameterValueTest, BoundsNumbersWithoutAPrintedRange)
{
    const Parameter number = aParameter(ParamType::Int);
    EXPECT_EQ(accepted(number, "2147483647"), "2147483647");
    EXPECT_EQ(checkedValue(number, "2147483648").error().kind, ErrorKind::TooLarge);
    EXPECT_EQ(checkedValue(number, "-1").error().kind, ErrorKind::TooLarge);
}

struct Range {
    const char* name;
    const char* factory;
    std::vector<const char*> accepted;
    std::vector<const char*> refused;
};

void expectRange(const Range& range)
{
    for (const char* model : {"7832", "7841"}) {
        SCOPED_TRACE(model);
        const auto schema = schemaOf(model);
        const Parameter& parameter = schema->at(idOf(*schema, range.name));
        EXPECT_EQ(parameter.factory, range.factory) << range.name;
        for (const char* value : range.accepted)
            EXPECT_EQ(accepted(parameter, value), value) << range.name;
        for (const char* value : range.refused)
            EXPECT_TRUE(checkedValue(parameter, value).has_error()) << range.name << " " << value;
    }
}

TEST(ParameterValueTest, LimitsTheRandomDelayOfTheFirstContact)
{
    COVERS("RSYNC-RANDOM-LIMITS");
    expectRange({"Resync_Random_Delay", "2", {"0", "65535"}, {"65536", "-1"}});
}

TEST(ParameterValueTest, LimitsTheRandomDelayOfDailyResyncsAndTakesSmallerOnesForItsLeast)
{
    COVERS("RSYNC-AT-RND-RANGE");
    expectRange({"Resync_At_Random_Delay", "600", {"600", "65535", "10", "0"}, {"65536", "-1"}});
}

TEST(ParameterValueTest, LimitsTheForcedResyncDelay)
{
    COVERS("RSYNC-FORCED-RANGE");
    expectRange({"Forced_Resync_Delay", "14400", {"0", "65535"}, {"65536", "-1"}});
}

TEST(ParameterValueTest, TakesSchedulesAsNumbersListsAndRanges)
{
    for (const char* name : {"Resync_Periodic", "Resync_Error_Retry_Delay"}) {
        const Parameter& schedule = of7832(name);
        for (const char* value : {"0", "3000", "600,1200,300", "2400+30", "600,2400+30"})
            EXPECT_EQ(accepted(schedule, value), value);
        EXPECT_EQ(accepted(schedule, "600, 1200 ,300"), "600,1200,300");
        for (const char* value :
             {"soon", "600,", ",600", "600,,300", "2400+", "+30", "1+2+3", "-5", "600;300", "99999999999"})
            EXPECT_TRUE(checkedValue(schedule, value).has_error()) << value;
    }
    EXPECT_EQ(accepted(of7832("DHCP_Option_To_Use"), "66,160"), "66,160");
    EXPECT_TRUE(checkedValue(of7832("DHCP_Option_To_Use"), "tftp").has_error());
}

TEST(ParameterValueTest, TakesUrlsUpToTheirLength)
{
    const Parameter& rule = of7832("MIC_Cert_Refresh_Rule");
    EXPECT_EQ(accepted(rule, "http://sudirenewal.cisco.com/"), "http://sudirenewal.cisco.com/");
    EXPECT_EQ(accepted(rule, "https://a:8443"), "https://a:8443");
    for (const char* value :
         {"sudirenewal.cisco.com", "://a/", "http://", "http:///a", "http://a b/", "h1://a/"})
        EXPECT_EQ(checkedValue(rule, value).error().kind, ErrorKind::Malformed) << value;
    const std::string longest = "http://a/" + std::string(1015, 'x');
    EXPECT_EQ(accepted(rule, longest), longest);
    EXPECT_EQ(checkedValue(rule, longest + "x").error().kind, ErrorKind::TooLarge);
}

TEST(ParameterValueTest, TakesAnyTextUpToItsLength)
{
    EXPECT_EQ(accepted(of7832("GPP_A"), "any <text> & \"more\" ü"), "any <text> & \"more\" ü");
    EXPECT_EQ(checkedValue(of7832("Resync_At__HHmm_"), "00000").error().kind, ErrorKind::TooLarge);
    const std::string longest(maxValueBytes, 'x');
    EXPECT_EQ(accepted(of7832("GPP_A"), longest), longest);
    EXPECT_EQ(checkedValue(of7832("GPP_A"), longest + "x").error().kind, ErrorKind::TooLarge);
}

TEST(ParameterValueTest, TakesTheEmptyValueForEveryType)
{
    for (const ParamType type :
         {ParamType::String, ParamType::Bool, ParamType::Int, ParamType::Enum, ParamType::List,
          ParamType::Rule, ParamType::Expression, ParamType::Url, ParamType::Password})
        EXPECT_EQ(accepted(aParameter(type), ""), "");
}

TEST(ParameterValueTest, DoesNotRepeatSecretsInMessages)
{
    Parameter secret = aParameter(ParamType::Int);
    secret.secret = true;
    EXPECT_EQ(checkedValue(secret, "MyOwnSecret").error().detail.find("MyOwnSecret"), std::string::npos);
}

}  // namespace
}  // namespace emulator
