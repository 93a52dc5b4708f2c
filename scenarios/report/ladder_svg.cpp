#include "emulator/base/xml_text.hpp"
#include "scenarios/report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace scenarios {

namespace {

using namespace std::chrono_literals;
using emulator::escapeXml;
using emulator::MuteLed;
using emulator::TimePoint;

// Lengths in pixels.
constexpr int timeWidth = 78;
constexpr int widest = 1170;  // what fits into the page; more servers than that scroll
constexpr int leastGap = 190;
constexpr int mostGap = 420;
constexpr int headHeight = 50;
constexpr int leftMargin = 165;   // of the phone's lane: its notes and the LED's bar stand there
constexpr int rightMargin = 110;  // of the last lane: faults stand there
constexpr int lightAt = 18;       // left of the phone's lane
constexpr int lightWidth = 8;
constexpr int noteEnd = 26;  // likewise
constexpr int headWidth = 150;
constexpr double letterWidth = 6.6;

// Time without messages. Our choice: from when on it is worth a gap, and how long one is drawn.
constexpr emulator::Duration leastPause = 150ms;
constexpr int pixelsPerSecond = 24;  // a flash of 0.2 s is seen
constexpr int leastPauseHeight = 18;
constexpr int mostPauseHeight = 132;
constexpr int darkPauseHeight = 34;  // at most, when there is no blinking to show
constexpr int cutHeight = 34;

// As many characters as fit; bytes of one UTF-8 character stay together.
std::string fitted(std::string_view text, std::size_t letters)
{
    std::size_t count = 0;
    std::size_t end = 0;
    while (end < text.size() && count < letters) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            ++end;
        ++count;
    }
    return end == text.size() ? std::string{text} : std::string{text.substr(0, end)} + "\xe2\x80\xa6";
}

// What fits, and for the mouse the whole of it.
std::string shown(std::string_view text, std::size_t letters)
{
    const std::string part = fitted(text, letters);
    return part == text ? escapeXml(text)
                        : fmt::format("{}<title>{}</title>", escapeXml(part), escapeXml(text));
}

