#include "emulator/phone/sip_requests.hpp"

#include "emulator/phone/digest_login.hpp"
#include "emulator/protocol/sip_message.hpp"
#include "tests/emulator/phone/phone_run.hpp"
#include "tests/emulator/protocol/random_bytes.hpp"
#include "tests/support/covers.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

const Endpoint proxy{IpAddress::parse("192.168.1.9").value(), 5070};
constexpr std::string_view object =
    "<CP-7832-3PCCExecute><ExecuteItem URL=Resync:tftp://192.168.1.200/$MA.cfg/>"
    "</CP-7832-3PCCExecute>";

// A phone with a line, and the proxy that sends it requests.
class SipPhone {
public:
    using Set = std::map<std::string, std::string>;

    explicit SipPhone(const Set& set = {}, const std::string& model = "CP-7832-3PCC")
        : run{options(set, model)}
    {
        run.powerOn();
        run.pass(10s);
        run.forget();
    }

    // Without Auth_Resync-Reboot, for tests of what comes after it.
    static SipPhone open(Set set = {})
    {
        set.emplace("Auth_Resync-Reboot_1_", "No");
        return SipPhone{set};
    }

    SipMessage request(std::string_view event) const
    {
        SipMessage message;
        message.method = "NOTIFY";
        message.uri = "sip:4711@127.78.0.1:5078";
        message.fields.add("Via", "SIP/2.0/UDP 192.168.1.9:5070;branch=z9hG4bK-1;rport");
        message.fields.add("From", "<sip:proxy@192.168.1.9>;tag=f");
        message.fields.add("To", "<sip:4711@127.78.0.1>");
        message.fields.add("Call-ID", "call@192.168.1.9");
        message.fields.add("CSeq", "1 NOTIFY");
        if (!event.empty())
            message.fields.add("Event", std::string{event});
        return message;
    }

    SipAnswer send(const std::string& datagram, const Endpoint& from = proxy)
    {
        SipAnswer answer = answerSipRequest(*run.phone, memory ? &*memory : nullptr, run.now, datagram, from);
        if (answer.transaction != 0) {
            if (!memory)
                memory.emplace();
            memory->note(answer.transaction, run.now);
        }
        for (const Event& event : answer.events)
            run.feed(event);
        return answer;
    }
    SipAnswer send(const SipMessage& message) { return send(encode(message)); }
    SipAnswer notify(std::string_view event, std::string_view body = {})
    {
        SipMessage message = request(event);
        message.body = body;
        return send(message);
    }

    PhoneRun run;
    std::optional<SipMemory> memory;

private:
    static PhoneRun::Options options(Set set, const std::string& model)
    {
        set.emplace("Resync_On_Reset", "No");
        set.emplace("Syslog_Server", "192.168.1.210");
        set.emplace("User_ID_1_", "4711");
        set.emplace("Password_1_", "lucky");
        set.emplace("Profile_Rule", "tftp://192.168.1.200/stored.cfg");
        set.emplace("CISCO_XML_EXE_Enable", "Yes");
        PhoneRun::Options options;
        options.set = std::move(set);
        options.model = model;
        return options;
    }
};

SipMessage read(const SipAnswer& answer)
{
    const Result<SipDatagram> message = parseSip(answer.datagram);
    return message.has_value() ? message->message : SipMessage{};
}

int status(const SipAnswer& answer)
{
    return read(answer).status;
}

std::vector<std::string> urls(const SipPhone& phone)
{
    std::vector<std::string> all;
    for (const PhoneRun::Fetched& one : phone.run.fetches)
        all.push_back(one.url);
    return all;
}

// The request again, with the answer to the challenge.
SipMessage authorized(SipMessage message, const SipAnswer& challenge, const std::string& user,
                      const std::string& password)
{
    const auto asked = strongestChallenge(read(challenge).fields, "WWW-Authenticate");
    message.fields.add("Authorization",
                       answerTo(asked.value(), {user, password}, {"NOTIFY", message.uri, "0a4f", 1}).value());
    for (auto& [name, value] : message.fields.lines)
        value = name == "CSeq"  ? "2 NOTIFY"
                : name == "Via" ? "SIP/2.0/UDP 192.168.1.9:5070;branch=z9hG4bK-2;rport"
                                : value;
    return message;
}

