#include "naru/serve/schema.hpp"

#include <array>
#include <cctype>
#include <cstdint>
#include <string>

#include "naru/serve/values.hpp"

namespace apps {
namespace {

using S = ServeSettings;
using G = ChannelGroup;

constexpr std::int64_t kKilo = 1024;
constexpr std::int64_t kMega = kKilo * kKilo;
constexpr std::int64_t kGiga = kKilo * kMega;
constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kYear = 366 * 24 * 3600;
constexpr std::string_view kAccess = "open|token|none";

constexpr OptionFacts text(std::string_view name, std::string_view sentence, std::string_view reason,
                           std::string_view choices = {}) {
  return {.name = name, .kind = Kind::text, .sentence = sentence, .reason = reason, .choices = choices};
}
constexpr OptionFacts list(std::string_view name, std::string_view sentence, std::string_view reason) {
  return {.name = name, .kind = Kind::list, .sentence = sentence, .reason = reason};
}
constexpr OptionFacts yes_no(std::string_view name, std::string_view sentence, std::string_view reason) {
  return {.name = name, .kind = Kind::boolean, .sentence = sentence, .reason = reason};
}
constexpr OptionFacts integer(std::string_view name, std::string_view sentence, std::string_view reason,
                              std::int64_t least, std::int64_t most, Unit unit = Unit::none) {
  return {.name = name,
          .kind = Kind::integer,
          .sentence = sentence,
          .reason = reason,
          .least = least,
          .most = most,
          .unit = unit};
}
constexpr OptionFacts number(std::string_view name, std::string_view sentence, std::string_view reason,
                             std::int64_t least, std::int64_t most) {
  return {.name = name,
          .kind = Kind::number,
          .sentence = sentence,
          .reason = reason,
          .least = least,
          .most = most};
}

const std::array kServerOptions = {
    Option<S>{text("host",
                   "address to listen on: `localhost` is this machine only, `::` every IPv4 and IPv6 address",
                   "what others can reach has to be asked for"),
              &S::host},
    Option<S>{
        integer("port", "port; 0 lets the system choose", "the port of all of naru's examples", 0, 65535),
        &S::port},
    Option<S>{
        text("unix", "path of a Unix socket, instead of host and port", "for a proxy on the same machine"),
        &S::unix_path},
    Option<S>{integer("loops", "threads that serve; 0: one for each core", "connections are dealt out evenly",
                      0, 255),
              &S::loops},
    Option<S>{text("data", "folder for what is kept on disk; made when it is missing",
                   "used by durable channels and the chat only"),
              &S::data},
    Option<S>{list("trust_proxy",
                   "addresses or networks of proxies whose X-Forwarded-For, -Proto and -Host are believed",
                   "anybody can write these fields"),
              &S::trust_proxy},
    Option<S>{yes_no("public_and_open",
                     "start although other machines reach this server and everybody may publish or nothing "
                     "is protected",
                     "on a network that is yours alone"),
              &S::public_and_open},
    Option<S>{text("log_level", "lines below it are not written",
                   "info has one line for each start, stop and refusal", "debug|info|warning|error|off"),
              &S::log_level},
    Option<S>{
        text("log_format", "how lines look on stderr", "json for machines that collect them", "text|json"),
        &S::log_format},
    Option<S>{
        integer("stop_within", "how long connections may take to end after SIGTERM",
                "enough for goodbyes on slow lines, less than systemd waits", 0, kMinute, Unit::milliseconds),
        &S::stop_within},
    Option<S>{integer("max_connections", "connections in all; further ones are closed at once",
                      "those that are served keep their memory", 1, 10'000'000),
              &S::max_connections},
    Option<S>{integer("max_connections_per_address", "connections of one address but loopback; 0: no limit",
                      "one visitor cannot take all", 0, 10'000'000),
              &S::max_connections_per_address},
    Option<S>{integer("max_queued", "bytes that may wait for one slow reader of Socket.IO or an HTTP answer",
                      "a thousand such readers still fit into a machine", 64 * kKilo, kGiga, Unit::bytes),
              &S::max_queued},
    Option<S>{list("cors_origins",
                   "pages of these origins may read and connect: `https://example.org`, "
                   "`https://*.example.org`, `*`",
                   "pages of other origins are refused"),
              &S::cors_origins},
    Option<S>{yes_no("cors_credentials", "those pages may send cookies", "only if your proxy needs them"),
              &S::cors_credentials},
    Option<S>{
        yes_no("socketio", "serve Socket.IO clients at /socket.io/, channels in the namespace /channels",
               "it costs nothing where nobody uses it"),
        &S::socketio},
    Option<S>{integer("socketio_ping_interval", "silence after which a Socket.IO client is pinged",
                      "Socket.IO's default", 1'000, 10 * kMinute, Unit::milliseconds),
              &S::socketio_ping_interval},
    Option<S>{integer("socketio_ping_timeout", "how long its answer may take", "Socket.IO's default", 1'000,
                      10 * kMinute, Unit::milliseconds),
              &S::socketio_ping_timeout},
    Option<S>{integer("socketio_max_payload", "bytes of one message of a Socket.IO client",
                      "Socket.IO's default", 1'000, 64 * kMega, Unit::bytes),
              &S::socketio_max_payload},
    Option<S>{text("admin_user", "who may log in to the Admin UI at /admin/; empty: there is none",
                   "it shows every socket and can disconnect it"),
              &S::admin_user},
    Option<S>{
        text("admin_password_hash", "bcrypt hash of the password, as `htpasswd -nbB admin SECRET` makes it",
             "a file that leaks then gives nothing away"),
        &S::admin_password_hash},
    Option<S>{yes_no("chat", "serve the chat at /", "a service of its own beside the channels"), &S::chat},
    Option<S>{
        integer("chat_rate", "messages a second of one visitor of the chat, after a burst of 40; 0: no limit",
                "faster than anybody types", 0, 1'000'000),
        &S::chat_rate},
    Option<S>{yes_no("lab", "serve the transport lab at /lab",
                     "everybody who reaches it publishes to its own channels"),
              &S::lab},
};

const std::array kChannelOptions = {
    Option<G>{text("prefix", "the names that this is for begin so", "the longest one that fits counts"),
              &G::prefix},
    Option<G>{text("path",
                   "an address of its own, such as `/ticker`: channels are at /ticker/NAME, their names "
                   "begin with the prefix",
                   "needed for what an address decides: slow, presence, rate"),
              &G::path},
    Option<G>{text("follow", "who may read and see who is there; on loopback `open` when it is not said",
                   "on other addresses it has to be said", kAccess),
              &G::follow},
    Option<G>{text("publish", "who may publish; on loopback `open` when it is not said",
                   "on other addresses it has to be said, and `open` is refused", kAccess),
              &G::publish},
    Option<G>{list("follow_tokens", "bearer tokens that may read",
                   "`Authorization: Bearer TOKEN`, `?access_token=`, Socket.IO's auth.token"),
              &G::follow_tokens},
    Option<G>{list("publish_tokens", "bearer tokens that may publish, and read",
                   "who writes checks what was written"),
              &G::publish_tokens},
    Option<G>{
        text("follow_tokens_file", "more of them, one a line; `#` begins a comment; read again at SIGHUP",
             "secrets stay out of the configuration"),
        &G::follow_tokens_file},
    Option<G>{text("publish_tokens_file", "more of them, as above", "secrets stay out of the configuration"),
              &G::publish_tokens_file},
    Option<G>{integer("history_size", "messages that a channel keeps",
                      "a client that was away for a while misses nothing", 1, 10'000'000),
              &G::history_size},
    Option<G>{integer("history_bytes", "bytes of them",
                      "ten thousand channels at this limit are 10 GiB: raise it with care", kKilo, 64 * kGiga,
                      Unit::bytes),
              &G::history_bytes},
    Option<G>{integer("history_ttl", "how long; 0: as long as there is room", "room is what runs out first",
                      0, kYear, Unit::seconds),
              &G::history_ttl},
    Option<G>{text("durability",
                   "what a message survives before anybody sees it: `memory` nothing, `process` a crash, "
                   "`power` a loss of power",
                   "memory is the fastest", "memory|process|power"),
              &G::durability},
    Option<G>{text("slow",
                   "a follower that is slower than its channel: `resume` waits, `drop_oldest` goes on at the "
                   "newest, `latest` gets the newest of each key, `disconnect` is told to come back",
                   "nobody loses what is still kept", "resume|drop_oldest|latest|disconnect"),
              &G::slow},
    Option<G>{
        number("latest_per_second", "with `latest`: how often a second", "what an eye can follow", 1, 1000),
        &G::latest_per_second},
    Option<G>{yes_no("presence", "`?who` and the channels NAME@presence",
                     "who is there is nobody's affair unless you say so"),
              &G::presence},
    Option<G>{integer("presence_grace", "how long somebody may be away without leaving",
                      "a reload, a gap between two polls", 0, 10 * kMinute, Unit::milliseconds),
              &G::presence_grace},
    Option<G>{integer("max_publishes_per_second",
                      "messages of one connection, and of the requests of one address; 0: no limit",
                      "who may publish is trusted unless you say otherwise", 0, 1'000'000),
              &G::max_publishes_per_second},
    Option<G>{integer("max_message", "bytes of one message; more is answered 413",
                      "larger things belong into a file store", 1, 16 * kMega, Unit::bytes),
              &G::max_message},
};

std::string in_cell(std::string_view text) {
  std::string cell;
  for (const char c : text)
    cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

std::string row(const OptionFacts& facts, const OptionValue& by_default) {
  const std::string shown = show(facts, by_default);
  return "| `" + std::string(facts.name) + "` | " + in_cell(type_of(facts)) + " | " +
         (shown.empty() ? std::string() : "`" + shown + "`") + " | " + in_cell(facts.sentence) + " | " +
         in_cell(facts.reason) + " |\n";
}

}  // namespace

std::span<const Option<ServeSettings>> server_options() {
  return kServerOptions;
}
std::span<const Option<ChannelGroup>> channel_options() {
  return kChannelOptions;
}

bool is_only_in_groups(std::string_view name) {
  return name == "prefix" || name == "path";
}

bool is_of_an_address(std::string_view name) {
  for (const std::string_view one : {"slow", "latest_per_second", "presence", "presence_grace",
                                     "max_publishes_per_second", "max_message"}) {
    if (name == one) return true;
  }
  return false;
}

std::string environment_name(std::string_view option) {
  std::string name = "NARU_";
  for (const char c : option)
    name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string flag_name(std::string_view option) {
  std::string name = "--";
  for (const char c : option)
    name += c == '_' ? '-' : c;
  return name;
}

void for_each_option(const std::function<void(const OptionFacts&, const OptionValue& by_default)>& visit) {
  const ServeSettings server;
  const ChannelGroup channels;
  for (const auto& option : server_options())
    visit(option.facts, option.read(server));
  for (const auto& option : channel_options())
    visit(option.facts, option.read(channels));
}

std::string markdown_table() {
  std::string table = "| key | type | default | what it is | why |\n| --- | --- | --- | --- | --- |\n";
  for_each_option(
      [&table](const OptionFacts& facts, const OptionValue& value) { table += row(facts, value); });
  return table;
}

}  // namespace apps
