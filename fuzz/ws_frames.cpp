// uses: ws http base
// A client's WebSocket bytes: however they are cut, the same events must come, and what is held stays
// bounded. The first byte of the input chooses the size of the pieces.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "base/utf8.hpp"
#include "ws/receiver.hpp"

namespace {

using namespace naru;

constexpr ws::ReceiverLimits kLimits{.max_message = 300, .max_fragments = 20};
constexpr std::size_t kMaxUnconsumed = 138;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Transcript : ws::ReceiverEvents {
  void on_message(std::string_view data, bool binary) override {
    require(data.size() <= kLimits.max_message);
    require(binary || base::is_valid_utf8(data));
    add(binary ? 'b' : 't', data);
  }
  void on_ping(std::string_view payload) override { add('p', payload); }
  void on_pong(std::string_view payload) override { add('q', payload); }
  void on_close_frame(std::uint16_t code, std::string_view reason) override {
    require(code == 1005 || ws::is_valid_close_code(code));
    require(base::is_valid_utf8(reason));
    add('c', std::to_string(code) + std::string(reason));
    is_over = true;
  }
  void on_failure(ws::CloseCode code, std::string_view) override {
    add('f', std::to_string(ws::number(code)));
    is_over = true;
  }
  void add(char kind, std::string_view data) {
    require(!is_over);
    text += kind + std::to_string(data.size()) + ':';
    text += data;
  }
  std::string text;
  bool is_over = false;
};

std::string run(std::string_view input, std::size_t piece) {
  Transcript events;
  ws::Receiver receiver(kLimits, events);
  std::string tail;
  for (std::size_t at = 0; at < input.size(); at += piece) {
    tail += input.substr(at, piece);
    const auto block = std::make_unique<char[]>(tail.size());
    std::copy(tail.begin(), tail.end(), block.get());
    const std::size_t consumed = receiver.feed({block.get(), tail.size()});
    require(consumed <= tail.size());
    tail.erase(0, consumed);
    require(tail.size() <= kMaxUnconsumed);
    require(receiver.buffered() <= kLimits.max_message);
  }
  return events.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = data[0] % 16U + 1;
  require(run(input, input.size()) == run(input, piece));
  return 0;
}
