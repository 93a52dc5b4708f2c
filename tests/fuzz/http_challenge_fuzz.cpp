#include "emulator/protocol/http_authentication.hpp"
#include "tests/fuzz/target.hpp"

using namespace emulator;

// Whatever challenge can be answered, the answer reads back as one scheme, and on one line.
FUZZ_TARGET(http_challenge)
{
    HttpFields fields;
    fields.add("WWW-Authenticate", std::string{fuzz::text(data, size)});
    const std::optional<HttpChallenge> challenge = strongestChallenge(fields, "WWW-Authenticate");
    if (!challenge)
        return 0;
    const DigestUse use{"GET", "/file", "0a4f113b", 1};
    const std::optional<std::string> answer = answerTo(*challenge, {"us\"er", "word"}, use);
    fuzz::require(answer.has_value(), "these credentials can be written");
    fuzz::require(answer->find_first_of("\r\n") == std::string::npos, "an answer is one line");
    const Result<std::vector<AuthText>> read = parseAuthField(*answer);
    fuzz::require(answer->size() > longestAuthField || (read.has_value() && read->size() == 1),
                  "an answer is one scheme");
    return 0;
}
