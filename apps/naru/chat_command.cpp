#include "naru/chat_command.hpp"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chat/chat.hpp"
#include "naru/naru.hpp"
#include "support/descriptor_limit.hpp"
#include "support/stop_on_signals.hpp"

namespace apps {
namespace {

struct Settings {
  naru::ListenOptions listen{.port = 8005};
  naru::ServerOptions server{.loops = naru::all_cores};
  chat::ChatOptions chat{};
  bool is_quiet = false;
};

std::string address_of(const naru::Server& server, const std::string& host) {
  const bool is_everywhere = host == "::" || host == "0.0.0.0";
  const bool is_ipv6 = host.find(':') != std::string::npos;
  const std::string name = is_everywhere ? "localhost" : is_ipv6 ? "[" + host + "]" : host;
  return "http://" + name + ":" + std::to_string(server.port());
}

void say_what_is_served(const naru::Server& server, const Settings& settings) {
  const std::string address = address_of(server, settings.listen.host);
  std::cout << "naru chat: " << address << "\n"
            << "  /             the chat\n"
            << "  /socket.io/   Socket.IO, WebSocket and polling: namespaces /lobby and /room\n"
            << "  /api/         who you are, pictures (docs/protocol/chat.md)\n"
            << "  /healthz      ok\n"
            << "data in " << settings.chat.data.string() << "; Ctrl-C stops" << std::endl;
}

void run(const Settings& settings) {
  if (settings.is_quiet) naru::set_log_level(naru::Level::warning);
  naru::Server server(settings.server);
  chat::add_chat(server, settings.chat);
  apps::raise_descriptor_limit();
  StopOnSignals stop(server);  // before the first connection: who is answered may also stop it
  server.listen(settings.listen);
  if (!settings.is_quiet) say_what_is_served(server, settings);
  server.run();
}

}  // namespace

void add_chat_command(CLI::App& app) {
  auto settings = std::make_shared<Settings>();
  CLI::App* chat = app.add_subcommand("chat", "Live chat: rooms, pictures, whispers, history");
  chat->add_option("--port", settings->listen.port, "port; 0 lets the system choose")
      ->envname("PORT")
      ->capture_default_str();
  chat->add_option("--host", settings->listen.host,
                   "address to listen on: localhost is this machine only, :: is every IPv4 and IPv6 address")
      ->capture_default_str();
  chat->add_option("--data", settings->chat.data, "folder for history, rooms and pictures; made when missing")
      ->capture_default_str();
  chat->add_option(
      "--secret-file", settings->chat.secret_file,
      "what cookies are signed with (default: secret in the data folder, made at the first start)");
  chat->add_option("--loops", settings->server.loops, "threads that serve; 0: one for each core")
      ->capture_default_str();
  chat->add_option(
      "--trust-proxy", settings->server.trusted_proxies,
      "address or network of a proxy whose X-Forwarded-For, -Proto and -Host are believed; several times");
  chat->add_option("--rate", settings->chat.messages_per_second,
                   "messages a second of one session, after a burst of 40; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  chat->add_flag("--quiet", settings->is_quiet, "only warnings and errors");
  chat->callback([settings] { run(*settings); });
}

}  // namespace apps
