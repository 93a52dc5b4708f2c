#include "emulator/profile/profile.hpp"

#include "emulator/profile/expat_position.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/profile/openssl_enc.hpp"
#include "emulator/profile/profile_problems.hpp"
#include "emulator/profile/profile_values.hpp"
#include "emulator/profile/xml_start.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace emulator {

namespace {

constexpr std::size_t maxDepth = 64;
constexpr std::size_t maxNameBytes = 128;  // of what a problem quotes

bool isYes(std::string_view text)
{
    return text == "y" || text == "Y";
}

// Follows the elements of one file and collects what stands in <flat-profile>.
class Reader {
public:
    Reader(std::string_view bytes, const ParameterSchema& schema, const AliasMap& aliases,
           ProblemLimits limits)
        : m_bytes{bytes},
          m_schema{schema},
          m_aliases{aliases},
          m_limits{limits}
    {
        // Room for the usual profile at once, without trusting the file: it grows if need be.
        m_profile.elements.reserve(std::min(schema.size(), bytes.size() / 64 + 1));
        XML_SetUserData(m_parser.get(), this);
        XML_SetElementHandler(
            m_parser.get(),
            [](void* self, const XML_Char* name, const XML_Char** attributes) {
                static_cast<Reader*>(self)->elementBegins(name, attributes);
            },
            [](void* self, const XML_Char*) { static_cast<Reader*>(self)->elementEnds(); });
        XML_SetCharacterDataHandler(m_parser.get(), [](void* self, const XML_Char* text, int length) {
            static_cast<Reader*>(self)->textArrives({text, static_cast<std::size_t>(length)});
        });
        XML_SetStartDoctypeDeclHandler(
            m_parser.get(), [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
                static_cast<Reader*>(self)->stop("a document type declaration, which no profile needs");
            });
    }

    Result<std::shared_ptr<const Profile>> read()
    {
        const XML_Status status =
            XML_Parse(m_parser.get(), m_bytes.data(), static_cast<int>(m_bytes.size()), XML_TRUE);
        if (status != XML_STATUS_OK) {
            const char* const what =
                m_stopped != nullptr ? m_stopped : XML_ErrorString(XML_GetErrorCode(m_parser.get()));
            const ExpatPosition where = expatPosition(m_parser.get());
            return fail(ErrorKind::Corrupt, fmt::format("not a profile: {} at line {}, column {}", what,
                                                        where.line, where.column));
        }
        if (!m_found)
            return fail(ErrorKind::Corrupt,
                        fmt::format("not a profile: XML without <flat-profile>{}; its first element, at line "
                                    "{}, is <{}>",
                                    m_aliases.empty() ? "" : " or an element that the alias map names",
                                    m_rootLine, m_root));
        sortElements();
        packValues();
        return std::make_shared<const Profile>(std::move(m_profile));
    }

private:
    struct Free {
        void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
    };

    bool isParameterLevel() const { return m_profileDepth != 0 && m_depth == m_profileDepth + 1; }
    bool isInParameter() const { return m_id && m_depth == m_parameterDepth; }

    void stop(const char* reason)
    {
        m_stopped = reason;
        XML_StopParser(m_parser.get(), XML_FALSE);
    }

    void elementBegins(const char* name, const char** attributes)
    {
        ++m_depth;
        if (m_depth > maxDepth) {
            stop("elements nested more than 64 deep");
            return;
        }
        if (m_depth == 1) {
            m_root.assign(name, std::min(std::strlen(name), maxNameBytes));
            m_rootLine = currentLine();
        }
        if (!m_aliases.empty())
            m_path.append(1, '/').append(name);
        if (m_id) {
            m_holdsElement = true;
            return;
        }
        if (!m_aliases.empty() && aliasBegins(attributes))
            return;
        if (m_profileDepth == 0) {
            if (std::strcmp(name, "flat-profile") == 0) {
                m_profileDepth = m_depth;
                m_found = true;
            }
        } else if (isParameterLevel()) {
            parameterBegins(name, attributes);
        }
    }

    // True when the alias map says which parameter this element is.
    bool aliasBegins(const char** attributes)
    {
        const std::string_view parameter = m_aliases.find(m_path);
        if (parameter.empty())
            return false;
        m_found = true;
        parameterBegins(parameter, attributes);
        return true;
    }

