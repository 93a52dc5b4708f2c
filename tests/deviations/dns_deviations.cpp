#include "tests/deviations/deviating_world.hpp"
#include "tests/deviations/deviation.hpp"

#include <functional>
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

// Asks for another name than the one it was told.
class LooksUpAnother : public DeviatingWorld {
public:
    using Alter = std::function<void(std::string&)>;
    LooksUpAnother(emulator::PhoneWorld& real, Alter alter) : DeviatingWorld{real}, m_alter{std::move(alter)}
    {}
    void lookUp(PhoneIndex phone, FetchKey key, std::string_view host) override
    {
        std::string name{host};
        m_alter(name);
        real().lookUp(phone, key, name);
    }

private:
    Alter m_alter;
};

}  // namespace

Deviations dnsDeviations()
{
    const auto another = [](LooksUpAnother::Alter alter) {
        return inWorld<LooksUpAnother>(std::move(alter));
    };
    return {
        {"extra-lookup", "dns", "looks every name up twice", inWorld<LooksUpTwice>()},
        {"lookup-in-domain", "dns", "looks names up in a domain of its own",
         another([](std::string& name) { name += ".localdomain"; })},
        {"upper-case-lookup", "dns", "looks names up in upper case", another([](std::string& name) {
             for (char& c : name)
                 c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
         })},
    };
}

}  // namespace deviations
