// Why the store refused or lost something. Every Error made in this room carries one of these.
//
//   if (published.error().code() == store::errc::busy) answer(503, "Retry-After: 1");
#pragma once

#include <string>
#include <system_error>
#include <type_traits>

#include "naru/result.hpp"

namespace naru::store {

enum class errc {
  busy = 1,       // more bytes wait for the disk than the limit allows: try again soon
  closed,         // the store is stopping, or stopped before the answer was known
  bad_name,       // a log name is 1 to 256 bytes without NUL
  bad_message,    // a message or key is over its limit
  no_store,       // the log is to be durable, but the server was given no place to store
  too_many_logs,  // memory for logs is used up
  out_of_order,   // an earlier message of this log was not stored, so this one cannot be
  removed,        // the log was deleted meanwhile
  disk_full,      // nothing was stored; publish again when there is room
  disk,           // the disk or the file system refused; nothing was stored
  corrupt,        // the file is damaged, or not ours
  wrong_schema,   // the file was written by a newer naru
  locked,         // another process works on the file
};

const std::error_category& store_category() noexcept;
inline std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), store_category()};
}
inline Error make_error(errc code, std::string sentence = {}) {
  return Error(make_error_code(code), std::move(sentence));
}

}  // namespace naru::store

template <>
struct std::is_error_code_enum<naru::store::errc> : std::true_type {};
