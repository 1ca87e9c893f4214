#include "http/head_parser.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

#include "http/grammar.hpp"

namespace naru::http {
namespace {

// Room for the longest method, two blanks and the version beside the target.
constexpr std::size_t kMaxBesideTarget = 64;
// RFC 9112 2.2: at least one empty line before a request is to be ignored.
constexpr std::uint8_t kMaxEmptyLines = 4;

constexpr std::array<std::string_view, 7> kMethods = {"GET",    "POST",    "HEAD", "PUT",
                                                      "DELETE", "OPTIONS", "PATCH"};

bool is_target_byte(unsigned char byte) {
  return byte > 0x20 && byte < 0x7f && byte != '#';
}

// RFC 3986 3.2.2, without user names: a host name, an address, or one in brackets, and perhaps a port.
bool is_authority(std::string_view text) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=%:[]";
  const auto is_host_byte = [&](char byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           kOthers.find(byte) != std::string_view::npos;
  };
  return std::all_of(text.begin(), text.end(), is_host_byte);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return is_value_byte(static_cast<unsigned char>(byte)); });
}

}  // namespace

bool HeadParser::refuse(int status, std::string_view reason) noexcept {
  status_ = status;
  reason_ = reason;
  return false;
}

HeadStep HeadParser::feed(std::string_view bytes) {
  std::string& taken = head_.bytes_;
  HeadStep step;
  while (step.consumed < bytes.size()) {
    const std::string_view rest = bytes.substr(step.consumed);
    const std::size_t line_feed = rest.find('\n');
    // One byte over the limit is enough to know.
    const std::size_t room = limits_.max_head + 1 - taken.size();
    const std::size_t wanted = line_feed == std::string_view::npos ? rest.size() : line_feed + 1;
    const std::size_t count = std::min(wanted, room);
    if (taken.empty()) taken.reserve(std::min(rest.size(), limits_.max_head));
    taken.append(rest.substr(0, count));
    step.consumed += count;
    const bool is_line = count == wanted && line_feed != std::string_view::npos;
    if (!check_growth() || (is_line && !end_line())) {
      step.state = HeadState::refused;
      return step;
    }
    if (is_complete_) {
      step.state = HeadState::complete;
      return step;
    }
  }
  return step;
}

bool HeadParser::check_growth() {
  const std::size_t size = head_.bytes_.size();
  if (!has_request_line_ && size - line_begin_ > limits_.max_target + kMaxBesideTarget) {
    return refuse(414, "the request line is too long");
  }
  if (size > limits_.max_head) return refuse(431, "the head is too long");
  return true;
}

bool HeadParser::end_line() {
  std::string_view line = std::string_view(head_.bytes_).substr(line_begin_);
  line.remove_suffix(1);
  // RFC 9112 2.2 lets a lone LF end a line; what sits in front of us may see it otherwise, so we do not.
  if (line.empty() || line.back() != '\r') return refuse(400, "a line ends without CR");
  line.remove_suffix(1);
  if (has_request_line_) {
    line_begin_ = head_.bytes_.size();
    return line.empty() ? finish() : parse_field(line);
  }
  if (line.empty()) {
    head_.bytes_.clear();
    return ++empty_lines_ <= kMaxEmptyLines || refuse(400, "only empty lines");
  }
  line_begin_ = head_.bytes_.size();
  has_request_line_ = true;
  return parse_request_line(line);
}

RequestHead::Part HeadParser::part(std::string_view inside) const noexcept {
  return {static_cast<std::uint32_t>(inside.data() - head_.bytes_.data()),
          static_cast<std::uint32_t>(inside.size())};
}

bool HeadParser::parse_request_line(std::string_view line) {
  const std::string_view method = cut(line, ' ');
  if (!is_token(method)) return refuse(400, "the method is no token");
  const std::size_t blank = line.rfind(' ');
  if (blank == std::string_view::npos) return refuse(400, "the request line has no version");
  head_.method_ = part(method);
  if (!parse_version(line.substr(blank + 1)) || !parse_target(line.substr(0, blank))) return false;
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
    return refuse(501, "the method is unknown");
  }
  return true;
}

bool HeadParser::parse_version(std::string_view version) {
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7])) {
    return refuse(400, "the version is malformed");
  }
  if (version[5] != '1') return refuse(505, "the version is not HTTP/1");
  // RFC 9110 2.5: a higher minor version is served as the highest we know.
  head_.minor_version_ = version[7] == '0' ? 0 : 1;
  return true;
}

