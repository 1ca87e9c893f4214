// What doors of a feed need of a request that was let in, to follow its channels.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "channel/since.hpp"
#include "serve/admission.hpp"
#include "serve/feed_application.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {

// With the feed's prefix: as the hub knows them.
std::vector<std::string> full_names(const FeedEntry& entry);
// One for each channel. What begins with the newest reads backward and has none.
std::vector<channel::Since> sinces_of(const FeedRequest& request);

// Null where the verdict says no more than yes, as for most.
std::unique_ptr<Admission> admit(LoopServer& server, const Verdict& verdict,
                                 Function<void(AdmissionEnd)> on_end);

}  // namespace naru::serve
