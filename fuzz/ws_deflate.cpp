// uses: ws http base
// Compressed WebSocket bytes behind an agreement: the first line of the input is what the client offers, the
// rest its frames. However they are cut, the same messages must come; what is held stays bounded; and every
// message must survive our own compressor. The first byte chooses the size of the pieces.
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "http/head_parser.hpp"
#include "ws/compression.hpp"
#include "ws/receiver.hpp"

namespace {

using namespace naru;

constexpr ws::ReceiverLimits kLimits{.max_message = 3000, .max_fragments = 20};
constexpr std::size_t kMaxUnconsumed = 138;
// A stream for the message and a spare one, the window that is kept, and prefixes.
constexpr std::ptrdiff_t kMostHeld = 2 * 45'000 + 33'000;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Host final : ws::CompressionHost {
  void count(std::ptrdiff_t bytes) override { held += bytes; }
  void frames_are_kept() override {}
  std::ptrdiff_t held = 0;
};

struct Message {
  std::string data;
  bool binary;
  bool operator==(const Message&) const = default;
};

struct Transcript : ws::ReceiverEvents {
  void on_message(std::string_view data, bool binary) override {
    require(!is_over && data.size() <= kLimits.max_message);
    require(binary || base::is_valid_utf8(data));
    messages.push_back({std::string(data), binary});
  }
  void on_ping(std::string_view) override { require(!is_over); }
  void on_pong(std::string_view) override { require(!is_over); }
  void on_close_frame(std::uint16_t, std::string_view) override { is_over = true; }
  void on_failure(ws::CloseCode code, std::string_view) override {
    require(!is_over);
    is_over = true;
    failure = ws::number(code);
  }
  std::vector<Message> messages;
  unsigned failure = 0;
  bool is_over = false;
};

Transcript run(const ws::DeflateParameters& agreed, std::string_view frames, std::size_t piece) {
  Host host;
  Transcript events;
  {
    ws::CompressionSpace space(host);
    ws::Inflater inflater(space, agreed);
    ws::Receiver receiver(kLimits, events, &inflater);
    std::string tail;
    for (std::size_t at = 0; at < frames.size(); at += piece) {
      tail += frames.substr(at, piece);
      const auto block = std::make_unique<char[]>(tail.size());
      std::copy(tail.begin(), tail.end(), block.get());
      const std::size_t consumed = receiver.feed({block.get(), tail.size()});
      tail.erase(0, consumed);
      require(tail.size() <= kMaxUnconsumed);
      require(receiver.buffered() <= kLimits.max_message);
      require(host.held <= kMostHeld);
    }
  }
  require(host.held == 0);
  return events;
}

// As a client with exactly the agreed window reads it.
std::string inflate(z_stream& client, std::string payload) {
  payload.append("\x00\x00\xFF\xFF", 4);
  std::string out(2 * kLimits.max_message, '\0');
  client.next_in = reinterpret_cast<Bytef*>(payload.data());
  client.avail_in = static_cast<uInt>(payload.size());
  client.next_out = reinterpret_cast<Bytef*>(out.data());
  client.avail_out = static_cast<uInt>(out.size());
  require(inflate(&client, Z_SYNC_FLUSH) == Z_OK && client.avail_in == 0);
  out.resize(out.size() - client.avail_out);
  return out;
}

void send_back(const ws::DeflateParameters& agreed, const std::vector<Message>& messages) {
  Host host;
  const CompressionOptions options{.enabled = true, .threshold = 0};
  ws::CompressionSpace space(host);
  ws::Deflater deflater(space, agreed, options);
  z_stream client{};
  require(inflateInit2(&client, -agreed.server_max_window_bits) == Z_OK);
  for (const Message& message : messages) {
    const ws::Opcode opcode = message.binary ? ws::Opcode::binary : ws::Opcode::text;
    const base::Frame frame = deflater.encode(ws::encode_frame(opcode, message.data));
    const bool is_compressed = (static_cast<unsigned char>(frame.data()[0]) & 0x40U) != 0;
    const std::string payload(ws::frame_payload(frame.view()));
    require((is_compressed ? inflate(client, payload) : payload) == message.data);
    require(ws::frame_opcode(frame.view()) == opcode);
    if (agreed.server_no_context_takeover) inflateReset(&client);
  }
  inflateEnd(&client);
}

std::optional<ws::DeflateParameters> negotiate(std::string_view offer, bool generous) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Extensions: ";
  head.append(offer);
  const auto request = http::parse_request_head(head + "\r\n\r\n");
  if (!request) return std::nullopt;
  CompressionOptions options{.enabled = true};
  options.server_no_context_takeover = options.client_no_context_takeover = !generous;
  const auto agreed = ws::negotiate_deflate(*request, options);
  if (!agreed) return std::nullopt;
  // What we have answered is understood by whoever reads it as we do.
  std::vector<ws::Extension> answer;
  require(ws::parse_extensions(agreed->answer, answer) && answer.size() == 1);
  return agreed->parameters;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t line = input.find('\n');
  const auto agreed = negotiate(input.substr(0, line), (data[0] & 0x80U) != 0);
  if (!agreed || line == std::string_view::npos) return 0;
  const std::string_view frames = input.substr(line + 1);
  const Transcript whole = run(*agreed, frames, std::max<std::size_t>(frames.size(), 1));
  const Transcript split = run(*agreed, frames, data[0] % 16U + 1);
  require(whole.messages == split.messages);
  require(whole.is_over == split.is_over && whole.failure == split.failure);
  send_back(*agreed, whole.messages);
  return 0;
}
