#include "app/handlers.hpp"

namespace naru::app {
namespace {

template <class T>
bool remove_from(SharedList<T>& list, HandlerId id) {
  return std::erase_if(list, [&](const auto& each) { return each->id == id; }) > 0;
}

}  // namespace

bool HandlerTable::remove(HandlerId id) {
  for (auto at = events.begin(); at != events.end(); ++at) {
    if (!remove_from(at->second, id)) continue;
    if (at->second.empty()) events.erase(at);
    return true;
  }
  if (remove_from(any_outgoing, id)) {
    if (any_outgoing.empty()) watch.reset();
    return true;
  }
  return remove_from(connection, id) || remove_from(any, id) || remove_from(disconnecting, id) ||
         remove_from(disconnect, id) || remove_from(drain, id) || remove_from(error, id) ||
         remove_from(gates, id) || remove_from(event_gates, id);
}

void HandlerTable::remove_event(std::string_view event) {
  if (auto found = events.find(event); found != events.end()) events.erase(found);
}

}  // namespace naru::app
