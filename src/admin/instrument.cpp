#include "naru/instrument.hpp"

#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "admin/commands.hpp"
#include "admin/login.hpp"
#include "admin/messages.hpp"
#include "admin/page.hpp"
#include "admin/reports.hpp"
#include "admin/watch.hpp"
#include "naru/namespace.hpp"
#include "naru/server.hpp"

namespace naru {
namespace admin {
namespace {

// In the words of the page.
std::vector<std::string_view> features_of(const InstrumentOptions& options) {
  std::vector<std::string_view> features;
  if (!options.read_only)
    features = {"EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"};
  features.push_back("AGGREGATED_EVENTS");
  if (options.mode == InstrumentMode::development) features.push_back("ALL_EVENTS");
  return features;
}

void guard(Namespace& space, const InstrumentOptions& options) {
  if (const auto* basic = std::get_if<BasicAuth>(&options.auth)) {
    auto login = std::make_shared<Login>(*basic, options);
    space.use([login](Socket& socket) { return login->decide(socket); });
  } else if (std::holds_alternative<std::monostate>(options.auth)) {
    throw std::logic_error("InstrumentOptions::auth: say who may come in, naru::BasicAuth or naru::no_auth");
  }
}

std::shared_ptr<Watch> watch_all(Namespace& space, const InstrumentOptions& options) {
  auto watch = std::make_shared<Watch>(space, options);
  for (Namespace& nsp : space.namespaces())
    watch->look_at(nsp);
  space.on_new_namespace([watch](Namespace& nsp) { watch->look_at(nsp); });
  watch->listen(space.engine());
  return watch;
}

void greet(Namespace& space, const InstrumentOptions& options, std::shared_ptr<Watch> watch) {
  Config config{features_of(options)};
  space.on_connection([config = std::move(config), watch = std::move(watch)](Socket& socket) -> Task<> {
    Administrator& administrator = socket.data<Administrator>();
    if (!administrator.new_session.empty())
      socket.emit("session", std::exchange(administrator.new_session, std::string()));
    socket.emit("config", config);
    if (!watch) co_return;
    Task<> listing = watch->list(socket);
    co_await std::move(listing);
  });
}

}  // namespace
}  // namespace admin

inline namespace v0 {

void Namespace::instrument(InstrumentOptions options) {
  Namespace& space = of(options.namespace_name);
  admin::guard(space, options);
  std::shared_ptr<admin::Watch> watch;
  if (options.mode == InstrumentMode::development) watch = admin::watch_all(space, options);
  admin::greet(space, options, watch);
  if (!options.read_only) admin::take_commands(space);

  auto reports = std::make_shared<admin::Reports>(space, engine(), options.server_id);
  reports->listen();
  server().every(admin::kReportInterval, [reports, watch] {
    reports->tell();
    if (watch) watch->look_for_changed_data();
  });
  if (options.ui) admin::serve_page(server(), options.ui_path, this->options().path, space.name());
}

}  // namespace v0
}  // namespace naru