// ---- what events do

TEST(SipNotifyTest, ResyncsByTheStoredRules)
{
    COVERS("SIP-NOTIFY-RESYNC", "RSYNC-FROM-SIP-YES", "SIP-NOTIFY-ADMIN");
    SipPhone phone = SipPhone::open();
    EXPECT_EQ(status(phone.notify("resync")), 200);
    phone.run.pass(1s);
    EXPECT_THAT(urls(phone), testing::ElementsAre("tftp://192.168.1.200:69/stored.cfg"));
}

TEST(SipNotifyTest, ResyncsWithTheProfileThatTheEventNames)
{
    SipPhone phone = SipPhone::open();
    EXPECT_EQ(status(phone.notify("resync;profile=\"http://192.168.1.9/$MA;x.xml\"")), 200);
    phone.run.pass(1s);
    EXPECT_THAT(urls(phone), testing::ElementsAre("http://192.168.1.9:80/000e08abcdef;x.xml"));
}

TEST(SipNotifyTest, TakesCheckSyncAsAResyncUnlessItAsksForAReboot)
{
    SipPhone phone = SipPhone::open();
    EXPECT_EQ(status(phone.notify("check-sync")), 200);
    phone.run.pass(1s);
    EXPECT_EQ(urls(phone).size(), 1u);
    EXPECT_THAT(phone.run.phone->reboots(), IsEmpty());

    SipPhone other = SipPhone::open();
    EXPECT_EQ(status(other.notify("check-sync;reboot=true")), 200);
    other.run.pass(1s);
    EXPECT_THAT(urls(other), IsEmpty());
    ASSERT_EQ(other.run.phone->reboots().size(), 1u);
    EXPECT_EQ(other.run.phone->reboots().front().second, RebootReason::SipTriggered);
}

TEST(SipNotifyTest, TellsAColdRebootFromAWarmRestart)
{
    COVERS("SIP-NOTIFY-ADMIN", "MODEL-REBOOT-VS-POWER");
    SipPhone cold = SipPhone::open();
    EXPECT_EQ(status(cold.notify("reboot_now")), 200);
    EXPECT_EQ(cold.run.phone->state(), PhoneState::Booting);
    cold.run.pass(499ms);
    EXPECT_EQ(cold.run.phone->state(), PhoneState::Booting);
    cold.run.pass(1ms);
    EXPECT_EQ(cold.run.phone->state(), PhoneState::Idle);
    EXPECT_EQ(cold.run.phone->reboots().size(), 1u);
    EXPECT_THAT(cold.run.texts(), testing::Contains(HasSubstr("System started")));

    SipPhone warm = SipPhone::open();
    const TimePoint powered = warm.run.phone->poweredAt();
    EXPECT_EQ(status(warm.notify("restart_now")), 200);
    EXPECT_EQ(warm.run.phone->state(), PhoneState::Booting);
    warm.run.pass(125ms);
    EXPECT_EQ(warm.run.phone->state(), PhoneState::Idle);
    EXPECT_THAT(warm.run.phone->reboots(), IsEmpty());
    EXPECT_EQ(warm.run.phone->poweredAt(), powered);
    EXPECT_THAT(warm.run.texts(), testing::Contains(HasSubstr("System restarted")));
}

TEST(SipNotifyTest, StartsAnUpgradeByTheStoredRule)
{
    COVERS("SIP-NOTIFY-ADMIN");
    SipPhone phone = SipPhone::open({{"Upgrade_Rule", "http://192.168.1.9/new.loads"}});
    const SipAnswer answer = phone.notify("upgrade");
    EXPECT_EQ(status(answer), 200);
    ASSERT_EQ(answer.events.size(), 1u);
    const auto* upgrade = std::get_if<UpgradeCommanded>(&answer.events.front());
    ASSERT_NE(upgrade, nullptr);
    EXPECT_EQ(upgrade->rule, "");
    EXPECT_EQ(upgrade->by, CommandedBy::SipNotify);
    phone.run.pass(1s);
    EXPECT_THAT(urls(phone), testing::Contains("http://192.168.1.9:80/new.loads"));
}

