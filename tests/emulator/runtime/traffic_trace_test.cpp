#include "emulator/protocol/tftp_packet.hpp"
#include "emulator/runtime/traffic_trace.hpp"
#include "emulator/trace/ndjson.hpp"

#include <gmock/gmock.h>

namespace {

using namespace emulator;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

std::string json(const TraceEvent& event)
{
    std::string line;
    appendNdjson(line, event, 0);
    return line;
}

TEST(TrafficTraceTest, DescribesARequestWithoutItsCredentialsCookiesAndBody)
{
    HttpRequest request{.method = "POST", .target = "/a.xml?mac=1"};
    request.fields.add("host", "127.0.0.1:80");
    request.fields.add("User-Agent", "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)");
    request.fields.add("Authorization", "Basic c2VjcmV0");
    request.fields.add("Cookie", "session=c2VjcmV0");
    request.body = shareBytes("c2VjcmV0 body");
    TrafficTrace trace;
    TraceEvent event;
    trace.describe(event, request);
    EXPECT_EQ(event.kind, EventKind::HttpRequest);
    EXPECT_EQ(event.text(FieldName::Method), "POST");
    EXPECT_EQ(event.text(FieldName::Target), "/a.xml?mac=1");
    EXPECT_EQ(event.text(FieldName::Host), "127.0.0.1:80");
    EXPECT_EQ(event.text(FieldName::UserAgent), "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)");
    EXPECT_EQ(event.number(FieldName::Minor), 1);
    EXPECT_EQ(event.number(FieldName::Bytes), 13);
    EXPECT_THAT(json(event), Not(HasSubstr("c2VjcmV0")));
}

TEST(TrafficTraceTest, DescribesAnUploadWithoutItsSecrets)
{
    HttpRequest request{
        .method = "POST", .target = "/a", .body = shareBytes("password=hunter2&mac=000e08\n")};
    request.fields.add("Authorization", "Basic c2VjcmV0");
    request.fields.add("Proxy-Authorization", "Digest response=\"c2VjcmV0\"");
    TrafficTrace trace;
    TraceEvent event;
    trace.describe(event, request);
    trace.describeUpload(event, request);
    EXPECT_THAT(std::string{event.text(FieldName::Body)},
                MatchesRegex("password=secret-[0-9a-f]*&mac=000e08\\?"));
    EXPECT_THAT(json(event), Not(HasSubstr("hunter2")));
    EXPECT_THAT(json(event), Not(HasSubstr("c2VjcmV0")));
    request.body = shareBytes(std::string(100'000, 'x'));
    TraceEvent large;
    trace.describeUpload(large, request);
    EXPECT_LT(large.text(FieldName::Body).size(), 510u);
}

TEST(TrafficTraceTest, DescribesAResponse)
{
    HttpResponse response{.status = 404, .body = shareBytes("gone")};
    TrafficTrace trace;
    TraceEvent event;
    trace.describe(event, response);
    EXPECT_EQ(event.kind, EventKind::HttpResponse);
    EXPECT_EQ(event.number(FieldName::Status), 404);
    EXPECT_EQ(event.text(FieldName::Reason), "Not Found");
    EXPECT_EQ(event.number(FieldName::Bytes), 4);
}

TEST(TrafficTraceTest, DescribesEachKindOfTftpPacket)
{
    const auto described = [](const TftpPacket& packet) {
        const std::string datagram = encode(packet);
        TrafficTrace trace;
        TraceEvent event;
        EXPECT_EQ(trace.describeTftp(event, datagram), event.kind);
        EXPECT_EQ(tftpEventKind(datagram), event.kind);
        const std::string line = json(event);
        return line.substr(line.find("\"kind\""));
    };
    EXPECT_THAT(
        described(TftpRead{"/a.txt", "octet", {{"blksize", "1428"}, {"tsize", "0"}}}),
        MatchesRegex(
            R"("kind":"tftp.read".*,"file":"/a.txt","mode":"octet","text":"blksize=1428 tsize=0"\}.)"));
    EXPECT_THAT(described(TftpWrite{"a", "netascii", {}}),
                MatchesRegex(R"("kind":"tftp.write".*,"file":"a","mode":"netascii"\}.)"));
    EXPECT_THAT(described(TftpData{7, "12345678"}),
                MatchesRegex(R"("kind":"tftp.data".*,"block":7,"bytes":8\}.)"));
    EXPECT_THAT(described(TftpAck{65535}), MatchesRegex(R"("kind":"tftp.ack".*,"block":65535\}.)"));
    EXPECT_THAT(described(TftpError{TftpErrorCode::FileNotFound, "not here"}),
                MatchesRegex(R"("kind":"tftp.error".*,"code":1,"text":"not here"\}.)"));
    EXPECT_THAT(described(TftpOack{{{"tsize", "8"}}}),
                MatchesRegex(R"("kind":"tftp.oack".*,"text":"tsize=8"\}.)"));
}

TEST(TrafficTraceTest, LeavesWhatIsNoTftpPacketAlone)
{
    for (const std::string& datagram : {std::string{}, std::string("\0\1a", 3), std::string("\0\7", 2)}) {
        TraceEvent event;
        EXPECT_EQ(TrafficTrace{}.describeTftp(event, datagram), std::nullopt);
        EXPECT_TRUE(event.fields.empty());
    }
}

TEST(TrafficTraceTest, DescribesASyslogLineWithItsRawText)
{
    TrafficTrace trace;
    TraceEvent event;
    trace.describeSyslog(event, "<133>Jan  1 00:00:00 CP-7832-3PCC hello");
    EXPECT_EQ(event.kind, EventKind::SyslogMessage);
    EXPECT_EQ(event.number(FieldName::Severity), 5);
    EXPECT_EQ(event.number(FieldName::Facility), 16);
    EXPECT_EQ(event.text(FieldName::Text), "Jan  1 00:00:00 CP-7832-3PCC hello");
    EXPECT_EQ(event.text(FieldName::Raw), "<133>Jan  1 00:00:00 CP-7832-3PCC hello");
}

struct SecretRow {
    const char* name;
    const char* before;
    const char* after;  // a regular expression
};

class SecretTest : public testing::TestWithParam<SecretRow> {};

TEST_P(SecretTest, IsReplacedByAPseudonym)
{
    TrafficTrace trace;
    EXPECT_THAT(std::string{trace.withoutSecrets(GetParam().before)}, MatchesRegex(GetParam().after));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SecretTest,
    testing::Values(
        SecretRow{"None", "/admin/resync?tftp://10.0.0.1/a.txt", "/admin/resync.tftp://10.0.0.1/a.txt"},
        SecretRow{"CommandPassword", "/admin/resync?tftp://10.0.0.1/a.txt&xuser=admin&xpassword=s3cret&a=b",
                  "/admin/resync.tftp://10.0.0.1/a.txt&xuser=admin&xpassword=secret-[0-9a-f]+&a=b"},
        SecretRow{"FormPassword", "/x?Admin_Passwd=s3cret", "/x.Admin_Passwd=secret-[0-9a-f]+"},
        SecretRow{"Key", "/x?a=1&Key=s3cret", "/x.a=1&Key=secret-[0-9a-f]+"},
        SecretRow{"Url", "Requesting resync http://me:s3cret@host/a?b",
                  "Requesting resync http://secret-[0-9a-f]+@host/a.b"},
        SecretRow{"MailAddressInAPath", "/a?http://host/me@home", "/a.http://host/me@home"},
        SecretRow{"RuleKey", "[--key s3cret ]tftp://host/a", ".--key secret-[0-9a-f]+ .tftp://host/a"},
        SecretRow{"RuleKeyQuoted", "[--key \"s3 cret\"]tftp://host/a",
                  ".--key secret-[0-9a-f]+.tftp://host/a"},
        SecretRow{"RuleKeyWithoutDashes", "[key s3cret]tftp://host/a", ".key secret-[0-9a-f]+.tftp://host/a"},
        SecretRow{
            "RuleKeyInATarget", "/admin/resync?[--key%20s3cret%20--uid+me+--pwd+s3cret%5Dhttp://host/a",
            "/admin/resync..--key%20secret-[0-9a-f]+%20--uid.secret-[0-9a-f]+.--pwd.secret-[0-9a-f]+%5Dhttp:/"
            "/host/a"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(TrafficTraceTest, ASipRequestIsDescribedWithoutItsAuthorization)
{
    TrafficTrace trace;
    TraceEvent event;
    ASSERT_TRUE(trace.describeSip(event,
                                  "NOTIFY sip:me:s3cret@host SIP/2.0\r\nCall-ID: 7\r\nCSeq: 1 NOTIFY\r\n"
                                  "Event: resync;profile=\"http://me:s3cret@host/a\"\r\n"
                                  "Authorization: Digest response=\"s3cret\"\r\n\r\nbody"));
    EXPECT_EQ(event.kind, EventKind::SipRequest);
    EXPECT_EQ(event.text(FieldName::Method), "NOTIFY");
    EXPECT_THAT(std::string{event.text(FieldName::EventPackage)}, testing::StartsWith("resync;profile="));
    EXPECT_EQ(event.text(FieldName::CallId), "7");
    EXPECT_EQ(event.number(FieldName::Bytes), 4);
    for (const Field& field : event.fields) {
        if (const auto* text = std::get_if<std::string_view>(&field.value)) {
            EXPECT_EQ(text->find("s3cret"), std::string_view::npos) << *text;
        }
    }
}

TEST(TrafficTraceTest, PseudonymsAreStableForOneKeyAndDifferForAnother)
{
    const auto pseudonym = [](TrafficTrace trace, std::string_view password) {
        return std::string{trace.withoutSecrets("/a?xpassword=" + std::string{password})};
    };
    EXPECT_EQ(pseudonym(TrafficTrace{"key"}, "s3cret"), pseudonym(TrafficTrace{"key"}, "s3cret"));
    EXPECT_EQ(pseudonym(TrafficTrace{}, "s3cret"), pseudonym(TrafficTrace{}, "s3cret"));
    EXPECT_NE(pseudonym(TrafficTrace{"key"}, "s3cret"), pseudonym(TrafficTrace{"another key"}, "s3cret"));
    EXPECT_NE(pseudonym(TrafficTrace{"key"}, "s3cret"), pseudonym(TrafficTrace{"key"}, "other"));
}

}  // namespace
