#include "tests/deviations/deviating_world.hpp"
#include "tests/deviations/deviation.hpp"

namespace deviations {

namespace {

// Changes the answers that the phone sends.
class AlteredAnswers : public DeviatingWorld {
public:
    using Alter = std::function<void(std::string&)>;
    AlteredAnswers(emulator::PhoneWorld& real, Alter alter, int times)
        : DeviatingWorld{real},
          m_alter{std::move(alter)},
          m_times{times}
    {}
    void sendSip(PhoneIndex phone, const emulator::Endpoint& to, std::string_view datagram) override
    {
        std::string answer{datagram};
        m_alter(answer);
        for (int i = 0; i < m_times; ++i)
            real().sendSip(phone, to, answer);
    }

private:
    Alter m_alter;
    int m_times;
};

AlteredAnswers::Alter saysInstead(std::string_view status, std::string_view other)
{
    return [status, other](std::string& answer) {
        if (answer.starts_with(status))
            answer.replace(0, answer.find("\r\n"), other);
    };
}

AlteredAnswers::Alter without(std::string_view field)
{
    return [field](std::string& answer) {
        const std::size_t at = answer.find(field);
        if (at != std::string::npos)
            answer.erase(at + 2, answer.find("\r\n", at + 2) - at);
    };
}

}  // namespace

Deviations sipDeviations()
{
    const auto answers = [](AlteredAnswers::Alter alter, int times = 1) {
        return inWorld<AlteredAnswers>(std::move(alter), times);
    };
    return {
        {"ok-instead-of-401", "sip", "takes a NOTIFY without password for one with",
         answers(saysInstead("SIP/2.0 401", "SIP/2.0 200 OK"))},
        {"ok-instead-of-489", "sip-unknown", "says that it knows an event that it does not know",
         answers(saysInstead("SIP/2.0 489", "SIP/2.0 200 OK"))},
        {"missing-sip-header", "sip-unknown", "does not say which events it knows",
         answers(without("\r\nAllow-Events:"))},
        {"other-sip-reason", "sip", "says \"Okay\" where it should say \"OK\"",
         answers(saysInstead("SIP/2.0 200", "SIP/2.0 200 Okay"))},
        {"no-to-tag", "sip", "begins no dialog with its answer", answers([](std::string& answer) {
             const std::size_t to = answer.find("\r\nTo:");
             const std::size_t tag = to == std::string::npos ? to : answer.find(";tag=", to);
             if (tag != std::string::npos && tag < answer.find("\r\n", to + 2))
                 answer.erase(tag, answer.find("\r\n", tag) - tag);
         })},
        {"no-sip-answer", "sip-unknown", "does not answer a NOTIFY", answers([](std::string&) {}, 0)},
        {"doubled-sip-answer", "sip", "answers every NOTIFY twice", answers([](std::string&) {}, 2)},
    };
}

}  // namespace deviations