TEST(SipNotifyTest, AsksForAReport)
{
    const SipAnswer answer = SipPhone::open().notify("report");
    EXPECT_EQ(status(answer), 200);
    ASSERT_EQ(answer.events.size(), 1u);
    EXPECT_TRUE(std::holds_alternative<ReportCommanded>(answer.events.front()));
}

TEST(SipNotifyTest, ResetsToFactoryDefaultsWhenIdle)
{
    SipPhone phone = SipPhone::open();
    phone.run.submit({{"GPP_A", "mine"}});
    phone.run.feed(CallBegan{1});
    EXPECT_EQ(status(phone.notify("factory-reset")), 200);
    EXPECT_EQ(phone.run.value("GPP_A"), "mine");
    EXPECT_THAT(
        phone.run.texts(),
        testing::Contains(HasSubstr("Phone will factory reset when idle as per request from administrator")));
    phone.run.feed(CallEnded{1});
    EXPECT_EQ(phone.run.value("GPP_A"), "");
    EXPECT_THAT(phone.run.texts(),
                testing::Contains(HasSubstr("Factory resetting as per request from administrator")));
}

TEST(SipNotifyTest, DoesWhatTheXmlObjectInItsBodySays)
{
    COVERS("SIP-NOTIFY-XML", "XML-MACROS", "MACRO-SCOPE-XML");
    SipPhone phone = SipPhone::open();
    EXPECT_EQ(status(phone.notify("XML-Service", object)), 200);
    phone.run.pass(1s);
    EXPECT_THAT(urls(phone), testing::ElementsAre("tftp://192.168.1.200:69/000e08abcdef.cfg"));
}

TEST(SipNotifyTest, RefusesXmlObjectsItMayNotOrCannotCarryOut)
{
    const std::string other = "<CP-7841-3PCCExecute><ExecuteItem URL=Resync:x/></CP-7841-3PCCExecute>";
    EXPECT_EQ(status(SipPhone::open().notify("XML-Service", other)), 400);
    EXPECT_EQ(status(SipPhone::open().notify("XML-Service", "no object")), 400);
    EXPECT_EQ(status(SipPhone::open({{"CISCO_XML_EXE_Enable", "No"}}).notify("XML-Service", object)), 403);
    EXPECT_EQ(status(SipPhone::open({{"Resync_From_SIP", "No"}}).notify("XML-Service", object)), 403);
}

TEST(SipNotifyTest, SaysWhoCommandedSoThatTriggersCanTell)
{
    const SipAnswer plain = SipPhone::open().notify("resync");
    EXPECT_EQ(std::get<ResyncCommanded>(plain.events.front()).by, CommandedBy::SipNotify);
    EXPECT_EQ(std::get<ResyncCommanded>(plain.events.front()).requester, proxy.address);
    const SipAnswer xml = SipPhone::open().notify("XML-Service", object);
    EXPECT_EQ(std::get<ResyncCommanded>(xml.events.front()).by, CommandedBy::XmlObject);
}

TEST(SipNotifyTest, PassesTheTriggersAndAnXmlObjectDoesNot)
{
    COVERS("RSYNC-TRIGGER-BYPASS-SIP", "RSYNC-TRIGGER-NO-OTHER-BYPASS");
    SipPhone phone = SipPhone::open({{"Resync_Trigger_1", "1 eq 2"}});
    EXPECT_EQ(status(phone.notify("resync")), 200);
    phone.run.pass(1s);
    EXPECT_THAT(urls(phone), testing::ElementsAre("tftp://192.168.1.200:69/stored.cfg"));

    SipPhone other = SipPhone::open({{"Resync_Trigger_1", "1 eq 2"}});
    EXPECT_EQ(status(other.notify("XML-Service", object)), 200);
    other.run.pass(1s);
    EXPECT_THAT(urls(other), IsEmpty());
}

TEST(SipNotifyTest, DoesNotResyncWhenResyncFromSipIsNo)
{
    COVERS("RSYNC-FROM-SIP-NO", "SIP-NOTIFY-DISABLED");
    SipPhone phone = SipPhone::open({{"Resync_From_SIP", "No"}});
    EXPECT_EQ(status(phone.notify("resync")), 403);
    EXPECT_EQ(status(phone.notify("check-sync")), 403);
    phone.run.pass(1h);
    EXPECT_THAT(urls(phone), IsEmpty());
    EXPECT_EQ(status(phone.notify("reboot_now")), 200) << "it is about resyncs only";
}

