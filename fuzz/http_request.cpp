// uses: http base
// A whole HTTP/1.1 session fed with what a peer may send, cut in pieces by the input's first byte: it must
// neither crash nor stop answering, and the same bytes in one piece must lead to the same answers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "http/cookies.hpp"
#include "http/etag.hpp"
#include "http/http1_session.hpp"
#include "http/negotiation.hpp"
#include "http/query.hpp"
#include "http/router.hpp"

namespace {

using namespace naru;

class StoppedClock : public base::Clock {
 public:
  base::TimePoint now() const override { return base::TimePoint(std::chrono::hours(1)); }
  std::chrono::system_clock::time_point wall() const override { return {}; }
};

struct Wire {
  std::string sent;
  base::StreamEvents* events = nullptr;
  bool is_shut = false;
  bool is_aborted = false;
};

class WireStream : public base::ByteStream {
 public:
  explicit WireStream(Wire& wire) : wire_(wire) {}
  void set_events(base::StreamEvents* events) override { wire_.events = events; }
  base::WriteStatus write(std::span<const base::Slice> slices) override {
    if (wire_.is_shut || wire_.is_aborted) return base::WriteStatus::closed;
    for (const base::Slice& slice : slices)
      wire_.sent.append(slice.bytes);
    return base::WriteStatus::sent;
  }
  void pause_reading() override {}
  void resume_reading() override {}
  void shutdown() override { wire_.is_shut = true; }
  void abort() override { wire_.is_aborted = true; }
  std::size_t buffered() const override { return 0; }
  std::string peer_address() const override { return {}; }

 private:
  Wire& wire_;
};

class Server : public http::Http1Owner, public http::ExchangeEvents {
 public:
  void on_request(http::Http1Session&, http::Exchange& exchange) override {
    exchange_ = &exchange;
    body_.clear();
    const http::RequestHead& head = exchange.head();
    http::Query query(head.query());
    body_ += std::to_string(query.all().size());
    body_ += http::find_cookie(head, "a").value_or("");
    body_ += std::to_string(http::weight_of_encoding(head.find("accept-encoding").value_or(""), "gzip"));
    body_ += std::to_string(http::is_not_modified(head, "\"a\""));
    body_ += std::to_string(http::weight_of_type(head.find("accept").value_or(""), "text/html"));
    body_ += std::to_string(head.wants_upgrade("websocket"));
    exchange.set_events(this);
  }
  void on_body(std::string_view piece) override { body_.append(piece); }
  void on_body_end() override { exchange_->respond(http::ResponseHead{200}, base::Slice::borrowed(body_)); }
  void on_abort() override { exchange_ = nullptr; }
  void on_deadline_changed(http::Http1Session&) override {}
  void on_session_over(http::Http1Session&) override {}

 private:
  http::Exchange* exchange_ = nullptr;
  std::string body_;
};

std::string answers(std::string_view input, std::size_t step) {
  static const http::Http1Limits limits;
  static const StoppedClock clock;
  Wire wire;
  Server server;
  http::Http1Session session(std::make_unique<WireStream>(wire), server, limits, clock);
  std::string tail;
  while (!input.empty() && !wire.is_aborted) {
    const std::string_view piece = input.substr(0, step);
    input.remove_prefix(piece.size());
    tail.append(piece);
    const auto block = std::make_unique<char[]>(tail.size());
    tail.copy(block.get(), tail.size());
    const std::size_t consumed = wire.events->on_bytes({block.get(), tail.size()});
    if (consumed > tail.size()) std::abort();
    tail.erase(0, consumed);
  }
  if (!wire.is_aborted) wire.events->on_end();
  return wire.sent;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = 1 + data[0] % 64;
  if (answers(input, step) != answers(input, size)) std::abort();
  return 0;
}
