// Names that nobody can guess.
//
//   std::string id = new_session_id(loop, node);     // "kN2d7xQ0bq1mJ8cTAwAB"
//   if (auto loop = session_id_loop(id)) ...          // a hint: check that such a loop exists
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace naru::base {

// Fills `out` from the kernel's generator, drawn 4 KiB at a time for each thread; bytes given out are wiped
// from the thread's store, and a forked child draws its own. Thread-safe. Throws std::system_error when the
// kernel has none.
void random_bytes(std::span<std::byte> out);
std::uint64_t random_number();

// 15 bytes as 20 characters of [A-Za-z0-9_-]: 12 random ones, 1 that names the loop, 2 that name the node.
inline constexpr std::size_t kSessionIdSize = 20;
std::string new_session_id(std::uint8_t loop, std::uint16_t node);

// The tags of a session id; empty when the text cannot be one that we made. Anybody can write such a text:
// the tags say where to look first and grant nothing.
std::optional<std::uint8_t> session_id_loop(std::string_view id) noexcept;
std::optional<std::uint16_t> session_id_node(std::string_view id) noexcept;

}  // namespace naru::base
