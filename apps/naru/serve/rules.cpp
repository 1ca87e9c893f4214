#include "naru/serve/rules.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "naru/serve/gate.hpp"
#include "naru/serve/schema.hpp"
#include "naru/serve/tokens.hpp"

namespace apps {
namespace {

// Tokens say by themselves that they are needed.
void infer(std::string& who, bool has_tokens) {
  if (who.empty() && has_tokens) who = "token";
}

bool has_follow_tokens(const ChannelGroup& group) {
  return !group.follow_tokens.empty() || !group.follow_tokens_file.empty();
}
bool has_publish_tokens(const ChannelGroup& group) {
  return !group.publish_tokens.empty() || !group.publish_tokens_file.empty();
}

// 127.0.0.0/8 as an address: "127.example.org" is a name, and may be anybody.
bool is_loopback(const std::string& host) {
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) == 1) return ntohl(address.s_addr) >> 24 == 127;
  return host == "localhost" || host == "::1";
}

// Would it decide about channels of the chat?
bool touches_the_chat(std::string_view prefix) {
  return std::any_of(std::begin(kNamesOfTheChat), std::end(kNamesOfTheChat), [prefix](std::string_view name) {
    return prefix.starts_with(name) || name.starts_with(prefix);
  });
}

// Why it is not of this machine alone.
std::string opening_of(const ServeSettings& settings) {
  if (!settings.unix_path.empty()) return "others reach a Unix socket through what stands before it";
  if (is_loopback(settings.host)) return "others come through the proxies of trust_proxy";
  return "other machines reach \"" + settings.host + "\"";
}

class Judge {
 public:
  Judge(ServeSettings& settings, Faults& faults) : settings_(settings), faults_(faults) {}

  void judge_server() {
    if (settings_.chat && !settings_.socketio)
      fault("", "the chat needs Socket.IO: leave socketio on, or chat off");
    if (settings_.admin_user.empty() != settings_.admin_password_hash.empty()) {
      fault("", "admin_user and admin_password_hash belong together");
    } else if (!settings_.admin_user.empty() && !settings_.socketio) {
      fault("", "the Admin UI needs Socket.IO: leave socketio on, or admin_user out");
    } else if (!settings_.admin_user.empty() && !settings_.admin_password_hash.starts_with("$2")) {
      fault("", "admin_password_hash is no bcrypt hash; `htpasswd -nbB admin SECRET` makes one");
    }
    if (settings_.data.empty()) fault("", "data is the name of a folder");
    if (settings_.lab && !settings_.is_local() && !settings_.public_and_open) {
      fault("",
            opening_of(settings_) +
                ", and everybody may publish to the lab's channels: set public_and_open if you mean it, or "
                "leave lab out");
    }
    judge_opening();
  }

  // What stands at the top.
  void judge_all_channels() {
    ChannelGroup& all = settings_.channels;
    if (settings_.is_local()) {
      if (all.follow.empty()) all.follow = "open";
      if (all.publish.empty()) all.publish = "open";
    }
    judge_access(all, "");
    judge_tokens(all, "", {has_follow_tokens(all), has_publish_tokens(all)});
  }

  void judge_groups(const GivenFile& file) {
    std::set<std::string> prefixes, paths;
    for (std::size_t at = 0; at < settings_.groups.size(); ++at) {
      ChannelGroup& group = settings_.groups[at];
      const std::string& where = file.groups[at].where;
      if (group.prefix.empty())
        fault(where, "a [[channels]] needs a prefix; what is for all channels stands at the top");
      if (settings_.chat && !group.prefix.empty() && touches_the_chat(group.prefix))
        fault(where, "names that begin with chat:, people or rooms are the chat's: \"" + group.prefix +
                         "\" would decide about them");
      if (!prefixes.insert(group.prefix).second)
        fault(where, "the prefix \"" + group.prefix + "\" is there twice");
      judge_path(group, where, file.groups[at], paths);
      judge_group(group, where, file.groups[at].values);
    }
  }

 private:
  // Which tokens were said here, and not taken over from the top?
  struct SaidHere {
    bool follow_tokens = false;
    bool publish_tokens = false;
  };

  void judge_group(ChannelGroup& group, const std::string& where, const Givens& given) {
    const auto is_given = [&given](const char* name) { return given.find(name) != given.end(); };
    const SaidHere said{is_given("follow_tokens") || is_given("follow_tokens_file"),
                        is_given("publish_tokens") || is_given("publish_tokens_file")};
    infer(group.follow, said.follow_tokens);
    infer(group.publish, said.publish_tokens);
    if (group.follow.empty()) group.follow = settings_.channels.follow;
    if (group.publish.empty()) group.publish = settings_.channels.publish;
    if (!is_silent_for_all()) judge_access(group, where);  // else it has been said, of the top
    judge_tokens(group, where, said);
  }

