#include "hwbridge/capture/process/privileges.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace hwbridge {

namespace {

struct Capabilities {
    std::uint64_t effective = 0;
    std::uint64_t permitted = 0;
};

constexpr std::uint64_t bit(int capability)
{
    return std::uint64_t{1} << capability;
}

// libcap would be a dependency for these two calls.
bool get(Capabilities& held)
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct halves[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, halves) != 0)
        return false;
    held.effective = halves[0].effective | std::uint64_t{halves[1].effective} << 32;
    held.permitted = halves[0].permitted | std::uint64_t{halves[1].permitted} << 32;
    return true;
}

// Both sets become this one; what a started program would inherit becomes nothing.
bool set(std::uint64_t kept)
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct halves[_LINUX_CAPABILITY_U32S_3] = {};
    halves[0].effective = halves[0].permitted = static_cast<std::uint32_t>(kept);
    halves[1].effective = halves[1].permitted = static_cast<std::uint32_t>(kept >> 32);
    return ::syscall(SYS_capset, &header, halves) == 0;
}

}  // namespace

bool keepOnlyCapture()
{
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    Capabilities held;
    if (!get(held))
        return false;
    return set(held.permitted & (bit(CAP_NET_RAW) | bit(CAP_SETUID) | bit(CAP_SETGID)));
}

bool dropAllRights()
{
    constexpr unsigned nobody = 65534;
    if (::geteuid() == 0) {
        const uid_t user = ::getuid() == 0 ? nobody : ::getuid();
        const gid_t group = ::getgid() == 0 ? nobody : ::getgid();
        // None of these can be had in a user namespace that has no such user: root stays root there, without rights.
        if (::setgroups(0, nullptr) == 0 && ::setresgid(group, group, group) == 0) [[maybe_unused]]
            const int ignored = ::setresuid(user, user, user);
    }
    Capabilities left;
    return set(0) && get(left) && left.effective == 0 && left.permitted == 0;
}

}  // namespace hwbridge
