#include "emulator/trace/ndjson_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

namespace emulator {

namespace {

namespace json = boost::json;

// Texts of one line: views into the line where it has no escapes, else copies that do not move.
class LineTexts {
public:
    void begin(std::size_t lineBytes)
    {
        m_copies.clear();
        m_copies.reserve(lineBytes);  // what is unescaped is never longer
        m_begin = 0;
    }
    void part(std::string_view text) { m_copies.append(text); }
    std::string_view end(std::string_view last)
    {
        if (m_copies.size() == m_begin)
            return last;
        m_copies.append(last);
        const std::string_view whole = std::string_view{m_copies}.substr(m_begin);
        m_begin = m_copies.size();
        return whole;
    }

private:
    std::string m_copies;
    std::size_t m_begin = 0;  // of the text whose parts are coming
};

std::optional<ExchangeId> exchangeOf(std::string_view text)
{
    ExchangeId id;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::uint32_t* part : {&id.actor, &id.about, &id.number}) {
        if (part != &id.actor) {
            if (at == end || *at != '.')
                return std::nullopt;
            ++at;
        }
        const auto [stop, error] = std::from_chars(at, end, *part);
        if (error != std::errc{})
            return std::nullopt;
        at = stop;
    }
    return at == end ? std::optional{id} : std::nullopt;
}

std::optional<Observer> observer(std::string_view text)
{
    for (const Observer one : {Observer::Phone, Observer::Server, Observer::Wire, Observer::Rig})
        if (name(one) == text)
            return one;
    return std::nullopt;
}

enum class Key { None, Time, Kind, Number, By, Exchange, Phone, From, To, Other, Unknown };

Key keyOf(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, Key>, 8> common{{{"t", Key::Time},
                                                                      {"kind", Key::Kind},
                                                                      {"n", Key::Number},
                                                                      {"by", Key::By},
                                                                      {"x", Key::Exchange},
                                                                      {"phone", Key::Phone},
                                                                      {"from", Key::From},
                                                                      {"to", Key::To}}};
    for (const auto& [word, key] : common)
        if (word == text)
            return key;
    return Key::Unknown;
}

// Takes the tokens of one line. What is wrong is kept in `problem`; the parser is then stopped.
struct LineHandler {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    LineTexts texts;
    TraceEvent event;
    Key key = Key::None;
    FieldName field{};
    int depth = 0;
    bool hasTime = false;
    bool hasKind = false;
    bool hasObserver = false;
    bool skipped = false;  // a kind or observer that is not known
    std::uint64_t skippedFields = 0;
    std::string problem;

    void begin(std::size_t lineBytes)
    {
        texts.begin(lineBytes);
        event.exchange = {};
        event.phone.reset();
        event.from = event.to = {};
        event.order = {};
        event.fields.clear();
        depth = 0;
        hasTime = hasKind = hasObserver = skipped = false;
        key = Key::None;
        problem.clear();
    }

