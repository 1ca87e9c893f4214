#include "channel/notice.hpp"

#include "base/json_text.hpp"

namespace naru::channel {
namespace {

void begin(std::string& out, std::string_view kind, std::string_view channel, std::string_view position) {
  out += R"({"notice":")";
  out += kind;
  out += '"';
  if (!channel.empty()) {
    out += R"(,"channel":)";
    base::append_json_string(out, channel);
  }
  out += R"(,"position":")";
  out += position;
  out += '"';
}

}  // namespace

void append_recovery(std::string& out, bool recovered, const std::optional<std::uint64_t>& missing) {
  out += recovered ? R"(,"recovered":true,"missing":)" : R"(,"recovered":false,"missing":)";
  if (missing) {
    base::append_json_number(out, *missing);
  } else {
    out += "null";
  }
}

void append_start_notice(std::string& out, std::string_view position, const Standing& standing) {
  begin(out, "start", {}, position);
  append_recovery(out, standing.recovered, standing.missing);
  out += '}';
}

void append_gap_notice(std::string& out, std::string_view position, const Standing& standing,
                       std::string_view channel) {
  begin(out, "gap", channel, position);
  append_recovery(out, false, standing.missing);
  out += '}';
}

void append_end_notice(std::string& out, std::string_view position, std::string_view reason) {
  begin(out, "end", {}, position);
  out += R"(,"reason":)";
  base::append_json_string(out, reason);
  out += '}';
}

void add_standing(Standing& sum, const Standing& one) noexcept {
  sum.recovered = sum.recovered && one.recovered;
  if (sum.missing && one.missing) {
    *sum.missing += *one.missing;
  } else {
    sum.missing.reset();
  }
}

}  // namespace naru::channel
