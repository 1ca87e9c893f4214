#include "naru/serve_command.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>

#include "naru/exit_codes.hpp"
#include "naru/log.hpp"
#include "naru/serve/config_file.hpp"
#include "naru/serve/report.hpp"
#include "naru/serve/rules.hpp"
#include "naru/serve/schema.hpp"
#include "naru/serve/service.hpp"
#include "naru/serve/sources.hpp"
#include "support/descriptor_limit.hpp"
#include "support/stop_on_signals.hpp"

namespace apps {
namespace {

constexpr std::chrono::milliseconds kLookForHangup{250};

struct Call {
  explicit Call(CLI::App& command) : flags(command) {}
  OptionFlags flags;
  std::string file;
  bool is_quiet = false;
};

ServeSettings settings_of(const Call& call, Faults& faults) {
  GivenFile file;
  if (!call.file.empty()) file = read_config_file(call.file, faults);
  const Givens environment = read_environment(process_environment, faults);
  refuse_slips(process_environment_names(), faults);
  const Givens flags = call.flags.given(faults);
  ServeSettings settings = gather(flags, environment, file);
  settle(settings, file, faults);
  return settings;
}

[[noreturn]] void refuse(const Faults& faults) {
  for (const Fault& fault : faults)
    std::cerr << line_of(fault) << '\n';
  throw Exit{kWronglyCalled};
}

void set_up_log(const ServeSettings& settings, bool is_quiet) {
  const std::string& name = settings.log_level;
  naru::Level level = naru::Level::info;
  if (name == "debug") level = naru::Level::debug;
  if (name == "warning" || is_quiet) level = naru::Level::warning;
  if (name == "error") level = naru::Level::error;
  if (name == "off") level = naru::Level::off;
  naru::set_log_level(level);
  naru::set_log_format(settings.log_format == "json" ? naru::LogFormat::json : naru::LogFormat::text);
}

// Written by the handler of SIGHUP, read on loop 0: a handler may do no more.
std::atomic<bool>& was_hung_up() {
  static std::atomic<bool> flag{false};
  return flag;
}

void reload_at_hangup(naru::Server& server, Service& service) {
  std::signal(SIGHUP, [](int) { was_hung_up().store(true); });
  server.every(kLookForHangup, [&service] {
    if (was_hung_up().exchange(false)) service.reload();
  });
}

void serve(const Call& call) {
  Faults faults;
  const ServeSettings settings = settings_of(call, faults);
  if (!faults.empty()) refuse(faults);
  set_up_log(settings, call.is_quiet);
  naru::Server server(server_options_of(settings));
  Service service(server, settings);
  apps::raise_descriptor_limit();
  reload_at_hangup(server, service);
  StopOnSignals stop(server, std::chrono::milliseconds(settings.stop_within));
  server.listen(listen_options_of(settings));
  const std::string address = address_of(settings, server.port());
  naru::log(naru::Level::info, "serve", "listening on " + address);
  if (!call.is_quiet) {
    std::cout << "naru: " << address << "\n" << what_is_served(settings) << "Ctrl-C stops" << std::endl;
  }
  server.run();
  naru::log(naru::Level::info, "serve", "stopped");
}

void check(const Call& call) {
  Faults faults;
  const ServeSettings settings = settings_of(call, faults);
  if (!faults.empty()) {
    for (const Fault& fault : faults)
      std::cerr << line_of(fault) << '\n';
    std::cerr << faults.size() << (faults.size() == 1 ? " fault\n" : " faults\n");
    throw Exit{kWronglyCalled};
  }
  std::cout << "would serve on " << address_of(settings, static_cast<std::uint16_t>(settings.port)) << "\n"
            << what_is_served(settings);
}

std::shared_ptr<Call> add_call(CLI::App& command) {
  auto call = std::make_shared<Call>(command);
  command
      .add_option("config,--config", call->file,
                  "file of options (TOML); flags go before it, and the environment")
      ->type_name("FILE")
      ->envname("NARU_CONFIG");
  return call;
}

}  // namespace

void add_serve_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("serve", "Serve channels by every transport, Socket.IO, and on demand the chat");
  auto call = add_call(*command);
  command->add_flag("--quiet", call->is_quiet, "only warnings and errors");
  auto is_table = std::make_shared<bool>(false);
  command->add_flag("--options", *is_table, "print all options as a Markdown table, and end");
  command->callback([call, is_table] {
    if (*is_table) {
      std::cout << markdown_table();
    } else {
      serve(*call);
    }
  });
}

void add_check_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("check", "Say what `naru serve` would serve, or every fault of its configuration");
  auto call = add_call(*command);
  command->callback([call] { check(*call); });
}

}  // namespace apps