TEST(SipNotifyTest, RefusesWhatOtherParametersForbid)
{
    EXPECT_EQ(status(SipPhone::open({{"Provision_Enable", "No"}}).notify("resync")), 403);
    EXPECT_EQ(status(SipPhone::open({{"Upgrade_Enable", "No"}}).notify("upgrade")), 403);
}

// ---- answers

TEST(SipAnswerTest, NamesTheEventsThatThePhoneKnows)
{
    SipPhone phone = SipPhone::open();
    const SipAnswer answer = phone.notify("message-summary");
    EXPECT_EQ(status(answer), 489);
    EXPECT_EQ(read(answer).reason, "Bad Event");
    EXPECT_THAT(std::string{read(answer).fields.first("Allow-Events")}, HasSubstr("resync"));
    EXPECT_THAT(answer.events, IsEmpty());
}

TEST(SipAnswerTest, NamesTheMethodsThatThePhoneKnows)
{
    SipPhone phone;
    SipMessage invite = phone.request("");
    invite.method = "INVITE";
    invite.fields.lines[4].second = "1 INVITE";
    EXPECT_EQ(status(phone.send(invite)), 405);
    EXPECT_EQ(read(phone.send(invite)).fields.first("Allow"), "NOTIFY, OPTIONS");

    SipMessage options = phone.request("");
    options.method = "OPTIONS";
    options.fields.lines[4].second = "1 OPTIONS";
    EXPECT_EQ(status(phone.send(options)), 200);
}

TEST(SipAnswerTest, CopiesTheRequestAndTagsTo)
{
    SipPhone phone = SipPhone::open();
    const SipMessage answer = read(phone.notify("resync"));
    EXPECT_EQ(answer.fields.first("Call-ID"), "call@192.168.1.9");
    EXPECT_EQ(answer.fields.first("CSeq"), "1 NOTIFY");
    EXPECT_EQ(answer.fields.first("From"), "<sip:proxy@192.168.1.9>;tag=f");
    EXPECT_THAT(std::string{answer.fields.first("To")}, testing::StartsWith("<sip:4711@127.78.0.1>;tag="));
    EXPECT_THAT(std::string{answer.fields.first("Server")}, HasSubstr("CP-7832-3PCC"));
}

TEST(SipAnswerTest, GoesWhereTheTopmostViaSays)
{
    SipPhone phone = SipPhone::open();
    const Endpoint elsewhere{IpAddress::parse("10.0.0.7").value(), 40000};
    const auto answered = [&](std::string via) {
        SipMessage message = phone.request("resync");
        message.fields.lines.front().second = std::move(via);
        return phone.send(encode(message), elsewhere);
    };
    const SipAnswer nat =
        answered("SIP/2.0/UDP 192.168.1.9:5070;rport;branch=z9hG4bK-n, SIP/2.0/UDP far:5061");
    EXPECT_EQ(nat.to, elsewhere);
    EXPECT_EQ(
        read(nat).fields.first("Via"),
        "SIP/2.0/UDP 192.168.1.9:5070;rport=40000;branch=z9hG4bK-n;received=10.0.0.7, SIP/2.0/UDP far:5061");

    const SipAnswer plain = answered("SIP/2.0/UDP 192.168.1.9:5070;branch=z9hG4bK-p");
    EXPECT_EQ(plain.to, (Endpoint{elsewhere.address, 5070}));
    EXPECT_EQ(read(plain).fields.first("Via"),
              "SIP/2.0/UDP 192.168.1.9:5070;branch=z9hG4bK-p;received=10.0.0.7");

    const SipAnswer known = answered("SIP/2.0/UDP 10.0.0.7;branch=z9hG4bK-k");
    EXPECT_EQ(known.to, (Endpoint{elsewhere.address, 5060}));
    EXPECT_EQ(read(known).fields.first("Via"), "SIP/2.0/UDP 10.0.0.7;branch=z9hG4bK-k");
}

