#include "naru/serve/report.hpp"

#include "naru/serve/schema.hpp"
#include "naru/serve/values.hpp"

namespace apps {
namespace {

constexpr std::size_t kColumn = 20;

std::string line(std::string place, const std::string& what) {
  place.resize(std::max(place.size() + 1, kColumn), ' ');
  return "  " + place + what + "\n";
}

std::string who(const std::string& access) {
  if (access == "open") return "everybody";
  return access == "token" ? "who holds a token" : "nobody";
}

// The option's value as the configuration would have it.
std::string said(const ChannelGroup& group, std::string_view name) {
  for (const auto& option : channel_options())
    if (option.facts.name == name) return show(option.facts, option.read(group));
  return {};
}

std::string history_of(const ChannelGroup& group) {
  std::string text = "keeps " + said(group, "history_size") + " messages, " + said(group, "history_bytes");
  if (group.history_ttl != 0) text += ", " + said(group, "history_ttl");
  return text + (group.durability == "memory" ? ", in memory" : ", on disk (" + group.durability + ")");
}

std::string access_of(const ChannelGroup& group) {
  return "follow: " + who(group.follow) + ", publish: " + who(group.publish);
}

std::string group_line(const ChannelGroup& group) {
  const std::string rest = access_of(group) + "; " + history_of(group);
  if (!group.path.empty()) return line(group.path + "/NAME", "channels " + group.prefix + "NAME; " + rest);
  if (!group.prefix.empty()) return line("", "names like " + group.prefix + "…; " + rest);
  return line("/channels/NAME", "channels, by every transport; " + rest);
}

}  // namespace

std::string what_is_served(const ServeSettings& settings) {
  std::string text;
  if (settings.chat) text += line("/", "the chat");
  if (settings.lab) text += line("/lab", "the transport lab");
  text += group_line(settings.channels);
  for (const ChannelGroup& group : settings.groups)
    text += group_line(group);
  if (settings.socketio) {
    text += line("/socket.io/",
                 std::string("Socket.IO: namespace /channels") + (settings.chat ? ", /lobby and /room" : ""));
  }
  if (!settings.admin_user.empty()) text += line("/admin/", "the Admin UI, for " + settings.admin_user);
  return text + line("/healthz", "ok");
}

std::string address_of(const ServeSettings& settings, std::uint16_t port) {
  if (!settings.unix_path.empty()) return "unix:" + settings.unix_path;
  const bool is_everywhere = settings.host == "::" || settings.host == "0.0.0.0";
  const bool is_ipv6 = settings.host.find(':') != std::string::npos;
  const std::string name = is_everywhere ? "localhost" : is_ipv6 ? "[" + settings.host + "]" : settings.host;
  return "http://" + name + ":" + std::to_string(port);
}

}  // namespace apps
