// The reading half of one compressed connection: what its messages stand for, and what later ones may refer
// to.
//
// Between messages it holds nothing but, when the client keeps its window, as much of it as has come, at most
// 2 ^ client_max_window_bits bytes.
//
//   Inflater inflater(space, agreed);
//   inflater.feed(piece, text, limit);                   // a message begins with its first piece
//   inflater.finish(text, limit);
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "ws/compression_space.hpp"
#include "ws/extension.hpp"
#include "ws/inflate_stream.hpp"

namespace naru::ws {

class Inflater {
 public:
  // `space` must outlive it.
  Inflater(CompressionSpace& space, const DeflateParameters& agreed) noexcept;
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends what `piece` stands for to `text`, which is the message so far and grows to at most `limit`
  // bytes. After anything but ok nothing may follow but abandon().
  [[nodiscard]] InflateStatus feed(std::string_view piece, std::string& text, std::size_t limit);
  [[nodiscard]] InflateStatus finish(std::string& text, std::size_t limit);
  // The message that has begun will not be finished.
  void abandon() noexcept;

  std::size_t kept() const noexcept { return history_.capacity(); }

 private:
  InflateStream& stream();
  void remember(std::string_view message);
  void make_room(std::size_t size);

  CompressionSpace& space_;
  const std::size_t window_;               // bytes of the client's window to keep; 0: it keeps none
  std::unique_ptr<InflateStream> stream_;  // during a message
  std::string history_;
};

}  // namespace naru::ws
