#include "emulator/protocol/http_message.hpp"
#include "tests/fuzz/target.hpp"

// Requests one after another from one connection; each one that is read can be written and read again.
FUZZ_TARGET(http_request)
{
    using namespace emulator;
    HttpRequestReader reader{HttpLimits{4096, 65536}};
    std::string_view bytes = fuzz::text(data, size);
    for (int requests = 0; requests < 64; ++requests) {
        const Result<std::optional<HttpRequest>> request = reader.feed(bytes);
        if (!request.has_value() || !request->has_value())
            return 0;
        bytes = {};
        HttpRequestReader again;
        const Result<std::optional<HttpRequest>> copy = again.feed(encode(**request));
        if (copy.has_value() && copy->has_value())
            fuzz::require((*copy)->target == (*request)->target, "the target survives");
    }
    return 0;
}
