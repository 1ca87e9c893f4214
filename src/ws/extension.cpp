#include "ws/extension.hpp"

#include <algorithm>
#include <utility>

#include "http/fields.hpp"
#include "http/grammar.hpp"

namespace naru::ws {
namespace {

constexpr std::string_view kDeflate = "permessage-deflate";
constexpr std::string_view kServerNoTakeover = "server_no_context_takeover";
constexpr std::string_view kClientNoTakeover = "client_no_context_takeover";
constexpr std::string_view kServerBits = "server_max_window_bits";
constexpr std::string_view kClientBits = "client_max_window_bits";
constexpr int kMinBits = 8;
constexpr int kMaxBits = 15;

// RFC 6455 refers to RFC 2616, whose grammar lets blanks stand between any two words.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) { skip_blanks(); }

  bool at_end() const noexcept { return rest_.empty(); }
  bool take(char mark) noexcept {
    if (rest_.empty() || rest_.front() != mark) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }
  // Empty when there is none.
  std::string_view take_token() noexcept {
    std::size_t size = 0;
    while (size < rest_.size() && http::is_token_byte(static_cast<unsigned char>(rest_[size])))
      ++size;
    const std::string_view token = rest_.substr(0, size);
    rest_.remove_prefix(size);
    skip_blanks();
    return token;
  }
  // What is quoted must be a token too (RFC 6455 9.1). Empty when it is not.
  std::string take_value() {
    if (rest_.empty() || rest_.front() != '"') return std::string(take_token());
    std::string value;
    for (rest_.remove_prefix(1); !rest_.empty() && rest_.front() != '"'; rest_.remove_prefix(1)) {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) return {};
      value += rest_.front();
    }
    if (!take('"') || !http::is_token(value)) return {};
    return value;
  }

 private:
  void skip_blanks() noexcept {
    while (!rest_.empty() && http::is_blank(rest_.front()))
      rest_.remove_prefix(1);
  }
  std::string_view rest_;
};

bool parse_parameter(Words& words, ExtensionParameter& parameter) {
  parameter.name = words.take_token();
  if (parameter.name.empty()) return false;
  if (!words.take('=')) return true;
  parameter.value = words.take_value();
  return !parameter.value->empty();
}

bool parse_extension(Words& words, Extension& extension) {
  extension.name = words.take_token();
  if (extension.name.empty()) return false;
  while (words.take(';')) {
    if (!parse_parameter(words, extension.parameters.emplace_back())) return false;
  }
  return true;
}

// RFC 7692 7.1.2: a decimal number without leading zeros.
std::optional<int> parse_bits(std::string_view text) noexcept {
  int bits = 0;
  if (text.size() > 2 || text.starts_with('0')) return std::nullopt;
  for (const char digit : text) {
    if (!http::is_digit(digit)) return std::nullopt;
    bits = bits * 10 + (digit - '0');
  }
  return bits >= kMinBits && bits <= kMaxBits ? std::optional(bits) : std::nullopt;
}

// What one offer asks for.
struct Offer {
  bool server_no_takeover = false;
  bool client_no_takeover = false;
  bool lets_choose_client_bits = false;
  std::optional<int> server_bits{};
  std::optional<int> client_bits{};
};

bool take_parameter(const ExtensionParameter& parameter, Offer& offer) {
  if (parameter.name == kServerNoTakeover) {
    return !parameter.value && !std::exchange(offer.server_no_takeover, true);
  }
  if (parameter.name == kClientNoTakeover) {
    return !parameter.value && !std::exchange(offer.client_no_takeover, true);
  }
  if (parameter.name == kServerBits) {
    if (offer.server_bits || !parameter.value) return false;
    offer.server_bits = parse_bits(*parameter.value);
    return offer.server_bits.has_value();
  }
  if (parameter.name == kClientBits) {
    if (std::exchange(offer.lets_choose_client_bits, true)) return false;
    if (!parameter.value) return true;
    offer.client_bits = parse_bits(*parameter.value);
    return offer.client_bits.has_value();
  }
  return false;
}

std::optional<Offer> read_offer(const Extension& extension) {
  if (extension.name != kDeflate) return std::nullopt;
  Offer offer;
  for (const ExtensionParameter& parameter : extension.parameters) {
    if (!take_parameter(parameter, offer)) return std::nullopt;
  }
  return offer;
}

void add_flag(std::string& answer, std::string_view name) {
  answer += "; ";
  answer += name;
}
void add_bits(std::string& answer, std::string_view name, int bits) {
  add_flag(answer, name);
  answer += '=' + std::to_string(bits);
}

// A server may ask for less than it was offered, but for the client's window only when the offer names it
// (RFC 7692 7.1.2.2).
AgreedDeflate agree(const Offer& offer, const CompressionOptions& options) {
  AgreedDeflate agreed{.parameters = {}, .answer = std::string(kDeflate)};
  DeflateParameters& parameters = agreed.parameters;
  parameters.server_no_context_takeover = offer.server_no_takeover || options.server_no_context_takeover;
  parameters.client_no_context_takeover = offer.client_no_takeover || options.client_no_context_takeover;
  parameters.server_max_window_bits =
      std::min(offer.server_bits.value_or(kMaxBits), options.server_max_window_bits);
  if (offer.lets_choose_client_bits) {
    parameters.client_max_window_bits =
        std::min(offer.client_bits.value_or(kMaxBits), options.client_max_window_bits);
  }
  if (parameters.server_no_context_takeover) add_flag(agreed.answer, kServerNoTakeover);
  if (parameters.client_no_context_takeover) add_flag(agreed.answer, kClientNoTakeover);
  if (offer.server_bits || parameters.server_max_window_bits < kMaxBits) {
    add_bits(agreed.answer, kServerBits, parameters.server_max_window_bits);
  }
  if (offer.client_bits || parameters.client_max_window_bits < kMaxBits) {
    add_bits(agreed.answer, kClientBits, parameters.client_max_window_bits);
  }
  return agreed;
}

}  // namespace

// Empty items of a list count for nothing (RFC 9110 5.6.1.2).
bool parse_extensions(std::string_view text, std::vector<Extension>& out) {
  Words words(text);
  while (!words.at_end()) {
    if (words.take(',')) continue;
    if (!parse_extension(words, out.emplace_back())) return false;
    if (!words.at_end() && !words.take(',')) return false;
  }
  return true;
}

std::optional<AgreedDeflate> negotiate_deflate(const http::RequestHead& request,
                                               const CompressionOptions& options) {
  if (!options.enabled) return std::nullopt;
  std::vector<Extension> extensions;
  for (const http::Field field : request.fields()) {
    if (!http::equal_names(field.name, "sec-websocket-extensions")) continue;
    if (!parse_extensions(field.value, extensions)) return std::nullopt;
  }
  for (const Extension& extension : extensions) {
    if (const std::optional<Offer> offer = read_offer(extension)) return agree(*offer, options);
  }
  return std::nullopt;
}

}  // namespace naru::ws