    bool wrong(json::error_code& ec, std::string_view found, std::string_view expected)
    {
        constexpr std::size_t longest = 60;
        problem = fmt::format("found {}, expected {}", found.substr(0, longest), expected);
        ec = json::error::syntax;
        return false;
    }
    bool wrongType(json::error_code& ec, std::string_view found)
    {
        switch (key) {
        case Key::Time:
            return wrong(ec, found, "t: seconds as a number");
        case Key::Kind:
        case Key::By:
            return wrong(ec, found, "kind and by as texts");
        case Key::Exchange:
        case Key::Phone:
        case Key::From:
        case Key::To:
            return wrong(ec, found, "x, phone, from and to as texts or null");
        case Key::None:
            return wrong(ec, found, "a JSON object per line");
        case Key::Number:
            break;
        case Key::Other:
        case Key::Unknown:
            ++skippedFields;
            break;
        }
        return true;
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code& ec)
    {
        const bool outermost = ++depth == 1;
        return outermost || depth > 2 || wrongType(ec, "an object");
    }
    bool on_object_end(std::size_t, json::error_code&)
    {
        --depth;
        return true;
    }
    bool on_array_begin(json::error_code& ec) { return ++depth > 2 || wrongType(ec, "a list"); }
    bool on_array_end(std::size_t, json::error_code&)
    {
        --depth;
        return true;
    }
    bool on_key_part(std::string_view part, std::size_t, json::error_code&)
    {
        texts.part(part);
        return true;
    }
    bool on_key(std::string_view last, std::size_t, json::error_code&)
    {
        const std::string_view word = texts.end(last);
        if (depth != 1)
            return true;
        key = keyOf(word);
        if (key == Key::Unknown) {
            if (const auto known = fieldName(word)) {
                key = Key::Other;
                field = *known;
            }
        }
        return true;
    }
    bool on_string_part(std::string_view part, std::size_t, json::error_code&)
    {
        texts.part(part);
        return true;
    }
    bool on_string(std::string_view last, std::size_t, json::error_code& ec)
    {
        const std::string_view text = texts.end(last);
        if (depth > 1)
            return true;
        switch (key) {
        case Key::None:
        case Key::Time:
            return wrongType(ec, "a text");
        case Key::Kind:
            return kind(text);
        case Key::By:
            return by(text);
        case Key::Exchange:
            if (const auto id = exchangeOf(text)) {
                event.exchange = *id;
                return true;
            }
            return wrong(ec, fmt::format("x \"{}\"", text), "an exchange such as \"3.1.17\"");
        case Key::Phone:
            if (const auto mac = MacAddress::parse(text); mac.has_value()) {
                event.phone = *mac;
                return true;
            }
            return wrong(ec, fmt::format("phone \"{}\"", text), "a MAC such as \"00:0e:08:00:00:01\"");
        case Key::From:
            return end(event.from, text, ec);
        case Key::To:
            return end(event.to, text, ec);
        case Key::Other:
            return add(text);
        case Key::Number:
        case Key::Unknown:
            ++skippedFields;
            return true;
        }
        return true;
    }
    bool on_number_part(std::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t value, std::string_view, json::error_code& ec)
    {
        if (depth > 1 || key == Key::Number)
            return true;
        if (key == Key::Other)
            return add(value);
        return key == Key::Time ? time(static_cast<double>(value), ec) : wrongType(ec, "a number");
    }
    bool on_uint64(std::uint64_t value, std::string_view, json::error_code& ec)
    {
        if (depth > 1 || key == Key::Number)
            return true;
        return key == Key::Time ? time(static_cast<double>(value), ec) : wrongType(ec, "a number");
    }
    bool on_double(double value, std::string_view, json::error_code& ec)
    {
        if (depth > 1 || key == Key::Number)
            return true;
        return key == Key::Time ? time(value, ec) : wrongType(ec, "a number");
    }
    bool on_bool(bool, json::error_code& ec) { return depth > 1 || wrongType(ec, "true or false"); }
    bool on_null(json::error_code& ec)
    {
        const bool none = key == Key::Exchange || key == Key::Phone || key == Key::From || key == Key::To;
        return depth > 1 || none || wrongType(ec, "null");
    }
    bool on_comment_part(std::string_view, json::error_code&) { return true; }
    bool on_comment(std::string_view, json::error_code&) { return true; }

private:
    bool time(double seconds, json::error_code& ec)
    {
        constexpr double longest = 1e9;  // thirty years
        if (!(seconds >= -longest && seconds <= longest))
            return wrong(ec, "a t beyond 1e9", "seconds since the run began");
        event.at = TimePoint{Duration{std::llround(seconds * 1e6)}};
        hasTime = true;
        return true;
    }
    bool kind(std::string_view text)
    {
        hasKind = true;
        if (const auto known = eventKind(text))
            event.kind = *known;
        else
            skipped = true;
        return true;
    }
    bool by(std::string_view text)
    {
        hasObserver = true;
        if (const auto known = observer(text))
            event.by = *known;
        else
            skipped = true;
        return true;
    }
    bool end(Endpoint& to, std::string_view text, json::error_code& ec)
    {
        const auto read = Endpoint::parse(text, 0);
        if (read.has_error())
            return wrong(ec, fmt::format("the end \"{}\"", text),
                         "an address and port such as \"127.0.0.1:69\"");
        to = *read;
        return true;
    }
    bool add(FieldValue value)
    {
        if (event.fields.size() == event.fields.capacity())
            ++skippedFields;
        else
            event.fields.push_back({field, value});
        return true;
    }
};

}  // namespace

