// Which channels a request for several names: `channels=a,b`, where `%2C` is a comma in a name. The parameter
// may come more than once.
//
//   std::vector<std::string> channels;
//   if (auto fault = channels_of_query(head.query(), 32, channels)) return refuse(400, *fault);
//
// A function of text; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naru::serve {

// `query` as it stands in the target, without its "?". A sentence when it is no list of 1 to `most` different
// names. REQUIRES: most <= channel::kMaxChannels.
[[nodiscard]] std::optional<std::string> channels_of_query(std::string_view query, std::size_t most,
                                                           std::vector<std::string>& channels);

}  // namespace naru::serve
