#pragma once

#include "emulator/profile/parameter_schema.hpp"

#include <array>
#include <optional>

namespace emulator {

// Where the parameters that drive provisioning are in a schema, looked up once per model: a fleet reads them
// millions of times.
struct ResyncParameters {
    ParamId provisionEnable{};
    ParamId resyncOnReset{};
    ParamId resyncRandomDelay{};
    ParamId resyncAt{};
    ParamId resyncAtRandomDelay{};
    ParamId forcedResyncDelay{};
    ParamId resyncPeriodic{};
    ParamId resyncErrorRetryDelay{};
    ParamId resyncAfterUpgradeAttempt{};
    ParamId resyncFailsOnFnf{};
    std::array<ParamId, 2> resyncTriggers{};  // Resync_Trigger_1 and _2
    std::array<ParamId, 4> profileRules{};    // Profile_Rule, _B, _C, _D
    ParamId logRequestMsg{};
    ParamId logSuccessMsg{};
    ParamId logFailureMsg{};
    ParamId syslogServer{};
    ParamId syslogIdentifier{};
    ParamId debugServer{};
    ParamId debugLevel{};
    ParamId upgradeEnable{};
    ParamId upgradeErrorRetryDelay{};
    ParamId upgradeRule{};
    ParamId downgradeRevLimit{};
    ParamId logUpgradeRequestMsg{};
    ParamId logUpgradeSuccessMsg{};
    ParamId logUpgradeFailureMsg{};
    ParamId httpUserAgentName{};
    ParamId ikmHttpEncryptContent{};
    std::array<ParamId, 16> gpp{};        // GPP_A to GPP_P
    std::array<ParamId, 4> gppSecrets{};  // GPP_SA to GPP_SD
    ParamId extIp{};
    ParamId restrictedAccessDomains{};
    ParamId reportRule{};
    ParamId httpReportMethod{};
    ParamId reportToServer{};
    ParamId periodicUpload{};
    ParamId uploadDelay{};

    // Who the phone is to an HTTP server that asks.
    ParamId profileAuthenticationType{};
    ParamId profileAccountUsername{};
    ParamId profileAccountPassword{};
    ParamId xsiAuthenticationType{};
    ParamId loginUserId{};
    ParamId loginPassword{};
    ParamId sipAuthId{};
    ParamId sipPassword{};

    // HTTP Proxy Settings; firmware below 11.3 lacks them.
    struct Proxy {
        ParamId mode{};
        ParamId host{};
        ParamId port{};
        ParamId requiresAuthentication{};
        ParamId username{};
        ParamId password{};
    };
    std::optional<Proxy> proxy;

    // Errors: Malformed, naming the parameter that the schema lacks.
    static Result<ResyncParameters> find(const ParameterSchema& schema);
};

}  // namespace emulator