    void parameterBegins(std::string_view name, const char** attributes)
    {
        m_id = m_schema.findAnyCase(name);
        if (!m_id) {
            addUnknown(name);
            return;
        }
        m_parameterDepth = m_depth;
        m_holdsElement = false;
        m_value.clear();
        m_line = currentLine();
        m_attributes = {};
        for (; *attributes != nullptr; attributes += 2)
            readAttribute(attributes[0], attributes[1]);
    }

    void readAttribute(const char* name, std::string_view value)
    {
        if (std::strcmp(name, "ua") == 0) {
            if (value == "na")
                m_attributes.access = UserAccess::None;
            else if (value == "ro")
                m_attributes.access = UserAccess::ReadOnly;
            else if (value == "rw")
                m_attributes.access = UserAccess::ReadWrite;
        } else if (std::strcmp(name, "preserve-value") == 0) {
            m_attributes.preserveValue = isYes(value);
        } else if (std::strcmp(name, "user-pref") == 0) {
            m_attributes.userPreference = isYes(value);
        }
    }

    void textArrives(std::string_view text)
    {
        // One byte over the limit is kept, so that the end of the element sees it.
        if (isInParameter())
            m_value.append(
                text.substr(0, maxRawValueBytes + 1 - std::min(m_value.size(), maxRawValueBytes + 1)));
    }

    void elementEnds()
    {
        if (isInParameter()) {
            parameterEnds();
            m_id.reset();
        }
        if (!m_aliases.empty())
            m_path.resize(m_path.rfind('/'));
        if (m_depth == m_profileDepth)
            m_profileDepth = 0;
        --m_depth;
    }

    void parameterEnds()
    {
        const Parameter& parameter = m_schema.at(*m_id);
        if (m_holdsElement) {
            addProblem(ProfileProblem::Kind::Malformed, parameter.name, m_line,
                       "holds another element; expected text");
            return;
        }
        if (m_value.size() > maxRawValueBytes) {
            addProblem(ProfileProblem::Kind::OutOfRange, parameter.name, m_line,
                       fmt::format("value of more than {} bytes", maxValueBytes));
            return;
        }
        std::replace(m_value.begin(), m_value.end(), '\n', ' ');
        Result<std::string> value = checkedValue(parameter, withoutXmlWhiteSpace(m_value));
        if (!value.has_value()) {
            const ErrorKind kind = value.error().kind;
            addProblem(kind == ErrorKind::TooLarge ? ProfileProblem::Kind::OutOfRange
                                                   : ProfileProblem::Kind::Malformed,
                       parameter.name, m_line, value.error().detail);
            return;
        }
        if (value->empty() && m_attributes.access == UserAccess::ReadWrite)
            m_attributes.userPreference = true;
        m_profile.elements.push_back({*m_id, std::move(*value), m_attributes, m_line});
    }

    void addProblem(ProfileProblem::Kind kind, std::string_view name, std::uint32_t line, std::string detail)
    {
        if (m_profile.problems.size() < m_limits.kept)
            m_profile.problems.push_back(
                {kind, std::string{name.substr(0, maxNameBytes)}, line, std::move(detail)});
    }

    void addUnknown(std::string_view name)
    {
        if (m_profile.problems.size() >= m_limits.kept)
            return;
        const std::string_view nearest =
            m_suggested++ < m_limits.suggestions ? m_schema.nearestName(name) : std::string_view{};
        addProblem(ProfileProblem::Kind::Unknown, name, currentLine(),
                   nearest.empty() ? std::string{"no parameter of this phone"}
                                   : fmt::format("no parameter of this phone; the nearest is {}", nearest));
        m_profile.problems.back().nearest = nearest;
    }

    // Counts on from the last call: expat's own count goes through all characters once more.
    std::uint32_t currentLine()
    {
        const auto here = static_cast<std::size_t>(std::max<std::int64_t>(expatByteIndex(m_parser.get()), 0));
        const std::size_t end = std::min(here, m_bytes.size());
        while (m_counted < end) {
            const void* const found = std::memchr(m_bytes.data() + m_counted, '\n', end - m_counted);
            if (found == nullptr)
                break;
            m_counted = static_cast<std::size_t>(static_cast<const char*>(found) - m_bytes.data()) + 1;
            ++m_lineHere;
        }
        m_counted = std::max(m_counted, end);
        return m_lineHere;
    }

