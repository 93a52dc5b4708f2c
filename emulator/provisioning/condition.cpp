#include "emulator/provisioning/condition.hpp"

#include "emulator/base/ascii.hpp"
#include "emulator/provisioning/version_literal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>

namespace emulator {

namespace {

struct Spelling {
    std::string_view text;
    Relation relation;
};
// Longer ones first.
constexpr std::array<Spelling, 7> symbols{{{"!=", Relation::NotEqual},
                                           {"<=", Relation::LessEqual},
                                           {">=", Relation::GreaterEqual},
                                           {"=", Relation::Equal},
                                           {"!", Relation::NotEqual},
                                           {"<", Relation::Less},
                                           {">", Relation::Greater}}};
constexpr std::array<Spelling, 6> words{{{"eq", Relation::Equal},
                                         {"ne", Relation::NotEqual},
                                         {"lt", Relation::Less},
                                         {"le", Relation::LessEqual},
                                         {"gt", Relation::Greater},
                                         {"ge", Relation::GreaterEqual}}};

bool isBare(char c)
{
    return !RuleCursor::isBlank(c) && std::string_view{"\"()|=!<>?;[]"}.find(c) == std::string_view::npos;
}

// A run of bare characters; one pair of parentheses may close it, as in 2.0.3(0412s).
std::string_view peekBare(const RuleCursor& cursor)
{
    const std::string_view rest = cursor.rest();
    const auto runEnd = [&](std::size_t from) {
        while (from < rest.size() && isBare(rest[from]))
            ++from;
        return from;
    };
    const std::size_t end = runEnd(0);
    if (end == 0 || end == rest.size() || rest[end] != '(')
        return rest.substr(0, end);
    const std::size_t inner = runEnd(end + 1);
    return rest.substr(0, inner < rest.size() && rest[inner] == ')' ? inner + 1 : end);
}

std::optional<Relation> takeRelation(RuleCursor& cursor)
{
    for (const Spelling& symbol : symbols)
        if (cursor.take(symbol.text))
            return symbol.relation;
    const std::string_view bare = peekBare(cursor);
    for (const Spelling& word : words) {
        if (equalsAnyCase(bare, word.text)) {
            cursor.skip(word.text.size());
            return word.relation;
        }
    }
    return std::nullopt;
}

Result<Operand> takeOperand(RuleCursor& cursor)
{
    if (cursor.peek() == '"') {
        const Result<std::string_view> text = cursor.takeQuoted();
        if (!text.has_value())
            return fail(text.error());
        return Operand{std::string{*text}, true};
    }
    const std::string_view bare = peekBare(cursor);
    if (bare.empty())
        return cursor.expected("a number, a version or text in double quotes");
    cursor.skip(bare.size());
    return Operand{std::string{bare}, false};
}

Result<Comparison> takeComparison(RuleCursor& cursor)
{
    Comparison comparison;
    cursor.skipBlanks();
    std::optional<Relation> relation = takeRelation(cursor);
    if (!relation) {
        Result<Operand> left = takeOperand(cursor);
        if (!left.has_value())
            return fail(left.error());
        comparison.left = std::move(*left);
        cursor.skipBlanks();
        relation = takeRelation(cursor);
    }
    if (!relation)
        return cursor.expected("= != < <= > >= or eq ne lt le gt ge");
    comparison.relation = *relation;
    cursor.skipBlanks();
    Result<Operand> right = takeOperand(cursor);
    if (!right.has_value())
        return fail(right.error());
    comparison.right = std::move(*right);
    return comparison;
}

std::optional<std::int64_t> readInteger(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool fits(Relation relation, std::strong_ordering order)
{
    switch (relation) {
    case Relation::Equal:
        return order == 0;
    case Relation::NotEqual:
        return order != 0;
    case Relation::Less:
        return order < 0;
    case Relation::LessEqual:
        return order <= 0;
    case Relation::Greater:
        return order > 0;
    case Relation::GreaterEqual:
        return order >= 0;
    }
    return false;
}

std::optional<std::strong_ordering> order(std::string_view left, std::string_view right)
{
    const std::optional<std::int64_t> leftNumber = readInteger(left);
    const std::optional<std::int64_t> rightNumber = readInteger(right);
    if (leftNumber && rightNumber)
        return *leftNumber <=> *rightNumber;
    const std::optional<VersionLiteral> leftVersion = VersionLiteral::parse(left);
    const std::optional<VersionLiteral> rightVersion = VersionLiteral::parse(right);
    if (!leftVersion || !rightVersion || leftVersion->form != rightVersion->form)
        return std::nullopt;
    return leftVersion->compare(*rightVersion);
}

void append(std::string& out, const Operand& operand)
{
    out += operand.quoted ? fmt::format("\"{}\"", operand.text) : operand.text;
}

}  // namespace

Result<Condition> takeCondition(RuleCursor& cursor)
{
    Condition condition;
    while (true) {
        Result<Comparison> comparison = takeComparison(cursor);
        if (!comparison.has_value())
            return fail(comparison.error());
        condition.all.push_back(std::move(*comparison));
        cursor.skipBlanks();
        if (!equalsAnyCase(peekBare(cursor), "and"))
            return condition;
        cursor.skip(3);
    }
}

Truth evaluate(const Comparison& comparison, std::string_view runningLoad)
{
    const Operand running{std::string{comparison.left ? std::string_view{} : runningLoad}, false};
    const Operand& left = comparison.left ? *comparison.left : running;
    const Operand& right = comparison.right;
    if (left.quoted != right.quoted)
        return Truth::Incomparable;
    if (left.quoted) {
        if (comparison.relation != Relation::Equal && comparison.relation != Relation::NotEqual)
            return Truth::Incomparable;
        return fits(comparison.relation, left.text <=> right.text) ? Truth::True : Truth::False;
    }
    const std::optional<std::strong_ordering> found = order(left.text, right.text);
    if (!found)
        return Truth::Incomparable;
    return fits(comparison.relation, *found) ? Truth::True : Truth::False;
}

std::string print(const Comparison& comparison)
{
    std::string out;
    if (comparison.left) {
        append(out, *comparison.left);
        out += ' ';
    }
    out += words[static_cast<std::size_t>(comparison.relation)].text;
    out += ' ';
    append(out, comparison.right);
    return out;
}

std::string print(const Condition& condition)
{
    std::string out;
    for (const Comparison& comparison : condition.all) {
        if (!out.empty())
            out += " and ";
        out += print(comparison);
    }
    return out;
}

}  // namespace emulator
