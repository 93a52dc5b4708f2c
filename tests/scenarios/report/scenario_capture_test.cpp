#include "scenarios/report/scenario_capture.hpp"

#include "hwbridge/capture/capture_reader.hpp"
#include "hwbridge/capture/packet_builder.hpp"
#include "tests/scenarios/report/report_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <limits>

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t noLimit = std::numeric_limits<std::size_t>::max();

// What a reader of the file sees.
struct Read : hwbridge::PacketSink {
    explicit Read(const std::string& bytes)
    {
        const int file = ::memfd_create("capture", MFD_CLOEXEC);
        EXPECT_EQ(::write(file, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        ::lseek(file, 0, SEEK_SET);
        reader = hwbridge::CaptureReader::from(file, "a capture");
        EXPECT_TRUE(reader->readAll(*this).has_value());
        ::close(file);
    }
    void packetSeen(const hwbridge::Packet&) override { ++packets; }
    const hwbridge::CaptureFacts& facts() const { return reader->facts(); }

    std::unique_ptr<hwbridge::CaptureReader> reader;
    std::size_t packets = 0;
};

class ScenarioCaptureTest : public testing::Test {
protected:
    explicit ScenarioCaptureTest(std::size_t phones = 2) : story{Verdict::Failed, phones} {}

    ScenarioCapture capture(std::size_t most = noLimit)
    {
        ScenarioCapture made{"1.2", "sim", story.result.title,
                             [this](std::string_view some) { bytes += some; }, most};
        made.name(story.result.phones);
        return made;
    }
    // A line from that phone.
    void packet(ScenarioCapture& to, std::size_t phone, emulator::Duration at)
    {
        const StagePhone& who = story.result.phones[phone];
        const hwbridge::PacketPath path{{who.mac, {who.address, 514}},
                                        {hwbridge::madeUpMac({9}), {{9}, 514}}};
        const std::string frame = hwbridge::udpFrames(path, 1, "<134>hello")[0];
        hwbridge::Packet seen;
        seen.at = story.result.wall + at;
        seen.wireLength = static_cast<std::uint32_t>(frame.size());
        seen.bytes = frame;
        to.packetSeen(seen);
    }
    void failed(emulator::Duration at, std::vector<PhoneNumber> phones)
    {
        story.step("expect: led", true, StepStatus::Failed);
        StepResult& step = story.result.steps.back();
        step.ended = emulator::TimePoint{at};
        step.place.line = 12;
        for (const PhoneNumber phone : phones)
            step.outcomes.push_back({phone, "it is off"});
    }
    // Which packet has which comment.
    std::vector<std::pair<std::uint64_t, std::string>> comments() const
    {
        const Read read{bytes};
        std::vector<std::pair<std::uint64_t, std::string>> all;
        for (const hwbridge::PacketComment& comment : read.facts().comments)
            all.emplace_back(comment.packet, comment.text);
        return all;
    }

    ReportCase story;
    std::string bytes;
};

TEST_F(ScenarioCaptureTest, SaysWhatItIsOf)
{
    ScenarioCapture one = capture();
    packet(one, 0, 1s);
    one.end(story.result, 3);
    const Read read{bytes};
    EXPECT_EQ(read.packets, 1u);
    EXPECT_EQ(read.facts().application, "phonerig 1.2");
    ASSERT_EQ(read.facts().interfaces.size(), 1u);
    EXPECT_EQ(read.facts().interfaces[0].name, "sim");
    EXPECT_EQ(read.facts().interfaces[0].description, "A title");
    EXPECT_EQ(read.facts().interfaces[0].dropped, 3u);
    EXPECT_EQ(read.facts().names.phone(story.result.phones[1].address), story.result.phones[1].mac);
    EXPECT_THAT(read.facts().comments, IsEmpty());
}

TEST_F(ScenarioCaptureTest, WhatFailedIsSaidAtTheLastPacketOfThatPhoneBefore)
{
    ScenarioCapture one = capture();
    packet(one, 0, 1s);
    packet(one, 1, 2s);
    packet(one, 0, 5s);
    failed(3s, {PhoneNumber{0}});
    one.end(story.result);
    const auto said = comments();
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(said[0].first, 1u);
    EXPECT_EQ(said[0].second, "library/a-case.yaml:12: failed: expect: led\nphone1: it is off");
}

TEST_F(ScenarioCaptureTest, APhoneWithoutPacketsFailsAtTheLastOneOfAnybody)
{
    ScenarioCapture one = capture();
    packet(one, 0, 1s);
    packet(one, 0, 2s);
    failed(3s, {PhoneNumber{1}});
    one.end(story.result);
    EXPECT_THAT(comments(), ElementsAre(testing::Pair(2u, HasSubstr("phone2: it is off"))));
}

TEST_F(ScenarioCaptureTest, BeforeTheFirstPacketItIsSaidThere)
{
    ScenarioCapture one = capture();
    packet(one, 0, 5s);
    failed(3s, {PhoneNumber{0}});
    one.end(story.result);
    EXPECT_THAT(comments(), ElementsAre(testing::Pair(1u, HasSubstr("failed"))));
}

TEST_F(ScenarioCaptureTest, TwoFailuresAtOnePacketAreOneComment)
{
    ScenarioCapture one = capture();
    packet(one, 0, 1s);
    failed(2s, {PhoneNumber{0}});
    failed(3s, {PhoneNumber{0}});
    one.end(story.result);
    const auto said = comments();
    ASSERT_EQ(said.size(), 1u);
    EXPECT_EQ(std::count(said[0].second.begin(), said[0].second.end(), '\n'), 3);
}

TEST_F(ScenarioCaptureTest, WithoutPacketsThereIsNothingToSayItAt)
{
    ScenarioCapture one = capture();
    failed(2s, {PhoneNumber{0}});
    one.end(story.result);
    const Read read{bytes};
    EXPECT_EQ(read.packets, 0u);
    EXPECT_THAT(read.facts().comments, IsEmpty());
}

TEST_F(ScenarioCaptureTest, WhatIsTooMuchToHoldIsWrittenBefore)
{
    ScenarioCapture one = capture(1000);
    for (int i = 0; i < 10'000; ++i)
        packet(one, 0, i * 1ms);
    EXPECT_GT(bytes.size(), 500'000u);
    failed(1ms, {PhoneNumber{0}});
    one.end(story.result);
    EXPECT_EQ(Read{bytes}.packets, 10'000u);
    const auto said = comments();  // at the first one that was still held
    ASSERT_EQ(said.size(), 1u);
    EXPECT_GT(said[0].first, 9'900u);
}

}  // namespace
}  // namespace scenarios
