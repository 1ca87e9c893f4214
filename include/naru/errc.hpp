// Why an answer did not come: the codes that Result<T> carries out of naru's own operations.
//
//   if (!reply && reply.error().code() == naru::errc::timed_out) retry();
#pragma once

#include <string>
#include <system_error>

namespace naru {
inline namespace v0 {

enum class errc {
  timed_out = 1,     // the other side did not answer in time
  disconnected,      // the connection ended before the answer
  abandoned,         // whoever was to answer gave up: dropped its Completion unanswered
  too_many_pending,  // a limit on unanswered questions is reached; see the option that names it
  too_large,         // the answers together are larger than the limit
  overloaded,        // too much waits for the loop that was to do it; it was not asked
  stopped,           // the server has stopped before the answer came
};

const std::error_category& error_category() noexcept;

inline std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), error_category()};
}

namespace errors {
class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "naru"; }
  std::string message(int code) const override {
    switch (static_cast<errc>(code)) {
      case errc::timed_out:
        return "operation has timed out";  // the reference's own words
      case errc::disconnected:
        return "socket has been disconnected";
      case errc::abandoned:
        return "the question was given up unanswered";
      case errc::too_many_pending:
        return "too many unanswered questions";
      case errc::too_large:
        return "the answers are too large";
      case errc::overloaded:
        return "too much waits to be done";
      case errc::stopped:
        return "the server has stopped";
    }
    return "unknown naru error";
  }
};
}  // namespace errors

inline const std::error_category& error_category() noexcept {
  static const errors::Category category;
  return category;
}

}  // namespace v0
}  // namespace naru

template <>
struct std::is_error_code_enum<naru::errc> : std::true_type {};
