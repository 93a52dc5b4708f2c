#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios {

// The words of a scenario file: the one list that the reader checks against, `explain` prints, and the JSON Schema is
// tested with.

struct KeyWord {
    std::string_view name;
    std::string_view value;  // what may stand there: "a duration", "GLOB"
    std::string_view meaning;
};

enum class WordKind { Block, Step, Topic };  // part of the file, verb of a step, what an expectation looks at

struct Word {
    std::string_view name;
    WordKind kind{};
    std::string_view synopsis;
    std::string_view description;
    std::string_view example;
    std::span<const KeyWord> keys;  // beside the word itself
};

std::span<const Word> vocabulary();
const Word* findWord(std::string_view name);

// The keys that every step, every expectation may carry beside those of its own word.
std::span<const KeyWord> stepKeys();
std::span<const KeyWord> expectationKeys();

std::vector<std::string_view> namesOf(WordKind kind);
std::vector<std::string_view> namesOf(std::span<const KeyWord> keys);

// What `phonerig explain WORD` prints: synopsis, description, keys, example. For an unknown word: a sentence with the
// nearest one, and `known` is false.
struct Explanation {
    bool known = false;
    std::string text;
};
Explanation explain(std::string_view word);

}  // namespace scenarios
