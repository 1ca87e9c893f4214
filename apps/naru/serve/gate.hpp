// Who may do what with which channel, by the settings: open, for those who hold a token, or for nobody.
//
//   auto gate = std::make_shared<Gate>(settings);
//   options.authorize = [gate](const naru::Access& access) { return gate->judge(access); };
//
// A client presents its token as `Authorization: Bearer TOKEN`, through Socket.IO as `auth: {token}`, and
// where it can set neither (EventSource, WebSocket in a browser) as ?access_token=TOKEN (RFC 6750 2.3). Any
// thread.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "naru/feed.hpp"
#include "naru/serve/settings.hpp"
#include "naru/serve/tokens.hpp"
#include "naru/verdict.hpp"

namespace apps {

// The chat keeps its logs in channels too; what begins so is nobody else's while it is served.
inline constexpr std::string_view kNamesOfTheChat[] = {"chat:", "people", "rooms"};

class Gate {
 public:
  // Throws std::runtime_error when a token file cannot be used.
  explicit Gate(const ServeSettings& settings);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  naru::Verdict judge(const naru::Access& access) const;
  // Is there anything to ask about the channels of this address (empty: the common one)?
  bool is_needed(std::string_view path) const;
  // Reads the token files again; a sentence for each that could not be used.
  std::vector<std::string> reload();

 private:
  struct Permission {
    std::string who;
    Tokens tokens;
  };
  struct Rule {
    explicit Rule(const ChannelGroup& group);
    std::string prefix;
    std::string path;
    Permission follow;
    Permission publish;
  };

  const Rule& rule_for(std::string_view channel) const;
  bool is_of_the_chat(std::string_view channel) const;

  bool has_chat_;
  std::deque<Rule> rules_;  // the first is that of all channels
};

}  // namespace apps