struct NdjsonReader::Parts {
    explicit Parts(TraceSink& to) : sink{to} {}

    TraceSink& sink;
    std::string rest;  // of a line whose end has not come
    std::uint64_t line = 0;
    std::uint64_t skippedEvents = 0;
    json::basic_parser<LineHandler> parser{options()};

    static json::parse_options options()
    {
        json::parse_options chosen;
        chosen.max_depth = 16;
        chosen.allow_invalid_utf8 = true;
        return chosen;
    }

    Result<void> wrong(ErrorKind kind, std::string_view what) const
    {
        return fail(kind, fmt::format("line {}: {}", line, what));
    }

    Result<void> readLine(std::string_view text)
    {
        ++line;
        if (!text.empty() && text.back() == '\r')
            text.remove_suffix(1);
        if (text.empty())
            return {};
        LineHandler& handler = parser.handler();
        handler.begin(text.size());
        parser.reset();
        json::error_code ec;
        const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
        if (!ec && read < text.size())
            return wrong(
                ErrorKind::Malformed,
                fmt::format("found more behind the object at column {}, expected one object per line",
                            read + 1));
        if (ec && !handler.problem.empty())
            return wrong(ErrorKind::Malformed, handler.problem);
        if (ec)
            return wrong(ErrorKind::Malformed,
                         fmt::format("found no JSON at column {} ({}), expected one object per line",
                                     read + 1, ec.message()));
        if (!handler.hasKind || !handler.hasTime || !handler.hasObserver)
            return wrong(ErrorKind::Malformed,
                         fmt::format("found an object without {}, expected t, kind and by",
                                     !handler.hasTime   ? "t"
                                     : !handler.hasKind ? "kind"
                                                        : "by"));
        if (handler.skipped)
            ++skippedEvents;
        else
            sink.seen(handler.event);
        return {};
    }
};

NdjsonReader::NdjsonReader(TraceSink& sink) : m_parts{std::make_unique<Parts>(sink)} {}

NdjsonReader::~NdjsonReader() = default;

Result<void> NdjsonReader::read(std::string_view bytes)
{
    Parts& p = *m_parts;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        if (p.rest.size() + piece.size() > maxNdjsonLine) {
            ++p.line;
            return p.wrong(ErrorKind::TooLarge,
                           fmt::format("found more than {} bytes, expected a shorter line", maxNdjsonLine));
        }
        if (end == std::string_view::npos) {
            p.rest.append(piece);
            return {};
        }
        bytes.remove_prefix(end + 1);
        if (p.rest.empty()) {
            if (const auto done = p.readLine(piece); done.has_error())
                return done;
            continue;
        }
        p.rest.append(piece);
        const auto done = p.readLine(p.rest);
        p.rest.clear();
        if (done.has_error())
            return done;
    }
    return {};
}

Result<void> NdjsonReader::finish()
{
    if (m_parts->rest.empty())
        return {};
    const auto done = m_parts->readLine(m_parts->rest);
    m_parts->rest.clear();
    return done;
}

std::uint64_t NdjsonReader::line() const
{
    return m_parts->line;
}

std::uint64_t NdjsonReader::skippedEvents() const
{
    return m_parts->skippedEvents;
}

std::uint64_t NdjsonReader::skippedFields() const
{
    return m_parts->parser.handler().skippedFields;
}

}  // namespace emulator
