#include "emulator/protocol/http_message.hpp"

#include "emulator/base/ascii.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <type_traits>

namespace emulator {

namespace {

namespace http = boost::beast::http;
using BeastView = boost::beast::string_view;
using BeastError = boost::beast::error_code;

std::string_view view(BeastView text)
{
    return {text.data(), text.size()};
}

// A lying length must not take memory before its bytes have come.
constexpr std::size_t mostReserved = 1u << 20;

// "0" CRLF CRLF: what is missing of a chunked message is never shorter.
constexpr std::size_t leastChunkEnd = 5;

// Reads one message with Beast's parser, which is told the limits and here hands over the parts.
template <class Message>
class MessageParser final : public http::basic_parser<std::is_same_v<Message, HttpRequest>> {
public:
    explicit MessageParser(const HttpLimits& limits) : m_limits{limits}
    {
        this->header_limit(static_cast<std::uint32_t>(
            std::min<std::size_t>(limits.headerBytes, std::numeric_limits<std::uint32_t>::max())));
        this->body_limit(limits.bodyBytes);
    }

    Message takeMessage()
    {
        if (!m_body.empty())
            m_message.body = shareBytes(std::move(m_body));
        return std::move(m_message);
    }

private:
    void on_request_impl(http::verb, BeastView method, BeastView target, int version, BeastError&) override
    {
        if constexpr (std::is_same_v<Message, HttpRequest>) {
            m_message.method = view(method);
            m_message.target = view(target);
        }
        startFields(version);
    }

    void on_response_impl(int status, BeastView reason, int version, BeastError&) override
    {
        if constexpr (std::is_same_v<Message, HttpResponse>) {
            m_message.status = status;
            m_message.reason = view(reason);
        }
        startFields(version);
    }

    void on_field_impl(http::field field, BeastView name, BeastView value, BeastError& error) override
    {
        if (m_inBody)
            return;  // a trailer says nothing that a phone or page would use
        // Any other coding would leave the end of the body open to two readings (RFC 9112 section 6.1).
        if (field == http::field::transfer_encoding &&
            (m_message.minor == 0 || !equalsAnyCase(view(value), "chunked"))) {
            error = http::error::bad_transfer_encoding;
            return;
        }
        m_message.fields.lines.emplace_back(view(name), view(value));
    }

    void on_header_impl(BeastError&) override {}

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, BeastError&) override
    {
        m_inBody = true;
        if (length.has_value())
            m_body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, mostReserved)));
    }

    std::size_t on_body_impl(BeastView bytes, BeastError&) override
    {
        m_body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t, BeastView extensions, BeastError& error) override
    {
        m_extensionBytes += extensions.size();
        if (m_extensionBytes > m_limits.headerBytes)
            error = http::error::header_limit;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, BeastView bytes, BeastError&) override
    {
        m_body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_finish_impl(BeastError&) override {}

    void startFields(int version)
    {
        m_message.minor = version - 10;
        m_message.fields.lines.reserve(8);
    }

    HttpLimits m_limits;
    Message m_message;
    std::string m_body;
    std::size_t m_extensionBytes = 0;
    bool m_inBody = false;
};

// Bytes as they arrive, cut into messages.
template <class Message>
class MessageStream {
public:
    explicit MessageStream(const HttpLimits& limits) : m_limits{limits}, m_parser{std::in_place, limits} {}

    Result<std::optional<Message>> feed(std::string_view bytes)
    {
        if (m_failure.has_value())
            return fail(*m_failure);
        const bool fromStore = m_taken < m_stored.size();
        if (fromStore) {
            if (m_stored.size() - m_taken + bytes.size() > m_limits.headerBytes + m_limits.bodyBytes)
                return failed(ErrorKind::TooLarge, "too many bytes ahead of their turn");
            if (!bytes.empty()) {
                m_stored.erase(0, m_taken).append(bytes);
                m_taken = 0;
            }
            bytes = std::string_view{m_stored}.substr(m_taken);
        }
        Result<std::optional<Message>> result = read(bytes);
        if (!result.has_value()) {
            m_failure = result.error();
            return result;
        }
        if (fromStore) {
            m_taken = m_stored.size() - bytes.size();
        } else {
            m_stored.assign(bytes);
            m_taken = 0;
        }
        return result;
    }