bool HeadParser::parse_target(std::string_view target) {
  if (target.size() > limits_.max_target) return refuse(414, "the target is too long");
  const bool is_clean = std::all_of(target.begin(), target.end(), [](char byte) {
    return is_target_byte(static_cast<unsigned char>(byte));
  });
  if (target.empty() || !is_clean) return refuse(400, "the target is malformed");
  head_.target_ = part(target);

  if (target == "*" && head_.method() == "OPTIONS") {
    head_.path_ = part(target);
    return true;
  }
  if (target[0] != '/') {
    // RFC 9112 3.2.2: a whole URL, as proxies get it, must be understood by every server.
    const std::size_t scheme_end = target.find("://");
    const std::string_view scheme = target.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos ||
        (!equal_names(scheme, "http") && !equal_names(scheme, "https"))) {
      return refuse(400, "the target begins without a slash");
    }
    target.remove_prefix(scheme_end + 3);
    const std::string_view authority = target.substr(0, target.find_first_of("/?"));
    if (authority.empty() || !is_authority(authority)) return refuse(400, "the target's host is malformed");
    head_.authority_ = part(authority);
    target.remove_prefix(authority.size());
  }
  head_.path_ = part(cut(target, '?'));
  head_.query_ = target.empty() ? RequestHead::Part() : part(target);
  return true;
}

bool HeadParser::parse_field(std::string_view line) {
  if (head_.places_.size() >= limits_.max_fields) return refuse(431, "too many fields");
  // RFC 9112 5.2: lines that go on with a blank are obsolete, and read differently by different servers.
  if (is_blank(line[0])) return refuse(400, "a field line begins with a blank");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return refuse(400, "a field line has no colon");
  const std::string_view name = line.substr(0, colon);
  if (!is_token(name)) return refuse(400, "a field name is no token");
  const std::string_view value = trim_blanks(line.substr(colon + 1));
  if (!is_field_value(value)) return refuse(400, "a field value has a control byte");

  if (head_.places_.empty()) head_.places_.reserve(16);
  const RequestHead::Part name_part = part(name);
  const RequestHead::Part value_part = part(value);
  head_.places_.push_back({name_part.begin, name_part.size, value_part.begin, value_part.size});
  return true;
}

bool HeadParser::finish() {
  is_complete_ = check_host() && check_framing() && check_connection() && check_expectation();
  return is_complete_;
}

bool HeadParser::check_host() {
  const std::size_t hosts = head_.count("host");
  if (hosts > 1) return refuse(400, "more than one Host");
  if (hosts == 0 && head_.minor_version_ > 0) return refuse(400, "no Host");
  if (hosts == 1 && !is_authority(*head_.find("host"))) return refuse(400, "Host is malformed");
  return true;
}

// RFC 9112 6.1 and 6.3. Whatever could be read in two ways is refused: a proxy in front may have read it the
// other way, and what we take for the next request would be somebody's body.
bool HeadParser::check_framing() {
  const std::size_t codings = head_.count("transfer-encoding");
  const std::size_t lengths = head_.count("content-length");
  if (codings > 0) {
    if (head_.minor_version_ == 0) return refuse(400, "Transfer-Encoding in HTTP/1.0");
    if (lengths > 0) return refuse(400, "Content-Length beside Transfer-Encoding");
    if (codings > 1) return refuse(400, "more than one Transfer-Encoding");
    const std::string_view coding = *head_.find("transfer-encoding");
    if (coding.empty()) return refuse(400, "an empty Transfer-Encoding");
    if (!equal_names(coding, "chunked")) return refuse(501, "the transfer coding is not just chunked");
    head_.body_ = BodyKind::chunked;
    return true;
  }
  if (lengths > 1) return refuse(400, "more than one Content-Length");
  return lengths == 0 || check_length(*head_.find("content-length"));
}

bool HeadParser::check_length(std::string_view value) {
  std::uint64_t length = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, length);
  if (value.empty() || !is_digit(value[0]) || error != std::errc() || stop != end ||
      length > static_cast<std::uint64_t>(INT64_MAX)) {
    return refuse(400, "Content-Length is no number, or beyond all sizes");
  }
  head_.content_length_ = length;
  head_.body_ = length == 0 ? BodyKind::none : BodyKind::length;
  return true;
}

bool HeadParser::check_connection() {
  bool says_close = false;
  bool says_keep_alive = false;
  for (const Field field : head_.fields()) {
    if (!equal_names(field.name, "connection")) continue;
    says_close = says_close || list_names(field.value, "close");
    says_keep_alive = says_keep_alive || list_names(field.value, "keep-alive");
  }
  head_.keep_alive_ = !says_close && (head_.minor_version_ > 0 || says_keep_alive);
  return true;
}

bool HeadParser::check_expectation() {
  const auto expectation = head_.find("expect");
  // RFC 9110 10.1.1: of HTTP/1.0 it is to be ignored.
  if (!expectation || head_.minor_version_ == 0) return true;
  if (!equal_names(*expectation, "100-continue")) return refuse(417, "the expectation is unknown");
  head_.expects_continue_ = head_.body_ != BodyKind::none;
  return true;
}

std::optional<RequestHead> parse_request_head(std::string_view text, const HeadLimits& limits) {
  HeadParser parser(limits);
  const HeadStep step = parser.feed(text);
  if (step.state != HeadState::complete || step.consumed != text.size()) return std::nullopt;
  return parser.take();
}

}  // namespace naru::http
