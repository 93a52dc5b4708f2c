#include "emulator/profile/aes128gcm.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/profile/openssl_enc.hpp"
#include "tests/emulator/phone/phone_run.hpp"

#include "tests/support/covers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Salt salt{8, 7, 6, 5, 4, 3, 2, 1};
constexpr std::string_view failure = "Resync failed: Corrupt file";

std::string encrypted(std::string_view plain, std::string_view key = "MyOwnSecret")
{
    return encryptSalted(plain, key, KeyDigest::Md5, salt);
}

// A phone that is up and idle.
PhoneRun aPhoneOfPackedFiles(std::map<std::string, std::string> set = {}, std::string model = "CP-7832-3PCC")
{
    set.try_emplace("Resync_On_Reset", "No");
    set.try_emplace("Resync_Error_Retry_Delay", "0");
    set.try_emplace("Syslog_Server", "192.168.1.9");
    PhoneRun::Options options;
    options.set = std::move(set);
    options.model = std::move(model);
    PhoneRun run{options};
    run.powerOn();
    run.pass(1s);
    return run;
}

void resync(PhoneRun& run, std::string rule, std::string file)
{
    run.forget();
    run.serve(std::move(file));
    run.resync(std::move(rule));
    run.pass(1s);
}

TEST(FormatsTest, AKeyInTheRuleDecryptsTheFile)
{
    COVERS("RULE-KEY-DASHES", "RULE-KEY-NODASHES", "RULE-KEY-QUOTES");
    for (const std::string options :
         {"[--key MyOwnSecret]", "[--key MyOwnSecret ]", "[key MyOwnSecret]", "[--key \"MyOwnSecret\"]"}) {
        PhoneRun run = aPhoneOfPackedFiles();
        resync(run, options + " tftp://192.168.1.200/basic.cfg", encrypted(basicProfile));
        EXPECT_EQ(run.value("GPP_A"), "12345678") << options;
    }
    PhoneRun run = aPhoneOfPackedFiles();
    resync(run, "[--key \"My Own Secret\"] tftp://192.168.1.200/basic.cfg",
           encrypted(basicProfile, "My Own Secret"));
    EXPECT_EQ(run.value("GPP_A"), "12345678");
}

TEST(FormatsTest, OlderPhonesDecryptTheFileAsWell)
{
    COVERS("PROF-SPA-XML-256");
    for (const char* model : {"SPA303", "SPA504G", "SPA525G2", "WIP310"}) {
        PhoneRun run = aPhoneOfPackedFiles({}, model);
        resync(run, "[--key MyOwnSecret] tftp://192.168.1.200/basic.cfg", encrypted(basicProfile));
        EXPECT_EQ(run.value("GPP_A"), "12345678") << model;
    }
}

TEST(FormatsTest, TheKeyMayStandInASecretRegister)
{
    COVERS("RULE-KEY-SX", "GPP-USES", "MACRO-SA-SD");
    const std::string file = encrypted("<flat-profile><GPP_P>12345678</GPP_P></flat-profile>");
    for (const std::string letter : {"A", "B", "C", "D"}) {
        PhoneRun run = aPhoneOfPackedFiles({{"GPP_S" + letter, "MyOwnSecret"}});
        resync(run, "[--key $S" + letter + "] tftp://192.168.1.200/basic.cfg", file);
        EXPECT_EQ(run.value("GPP_P"), "12345678") << letter;
    }
}

TEST(FormatsTest, AWrongKeyIsACorruptFileThatChangesNothing)
{
    COVERS("PROF-AES-BAD-KEY");
    PhoneRun run = aPhoneOfPackedFiles({{"Resync_Error_Retry_Delay", "90"}});
    for (const std::string rule : {"[--key wrong] ", ""}) {
        resync(run, rule + "tftp://192.168.1.200/basic.cfg", encrypted(basicProfile));
        EXPECT_THAT(run.texts(), Contains(EndsWith(failure)));
        EXPECT_EQ(run.value("GPP_A"), "");
        EXPECT_EQ(run.phone->muteLed(), MuteLed::FastBlink);
        EXPECT_LT(run.phone->nextResync(), run.now + 91s) << "the file is asked for again";
    }
}

