#include "emulator/protocol/fetch.hpp"
#include "tests/fuzz/target.hpp"

#include <variant>

namespace {

using namespace emulator;

// The same bytes at once and in pieces of the size that the first byte says have to read the same.
void readInPieces(std::string_view bytes, std::size_t pieceSize)
{
    const HttpLimits limits{4096, 65536};
    HttpResponseReader whole{limits};
    HttpResponseReader pieces{limits};
    const Result<std::optional<HttpResponse>> first = whole.feed(bytes);
    Result<std::optional<HttpResponse>> last = std::optional<HttpResponse>{};
    for (std::size_t at = 0; at < bytes.size() && last.has_value() && !last->has_value(); at += pieceSize)
        last = pieces.feed(bytes.substr(at, pieceSize));
    if (first.has_value() && first->has_value() && last.has_value() && last->has_value()) {
        fuzz::require((*first)->status == (*last)->status, "one status, however it arrives");
        fuzz::require(((*first)->body == nullptr) == ((*last)->body == nullptr), "one body");
    }
    (void)whole.finish();
    (void)pieces.finish();
}

// Whatever a server says, the fetch goes on or ends; and it ends at last.
void answerFetch(std::string_view bytes)
{
    Fetch fetch{{.url = Url::parse("http://192.0.2.1/file").value(),
                 .userAgent = "fuzz",
                 .bodyLimit = 65536,
                 .credentials = HttpCredentials{"user", "word"}}};
    FetchSteps steps = fetch.begin(TimePoint{});
    for (int calls = 0; calls < 32; ++calls) {
        bool called = false;
        bool lookedUp = false;
        for (const FetchStep& step : steps) {
            if (std::holds_alternative<FetchDone>(step))
                return;
            called = called || std::holds_alternative<HttpCall>(step);
            lookedUp = lookedUp || std::holds_alternative<LookUp>(step);
        }
        if (lookedUp) {
            steps = fetch.handle(TimePoint{},
                                 LookedUp{std::vector<IpAddress>{IpAddress::parse("192.0.2.2").value()}});
            continue;
        }
        if (!called)
            return;  // a redirect to TFTP
        HttpResponseReader reader{HttpLimits{4096, 65536}};
        Result<std::optional<HttpResponse>> fed = reader.feed(bytes);
        Result<HttpResponse> answer = fed.has_error()    ? Result<HttpResponse>{fed.error()}
                                      : fed->has_value() ? Result<HttpResponse>{std::move(**fed)}
                                                         : reader.finish();
        steps = fetch.handle(TimePoint{}, HttpAnswered{std::move(answer)});
    }
    fuzz::require(false, "a fetch ends");
}

}  // namespace

FUZZ_TARGET(http_response)
{
    if (size == 0)
        return 0;
    const std::string_view bytes = fuzz::text(data + 1, size - 1);
    readInPieces(bytes, static_cast<std::size_t>(data[0]) + 1);
    answerFetch(bytes);
    return 0;
}
