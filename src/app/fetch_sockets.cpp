// Who is selected: gathered over all loops, as values that can be kept and sent on.
#include <mutex>
#include <utility>

#include "app/namespace_core.hpp"
#include "app/socket_record.hpp"
#include "app/user_code.hpp"
#include "app/wait_for.hpp"
#include "naru/broadcast.hpp"

namespace naru {
namespace app {
namespace {

// Who was found so far, over all loops.
struct Found {
  std::mutex mutex;
  std::vector<RemoteSocket> sockets;
  std::size_t loops_left = 0;
  Function<void(std::vector<RemoteSocket>)> done;

  void finish_if_complete(std::unique_lock<std::mutex>& lock) {
    if (loops_left != 0 || !done) return;
    auto tell = std::exchange(done, {});
    auto all = std::move(sockets);
    lock.unlock();
    guard_user_code("socketio", "a fetch_sockets handler", [&] { tell(std::move(all)); });
  }
};

// What the user keeps for it, if that can be written. On its loop.
Value shown_data(const SocketRecord& record) {
  const detail::DataType* type = record.nsp->data_type();
  if (!record.data.has_value() || type == nullptr || type->write == nullptr) return {};
  RawJson json;
  ArgumentWriter writer(json.text, json.attachments);
  guard_user_code("socketio", "the Codec of a socket's data", [&] { type->write(writer, record.data); });
  return json.text.empty() ? Value() : Value(std::move(json));
}

}  // namespace
}  // namespace app

inline namespace v0 {

void Broadcast::fetch_sockets(Function<void(std::vector<RemoteSocket>)> done) const {
  app::refuse_parent(*core_, "fetch_sockets()");
  auto found = std::make_shared<app::Found>();
  found->done = std::move(done);
  found->loops_left = core_->loops()->size();
  auto visit = std::make_shared<adapter::Visit>();
  visit->each = [found, core = core_](adapter::Member& member) {
    auto& record = static_cast<app::SocketRecord&>(member);
    RemoteSocket socket(Broadcast(core).to(record.id()), record.handshake);
    socket.id = record.id();
    socket.rooms = core->adapter().rooms_of(record);
    socket.data = app::shown_data(record);
    std::lock_guard lock(found->mutex);
    found->sockets.push_back(std::move(socket));
  };
  visit->end = [found](std::size_t) {
    std::unique_lock lock(found->mutex);
    --found->loops_left;
    found->finish_if_complete(lock);
  };
  std::size_t reached = core_->adapter().visit(selection(), visit);
  for (; reached < core_->loops()->size(); ++reached)
    visit->end(0);
}

Task<std::vector<RemoteSocket>> Broadcast::fetch_sockets() const {
  Completion<std::vector<RemoteSocket>> completion;
  Later<std::vector<RemoteSocket>> sockets = completion.later();
  fetch_sockets(app::completing(std::move(completion)));
  return app::wait_for_value(std::move(sockets));
}

}  // namespace v0
}  // namespace naru
