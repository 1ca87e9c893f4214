#include "naru/client/socketio_reader.hpp"

#include <vector>

#include "naru/argument.hpp"
#include "naru/client/arrival.hpp"
#include "naru/client/websocket_client.hpp"
#include "naru/value.hpp"

namespace apps {
namespace {

constexpr std::chrono::seconds kSilence{60};  // until the server has said how often it pings
constexpr std::string_view kNamespace = "/channels,";

std::string object(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string text;
  std::vector<naru::Bytes> none;
  naru::ArgumentWriter writer(text, none);
  writer.begin_object();
  for (const auto& [name, value] : members)
    writer.member(name, std::string(value));
  writer.end_object();
  return text;
}

// "0{…}": how often the server pings (milliseconds), and how long it may then be silent.
void take_open(std::string_view json, WebSocketClient& socket) {
  const auto open = naru::Value::parse(json);
  if (!open) return;
  const auto interval = open->get<std::int64_t>("pingInterval").value_or(0);
  const auto timeout = open->get<std::int64_t>("pingTimeout").value_or(0);
  if (interval > 0 && timeout > 0 && interval + timeout < 3'600'000) {
    socket.allow_silence(std::chrono::milliseconds(interval + timeout));
  }
}

std::string sentence_in(std::string_view json) {
  const auto value = naru::Value::parse(json);
  return value ? value->get<std::string>("message").value_or("refused") : "refused";
}

}  // namespace

std::string without_channel(std::string_view message) {
  std::string rest = "{";
  naru::Argument(message).for_each_member([&](const std::string& name, const naru::Argument& value) {
    if (name == "channel") return true;
    std::string text;
    std::vector<naru::Bytes> none;
    naru::ArgumentWriter(text, none).string(name);
    rest.append(rest.size() > 1 ? "," : "").append(text).append(":").append(value.text());
    return true;
  });
  return rest + "}";
}

Ending SocketIoReader::read(const std::string& since, ReaderEvents& events) {
  WebSocketClient socket(stop_, kSilence);
  const std::string url = server_of(address_) + "/socket.io/?EIO=4&transport=websocket";
  if (auto ending = socket.open(url, address_.fields())) return *ending;
  std::string packet;
  std::optional<Ending> ending;
  while (!(ending = socket.receive(packet)) && !(ending = take(packet, socket, since, events))) {
  }
  if (ending->kind == Ending::Kind::enough) socket.close();
  return *ending;
}

std::optional<Ending> SocketIoReader::take(std::string_view packet, WebSocketClient& socket,
                                           const std::string& since, ReaderEvents& events) const {
  if (packet.starts_with('0')) {
    take_open(packet.substr(1), socket);
    socket.send(connect_packet());
  } else if (packet.starts_with('2')) {
    socket.send("3" + std::string(packet.substr(1)));
  } else if (packet.starts_with('1')) {
    return Ending{.sentence = "the server has closed the session"};
  }
  if (packet.size() < 2 || packet.front() != '4' || !packet.substr(2).starts_with(kNamespace))
    return std::nullopt;
  const char type = packet[1];
  packet.remove_prefix(2 + kNamespace.size());
  if (type == '0') socket.send(follow_packet(since));
  if (type == '1') return Ending{.sentence = "the server has disconnected the namespace"};
  if (type == '2') return take_event(packet, events);
  if (type == '3') return take_answer(packet, events);
  if (type == '4') return Ending{.kind = Ending::Kind::refused, .sentence = sentence_in(packet)};
  return std::nullopt;
}

// ["message",{…}], ["gap",{…}], ["end",{…}]
std::optional<Ending> SocketIoReader::take_event(std::string_view arguments, ReaderEvents& events) const {
  const auto list = naru::Value::parse(arguments);
  const auto name = list ? list->at(0).get<std::string>() : std::nullopt;
  if (!name) return Ending{.sentence = "what came is no event"};
  const naru::Value first = list->at(1);
  if (*name == "gap") take_recovery(first.text(), events);
  if (*name == "end") return take_recovery(first.text(), events), Ending{};
  if (*name != "message") return std::nullopt;
  const Onward onward = take_object(without_channel(first.text()), events);
  if (onward == Onward::enough) return Ending{.kind = Ending::Kind::enough};
  if (onward == Onward::broken) return Ending{.sentence = "what came is no message of a channel"};
  return std::nullopt;
}

// 0[{position, recovered, missing}] or 0[{error}]
std::optional<Ending> SocketIoReader::take_answer(std::string_view arguments, ReaderEvents& events) const {
  const auto list = naru::Value::parse(arguments.substr(std::min(arguments.find('['), arguments.size())));
  const naru::Value answer = list ? list->at(0) : naru::Value();
  if (const auto error = answer.get<std::string>("error"))
    return Ending{.kind = Ending::Kind::refused, .sentence = *error};
  take_recovery(answer.text(), events);
  return std::nullopt;
}

std::string SocketIoReader::connect_packet() const {
  return "40" + std::string(kNamespace) + (address_.token.empty() ? "" : object({{"token", address_.token}}));
}

std::string SocketIoReader::follow_packet(const std::string& since) const {
  return "42" + std::string(kNamespace) + "0[\"follow\"," +
         object({{"channel", address_.channel}, {"since", since}}) + "]";
}

}  // namespace apps