std::string axisText(TimePoint at)
{
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
    return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

std::string cssName(MuteLed led)
{
    return led == MuteLed::FastBlink ? "fast" : "slow";
}

class Drawing {
public:
    explicit Drawing(const Ladder& ladder) : m_ladder{ladder}
    {
        const auto gaps = std::max<int>(static_cast<int>(ladder.lanes.size()) - 1, 1);
        m_gap = std::clamp((widest - timeWidth - leftMargin - rightMargin) / gaps, leastGap, mostGap);
        m_width = std::max(laneX(ladder.lanes.size() - 1) + rightMargin, 520);
        place();
    }

    std::string draw()
    {
        put("<svg class=\"ladder\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
            "aria-label=\"Messages of {2} in the order of time\">\n",
            m_width, m_height, escapeXml(m_ladder.lanes.front()));
        lanes();
        lights();
        for (std::size_t i = 0; i < m_ladder.rows.size(); ++i) {
            if (cutBefore(i))
                cut(m_places[i].y - cutHeight);
            row(m_ladder.rows[i], m_places[i].y);
            if (m_places[i].pause > 0)
                pause(i);
        }
        m_out += "</svg>\n";
        return std::move(m_out);
    }

private:
    struct Place {
        int y = 0;
        int height = 0;
        int pause = 0;  // height of the gap below
    };

    template <class... Values>
    void put(fmt::format_string<Values...> form, Values&&... values)
    {
        fmt::format_to(std::back_inserter(m_out), form, std::forward<Values>(values)...);
    }

    int laneX(std::size_t lane) const { return timeWidth + leftMargin + static_cast<int>(lane) * m_gap; }

    static std::size_t lettersIn(int pixels)
    {
        return static_cast<std::size_t>(std::max(pixels, 40) / letterWidth);
    }

    static int heightOf(LadderRow::Kind kind)
    {
        switch (kind) {
        case LadderRow::Kind::Step:
            return 26;
        case LadderRow::Kind::Note:
            return 20;
        case LadderRow::Kind::Message:
        case LadderRow::Kind::Fold:
            break;
        }
        return 26;
    }

    bool cutBefore(std::size_t row) const { return m_ladder.left > 0 && row == m_ladder.cut; }

    // From this row to the next one.
    emulator::Duration timeAfter(std::size_t row) const
    {
        const bool last = row + 1 == m_ladder.rows.size();
        return last || cutBefore(row + 1) ? 0us : m_ladder.rows[row + 1].at - m_ladder.rows[row].at;
    }

    static int toScale(emulator::Duration time)
    {
        const emulator::Duration most = 1000s;
        return static_cast<int>(std::min(time, most) * pixelsPerSecond / 1s);
    }

    void place()
    {
        int y = headHeight;
        for (std::size_t i = 0; i < m_ladder.rows.size(); ++i) {
            Place& place = m_places.emplace_back();
            y += cutBefore(i) ? cutHeight : 0;
            place.y = y;
            place.height = heightOf(m_ladder.rows[i].kind);
            if (const emulator::Duration time = timeAfter(i); time >= leastPause)
                place.pause =
                    std::clamp(toScale(time), leastPauseHeight,
                               m_ladder.rows[i].led == MuteLed::Off ? darkPauseHeight : mostPauseHeight);
            y += place.height + place.pause;
        }
        m_height = y + 16;
    }

    void lanes()
    {
        const int light = laneX(0) - lightAt;
        put("<text class=\"small\" x=\"{}\" y=\"46\">LED</text>\n", light + lightWidth / 2);
        for (std::size_t lane = 0; lane < m_ladder.lanes.size(); ++lane) {
            const int x = laneX(lane);
            put("<line class=\"lane\" x1=\"{0}\" y1=\"34\" x2=\"{0}\" y2=\"{1}\"/>\n", x, m_height - 6);
            put("<rect class=\"head{}\" x=\"{}\" y=\"8\" width=\"{}\" height=\"26\" rx=\"5\"/>\n",
                lane == 0 ? " phone" : "", x - headWidth / 2, headWidth);
            put("<text class=\"title\" x=\"{}\" y=\"26\">{}</text>\n", x, shown(m_ladder.lanes[lane], 20));
        }
    }

    void stripe(std::string_view kind, int y, int height)
    {
        if (height > 0)
            put("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", kind,
                laneX(0) - lightAt, y, lightWidth, height);
    }

    // The LED of `row`, pixel by pixel downwards from `y`, which is at `from`.
    void blinking(const LadderRow& row, TimePoint from, int y, int height)
    {
        int begin = -1;
        for (int pixel = 0; pixel <= height; ++pixel) {
            const bool lit = pixel < height && isLit(row.led, row.ledSince,
                                                     from + pixel * emulator::Duration{1s} / pixelsPerSecond);
            if (lit && begin < 0)
                begin = pixel;
            if (lit || begin < 0)
                continue;
            stripe(cssName(row.led), y + begin, pixel - begin);
            begin = -1;
        }
    }

    // A bar beside the phone's lane: what the mute LED shows, from row to row.
    void lights()
    {
        for (std::size_t i = 0; i < m_ladder.rows.size(); ++i) {
            const LadderRow& row = m_ladder.rows[i];
            if (row.led == MuteLed::Off)
                continue;
            const Place& at = m_places[i];
            put("<g><title>mute LED: {}</title>\n", name(row.led));
            stripe("dark", at.y, at.height + at.pause);
            if (isLit(row.led, row.ledSince, row.at))
                stripe(cssName(row.led), at.y, at.height);
            if (at.pause > 0)
                pausedLight(i);
            m_out += "</g>\n";
        }
    }

    // A long pause shows its beginning and its end.
    void pausedLight(std::size_t i)
    {
        constexpr int seam = 12;
        const LadderRow& row = m_ladder.rows[i];
        const int top = m_places[i].y + m_places[i].height;
        const int height = m_places[i].pause;
        if (toScale(timeAfter(i)) <= height) {
            blinking(row, row.at, top, height);
            return;
        }
        const int part = (height - seam) / 2;
        blinking(row, row.at, top, part);
        const int rest = height - part - seam;
        const emulator::Duration ending = rest * emulator::Duration{1s} / pixelsPerSecond;
        blinking(row, m_ladder.rows[i + 1].at - ending, top + part + seam, rest);
        const int x = laneX(0) - lightAt;
        put("<rect class=\"seam\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", x - 1, top + part + 2,
            lightWidth + 2, seam - 4);
        for (const int y : {top + part + 5, top + part + seam - 1})
            put("<path class=\"crack\" d=\"M{} {} l4 -3 l4 3 l4 -3\"/>\n", x - 2, y);
    }

    void pause(std::size_t i)
    {
        const Place& at = m_places[i];
        const int top = at.y + at.height;
        for (std::size_t lane = 0; lane < m_ladder.lanes.size(); ++lane)
            put("<line class=\"pause\" x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\"/>\n", laneX(lane), top + 3,
                top + at.pause - 1);
        put("<text class=\"gone\" x=\"{}\" y=\"{}\">{}</text>\n", timeWidth - 10, top + at.pause / 2 + 4,
            printDuration(roundedForReading(timeAfter(i))));
    }

    static emulator::Duration roundedForReading(emulator::Duration time)
    {
        if (time < 1s)
            return std::chrono::round<std::chrono::milliseconds>(time);
        if (time < 60s)
            return std::chrono::round<std::chrono::milliseconds>(time / 100) * 100;
        return std::chrono::round<std::chrono::seconds>(time);
    }

    void cut(int y)
    {
        put("<rect class=\"cut\" x=\"0\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", y + 4, m_width,
            cutHeight - 8);
        put("<text class=\"step\" x=\"{}\" y=\"{}\">{} lines are left out here</text>\n", timeWidth, y + 21,
            m_ladder.left);
    }

    void row(const LadderRow& row, int y)
    {
        if (row.kind == LadderRow::Kind::Step)
            put("<rect class=\"band{}\" x=\"0\" y=\"{}\" width=\"{}\" height=\"22\"/>\n",
                row.bad ? " bad" : "", y + 2, m_width);
        const std::string time = axisText(row.at);
        if (time != m_time)
            put("<text class=\"time\" x=\"{}\" y=\"{}\">{}</text>\n", timeWidth - 10, y + 17, time);
        m_time = time;
        switch (row.kind) {
        case LadderRow::Kind::Step:
            step(row, y);
            break;
        case LadderRow::Kind::Note:
            note(row, y);
            break;
        case LadderRow::Kind::Message:
        case LadderRow::Kind::Fold:
            message(row, y);
            break;
        }
    }

    void step(const LadderRow& row, int y)
    {
        const std::size_t room = lettersIn(m_width - timeWidth - 30);
        const char* const kind = row.bad ? " bad" : row.good ? " good" : "";
        const char* const sign = row.bad ? "\xe2\x9c\x97 " : row.good ? "\xe2\x9c\x93 " : "";
        put("<text class=\"step{}\" x=\"{}\" y=\"{}\">{}{}</text>\n", kind, timeWidth, y + 17, sign,
            shown(row.text, room));
    }

    void note(const LadderRow& row, int y)
    {
        const int x = laneX(row.peer);
        const bool phone = row.peer == 0;
        const char* const bad = row.bad ? " bad" : "";
        put("<circle class=\"dot{}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>\n", bad, x, y + 12);
        put("<text class=\"note{}{}\" x=\"{}\" y=\"{}\">{}</text>\n", bad, phone ? " left" : "",
            phone ? x - noteEnd : x + 10, y + 16, shown(row.text, phone ? 20 : 15));
    }

    void message(const LadderRow& row, int y)
    {
        const int phone = laneX(0);
        const int peer = laneX(row.peer);
        const int line = y + 20;
        const bool fold = row.kind == LadderRow::Kind::Fold;
        const std::string kind = fmt::format("{}{}{}{}", row.layer, row.bad ? " bad" : "",
                                             row.lost ? " lost" : "", fold ? " fold" : "");
        const int from = row.toPeer ? phone : peer;
        const int tip = row.toPeer ? peer : phone;
        put("<line class=\"arrow {}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", kind, from, line, tip,
            line);
        if (row.lost)
            put("<path class=\"cross\" d=\"M{0} {1} l10 10 m0 -10 l-10 10\"/>\n",
                tip + (row.toPeer ? -14 : 4), line - 5);
        else if (!fold)
            put("<path class=\"tip {}\" d=\"M{} {} l{} -4 v8 z\"/>\n", kind, tip, line, row.toPeer ? -8 : 8);
        const std::string text = fold ? fmt::format("data {} and acks", row.blocks) : row.text;
        put("<text class=\"label {}\" x=\"{}\" y=\"{}\">{}</text>\n", kind, phone + 12, line - 5,
            shown(text, lettersIn(peer - phone - 26)));
    }

    const Ladder& m_ladder;
    int m_gap = mostGap;
    int m_width = 0;
    int m_height = 0;
    std::vector<Place> m_places;  // of the rows
    std::string m_out;
    std::string m_time;  // of the row above
};

}  // namespace

std::string ladderSvg(const Ladder& ladder)
{
    return Drawing{ladder}.draw();
}

}  // namespace scenarios
