#include "tests/deviations/deviating_world.hpp"
#include "tests/deviations/deviation.hpp"

#include <map>

namespace deviations {

namespace {

// Asks the name server twice before it believes the answer.
class LooksUpTwice : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;
    void lookUp(PhoneIndex phone, FetchKey key, std::string_view host) override
    {
        m_asked[{phone, key}] = host;
        real().lookUp(phone, key, host);
    }
    const FetchEvent* arriving(PhoneIndex phone, FetchKey key, const FetchEvent& event) override
    {
        const auto asked = m_asked.find({phone, key});
        if (!std::holds_alternative<emulator::LookedUp>(event) || asked == m_asked.end())
            return &event;
        const std::string host = std::move(asked->second);
        m_asked.erase(asked);
        real().lookUp(phone, key, host);
        return nullptr;
    }

private:
    std::map<std::pair<PhoneIndex, FetchKey>, std::string> m_asked;
};

}  // namespace

Deviations dnsDeviations()
{
    return {{"extra-lookup", "dns", "looks every name up twice", inWorld<LooksUpTwice>()}};
}

}  // namespace deviations
