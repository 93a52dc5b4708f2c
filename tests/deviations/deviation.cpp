#include "tests/deviations/deviation.hpp"

#include <iterator>

namespace deviations {

Deviations allDeviations()
{
    Deviations all;
    for (const auto family : {httpRequestDeviations, httpConversationDeviations, tftpDeviations,
                              syslogDeviations, dnsDeviations, sipDeviations, scheduleDeviations}) {
        Deviations some = family();
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return all;
}

}  // namespace deviations
