#include "tests/deviations/deviating_world.hpp"
#include "tests/deviations/deviation.hpp"

#include <map>
#include <optional>

namespace deviations {

namespace {

using Running = std::pair<PhoneIndex, FetchKey>;

// Knows the last call of each running fetch, and how many answers of which status have come.
class Conversation : public DeviatingWorld {
public:
    using DeviatingWorld::DeviatingWorld;

    void callHttp(PhoneIndex phone, FetchKey key, emulator::HttpCall call) override
    {
        m_calls[{phone, key}].call = call;
        real().callHttp(phone, key, std::move(call));
    }
    void endFetch(PhoneIndex phone, FetchKey key) override
    {
        m_calls.erase({phone, key});
        real().endFetch(phone, key);
    }
    const FetchEvent* arriving(PhoneIndex phone, FetchKey key, const FetchEvent& event) override
    {
        const auto* const answered = std::get_if<emulator::HttpAnswered>(&event);
        const auto known = m_calls.find({phone, key});
        if (answered == nullptr || !answered->response.has_value() || known == m_calls.end())
            return &event;
        const int status = answered->response->status;
        const int count = ++known->second.answers[status];
        const std::optional<int> instead = hears(status, count);
        if (!instead) {
            real().callHttp(phone, key, known->second.call);
            return nullptr;
        }
        if (*instead == status)
            return &event;
        emulator::HttpResponse changed = *answered->response;
        changed.status = *instead;
        m_changed = emulator::HttpAnswered{std::move(changed)};
        return &m_changed;
    }

protected:
    // The status that the phone takes the count-th answer of that status for; nothing: it asks the same once more.
    virtual std::optional<int> hears(int status, int count) = 0;

private:
    struct Call {
        emulator::HttpCall call;
        std::map<int, int> answers;
    };
    std::map<Running, Call> m_calls;
    FetchEvent m_changed;
};

struct AsksTwice : Conversation {
    using Conversation::Conversation;
    std::optional<int> hears(int status, int count) override
    {
        return status == 200 && count == 1 ? std::nullopt : std::optional{status};
    }
};

struct DoubtsRedirect : Conversation {
    using Conversation::Conversation;
    std::optional<int> hears(int status, int count) override
    {
        return status == 302 && count == 1 ? std::nullopt : std::optional{status};
    }
};

struct IgnoresRedirect : Conversation {
    using Conversation::Conversation;
    std::optional<int> hears(int status, int) override { return status == 302 ? 406 : status; }
};

struct ThreeCredentialTries : Conversation {
    using Conversation::Conversation;
    std::optional<int> hears(int status, int count) override
    {
        return status == 401 && count == 3 ? std::nullopt : std::optional{status};
    }
};

struct OneCredentialTry : Conversation {
    using Conversation::Conversation;
    std::optional<int> hears(int status, int count) override
    {
        return status == 401 && count == 2 ? 403 : status;
    }
};

struct NoCredentials : Conversation {
    using Conversation::Conversation;
    std::optional<int> hears(int status, int) override { return status == 401 ? 403 : status; }
};

}  // namespace

Deviations httpConversationDeviations()
{
    return {
        {"extra-request", "http", "fetches every file twice", inWorld<AsksTwice>()},
        {"ignores-redirect", "redirect", "does not go where it is sent", inWorld<IgnoresRedirect>()},
        {"doubts-redirect", "redirect", "asks once more before it goes where it is sent",
         inWorld<DoubtsRedirect>()},
        {"three-credential-tries", "wrong-password", "tries its credentials once more than it may",
         inWorld<ThreeCredentialTries>()},
        {"one-credential-try", "wrong-password", "gives up when its credentials are refused once",
         inWorld<OneCredentialTry>()},
        {"no-credentials", "password", "does not answer a challenge", inWorld<NoCredentials>()},
    };
}

}  // namespace deviations
