#include "serve/feed_follow.hpp"

#include "channel/positions.hpp"

namespace naru::serve {

std::vector<std::string> full_names(const FeedEntry& entry) {
  std::vector<std::string> names;
  names.reserve(entry.request.channels.size());
  for (const std::string& name : entry.request.channels)
    names.push_back(entry.settings->prefix + name);
  return names;
}

std::vector<channel::Since> sinces_of(const FeedRequest& request) {
  const auto absent =
      request.start == FeedStart::first ? channel::Since::Kind::first : channel::Since::Kind::last;
  return channel::parse_since(request.since, request.channels.size(), absent);
}

std::unique_ptr<Admission> admit(LoopServer& server, const Verdict& verdict,
                                 Function<void(AdmissionEnd)> on_end) {
  if (verdict.identity().empty() && !verdict.expires()) return nullptr;
  return std::make_unique<Admission>(server.admissions(), verdict, std::move(on_end));
}

}  // namespace naru::serve
