// The query of a request: `a=1&b=2`, decoded ('+' is a blank). Owns its text. At most as many pairs as fit
// into a request's target.
//
//   Query query(head.query());
//   std::string sid = query.get("sid").value_or("");
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace naru::http {

class Query {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  Query() = default;
  explicit Query(std::string_view text);

  // Of duplicate keys the last one counts. A key without '=' has an empty value.
  std::optional<std::string> get(std::string_view key) const;
  bool has(std::string_view key) const;
  // Every value of a key, in order.
  std::vector<std::string> get_all(std::string_view key) const;
  // All pairs in order, duplicates too.
  const Pairs& all() const& noexcept { return pairs_; }
  Pairs all() && noexcept { return std::move(pairs_); }

 private:
  Pairs pairs_;
};

}  // namespace naru::http
