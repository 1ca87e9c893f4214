#include "serve/feed_who.hpp"

#include <cstdint>

#include "base/json_text.hpp"
#include "hub/presence.hpp"

namespace naru::serve {
namespace {

void append_follower(std::string& text, const hub::PresenceSnapshot::Follower& follower) {
  text += R"({"id":)";
  base::append_json_string(text, follower.id);
  if (follower.is_identity) {
    text += R"(,"identity":)";
    base::append_json_string(text, follower.id);
  }
  text += R"(,"connections":)";
  base::append_json_number(text, static_cast<std::uint64_t>(follower.connections));
  text += R"(,"since":)";
  base::append_json_number(text, follower.since_ms);
  text += '}';
}

}  // namespace

void answer_who(FeedAnswer& answer, const FeedEntry& entry) {
  const std::string& name = entry.request.channels.front();
  const hub::PresenceSnapshot who = entry.settings->presence->snapshot(entry.settings->prefix + name);
  std::string text = R"({"channel":)";
  base::append_json_string(text, name);
  text += R"(,"count":)";
  base::append_json_number(text, static_cast<std::uint64_t>(who.count));
  text += R"(,"followers":[)";
  for (const auto& follower : who.followers) {
    if (text.back() != '[') text += ',';
    append_follower(text, follower);
  }
  text += R"(],"position":)";
  base::append_json_string(text, who.position.text());
  text += '}';
  answer.respond_json(200, std::move(text));
}

}  // namespace naru::serve
