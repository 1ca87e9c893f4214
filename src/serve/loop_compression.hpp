// The compression memory of one loop: counted in its ledger, tidied at the end of its turns.
#pragma once

#include <cstddef>

#include "net/loop.hpp"
#include "ws/compression_space.hpp"

namespace naru::serve {

class LoopCompression final : private ws::CompressionHost {
 public:
  // `loop` outlives it, and makes no turn between its end and its own.
  explicit LoopCompression(net::Loop& loop) : loop_(loop), space_(*this) {}
  ws::CompressionSpace& space() noexcept { return space_; }

 private:
  void count(std::ptrdiff_t bytes) override { loop_.ledger().add(net::Account::compression, bytes); }
  void frames_are_kept() override {
    loop_.at_end_of_turn([this] { space_.forget_frames(); });
  }

  net::Loop& loop_;
  ws::CompressionSpace space_;
};

}  // namespace naru::serve
