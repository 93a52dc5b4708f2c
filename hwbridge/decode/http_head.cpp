#include "hwbridge/decode/http_head.hpp"

#include "emulator/base/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace hwbridge {

using emulator::equalsAnyCase;
using emulator::lowerAscii;
using emulator::withoutBlanks;

namespace {

bool startsAnyCase(std::string_view text, std::string_view start)
{
    return text.size() >= start.size() && equalsAnyCase(text.substr(0, start.size()), start);
}

// Fields whose whole value nobody may read.
bool namesSecretField(std::string_view name)
{
    for (; name.size() >= 5; name.remove_prefix(1)) {
        switch (lowerAscii(name.front())) {
        case 'a':
            if (startsAnyCase(name, "authorization") || startsAnyCase(name, "authentication-info") ||
                startsAnyCase(name, "api-key") || startsAnyCase(name, "apikey"))
                return true;
            break;
        case 'c':
            if (startsAnyCase(name, "cookie") || startsAnyCase(name, "credential"))
                return true;
            break;
        case 'p':
            if (startsAnyCase(name, "passw"))
                return true;
            break;
        case 's':
            if (startsAnyCase(name, "secret"))
                return true;
            break;
        case 't':
            if (startsAnyCase(name, "token"))
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

// Takes secrets out of the parts of one head. Hardly any head can hold one: that is looked at once for all of it.
class HeadSecrets {
public:
    HeadSecrets(std::string_view head, emulator::TrafficTrace& secrets)
        : m_secrets{secrets},
          m_none{secrets.withoutSecrets(head).data() == head.data()}
    {}

    std::string_view without(std::string_view part) { return m_none ? part : m_secrets.withoutSecrets(part); }
    std::string pseudonym(std::string_view part) const { return m_secrets.pseudonym(part); }

private:
    emulator::TrafficTrace& m_secrets;
    bool m_none;
};

// Reads the fields of one head.
class FieldReader {
public:
    FieldReader(HttpHead& head, HeadSecrets& secrets) : m_head{head}, m_secrets{secrets} {}

    void line(std::string_view line)
    {
        if (line.starts_with(' ') || line.starts_with('\t')) {
            fold(line);
            return;
        }
        finish();
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) {
            addNote(m_head.notes, colon == 0 ? "a field without a name" : "a line without a colon");
            m_name = {};
            m_value = line;
            m_start = line;
            return;
        }
        m_name = line.substr(0, colon);
        m_start = line.substr(0, colon + 1);
        m_value = line.substr(colon + 1);
        if (m_name.back() == ' ' || m_name.back() == '\t') {
            addNote(m_head.notes, "space before the colon of " + std::string{withoutBlanks(m_name)});
            m_name = withoutBlanks(m_name);
        }
    }

    // Writes the line that waits for folded ones.
    void finish()
    {
        if (m_start.empty())
            return;
        const std::string_view value = m_isFolded ? std::string_view{m_folded} : m_value;
        if (!m_name.empty())
            meaning(withoutBlanks(value));
        write(value);
        m_start = {};
        m_isFolded = false;
    }

    void settle()
    {
        std::string& headers = m_head.headers;
        if (m_hostLength > 0)
            m_head.host = std::string_view{headers}.substr(m_hostAt, m_hostLength);
        if (m_agentLength > 0)
            m_head.userAgent = std::string_view{headers}.substr(m_agentAt, m_agentLength);
        if (m_encodingLength > 0)
            m_head.encoding = std::string_view{headers}.substr(m_encodingAt, m_encodingLength);
        if (m_head.chunked || m_codings > 0) {
            if (!m_chunkedLast)
                addNote(m_head.notes, "Transfer-Encoding whose last coding is not chunked");
            if (m_codings > 1)
                addNote(m_head.notes, "more than one transfer coding");
            if (m_head.hasLength)
                addNote(m_head.notes, "Content-Length beside Transfer-Encoding");
            if (m_head.minor == 0)
                addNote(m_head.notes, "Transfer-Encoding in HTTP/1.0");
            m_head.chunked = m_chunkedLast;
        }
        const bool neverLong = m_head.status == 204 || m_head.status / 100 == 1;
        if (neverLong && m_head.hasLength)  // RFC 9110 section 8.6
            addNote(m_head.notes, "Content-Length in a response that has no body");
    }

private:
    void fold(std::string_view line)
    {
        if (m_start.empty()) {
            addNote(m_head.notes, "white space before the first field");
            m_start = line;
            m_name = {};
            m_value = line;
            return;
        }
        addNote(m_head.notes, "a folded line");
        if (!m_isFolded)
            m_folded = m_name.empty() ? m_start : m_value;
        m_isFolded = true;
        m_folded.append(1, ' ').append(withoutBlanks(line));
    }

    void write(std::string_view value)
    {
        std::string& out = m_head.headers;
        if (m_name.empty()) {
            out.append(m_secrets.without(value)).append(1, '\n');
            return;
        }
        out.append(m_start);
        const std::string_view inside = withoutBlanks(value);
        const auto lead = static_cast<std::size_t>(inside.data() - value.data());
        if (!inside.empty() && namesSecretField(m_name)) {
            out.append(value.substr(0, lead)).append(m_secrets.pseudonym(inside)).append(1, '\n');
            return;
        }
        const std::size_t at = out.size();
        out.append(m_secrets.without(value));
        const std::size_t length = out.size() - at;
        if (m_hostLength == 0 && m_name.size() == 4 && equalsAnyCase(m_name, "Host"))
            place(at, length, m_hostAt, m_hostLength);
        else if (m_agentLength == 0 && m_name.size() == 10 && equalsAnyCase(m_name, "User-Agent"))
            place(at, length, m_agentAt, m_agentLength);
        else if (m_encodingLength == 0 && m_name.size() == 16 && equalsAnyCase(m_name, "Content-Encoding"))
            place(at, length, m_encodingAt, m_encodingLength);
        out += '\n';
    }

    void place(std::size_t at, std::size_t length, std::size_t& where, std::size_t& count) const
    {
        const std::string_view written = std::string_view{m_head.headers}.substr(at, length);
        const std::string_view inside = withoutBlanks(written);
        where = at + static_cast<std::size_t>(inside.data() - written.data());
        count = inside.size();
    }

    void meaning(std::string_view value)
    {
        switch (m_name.size()) {
        case 7:
            m_head.upgrade |= equalsAnyCase(m_name, "Upgrade");
            break;
        case 14:
            if (equalsAnyCase(m_name, "Content-Length"))
                lengths(value);
            break;
        case 16:
            if (equalsAnyCase(m_name, "Content-Encoding"))
                coding(value);
            break;
        case 17:
            if (equalsAnyCase(m_name, "Transfer-Encoding"))
                transferCodings(value);
            break;
        default:
            break;
        }
    }

    // Equal values in a list are one (RFC 9110 section 8.6).
    void lengths(std::string_view list)
    {
        std::size_t comma = 0;
        while ((comma = list.find(',')) != std::string_view::npos) {
            length(withoutBlanks(list.substr(0, comma)));
            list.remove_prefix(comma + 1);
        }
        length(withoutBlanks(list));
    }

    void length(std::string_view value)
    {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        const bool whole = error == std::errc{} && end == value.data() + value.size();
        if (!whole)
            addNote(m_head.notes, "a Content-Length that is no number");
        if (error != std::errc{})
            return;
        if (m_head.hasLength)
            addNote(m_head.notes, number == m_head.length
                                      ? "Content-Length twice"
                                      : "two different Content-Lengths, the first counts");
        else
            m_head.length = number;
        m_head.hasLength = true;
    }

    void coding(std::string_view value)
    {
        if (value.empty() || equalsAnyCase(value, "identity"))
            return;
        m_head.coding = m_head.coding != HttpCoding::Plain                               ? HttpCoding::Other
                        : equalsAnyCase(value, "gzip") || equalsAnyCase(value, "x-gzip") ? HttpCoding::Gzip
                        : equalsAnyCase(value, "deflate")                                ? HttpCoding::Deflate
                                                                                         : HttpCoding::Other;
    }

    void transferCodings(std::string_view value)
    {
        while (!value.empty()) {
            const std::size_t comma = std::min(value.find(','), value.size());
            const std::string_view one = withoutBlanks(value.substr(0, comma));
            value.remove_prefix(std::min(comma + 1, value.size()));
            if (one.empty())
                continue;
            ++m_codings;
            m_chunkedLast = equalsAnyCase(one, "chunked");
        }
    }

    HttpHead& m_head;
    HeadSecrets& m_secrets;
    std::string_view m_start;  // of the waiting line, up to its colon; the whole line where it has none
    std::string_view m_name;
    std::string_view m_value;
    std::string m_folded;
    bool m_isFolded = false;
    int m_codings = 0;
    bool m_chunkedLast = false;
    std::size_t m_hostAt = 0;
    std::size_t m_hostLength = 0;
    std::size_t m_agentAt = 0;
    std::size_t m_agentLength = 0;
    std::size_t m_encodingAt = 0;
    std::size_t m_encodingLength = 0;
};

// "HTTP/1.1": the minor number, or -1 and a remark.
std::int64_t minorOf(std::string_view version, std::string& notes)
{
    if (version.starts_with("HTTP/1.") && version.size() == 8 && version[7] >= '0' && version[7] <= '9')
        return version[7] - '0';
    addNote(notes, "version " + std::string{version.substr(0, 16)});
    if (startsAnyCase(version, "HTTP/1.") && version.size() == 8 && version[7] >= '0' && version[7] <= '9')
        return version[7] - '0';
    return -1;
}

void readRequestLine(HttpHead& head, std::string_view line, HeadSecrets& secrets)
{
    const std::size_t end = line.find_first_of(" \t");
    head.method = line.substr(0, end);
    std::string_view rest = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
    if (rest != withoutBlanks(rest))
        addNote(head.notes, "white space around the target");
    rest = withoutBlanks(rest);
    const std::size_t last = rest.find_last_of(" \t");
    const std::string_view word = rest.substr(last + 1);
    if (startsAnyCase(word, "HTTP/") && last != std::string_view::npos) {
        head.minor = minorOf(word, head.notes);
        rest = rest.substr(0, last);
        if (rest != withoutBlanks(rest))
            addNote(head.notes, "white space around the target");
        rest = withoutBlanks(rest);
    } else {
        addNote(head.notes, "no version");
    }
    if (rest.find_first_of(" \t") != std::string_view::npos)
        addNote(head.notes, "white space inside the target");
    head.target = secrets.without(rest);
}

void readStatusLine(HttpHead& head, std::string_view line, HeadSecrets& secrets)
{
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    head.minor = minorOf(line.substr(0, end), head.notes);
    const std::string_view rest = withoutBlanks(line.substr(end));
    const auto [after, error] = std::from_chars(rest.data(), rest.data() + rest.size(), head.status);
    const auto digits = static_cast<std::size_t>(after - rest.data());
    if (error != std::errc{} || digits != 3 || head.status < 100 ||
        (digits < rest.size() && rest[digits] != ' ' && rest[digits] != '\t')) {
        addNote(head.notes, "a status that is not three digits");
        if (error != std::errc{})
            head.status = 0;
    }
    head.reason = secrets.without(withoutBlanks(rest.substr(digits)));
}

void clear(HttpHead& head)
{
    head.method.clear();
    head.target.clear();
    head.status = 0;
    head.reason.clear();
    head.minor = -1;
    head.headers.clear();
    head.host = head.userAgent = head.encoding = {};
    head.hasLength = head.chunked = head.upgrade = false;
    head.length = 0;
    head.coding = HttpCoding::Plain;
    head.notes.clear();
}

}  // namespace

void addNote(std::string& notes, std::string_view note)
{
    if (notes.find(note) != std::string::npos)
        return;
    if (!notes.empty())
        notes += "; ";
    notes += note;
}

void readHttpHead(HttpHead& head, std::string_view text, emulator::TrafficTrace& secrets)
{
    clear(head);
    HeadSecrets hidden{text, secrets};
    FieldReader fields{head, hidden};
    bool first = true;
    bool bareLineFeed = false;
    std::size_t returns = 0;  // CRs that end a line
    const std::string_view whole = text;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
            ++returns;
        } else {
            bareLineFeed = true;
        }
        if (first) {
            head.isRequest = !startsAnyCase(line, "HTTP/");
            if (head.isRequest)
                readRequestLine(head, line, hidden);
            else
                readStatusLine(head, line, hidden);
            first = false;
        } else if (line.empty()) {
            break;
        } else {
            fields.line(line);
        }
    }
    fields.finish();
    fields.settle();
    if (bareLineFeed)
        addNote(head.notes, "a line end without CR");
    if (static_cast<std::size_t>(std::count(whole.begin(), whole.end(), '\r')) != returns ||
        whole.find('\0') != std::string_view::npos)
        addNote(head.notes, "a CR or NUL inside a line");
}

HttpFraming HttpHead::framing(std::string_view answeredMethod) const
{
    if (!isRequest) {
        if (status / 100 == 1 || status == 204 || status == 304 || equalsAnyCase(answeredMethod, "HEAD") ||
            (equalsAnyCase(answeredMethod, "CONNECT") && status / 100 == 2))
            return HttpFraming::None;
    }
    if (chunked)
        return HttpFraming::Chunked;
    if (hasLength)
        return length == 0 ? HttpFraming::None : HttpFraming::Length;
    return isRequest ? HttpFraming::None : HttpFraming::UntilClose;
}

}  // namespace hwbridge
