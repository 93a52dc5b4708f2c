#include "emulator/profile/csv.hpp"

#include <gtest/gtest.h>

namespace emulator {
namespace {

TEST(CsvTest, ReadsFieldsByTheNamesOfTheirColumns)
{
    const Result<CsvTable> table =
        CsvTable::parse("name,default\nDial_Tone,\"350@-19,440@-19\"\r\n\nGPP_A,\n");
    ASSERT_TRUE(table.has_value());
    ASSERT_EQ(table->rows.size(), 2u);
    EXPECT_EQ(table->field(table->rows[0], "default"), "350@-19,440@-19");
    EXPECT_EQ(table->field(table->rows[1], "name"), "GPP_A");
    EXPECT_EQ(table->field(table->rows[1], "default"), "");
    EXPECT_EQ(table->field(table->rows[1], "max"), "");
    EXPECT_EQ(table->rows[1].line, 4u);
}

TEST(CsvTest, ReadsQuotesAndLineEndsInsideQuotes)
{
    const Result<CsvTable> table = CsvTable::parse("a,b\n\"one \"\"two\"\"\",\"three\nfour\"\nx,y");
    ASSERT_TRUE(table.has_value());
    ASSERT_EQ(table->rows.size(), 2u);
    EXPECT_EQ(table->field(table->rows[0], "a"), "one \"two\"");
    EXPECT_EQ(table->field(table->rows[0], "b"), "three\nfour");
    EXPECT_EQ(table->rows[1].line, 4u);
    EXPECT_EQ(table->field(table->rows[1], "b"), "y");
}

TEST(CsvTest, NamesTheLineOfWhatIsWrong)
{
    const Result<CsvTable> open = CsvTable::parse("a,b\nx,y\n\"open,z\n");
    ASSERT_TRUE(open.has_error());
    EXPECT_EQ(open.error().detail, "line 3: a quoted field has no closing quote");
    const Result<CsvTable> tooLong = CsvTable::parse("a,b\nx,y,z\n");
    ASSERT_TRUE(tooLong.has_error());
    EXPECT_EQ(tooLong.error().detail, "line 2: 3 fields under 2 column names");
}

TEST(CsvTest, TakesAnEmptyTable)
{
    EXPECT_TRUE(CsvTable::parse("")->rows.empty());
    EXPECT_TRUE(CsvTable::parse("a,b")->rows.empty());
}

TEST(CsvTest, IsPrintedSoThatItReadsTheSame)
{
    CsvTable table = CsvTable::parse("a,b\n1,\"x, \"\"y\"\"\"\n,\"two\nlines\"\n").value();
    table.setField(table.rows[0], "a", "\"");
    table.setField(table.rows[0], "c", "lost");
    EXPECT_EQ(table.print(), "a,b\n\"\"\"\",\"x, \"\"y\"\"\"\n,\"two\nlines\"\n");
    EXPECT_EQ(CsvTable::parse(table.print()).value().rows[1].fields, table.rows[1].fields);
}

}  // namespace
}  // namespace emulator
