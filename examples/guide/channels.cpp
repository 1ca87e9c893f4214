// Snippets of docs/GUIDE.md, which quotes the regions word for word (tests/docs/check.mjs): channels.
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "guide.hpp"
#include "naru/naru.hpp"

using namespace std::chrono_literals;

// Who a token or a cookie stands for; empty: nobody.
std::string who(std::string_view token);
void ask_somebody(const std::string& channel, naru::Decision decide);

void set_up(naru::Server& server) {
  // [guide: feed]
  server.data("data");  // for channels that outlive the process
  server.feed("/channels/:channel",
              {
                  .history = {.size = 1000, .ttl = 24h},
                  .durability = naru::Durability::power,
                  .authorize = [](const naru::Access& access) -> naru::Verdict {
                    const auto user = who(access.request.cookie("session").value_or(""));
                    if (access.action == naru::Action::follow) return naru::allow.as(user);
                    return user.empty() ? naru::refuse("log in first") : naru::Verdict(naru::allow.as(user));
                  },
                  .presence = {.enabled = true},
              });
  // [guide end]
}

// [guide: gates]
naru::Task<naru::Verdict> by_session(const naru::Access& access) {  // later: a Task<Verdict>
  auto look_up = [&] { return who(access.request.header("authorization").value_or("")); };
  const std::string user = co_await naru::offload(look_up);
  if (user.empty()) co_return naru::refuse("who are you?");
  co_return naru::allow.as(user).until(std::chrono::system_clock::now() + 1h);
}

void gates(naru::Server& server) {
  server.feed("/news/:channel", {.prefix = "news:"});  // everybody reads, nobody but the program publishes
  server.feed("/wall/:channel", {.prefix = "wall:", .open_publish = true});  // everybody does both
  server.feed("/team/:channel", {.prefix = "team:", .authorize = by_session});
  server.feed("/desk/:channel",  // from any thread: take a Decision
              {.prefix = "desk:", .authorize = [](const naru::Access& access, naru::Decision decide) {
                 ask_somebody(access.channel, std::move(decide));
               }});
}
// [guide end]

// [guide: publish]
naru::Task<> score(naru::Server& server, int home, int away) {
  naru::Channel channel = server.channel("match");
  const naru::PublishOptions options{.event = "goal", .key = "score", .idempotency_key = "goal-7"};
  auto publishing = channel.publish(std::vector<int>{home, away}, options);  // numbered now
  const naru::Result<naru::Published> at = co_await std::move(publishing);   // stored, as its durability asks
  if (at && !at->repeated) note(at->position.text());
}

void batch(naru::Channel channel, std::string jpeg) {
  std::vector<naru::Draft> drafts;
  drafts.push_back(naru::Draft::json(std::map<std::string, int>{{"x", 1}}));
  drafts.push_back(naru::Draft::text("half time"));
  drafts.push_back(naru::Draft::binary(std::move(jpeg), {.type = "image/jpeg"}));
  channel.publish_all(std::move(drafts), [](std::vector<naru::Result<naru::Published>> all) {
    for (const auto& at : all)
      if (!at) note(at.error().message());
  });
}
// [guide end]

naru::Following follow(naru::Server& server) {
  // [guide: follow]
  naru::Following following = server.channel("match").follow({
      .on_message = [](const naru::ChannelMessage& message) { note(message.event); },
      .on_gap = [](const naru::ChannelGap&) { note("some are lost"); },
  });
  // [guide end]
  return following;
}

void who_is_there(naru::Server& server) {
  // [guide: presence]
  const naru::Presence now = server.channel("match").presence();
  for (const auto& follower : now.followers)
    note(follower.id);
  server.disconnect_identity("user:42");  // Socket.IO, channels, WebSockets: all that is this user's
  // [guide end]
}