TEST(FormatsTest, KeysAreInNoLine)
{
    PhoneRun run = aPhoneOfPackedFiles({{"GPP_SA", "MyOwnSecret"},
                                        {"IKM_HTTP_Encrypt_Content", "MyOwnMaterial"},
                                        {"Debug_Server", "192.168.1.9"},
                                        {"Debug_Level", "DEBUG"}});
    for (const std::string rule : {"[--key $SA] ", "[--key Another] ", ""}) {
        run.coding = rule.empty() ? ContentCoding::Aes128Gcm : ContentCoding::Identity;
        for (const std::string& file :
             {encrypted(basicProfile), encrypted(basicProfile, "Another"), std::string{"x"}}) {
            resync(run, rule + "tftp://192.168.1.200/basic.cfg", file);
            for (const std::string& line : run.texts()) {
                EXPECT_THAT(line, Not(HasSubstr("MyOwn")));
                EXPECT_THAT(line, Not(HasSubstr("Another")));
            }
        }
    }
}

TEST(FormatsTest, TheDebugServerHearsWhyAFileIsCorrupt)
{
    PhoneRun run = aPhoneOfPackedFiles({{"Debug_Server", "192.168.1.9"}, {"Debug_Level", "DEBUG"}});
    resync(run, "[--key MyOwnSecret] tftp://192.168.1.200/a.gz", gzip(encrypted(basicProfile)));
    EXPECT_THAT(run.texts(), Contains(HasSubstr("encrypted first and compressed then")));
}

TEST(FormatsTest, AResponseMarkedAes128GcmIsDecryptedWithTheKeyingMaterial)
{
    PhoneRun run = aPhoneOfPackedFiles({{"IKM_HTTP_Encrypt_Content", "plain words"}});
    run.coding = ContentCoding::Aes128Gcm;
    resync(run, "[--key MyOwnSecret] http://192.168.1.200/a.xml",
           encryptAes128Gcm(gzip(basicProfile), "plain words", {}));
    EXPECT_EQ(run.value("GPP_A"), "12345678");

    resync(run, "[--key MyOwnSecret] http://192.168.1.200/a.xml", encrypted(basicProfile));
    EXPECT_THAT(run.texts(), Contains(EndsWith(failure))) << "the mark counts, not the key";

    run.coding = ContentCoding::Identity;
    resync(run, "[--key MyOwnSecret] http://192.168.1.200/a.xml",
           encrypted("<flat-profile><GPP_A>2</GPP_A></flat-profile>"));
    EXPECT_EQ(run.value("GPP_A"), "2") << "without the mark the key counts, whatever the material";
}

TEST(FormatsTest, KeyingMaterialIsTakenFromProfilesAndShownNowhere)
{
    PhoneRun run = aPhoneOfPackedFiles();
    resync(run, "http://192.168.1.200/a.xml",
           "<flat-profile><IKM_HTTP_Encrypt_Content>plain words</IKM_HTTP_Encrypt_Content></flat-profile>");
    EXPECT_EQ(run.value("IKM_HTTP_Encrypt_Content"), "plain words");
    EXPECT_THAT(exportConfiguration(run.phone->parameters()), Not(HasSubstr("IKM_HTTP")));
    EXPECT_THAT(exportConfiguration(run.phone->parameters()), Not(HasSubstr("plain words")));
}

TEST(FormatsTest, AnAliasMapRenamesElements)
{
    COVERS("GPP-USES");
    PhoneRun run = aPhoneOfPackedFiles({{"GPP_B", "/customer/number = /flat-profile/User_ID_1_ ;"}});
    const std::string file = "<customer><number>17775551234</number></customer>";
    resync(run, "[--alias b] tftp://192.168.1.200/customer.xml", file);
    EXPECT_EQ(run.value("User_ID_1_"), "17775551234");

    PhoneRun without = aPhoneOfPackedFiles();
    resync(without, "[--alias b] tftp://192.168.1.200/customer.xml", file);
    EXPECT_THAT(without.texts(), Contains(EndsWith(failure)));
    EXPECT_EQ(without.value("User_ID_1_"), "");
}

TEST(FormatsTest, AnAliasMapAndAKeyWorkTogether)
{
    PhoneRun run = aPhoneOfPackedFiles({{"GPP_P", "/number = /flat-profile/User_ID_1_"}});
    resync(run, "[--key MyOwnSecret --alias p] tftp://192.168.1.200/customer.xml",
           encrypted("<customer><number>17775551234</number></customer>"));
    EXPECT_EQ(run.value("User_ID_1_"), "17775551234");
}

TEST(FormatsTest, AnAliasMapThatIsNoneFailsByName)
{
    PhoneRun run = aPhoneOfPackedFiles({{"GPP_B", "number User_ID_1_"}});
    resync(run, "[--alias b] tftp://192.168.1.200/customer.xml", std::string{basicProfile});
    EXPECT_THAT(run.texts(), Contains(HasSubstr("Resync failed: alias map: 'number User_ID_1_'")));
    EXPECT_EQ(run.value("GPP_A"), "");
}

}  // namespace
}  // namespace emulator
