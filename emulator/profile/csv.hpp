#pragma once

#include "emulator/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// A table in CSV, as the data files of fixtures/models are written.
// Shape:  RFC 4180: a header row, fields with a comma, quote or line end in double quotes, "" is one quote;
//         lines end with LF or CRLF; empty lines are skipped.
// Errors: Malformed with the line's number: a quote that stays open, a row longer than the header.
struct CsvTable {
    struct Row {
        std::vector<std::string> fields;
        std::size_t line = 0;  // from 1
    };
    std::vector<std::string> columns;
    std::vector<Row> rows;

    static Result<CsvTable> parse(std::string_view text);
    std::string print() const;  // in that shape, with LF

    // The field of that column; empty where the table or the row has no such column.
    std::string_view field(const Row& row, std::string_view column) const;
    // Makes it `value`; nothing where there is none.
    void setField(Row& row, std::string_view column, std::string value) const;

private:
    std::size_t indexOf(std::string_view column) const;  // columns.size(): there is no such column
};

}  // namespace emulator
