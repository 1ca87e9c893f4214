// One acknowledgement that a client waits for, to be given once, from any thread. Dropping it answers
// nothing.
//
//   io.on("sum", [](naru::Socket&, int a, int b, naru::Ack ack) { ack(a + b); });
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "naru/emission.hpp"

namespace naru {
namespace app {
struct SocketRecord;
}
inline namespace v0 {

class Ack {
 public:
  Ack() = default;
  // `answered` is shared by all handlers of one event: the first answer counts.
  Ack(std::shared_ptr<app::SocketRecord> socket, std::uint64_t id,
      std::shared_ptr<std::atomic_flag> answered = {});
  Ack(Ack&&) noexcept = default;
  Ack& operator=(Ack&&) noexcept = default;
  ~Ack();

  // Answers with these arguments. Inert when the client asked for no answer; a second call is ignored.
  template <class... Arguments>
  SendStatus operator()(const Arguments&... arguments) {
    return answer(Emission::of_arguments(arguments...));
  }
  // Whether the client waits for it.
  explicit operator bool() const noexcept { return socket_ != nullptr; }

 private:
  SendStatus answer(Emission emission);
  std::shared_ptr<app::SocketRecord> socket_;
  std::uint64_t id_ = 0;
  std::shared_ptr<std::atomic_flag> answered_;
};

}  // namespace v0
}  // namespace naru
