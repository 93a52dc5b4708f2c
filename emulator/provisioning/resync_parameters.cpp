#include "emulator/provisioning/resync_parameters.hpp"

#include <fmt/format.h>

namespace emulator {

Result<ResyncParameters> ResyncParameters::find(const ParameterSchema& schema)
{
    ResyncParameters ids;
    std::string missing;
    const auto look = [&](ParamId& id, std::string_view name) {
        if (const std::optional<ParamId> found = schema.find(name))
            id = *found;
        else if (missing.empty())
            missing = name;
    };
    look(ids.provisionEnable, "Provision_Enable");
    look(ids.resyncOnReset, "Resync_On_Reset");
    look(ids.resyncRandomDelay, "Resync_Random_Delay");
    look(ids.resyncAt, "Resync_At__HHmm_");
    look(ids.resyncAtRandomDelay, "Resync_At_Random_Delay");
    look(ids.forcedResyncDelay, "Forced_Resync_Delay");
    look(ids.resyncPeriodic, "Resync_Periodic");
    look(ids.resyncErrorRetryDelay, "Resync_Error_Retry_Delay");
    look(ids.resyncAfterUpgradeAttempt, "Resync_After_Upgrade_Attempt");
    look(ids.resyncFailsOnFnf, "Resync_Fails_On_FNF");
    look(ids.resyncTriggers[0], "Resync_Trigger_1");
    look(ids.resyncTriggers[1], "Resync_Trigger_2");
    look(ids.profileRules[0], "Profile_Rule");
    look(ids.profileRules[1], "Profile_Rule_B");
    look(ids.profileRules[2], "Profile_Rule_C");
    look(ids.profileRules[3], "Profile_Rule_D");
    look(ids.logRequestMsg, "Log_Request_Msg");
    look(ids.logSuccessMsg, "Log_Success_Msg");
    look(ids.logFailureMsg, "Log_Failure_Msg");
    look(ids.syslogServer, "Syslog_Server");
    look(ids.syslogIdentifier, "Syslog_Identifier");
    look(ids.debugServer, "Debug_Server");
    look(ids.debugLevel, "Debug_Level");
    look(ids.upgradeEnable, "Upgrade_Enable");
    look(ids.upgradeErrorRetryDelay, "Upgrade_Error_Retry_Delay");
    look(ids.upgradeRule, "Upgrade_Rule");
    look(ids.downgradeRevLimit, "Downgrade_Rev_Limit");
    look(ids.logUpgradeRequestMsg, "Log_Upgrade_Request_Msg");
    look(ids.logUpgradeSuccessMsg, "Log_Upgrade_Success_Msg");
    look(ids.logUpgradeFailureMsg, "Log_Upgrade_Failure_Msg");
    look(ids.httpUserAgentName, "HTTP_User_Agent_Name");
    look(ids.ikmHttpEncryptContent, "IKM_HTTP_Encrypt_Content");
    for (std::size_t i = 0; i < ids.gpp.size(); ++i)
        look(ids.gpp[i], fmt::format("GPP_{}", static_cast<char>('A' + i)));
    for (std::size_t i = 0; i < ids.gppSecrets.size(); ++i)
        look(ids.gppSecrets[i], fmt::format("GPP_S{}", static_cast<char>('A' + i)));
    look(ids.extIp, "EXT_IP");
    look(ids.restrictedAccessDomains, "Restricted_Access_Domains");
    look(ids.profileAuthenticationType, "Profile_Authentication_Type");
    look(ids.profileAccountUsername, "Profile_Account_Username");
    look(ids.profileAccountPassword, "Profile_Account_Password");
    look(ids.xsiAuthenticationType, "XSI_Authentication_Type");
    look(ids.loginUserId, "Login_User_ID");
    look(ids.loginPassword, "Login_Password");
    look(ids.sipAuthId, "SIP_Auth_ID");
    look(ids.sipPassword, "SIP_Password");
    if (schema.find("Proxy_Mode")) {
        ids.proxy = ResyncParameters::Proxy{};  // clang finds no constructor for emplace() in a nested class
        ResyncParameters::Proxy& proxy = *ids.proxy;
        look(proxy.mode, "Proxy_Mode");
        look(proxy.host, "Proxy_Host");
        look(proxy.port, "Proxy_Port");
        look(proxy.requiresAuthentication, "Proxy_Server_Requires_Authentication");
        look(proxy.username, "Proxy_Username");
        look(proxy.password, "Proxy_Password");
    }
    look(ids.reportRule, "Report_Rule");
    look(ids.httpReportMethod, "HTTP_Report_Method");
    look(ids.reportToServer, "Report_To_Server");
    look(ids.periodicUpload, "Periodic_Upload_To_Server");
    look(ids.uploadDelay, "Upload_Delay_On_Local_Change");
    if (!missing.empty())
        return fail(ErrorKind::Malformed, fmt::format("the model's parameters lack {}", missing));
    return ids;
}

}  // namespace emulator