    Result<Message> finish()
    {
        if (m_failure.has_value())
            return fail(*m_failure);
        if (!m_parser->got_some())
            return failed(ErrorKind::Corrupt, "closed by the server without an answer");
        BeastError error;
        m_parser->put_eof(error);
        if (error)
            return failed(ErrorKind::Corrupt, "answer cut off");
        return takeMessage();
    }

private:
    // Reads from the front of `bytes` and leaves there what it could not use yet.
    Result<std::optional<Message>> read(std::string_view& bytes)
    {
        for (;;) {
            if constexpr (std::is_same_v<Message, HttpRequest>) {
                // Empty lines before a request are passed over (RFC 9112 section 2.2).
                if (!m_parser->got_some())
                    bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
            }
            const bool inHeader = !m_parser->is_header_done();
            if (bytes.empty() || (!inHeader && m_parser->chunked() && bytes.size() < leastChunkEnd))
                return std::nullopt;

            BeastError error;
            const std::size_t used = m_parser->put({bytes.data(), bytes.size()}, error);
            bytes.remove_prefix(used);
            if (inHeader)
                m_headerBytes += used;
            const bool waits = error == http::error::need_more;
            // What waits is the rest of a header, of a chunk's line, or of the trailers.
            if (m_headerBytes > m_limits.headerBytes || error == http::error::header_limit ||
                (waits && bytes.size() > m_limits.headerBytes - (inHeader ? m_headerBytes : 0)))
                return failed(ErrorKind::TooLarge,
                              fmt::format("HTTP header beyond {} bytes", m_limits.headerBytes));
            if (error == http::error::body_limit)
                return failed(ErrorKind::TooLarge,
                              fmt::format("HTTP body beyond {} bytes", m_limits.bodyBytes));
            if (waits)
                return std::nullopt;
            if (error)
                return failed(ErrorKind::Malformed, fmt::format("not an HTTP message: {}", error.message()));
            if (!m_parser->is_done())
                continue;
            if (std::optional<Message> message = takeFinalMessage())
                return message;
        }
    }

    // The message that was completed; nothing for an interim one, after which the real one follows.
    std::optional<Message> takeFinalMessage()
    {
        Message message = takeMessage();
        if constexpr (std::is_same_v<Message, HttpResponse>) {
            if (message.status < 200)
                return std::
                    nullopt;  // the header limit counts on: interim answers without end are too large, too
        }
        m_headerBytes = 0;
        return message;
    }

    Message takeMessage()
    {
        Message message = m_parser->takeMessage();
        m_parser.emplace(m_limits);
        return message;
    }

    const Error& failed(ErrorKind kind, std::string detail)
    {
        return m_failure.emplace(Error{kind, std::move(detail)});
    }

    HttpLimits m_limits;
    std::optional<MessageParser<Message>> m_parser;
    std::size_t m_headerBytes = 0;  // of this message so far
    std::string m_stored;           // from m_taken on: bytes of an unfinished line, or of the next message
    std::size_t m_taken = 0;
    std::optional<Error> m_failure;
};

// A value must not end its line: what a profile put into it could forge further fields.
void appendLine(std::string& bytes, std::string_view name, std::string_view value)
{
    const auto endsLine = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    bytes.append(name).append(": ").append(value);
    if (std::any_of(value.begin(), value.end(), endsLine))
        std::replace_if(bytes.end() - static_cast<std::ptrdiff_t>(value.size()), bytes.end(), endsLine, ' ');
    bytes.append("\r\n");
}

void appendNumber(std::string& bytes, std::size_t value)
{
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    bytes.append(digits.data(), end);
}

std::size_t sizeOf(const HttpFields& fields, const SharedBytes& body)
{
    std::size_t size =
        48 + (body ? body->size() : 0);  // 48: Content-Length with its number and the empty line
    for (const auto& [name, value] : fields.lines)
        size += name.size() + value.size() + 4;
    return size;
}

bool framesItself(const HttpFields& fields)
{
    return std::any_of(fields.lines.begin(), fields.lines.end(), [](const auto& line) {
        return equalsAnyCase(line.first, "Content-Length") || equalsAnyCase(line.first, "Transfer-Encoding");
    });
}

void appendRest(std::string& bytes, const HttpFields& fields, const SharedBytes& body, bool sayZero)
{
    for (const auto& [name, value] : fields.lines)
        appendLine(bytes, name, value);
    if ((body || sayZero) && !framesItself(fields)) {
        bytes.append("Content-Length: ");
        appendNumber(bytes, body ? body->size() : 0);
        bytes.append("\r\n");
    }
    bytes.append("\r\n");
    if (body)
        bytes.append(*body);
}