  // Somebody has to have said who may do what, where others can come.
  void judge_opening() {
    ChannelGroup& all = settings_.channels;
    infer(all.follow, has_follow_tokens(all));
    infer(all.publish, has_publish_tokens(all));
    if (settings_.is_local()) return;
    const bool is_silent = all.follow.empty() && all.publish.empty();
    if (is_silent && (settings_.chat || settings_.lab)) {
      all.follow = all.publish = "none";  // a public chat needs no channels
    } else if (settings_.public_and_open) {
      if (all.follow.empty()) all.follow = "open";
      if (all.publish.empty()) all.publish = "open";
    }
  }

  bool is_silent_for_all() const {
    return settings_.channels.follow.empty() || settings_.channels.publish.empty();
  }

  void judge_access(const ChannelGroup& group, const std::string& where) {
    if (settings_.is_local()) return;
    const std::string public_host = opening_of(settings_);
    if (group.publish.empty()) {
      fault(where,
            public_host + ", so say who may publish: publish = \"token\" with publish_tokens, or \"none\"");
    } else if (group.publish == "open" && !settings_.public_and_open) {
      fault(where, public_host +
                       ", and everybody may publish: set publish_tokens, or publish = \"none\", or "
                       "public_and_open if you mean it");
    }
    if (group.follow.empty()) {
      fault(where, public_host +
                       ", so say who may read: follow = \"open\", \"token\" with follow_tokens, or \"none\"");
    }
  }

  void judge_tokens(const ChannelGroup& group, const std::string& where, SaidHere said) {
    const bool follower_has_some = has_follow_tokens(group) || has_publish_tokens(group);
    if (group.follow == "token" && !follower_has_some) {
      fault(where, "follow = \"token\" needs follow_tokens or follow_tokens_file");
    }
    if (group.publish == "token" && !has_publish_tokens(group)) {
      fault(where, "publish = \"token\" needs publish_tokens or publish_tokens_file");
    }
    if (said.follow_tokens && group.follow != "token") {
      fault(where, "follow_tokens are for follow = \"token\", not \"" + group.follow + "\"");
    }
    if (said.publish_tokens && group.publish != "token" && group.follow != "token") {
      fault(where, "publish_tokens are for publish = \"token\", not \"" + group.publish + "\"");
    }
    for (const auto* tokens : {&group.follow_tokens, &group.publish_tokens}) {
      for (const std::string& token : *tokens)
        if (const std::string wrong = fault_of_token(token); !wrong.empty()) fault(where, wrong);
    }
    for (const auto* file : {&group.follow_tokens_file, &group.publish_tokens_file}) {
      if (file->empty()) continue;
      if (const TokenFile read = read_token_file(*file); !read.fault.empty()) fault(where, read.fault);
    }
  }

  void judge_path(const ChannelGroup& group, const std::string& where, const GivenGroup& given,
                  std::set<std::string>& paths) {
    if (group.path.empty()) {
      for (const auto& [name, value] : given.values) {
        if (is_of_an_address(name))
          fault(value.where, name + " is decided by an address: it needs a path of its own");
      }
      return;
    }
    const bool is_plain = group.path.starts_with('/') && !group.path.ends_with('/') &&
                          group.path.find_first_of(":*?#% ") == std::string::npos &&
                          group.path.find("//") == std::string::npos;
    if (!is_plain)
      fault(where, "path is like \"/ticker\": no slash at its end, nothing that has to be escaped");
    for (const std::string_view taken :
         {"/channels", "/socket.io", "/admin", "/api", "/assets", "/lab", "/healthz"}) {
      if (group.path == taken || group.path.starts_with(std::string(taken) + "/")) {
        fault(where, "the address " + std::string(taken) + " is taken");
      }
    }
    if (!paths.insert(group.path).second) fault(where, "the path \"" + group.path + "\" is there twice");
  }

  void fault(const std::string& where, std::string sentence) {
    faults_.push_back({where, std::move(sentence)});
  }

  ServeSettings& settings_;
  Faults& faults_;
};

}  // namespace

bool ServeSettings::is_local() const {
  return unix_path.empty() && trust_proxy.empty() && is_loopback(host);
}

void settle(ServeSettings& settings, const GivenFile& file, Faults& faults) {
  Judge judge(settings, faults);
  judge.judge_server();
  judge.judge_all_channels();
  judge.judge_groups(file);
}

}  // namespace apps
