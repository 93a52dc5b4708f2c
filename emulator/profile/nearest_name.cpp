#include "emulator/profile/nearest_name.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>
#include <limits>

namespace emulator {

namespace {

constexpr std::size_t wordBits = 64;

// How many characters have to be changed, added or dropped to make one text of another. The differences of a column of
// the usual table are the bits of two words: Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit
// Distances", 2003.
class EditDistance {
public:
    explicit EditDistance(std::string_view from) : m_length{from.size()}
    {
        for (std::size_t i = 0; i < from.size(); ++i)
            m_places[index(from[i])] |= std::uint64_t{1} << i;
    }

    // `limit` when it is that or more.
    std::size_t to(std::string_view text, std::size_t limit) const
    {
        const std::uint64_t last = std::uint64_t{1} << (m_length - 1);
        std::uint64_t more = ~std::uint64_t{0};
        std::uint64_t less = 0;
        std::size_t distance = m_length;
        for (std::size_t left = text.size(); left > 0; --left) {
            const std::uint64_t same = m_places[index(text[text.size() - left])];
            const std::uint64_t diagonal = (((same & more) + more) ^ more) | same;
            std::uint64_t right = less | ~(diagonal | more);
            std::uint64_t rightLess = more & diagonal;
            distance += (right & last) != 0 ? 1 : 0;
            distance -= (rightLess & last) != 0 ? 1 : 0;
            if (distance >= limit + left - 1)
                return limit;
            right = right << 1 | 1;
            rightLess <<= 1;
            const std::uint64_t vertical = same | less;
            more = rightLess | ~(vertical | right);
            less = right & vertical;
        }
        return std::min(distance, limit);
    }

private:
    static std::size_t index(char c) { return static_cast<unsigned char>(lowerAscii(c)); }

    std::array<std::uint64_t, std::numeric_limits<unsigned char>::max() + 1> m_places{};
    std::size_t m_length;
};

}  // namespace

NearestName::NearestName(std::span<const Parameter> parameters)
{
    m_names.reserve(parameters.size());
    m_letters.reserve(parameters.size());
    for (const Parameter& parameter : parameters) {
        m_names.push_back(parameter.name);
        m_letters.push_back(lettersOf(parameter.name));
    }
}

NearestName::Letters NearestName::lettersOf(std::string_view name)
{
    Letters letters{};
    for (const char c : name) {
        const char letter = lowerAscii(c);
        const std::size_t others = 26 + static_cast<unsigned char>(letter) % 6;
        ++letters[letter >= 'a' && letter <= 'z' ? static_cast<std::size_t>(letter - 'a') : others];
    }
    return letters;
}

std::size_t NearestName::missing(const Letters& of, const Letters& in)
{
    std::uint8_t sum = 0;  // of at most 64 letters
    for (std::size_t i = 0; i < of.size(); ++i)
        sum = static_cast<std::uint8_t>(sum + (of[i] > in[i] ? of[i] - in[i] : 0));
    return sum;
}

std::string_view NearestName::to(std::string_view name) const
{
    if (name.empty() || name.size() > wordBits)
        return {};
    const EditDistance edits{name};
    const Letters letters = lettersOf(name);
    std::size_t best = std::max<std::size_t>(name.size() / 3, 2) + 1;
    std::string_view nearest;
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const std::string_view known = m_names[i];
        const std::size_t dropped = missing(letters, m_letters[i]);
        if (dropped >= best || dropped + known.size() >= best + name.size())
            continue;
        const std::size_t distance = edits.to(known, best);
        if (distance < best) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

}  // namespace emulator
