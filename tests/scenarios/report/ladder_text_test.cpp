#include "scenarios/report/ladder_text.hpp"

#include "scenarios/report/ladder_file.hpp"
#include "tests/scenarios/report/report_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using emulator::EventKind;
using emulator::FieldName;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(LadderTextTest, DrawsAnArrowToTheLaneOfTheServer)
{
    ReportCase a;
    a.sent(EventKind::TftpRead, 1500ms, {{FieldName::File, "basic.txt"}});
    a.noted(EventKind::PhoneState, 2s, {{FieldName::State, "idle"}});
    EXPECT_EQ(ladderText(ladderOf(a.result, PhoneNumber{0})),
              "                    phone1             tftp\n"
              "     1.500000          |---------------->|          read basic.txt\n"
              "     2.000000          *                 |          idle\n");
}

TEST(LadderTextTest, KeepsEachRowOnItsLine)
{
    ReportCase a;
    a.sent(EventKind::SyslogMessage, 0ms, {{FieldName::Text, "one\ntwo"}});
    EXPECT_THAT(ladderText(ladderOf(a.result, PhoneNumber{0})), HasSubstr("one two\n"));
}

TEST(LadderFileTest, IsADrawingWithoutVariablesThatOtherProgramsDoNotKnow)
{
    ReportCase a;
    a.sent(EventKind::TftpRead, 0ms, {{FieldName::File, "basic.txt"}});
    const std::string svg = ladderSvgFile(ladderOf(a.result, PhoneNumber{0}));
    EXPECT_THAT(svg, StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    EXPECT_THAT(svg, Not(HasSubstr("var(")));
    EXPECT_THAT(svg, HasSubstr(".ladder .arrow.tftp { stroke: #2457b0; }"));
    EXPECT_TRUE(isWellFormed(svg));
}

}  // namespace
}  // namespace scenarios
