#include "hub/conflation.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace naru::hub {

// From the back, where the newest are: what comes second of its key goes.
void keep_newest_of_each_key(std::vector<channel::PublicationRef>& messages) {
  std::unordered_set<std::string_view> seen;
  std::size_t kept = messages.size();
  for (std::size_t i = messages.size(); i-- > 0;) {
    if (!seen.insert(messages[i]->message.key).second) continue;
    --kept;
    if (kept != i) std::swap(messages[kept], messages[i]);
  }
  messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(kept));
}

}  // namespace naru::hub