    // By id; of several with one id the last in the file.
    void sortElements()
    {
        std::vector<ProfileElement>& elements = m_profile.elements;
        const auto isBefore = [](const ProfileElement& a, const ProfileElement& b) { return a.id < b.id; };
        const auto isNotAfter = [](const ProfileElement& a, const ProfileElement& b) { return a.id >= b.id; };
        if (std::adjacent_find(elements.begin(), elements.end(), isNotAfter) == elements.end())
            return;
        std::stable_sort(elements.begin(), elements.end(), isBefore);
        const auto sameId = [](const ProfileElement& a, const ProfileElement& b) { return a.id == b.id; };
        const auto kept = std::unique(elements.rbegin(), elements.rend(), sameId);
        elements.erase(elements.begin(), kept.base());
    }

    void packValues()
    {
        if (m_profile.elements.capacity() > 2 * m_profile.elements.size())
            m_profile.elements.shrink_to_fit();
        std::vector<ProfileValues::Item> items;
        items.reserve(m_profile.elements.size());
        for (const ProfileElement& element : m_profile.elements)
            items.push_back(packable(element));
        m_profile.values = ProfileValues::pack(items);
    }

    static constexpr std::size_t maxRawValueBytes = maxValueBytes + (4u << 10);  // with white space around

    std::unique_ptr<XML_ParserStruct, Free> m_parser{XML_ParserCreate(nullptr)};
    std::string_view m_bytes;
    const ParameterSchema& m_schema;
    const AliasMap& m_aliases;
    const ProblemLimits m_limits;
    std::string m_path;  // of the element that we are in, while there are aliases
    Profile m_profile;
    std::string m_root;
    std::uint32_t m_rootLine = 0;
    const char* m_stopped = nullptr;
    bool m_found = false;
    std::size_t m_depth = 0;
    std::size_t m_profileDepth = 0;  // of the <flat-profile> around us; 0 outside
    std::size_t m_suggested = 0;
    std::size_t m_counted = 0;  // bytes whose line ends are in m_lineHere
    std::uint32_t m_lineHere = 1;

    // The parameter element that is being read.
    std::optional<ParamId> m_id;
    std::size_t m_parameterDepth = 0;
    ElementAttributes m_attributes;
    std::string m_value;
    std::uint32_t m_line = 0;
    bool m_holdsElement = false;
};

// Says what a file that cannot be XML is instead; empty when it may be XML.
std::string whatElse(std::string_view bytes)
{
    const std::string_view text = xmlText(bytes);
    if (text.empty())
        return "the file is empty";
    if (startsLikeXml(bytes))
        return {};
    if (isSalted(text))
        return "the file is encrypted (it begins with Salted__)";
    if (isGzip(text))
        return "the file is compressed with gzip";
    constexpr std::size_t looked = 512;
    const std::string_view front = text.substr(0, looked);
    if (std::any_of(front.begin(), front.end(), isControl))
        return "binary data at line 1, column 1, perhaps a compiled (SPC) profile, whose format is not "
               "published; expected <flat-profile>";
    return "text that is not XML at line 1, column 1; expected <flat-profile>";
}

}  // namespace

ProfileValues::Item packable(const ProfileElement& element)
{
    ProfileValues::Item item;
    item.id = element.id;
    if (!element.attributes.preserveValue)
        item.value = element.value;
    item.access = element.attributes.access;
    return item;
}

Result<std::shared_ptr<const Profile>> parseProfile(std::string_view bytes, const ParameterSchema& schema,
                                                    const AliasMap& aliases)
{
    return parseProfile(bytes, schema, aliases, ProblemLimits{});
}

Result<std::shared_ptr<const Profile>> parseProfile(std::string_view bytes, const ParameterSchema& schema,
                                                    const AliasMap& aliases, ProblemLimits limits)
{
    if (bytes.size() > maxProfileBytes)
        return fail(ErrorKind::TooLarge,
                    fmt::format("profile of {} bytes; at most {} are read", bytes.size(), maxProfileBytes));
    if (const std::string other = whatElse(bytes); !other.empty())
        return fail(ErrorKind::Corrupt, "not a profile: " + other);
    return Reader{bytes, schema, aliases, limits}.read();
}

}  // namespace emulator
