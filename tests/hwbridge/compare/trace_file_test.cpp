#include "hwbridge/compare/trace_file.hpp"

#include "tests/hwbridge/capture/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using testing::EndsWith;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* beginLine = R"({"t":0,"kind":"run.begin","n":0,"by":"rig","schema":1})"
                                  "\n";
constexpr const char* queryLine = R"({"t":1,"kind":"dns.query","n":1,"by":"wire","name":"prov.example"})"
                                  "\n";
constexpr const char* endLine = R"({"t":2,"kind":"run.end","n":2,"by":"rig"})"
                                "\n";
const std::string wholeRun = std::string{beginLine} + queryLine + endLine;

class TraceFileTest : public testing::Test {
protected:
    std::string file(const std::string& content)
    {
        const std::string path = m_folder / "a.ndjson";
        std::ofstream{path, std::ios::binary} << content;
        return path;
    }
    // What is said of a trace that is refused; the file's own name is left out.
    std::string refusal(const std::string& content)
    {
        const std::string path = file(content);
        const auto read = readTraceFile(path);
        const std::string why = read.has_error() ? read.error().detail : path + ": was read";
        EXPECT_THAT(why, StartsWith(path + ": "));
        return why.substr(std::min(why.size(), path.size() + 2));
    }
    // What is said of one that breaks off, which is read as far as it goes, but not for a verdict.
    std::string cut(const std::string& content, std::size_t events)
    {
        const std::string path = file(content);
        const auto read = readTraceFile(path);
        const auto whole = readWholeTraceFile(path);
        if (read.has_error() || whole.has_value())
            return read.has_error() ? read.error().detail : "was taken for a whole one";
        EXPECT_EQ(read->store.events().size(), events);
        EXPECT_EQ(read->cutShort, whole.error().detail);
        EXPECT_THAT(read->cutShort, StartsWith(path + ": "));
        return read->cutShort.substr(path.size() + 2);
    }

    TemporaryFolder m_folder;
};

TEST_F(TraceFileTest, ReadsRunsThatBeginAndEnd)
{
    for (const std::string& trace :
         {wholeRun, wholeRun + wholeRun, wholeRun.substr(0, wholeRun.size() - 1), wholeRun + queryLine}) {
        const auto read = readWholeTraceFile(file(trace));
        ASSERT_TRUE(read.has_value()) << read.error().detail;
        EXPECT_THAT(read->cutShort, IsEmpty());
    }
    EXPECT_EQ(readTraceFile(file(wholeRun + wholeRun))->store.events().back().line, 6u);
}

TEST_F(TraceFileTest, RefusesATraceWhoseFirstLineIsNotItsBeginning)
{
    constexpr const char* expected = ", expected run.begin with schema 1";
    EXPECT_EQ(refusal(queryLine + wholeRun), std::string{"line 1: found dns.query"} + expected);
    EXPECT_EQ(refusal(endLine), std::string{"line 1: found run.end"} + expected);
    const std::string unknown = std::string{"line 1: found nothing that this version knows"} + expected;
    EXPECT_EQ(refusal(""), unknown);
    EXPECT_EQ(refusal("{\"t\":0,\"kind\":\"no.such\",\"by\":\"rig\"}\n" + wholeRun), unknown);
    EXPECT_EQ(refusal("{\"t\":0,\"kind\":\"no.such\",\"by\":\"rig\"}\n"), unknown);
    EXPECT_EQ(refusal("{\"t\":0,\"kind\":\"run.be"), unknown);
}

TEST_F(TraceFileTest, RefusesATraceOfAnotherSchema)
{
    const std::string newer = R"({"t":0,"kind":"run.begin","by":"rig","schema":2})";
    EXPECT_EQ(refusal(newer + "\n" + queryLine + endLine),
              "line 1: found run.begin with schema 2, expected schema 1");
    EXPECT_EQ(refusal(wholeRun + newer), "line 4: found run.begin with schema 2, expected schema 1");
    EXPECT_EQ(refusal(R"({"t":0,"kind":"run.begin","by":"rig","schema":"1"})"
                      "\n"),
              "line 1: found run.begin without the number of its schema, expected schema 1");
}

TEST_F(TraceFileTest, SaysWhereATraceWasCutShort)
{
    constexpr const char* expected = ", expected run.end: the trace was cut short";
    EXPECT_EQ(cut(beginLine, 1), std::string{"line 1: found the end of the file"} + expected);
    EXPECT_EQ(cut(std::string{beginLine} + queryLine, 2),
              std::string{"line 2: found the end of the file"} + expected);
    EXPECT_EQ(cut(beginLine + wholeRun, 4), std::string{"line 2: found run.begin"} + expected);
    EXPECT_EQ(cut(beginLine + wholeRun + beginLine, 5), std::string{"line 2: found run.begin"} + expected);
    // Who is killed while it writes leaves a part of a line.
    EXPECT_EQ(cut(beginLine + std::string{queryLine}.substr(0, 20), 1),
              std::string{"line 2: found the end of the file"} + expected);
}

TEST_F(TraceFileTest, RefusesALineThatIsWrongInAWholeTraceAndInACutOne)
{
    EXPECT_THAT(refusal(beginLine + std::string{"nonsense\n"} + endLine),
                StartsWith("line 2: found no JSON"));
    EXPECT_THAT(refusal(beginLine + std::string{"nonsense\n"}), StartsWith("line 2: found no JSON"));
    EXPECT_THAT(refusal("nonsense\n"), EndsWith("whose lines begin with {"));
}

}  // namespace
}  // namespace hwbridge