TEST(SipAnswerTest, SaysWhatIsWrong)
{
    SipPhone phone = SipPhone::open();
    EXPECT_EQ(status(phone.notify("")), 400) << "no Event";
    SipMessage broken = phone.request("resync");
    broken.fields.lines[4].second = "one NOTIFY";
    const SipAnswer answer = phone.send(broken);
    EXPECT_THAT(answer.datagram, testing::StartsWith("SIP/2.0 400 "));
    EXPECT_EQ(answer.to, proxy);

    SipMessage dialog = phone.request("resync");
    dialog.fields.lines[2].second += ";tag=old";
    EXPECT_EQ(status(phone.send(dialog)), 481);

    SipMessage extended = phone.request("resync");
    extended.fields.add("Require", "100rel");
    EXPECT_EQ(status(phone.send(extended)), 420);
    phone.run.pass(1s);
    EXPECT_THAT(urls(phone), IsEmpty());
}

TEST(SipAnswerTest, KeepsStillWhereNoAnswerBelongs)
{
    SipPhone phone = SipPhone::open();
    EXPECT_EQ(phone.send("\r\n\r\n").datagram, "");
    EXPECT_EQ(phone.send("hello").datagram, "");
    EXPECT_EQ(phone.send(phone.notify("resync").datagram).datagram, "") << "a response";
    SipMessage ack = phone.request("");
    ack.method = "ACK";
    ack.fields.lines[4].second = "1 ACK";
    EXPECT_EQ(phone.send(ack).datagram, "");
    phone.run.feed(PowerRemoved{});
    EXPECT_EQ(phone.notify("resync").datagram, "") << "off";
}

// ---- the same request again

TEST(SipRetransmissionTest, ActsOnce)
{
    SipPhone phone = SipPhone::open();
    const SipAnswer first = phone.notify("reboot_now");
    phone.run.pass(1s);
    const SipAnswer again = phone.notify("reboot_now");
    EXPECT_EQ(again.datagram, first.datagram);
    EXPECT_THAT(again.events, IsEmpty());
    EXPECT_EQ(phone.run.phone->reboots().size(), 1u);

    phone.run.pass(32s);
    EXPECT_EQ(phone.notify("reboot_now").events.size(), 1u) << "after timer J it is a new one";
}

TEST(SipRetransmissionTest, TellsRequestsApartByBranchAndNumber)
{
    SipPhone phone = SipPhone::open();
    SipMessage message = phone.request("report");
    EXPECT_EQ(phone.send(message).events.size(), 1u);
    message.fields.lines[0].second = "SIP/2.0/UDP 192.168.1.9:5070;branch=z9hG4bK-other";
    EXPECT_EQ(phone.send(message).events.size(), 1u);
    message.fields.lines[4].second = "2 NOTIFY";
    EXPECT_EQ(phone.send(message).events.size(), 1u);
    EXPECT_EQ(phone.send(message).events.size(), 0u);
}

// ---- whose password

TEST(SipLoginTest, ActsAfterTheChallengeIsAnswered)
{
    SipPhone phone;
    const SipMessage message = phone.request("resync");
    const SipAnswer challenge = phone.send(message);
    EXPECT_EQ(status(challenge), 401);
    EXPECT_THAT(challenge.events, IsEmpty());
    EXPECT_EQ(status(phone.send(authorized(message, challenge, "4711", "lucky"))), 200);
    phone.run.pass(1s);
    EXPECT_EQ(urls(phone).size(), 1u);
}

TEST(SipLoginTest, RefusesWrongPasswordsAndNames)
{
    SipPhone phone;
    const SipMessage message = phone.request("reboot_now");
    const SipAnswer challenge = phone.send(message);
    for (const auto& [user, password] : {std::pair{"4711", "wrong"}, {"4712", "lucky"}, {"4711", ""}}) {
        const SipAnswer answer = phone.send(authorized(message, challenge, user, password));
        EXPECT_EQ(status(answer), 401) << user << ' ' << password;
        EXPECT_THAT(std::string{read(answer).fields.first("WWW-Authenticate")},
                    testing::Not(HasSubstr("stale")));
    }
    EXPECT_EQ(phone.run.phone->state(), PhoneState::Idle);
}

TEST(SipLoginTest, AsksForEveryEventThatActs)
{
    for (const std::string_view event : {"resync", "check-sync", "check-sync;reboot=true", "reboot_now",
                                         "restart_now", "upgrade", "report", "factory-reset"})
        EXPECT_EQ(status(SipPhone{}.notify(event)), 401) << event;
    EXPECT_EQ(status(SipPhone{}.notify("XML-Service", object)), 401);
}

