#include "naru/serve/gate.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace apps {
namespace {

constexpr std::string_view kBearer = "bearer ";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
}

// RFC 6750 2.1; the scheme's name is in any case (RFC 9110 11.1).
std::optional<std::string> bearer_of(std::string_view field) {
  if (field.size() <= kBearer.size()) return std::nullopt;
  if (!std::equal(kBearer.begin(), kBearer.end(), field.begin(),
                  [](char a, char b) { return a == lower(b); })) {
    return std::nullopt;
  }
  return std::string(field.substr(kBearer.size()));
}

std::optional<std::string> token_of(const naru::Handshake& request) {
  if (const auto field = request.header("authorization")) {
    if (auto token = bearer_of(*field)) return token;
  }
  if (auto token = request.auth.get<std::string>("token")) return token;
  return request.query("access_token");
}

}  // namespace

Gate::Rule::Rule(const ChannelGroup& group)
    : prefix(group.prefix),
      path(group.path),
      follow{group.follow, Tokens(group.follow_tokens, group.follow_tokens_file)},
      publish{group.publish, Tokens(group.publish_tokens, group.publish_tokens_file)} {}

Gate::Gate(const ServeSettings& settings) : has_chat_(settings.chat) {
  rules_.emplace_back(settings.channels);
  for (const ChannelGroup& group : settings.groups)
    rules_.emplace_back(group);
}

naru::Verdict Gate::judge(const naru::Access& access) const {
  if (is_of_the_chat(access.channel)) return naru::refuse("this channel is the chat's");
  const Rule& rule = rule_for(access.channel);
  const bool is_publish = access.action == naru::Action::publish;
  const Permission& asked = is_publish ? rule.publish : rule.follow;
  if (asked.who == "open") return naru::allow;
  const std::string act = is_publish ? "publish to" : "follow";
  if (asked.who != "token") return naru::refuse("nobody may " + act + " this channel");
  const auto token = token_of(access.request);
  if (!token) return naru::refuse("to " + act + " this channel takes a bearer token");
  // Who writes may read what was written.
  const bool is_held = asked.tokens.hold(*token) || (!is_publish && rule.publish.tokens.hold(*token));
  if (!is_held) return naru::refuse("this token may not " + act + " this channel");
  return naru::allow;
}

bool Gate::is_needed(std::string_view path) const {
  if (has_chat_) return true;
  const auto& first = path.empty() ? rules_.front()
                                   : *std::find_if(rules_.begin(), rules_.end(),
                                                   [&](const Rule& rule) { return rule.path == path; });
  // Without a gate everybody may follow, and all of the address may publish or nobody.
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    return rule.path == path && (rule.follow.who != "open" || rule.publish.who == "token" ||
                                 rule.publish.who != first.publish.who);
  });
}

std::vector<std::string> Gate::reload() {
  std::vector<std::string> faults;
  for (Rule& rule : rules_) {
    for (Tokens* tokens : {&rule.follow.tokens, &rule.publish.tokens}) {
      if (std::string fault = tokens->reload(); !fault.empty()) faults.push_back(std::move(fault));
    }
  }
  return faults;
}

const Gate::Rule& Gate::rule_for(std::string_view channel) const {
  const Rule* best = &rules_.front();
  for (const Rule& rule : rules_) {
    if (rule.prefix.size() > best->prefix.size() && channel.starts_with(rule.prefix)) best = &rule;
  }
  return *best;
}

bool Gate::is_of_the_chat(std::string_view channel) const {
  return has_chat_ && std::any_of(std::begin(kNamesOfTheChat), std::end(kNamesOfTheChat),
                                  [channel](std::string_view name) { return channel.starts_with(name); });
}

}  // namespace apps
