// Takes a client's mask off its bytes, in place (RFC 6455 section 5.3).
//
//   unmask(payload, size, key, 0);            // the whole payload of a frame
//   unmask(piece, size, key, bytes_before);   // a later piece of it
#pragma once

#include <array>
#include <cstddef>

namespace naru::ws {

using MaskKey = std::array<unsigned char, 4>;

// `offset`: how many bytes of the same frame came before; only its place in the key counts.
void unmask(char* bytes, std::size_t size, MaskKey key, std::size_t offset) noexcept;

}  // namespace naru::ws