TEST(SipLoginTest, CannotBePassedWithoutAPasswordOnTheLine)
{
    SipPhone phone{{{"Password_1_", ""}}};
    const SipMessage message = phone.request("resync");
    const SipAnswer challenge = phone.send(message);
    EXPECT_EQ(status(phone.send(authorized(message, challenge, "4711", ""))), 401);
}

TEST(SipLoginTest, PrefersTheAuthId)
{
    SipPhone phone{{{"Auth_ID_1_", "desk"}}};
    const SipMessage message = phone.request("report");
    const SipAnswer challenge = phone.send(message);
    EXPECT_EQ(status(phone.send(authorized(message, challenge, "4711", "lucky"))), 401);
    EXPECT_EQ(status(phone.send(authorized(message, challenge, "desk", "lucky"))), 200);
}

TEST(SipLoginTest, TakesTheLineThatIsCalled)
{
    SipPhone phone{{{"User_ID_2_", "4712"}, {"Password_2_", "second"}, {"Reversed_Auth_Realm_2_", "two"}},
                   "CP-7841-3PCC"};
    SipMessage message = phone.request("report");
    message.uri = "sip:4712@127.78.0.1";
    const SipAnswer challenge = phone.send(message);
    EXPECT_THAT(std::string{read(challenge).fields.first("WWW-Authenticate")}, HasSubstr("realm=\"two\""));
    EXPECT_EQ(status(phone.send(authorized(message, challenge, "4712", "second"))), 200);

    message.uri = "sip:127.78.0.1";
    message.fields.lines[2].second = "<sip:4712@example.com>";
    EXPECT_THAT(std::string{read(phone.send(message)).fields.first("WWW-Authenticate")},
                HasSubstr("realm=\"two\""));
    message.fields.lines[2].second = "<sip:nobody@example.com>";
    EXPECT_THAT(std::string{read(phone.send(message)).fields.first("WWW-Authenticate")},
                HasSubstr("realm=\"127.78.0.1\""));
}

TEST(SipLoginTest, CallsAnOldNonceStale)
{
    SipPhone phone;
    const SipMessage message = phone.request("report");
    const SipAnswer challenge = phone.send(message);
    phone.run.pass(5min);
    EXPECT_EQ(status(phone.send(authorized(message, challenge, "4711", "lucky"))), 200);
    phone.run.pass(6min);
    const SipAnswer late = phone.send(authorized(message, challenge, "4711", "lucky"));
    EXPECT_EQ(status(late), 401);
    EXPECT_THAT(std::string{read(late).fields.first("WWW-Authenticate")}, HasSubstr("stale=true"));
    EXPECT_EQ(status(phone.send(authorized(message, late, "4711", "lucky"))), 200);
}

TEST(SipLoginTest, GivesEachPhoneAndCallNoncesOfItsOwnAndRepeatsThem)
{
    SipPhone phone;
    SipMessage message = phone.request("report");
    const auto nonce = [&] {
        return strongestChallenge(read(phone.send(message)).fields, "WWW-Authenticate").value().nonce;
    };
    const std::string first = nonce();
    EXPECT_EQ(nonce(), first);
    message.fields.lines[3].second = "another-call";
    EXPECT_NE(nonce(), first);
}

TEST(SipRequestTest, SurvivesDamagedDatagrams)
{
    SipPhone phone = SipPhone::open();
    RandomBytes random{11};
    SipMessage message = phone.request("resync;profile=\"tftp://192.168.1.200/a\"");
    message.body = object;
    const std::string datagram = encode(message);
    int answered = 0;
    for (int i = 0; i < 5000; ++i) {
        const SipAnswer answer =
            answerSipRequest(*phone.run.phone, nullptr, phone.run.now, random.damaged(datagram, 5), proxy);
        answered += answer.datagram.empty() ? 0 : 1;
        if (!answer.datagram.empty()) {
            EXPECT_FALSE(readSipLines(answer.datagram).has_error());
        }
    }
    EXPECT_GT(answered, 1000);
}

}  // namespace
}  // namespace emulator
