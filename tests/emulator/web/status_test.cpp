#include "emulator/phone/status.hpp"

#include "tests/emulator/web/web_phone.hpp"
#include "tests/support/covers.hpp"

#include <gmock/gmock.h>

namespace emulator::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string fieldIn(const std::vector<StatusSection>& sections, std::string_view title,
                    std::string_view label)
{
    for (const StatusSection& section : sections) {
        for (const StatusField& field : section.fields) {
            if (section.title == title && field.label == label)
                return field.value;
        }
    }
    return "(no field)";
}

TEST(StatusTest, ShowsWhatTheProductIs)
{
    COVERS("MODEL-BARCODE", "MODEL-MAC-LABEL", "MODEL-SERIAL");
    WebPhone phone;
    const std::vector<StatusSection> sections = statusSections(phone.phone(), bootedAt);
    EXPECT_EQ(fieldIn(sections, "Product Information", "Product Name"), "CP-7832-3PCC");
    EXPECT_EQ(fieldIn(sections, "Product Information", "MAC Address"), "000e08aabbcc");
    EXPECT_EQ(fieldIn(sections, "Product Information", "Serial Number"), "88012BAABBCC");
    EXPECT_EQ(fieldIn(sections, "Product Information", "Software Version"), "sip7832.11-3-1MPP-678");
    EXPECT_EQ(fieldIn(sections, "IPv4 Information", "Current IP"), "127.78.0.1");
}

TEST(StatusTest, ShowsTheStateOfEveryLinesCall)
{
    WebPhone phone;
    EXPECT_EQ(fieldIn(statusSections(phone.phone(), bootedAt), "Line 1 Call Status", "Call State"), "Idle");
    EXPECT_EQ(fieldIn(statusSections(phone.phone(), bootedAt), "Line 2 Call Status", "Call State"),
              "(no field)");
    (void)phone.phone().handle(bootedAt, CallBegan{1});
    EXPECT_EQ(fieldIn(statusSections(phone.phone(), bootedAt), "Line 1 Call Status", "Call State"),
              "Connected");
}

TEST(StatusTest, CountsFromPowerOn)
{
    WebPhone phone;
    EXPECT_EQ(fieldIn(statusSections(phone.phone(), TimePoint{3661s}), "Phone Status", "Elapsed Time"),
              "01:01:01");
    const std::vector<StatusSection> later = statusSections(phone.phone(), TimePoint{49h});
    EXPECT_EQ(fieldIn(later, "Phone Status", "Elapsed Time"), "2 days and 01:00:00");
    EXPECT_EQ(fieldIn(later, "Phone Status", "Current Time"), "01/03/2026 01:00:00 UTC");
}

TEST(StatusTest, KeepsTheReasonsOfReboots)
{
    WebPhone phone;
    EXPECT_EQ(fieldIn(statusSections(phone.phone(), bootedAt), "Reboot History", "Reboot Reason 1"), "");
    phone.get("/admin/reboot");
    EXPECT_EQ(fieldIn(statusSections(phone.phone(), TimePoint{10s}), "Reboot History", "Reboot Reason 1"),
              "[01/01/26 00:00:05] User Triggered");
}

TEST(StatusTest, SaysHowTheLastResyncsEnded)
{
    WebPhone phone;
    phone.get("/admin/resync?tftp://192.168.1.200/basic.txt");
    const FetchFile* fetch = effectIn<FetchFile>(phone.effects);
    ASSERT_NE(fetch, nullptr);
    phone.feed(TimePoint{6s}, FetchFinished{fetch->request, fail(ErrorKind::NotFound, "File not found")});

    const std::vector<StatusSection> sections = statusSections(phone.phone(), TimePoint{7s});
    EXPECT_THAT(fieldIn(sections, "Provisioning Status", "Provisioning Status 1"),
                HasSubstr("Resync failed on 01/01/2026 00:00:06"));
    EXPECT_THAT(fieldIn(sections, "Provisioning Status", "Provisioning Failure Reason"), Not(IsEmpty()));
    EXPECT_EQ(fieldIn(sections, "Provisioning Status", "Provisioning Status 2"), "");
    EXPECT_EQ(fieldIn(downloadSections(phone.phone()), "Provisioning Status", "Provisioning Status 1"),
              fieldIn(sections, "Provisioning Status", "Provisioning Status 1"));
}

TEST(StatusTest, IsThereAsXmlWithTheSameNames)
{
    WebPhone phone{{.set = {{"Host_Name", "a<b>&\x01"}}}};
    const std::string xml = textOf(phone.get("/admin/status.xml"));
    EXPECT_EQ(xml, textOf(phone.get("/status.xml")));
    EXPECT_EQ(between(xml, "<Product_Name>", "</Product_Name>"), "CP-7832-3PCC");
    EXPECT_EQ(between(xml, "<Host_Name>", "</Host_Name>"), "a&lt;b&gt;&amp;");
    EXPECT_THAT(between(xml, "<Reboot_History>", "</Reboot_History>"),
                HasSubstr("<Reboot_Reason_5></Reboot_Reason_5>"));
    EXPECT_TRUE(xml.ends_with("</flat-status>\n"));
    EXPECT_EQ(statusTag("Resync At (HHmm)"), "Resync_At__HHmm_");
}

}  // namespace
}  // namespace emulator::tests