// Whether a list such as "keep-alive, Upgrade" names the token.
bool lists(std::string_view list, std::string_view token)
{
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view one = list.substr(0, comma);
        list.remove_prefix(std::min(comma + 1, list.size()));
        while (!one.empty() && (one.front() == ' ' || one.front() == '\t'))
            one.remove_prefix(1);
        while (!one.empty() && (one.back() == ' ' || one.back() == '\t'))
            one.remove_suffix(1);
        if (equalsAnyCase(one, token))
            return true;
    }
    return false;
}

}  // namespace

void HttpFields::add(std::string name, std::string value)
{
    lines.emplace_back(std::move(name), std::move(value));
}

std::string_view HttpFields::first(std::string_view name) const
{
    for (const auto& [one, value] : lines)
        if (equalsAnyCase(one, name))
            return value;
    return {};
}

std::string_view standardReason(int status)
{
    const http::status known = http::int_to_status(static_cast<unsigned>(status));
    return known == http::status::unknown ? std::string_view{} : view(http::obsolete_reason(known));
}

std::string encode(const HttpRequest& request)
{
    std::string bytes;
    bytes.reserve(request.method.size() + request.target.size() + 16 + sizeOf(request.fields, request.body));
    bytes.append(request.method).append(" ").append(request.target);
    bytes.append(request.minor == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    const bool expectsBody = request.method == "POST" || request.method == "PUT";
    appendRest(bytes, request.fields, request.body, expectsBody);
    return bytes;
}

std::string encode(const HttpResponse& response)
{
    const std::string_view reason =
        response.reason.empty() ? standardReason(response.status) : response.reason;
    std::string bytes;
    bytes.reserve(16 + reason.size() + sizeOf(response.fields, response.body));
    bytes.append(response.minor == 0 ? "HTTP/1.0 " : "HTTP/1.1 ");
    appendNumber(bytes, static_cast<std::size_t>(std::max(response.status, 0)));
    bytes.append(" ").append(reason).append("\r\n");
    if (response.untilClose) {
        for (const auto& [name, value] : response.fields.lines)
            appendLine(bytes, name, value);
        bytes.append("\r\n").append(response.body ? *response.body : std::string{});
        return bytes;
    }
    const bool mayHaveBody = response.status >= 200 && response.status != 204 && response.status != 304;
    appendRest(bytes, response.fields, response.body, mayHaveBody);
    return bytes;
}

bool keepsAlive(int minor, const HttpFields& fields)
{
    bool close = false;
    bool keep = false;
    for (const auto& [name, value] : fields.lines) {
        if (!equalsAnyCase(name, "Connection"))
            continue;
        close = close || lists(value, "close");
        keep = keep || lists(value, "keep-alive");
    }
    return !close && (minor >= 1 || keep);
}

struct HttpResponseReader::Impl {
    MessageStream<HttpResponse> stream;
};

HttpResponseReader::HttpResponseReader(const HttpLimits& limits)
    : m_impl{new Impl{MessageStream<HttpResponse>{limits}}}
{}
HttpResponseReader::~HttpResponseReader() = default;
HttpResponseReader::HttpResponseReader(HttpResponseReader&&) noexcept = default;
HttpResponseReader& HttpResponseReader::operator=(HttpResponseReader&&) noexcept = default;

Result<std::optional<HttpResponse>> HttpResponseReader::feed(std::string_view bytes)
{
    return m_impl->stream.feed(bytes);
}

Result<HttpResponse> HttpResponseReader::finish()
{
    return m_impl->stream.finish();
}

struct HttpRequestReader::Impl {
    MessageStream<HttpRequest> stream;
};

HttpRequestReader::HttpRequestReader(const HttpLimits& limits)
    : m_impl{new Impl{MessageStream<HttpRequest>{limits}}}
{}
HttpRequestReader::~HttpRequestReader() = default;
HttpRequestReader::HttpRequestReader(HttpRequestReader&&) noexcept = default;
HttpRequestReader& HttpRequestReader::operator=(HttpRequestReader&&) noexcept = default;

Result<std::optional<HttpRequest>> HttpRequestReader::feed(std::string_view bytes)
{
    return m_impl->stream.feed(bytes);
}

}  // namespace emulator
