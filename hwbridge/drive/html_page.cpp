#include "hwbridge/drive/html_page.hpp"

#include "hwbridge/drive/html_page_builder.hpp"

#include "emulator/base/ascii.hpp"

#include <fmt/format.h>
#include <libxml/HTMLparser.h>

#include <algorithm>
#include <memory>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::Result;

namespace {

const char* text(const xmlChar* bytes)
{
    return reinterpret_cast<const char*>(bytes);
}

// Hands the events of libxml2's HTML parser on. No tree is made, so that a page of any depth is released at once.
struct HtmlReading {
    std::string page;
    HtmlPageBuilder builder{};
    htmlParserCtxtPtr parser = nullptr;
    std::size_t depth = 0;
    std::size_t looked = 0;  // bytes of the page that were searched for </form>
    bool tooDeep = false;

    std::size_t position() const
    {
        const xmlParserInput& input = *parser->input;
        return std::min(input.consumed + static_cast<std::size_t>(input.cur - input.base), page.size());
    }

    // The parser ends a form where another tag cuts it off, which browsers do not, and then says nothing when "</form>"
    // comes. So that is looked for in what lies before the element that begins now.
    void endFormBefore(std::string_view tag)
    {
        const std::size_t now = position();
        const std::string_view gap = std::string_view{page}.substr(looked, now - std::min(looked, now));
        const auto begins = [&](std::size_t at, std::string_view word) {
            return emulator::equalsAnyCase(gap.substr(at, word.size()), word);
        };
        const std::string start = "<" + std::string{tag};
        std::size_t end = gap.rfind('<');
        while (end != std::string_view::npos && end > 0 && !begins(end, start))
            end = gap.rfind('<', end - 1);
        for (std::size_t at = gap.find("</"); at < end && at != std::string_view::npos;
             at = gap.find("</", at + 1)) {
            if (begins(at, "</form"))
                builder.formEnds();
        }
        looked = now;
    }

    void stopWhenFull()
    {
        tooDeep = tooDeep || depth > maxHtmlDepth;
        if (tooDeep || builder.isFull())
            xmlStopParser(parser);
    }
};

void elementBegins(void* user, const xmlChar* name, const xmlChar** attributes)
{
    auto& reading = *static_cast<HtmlReading*>(user);
    HtmlAttributes read;
    for (; attributes != nullptr && *attributes != nullptr; attributes += 2)
        read.emplace_back(text(attributes[0]), attributes[1] != nullptr ? text(attributes[1]) : "");
    ++reading.depth;
    reading.endFormBefore(text(name));
    reading.builder.elementBegins(text(name), read);
    reading.stopWhenFull();
}

void elementEnds(void* user, const xmlChar* name)
{
    auto& reading = *static_cast<HtmlReading*>(user);
    reading.depth -= reading.depth > 0 ? 1 : 0;
    const std::string_view tag = text(name);
    if (tag == "script" || tag == "style" || tag == "textarea")
        reading.looked = reading.position();  // what it holds is no tag
    reading.builder.elementEnds(tag);
}

void commentPassed(void* user, const xmlChar*)
{
    auto& reading = *static_cast<HtmlReading*>(user);
    reading.looked = reading.position();
}

void textArrives(void* user, const xmlChar* bytes, int length)
{
    static_cast<HtmlReading*>(user)->builder.textArrives({text(bytes), static_cast<std::size_t>(length)});
}

struct ReleaseParser {
    void operator()(htmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};

// The bytes of the character that begins here; 0: it is none of UTF-8.
std::size_t characterBytes(std::string_view rest)
{
    const auto first = static_cast<unsigned char>(rest.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first > 0xF4 || length > rest.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(rest[i]) & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

// Pages of old phones are in ISO 8859-1 without saying so: what is no UTF-8 is read as that.
std::string asUtf8(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        std::size_t length = characterBytes(bytes);
        if (length == 0) {
            const auto letter = static_cast<unsigned char>(bytes.front());
            out += static_cast<char>(0xC0 | (letter >> 6));
            out += static_cast<char>(0x80 | (letter & 0x3F));
            length = 1;
        } else if (bytes.front() == '\0') {
            out += ' ';
        } else {
            out += bytes.substr(0, length);
        }
        bytes.remove_prefix(length);
    }
    return out;
}

}  // namespace

const FieldChoice* HtmlField::chosen() const
{
    const auto found = std::find_if(choices.rbegin(), choices.rend(),
                                    [](const FieldChoice& choice) { return choice.chosen; });
    if (found != choices.rend())
        return &*found;
    return kind == FieldKind::Select && !choices.empty() ? &choices.front() : nullptr;
}

Result<HtmlPage> readHtmlPage(std::string_view bytes)
{
    if (bytes.size() > maxHtmlBytes) {
        return emulator::fail(ErrorKind::TooLarge, fmt::format("the page has {} bytes, expected at most {}",
                                                               bytes.size(), maxHtmlBytes));
    }
    const std::unique_ptr<htmlParserCtxt, ReleaseParser> parser{htmlNewParserCtxt()};
    if (!parser)
        return emulator::fail(ErrorKind::TooLarge, "there is no memory left for reading a page");
    HtmlReading reading{.page = asUtf8(bytes)};
    reading.parser = parser.get();
    parser->userData = &reading;
    *parser->sax = {};
    parser->sax->startElement = elementBegins;
    parser->sax->endElement = elementEnds;
    parser->sax->comment = commentPassed;
    parser->sax->characters = textArrives;
    parser->sax->cdataBlock = textArrives;
    parser->sax->ignorableWhitespace = textArrives;
    htmlCtxtReadMemory(parser.get(), reading.page.data(), static_cast<int>(reading.page.size()), nullptr,
                       "UTF-8", HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    if (reading.tooDeep) {
        return emulator::fail(ErrorKind::TooLarge,
                              fmt::format("the page nests deeper than {} elements", maxHtmlDepth));
    }
    if (reading.builder.isFull()) {
        return emulator::fail(ErrorKind::TooLarge,
                              fmt::format("the page has more than {} fields and choices", maxHtmlFields));
    }
    return std::move(reading.builder).finish();
}

}  // namespace hwbridge
