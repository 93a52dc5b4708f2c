#pragma once

#include "hwbridge/bench/lease.hpp"
#include "hwbridge/drive/page_parameters.hpp"

#include <map>
#include <string>
#include <vector>

namespace hwbridge {

// What of a page can be put back later: the parameters that it shows and lets people change, each by its headings and
// label. Secrets are not among them, as no page shows them, nor are parameters that share their whole path.
std::vector<SavedParameter> savedParameters(const PageParameters& page);

// Those of `wanted` that the page shows otherwise. Secrets, which no page shows, are among them when `withSecrets`.
// Errors: as PageParameters::find() and filled().
emulator::Result<std::map<std::string, std::string>> shownOtherwise(const PageParameters& page,
                                                                    const std::vector<SavedParameter>& wanted,
                                                                    bool withSecrets);

}  // namespace hwbridge
