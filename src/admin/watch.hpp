// What sockets do, told to the administrators as it happens: the development mode of the Admin UI.
//
//   auto watch = std::make_shared<Watch>(space, options);
//   for (Namespace& nsp : space.namespaces()) watch->look_at(nsp);
//
// Any loop. While no administrator is there, nothing is written; only who is connected how is kept.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "admin/messages.hpp"
#include "base/token_bucket.hpp"
#include "naru/engine.hpp"
#include "naru/instrument.hpp"
#include "naru/namespace.hpp"
#include "naru/task.hpp"

namespace naru::admin {

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  // `space` is the administrators' own namespace and outlives this.
  Watch(Namespace& space, const InstrumentOptions& options);

  // Tells of this namespace from now on. Before its first client.
  void look_at(Namespace& nsp);
  // Tells who changes from polling to a WebSocket.
  void listen(Engine& engine);
  // Tells one administrator of all that are there.
  Task<> list(Socket admin);
  // Tells whose data has changed since it was looked at last: C++ cannot say when it does.
  void look_for_changed_data();

 private:
  struct Seen {
    std::string client_id;
    std::size_t data = 0;  // a hash
  };
  struct Name {
    std::string id;
    std::string nsp;
  };
  // What its sockets in several namespaces have in common.
  struct Connection {
    std::string transport;
    std::vector<Name> sockets;
  };

  void came(Socket& socket);
  void went(const Socket& socket, std::string_view reason);
  void upgraded(const EngineSocket& connection);
  void tell_event(const char* what, const Socket& socket, std::string_view name, const ArgsView& args);
  void tell_changed_data(const std::string& nsp, const std::vector<RemoteSocket>& sockets);
  bool has_audience() const { return space_.sockets_count() > 0; }
  bool may_tell_event();
  SocketView view_of(const RemoteSocket& socket, std::string_view nsp);
  template <class... Arguments>
  void tell(std::string_view event, const Arguments&... arguments) {
    if (has_audience()) space_.emit(event, arguments...);
  }

  Namespace& space_;
  const std::size_t max_listed_;
  std::mutex mutex_;
  std::unordered_map<std::string, Seen> seen_;               // by socket; guarded by mutex_
  std::unordered_map<std::string, Connection> connections_;  // by client id; guarded by mutex_
  base::TokenBucket events_;                                 // guarded by mutex_
};

}  // namespace naru::admin
