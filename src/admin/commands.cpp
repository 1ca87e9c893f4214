#include "admin/commands.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "naru/log.hpp"

namespace naru::admin {
namespace {

// Finding is not making: what an administrator mistypes is no new namespace.
std::optional<Broadcast> target_of(const Namespace& space, const std::string& name,
                                   std::optional<Filter> filter) {
  const std::vector<Namespace> all = space.namespaces();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Namespace& n) { return n.name() == name; });
  if (found == all.end()) return std::nullopt;
  if (!filter || filter->rooms.empty()) return found->everybody();
  return found->in(std::move(filter->rooms));
}

// One line for what somebody did to others.
void note(const Socket& admin, std::string_view what, const std::string& nsp, bool is_done) {
  log(Level::info, "admin",
      std::string(admin.handshake().address()) + " asks to " + std::string(what) + " in " + nsp +
          (is_done ? "" : ", which does not exist"));
}

}  // namespace

void take_commands(Namespace& space) {
  space.on("emit", [&space](Socket& admin, std::string nsp, std::optional<Filter> filter, std::string event,
                            ArgsView args) {
    const auto target = target_of(space, nsp, std::move(filter));
    note(admin, "emit " + event, nsp, target.has_value());
    if (target) target->emit(event, args);
  });
  space.on("join", [&space](Socket& admin, std::string nsp, std::string room, std::optional<Filter> filter) {
    const auto target = target_of(space, nsp, std::move(filter));
    note(admin, "join " + room, nsp, target.has_value());
    if (target) target->sockets_join(std::move(room));
  });
  space.on("leave", [&space](Socket& admin, std::string nsp, std::string room, std::optional<Filter> filter) {
    const auto target = target_of(space, nsp, std::move(filter));
    note(admin, "leave " + room, nsp, target.has_value());
    if (target) target->sockets_leave(std::move(room));
  });
  space.on("_disconnect",
           [&space](Socket& admin, std::string nsp, std::optional<bool> close, std::optional<Filter> filter) {
             const auto target = target_of(space, nsp, std::move(filter));
             note(admin, "disconnect", nsp, target.has_value());
             if (target) target->disconnect_sockets(close.value_or(false));
           });
}

}  // namespace naru::admin
