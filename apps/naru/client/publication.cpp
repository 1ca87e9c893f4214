#include "naru/client/publication.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "naru/argument.hpp"
#include "naru/codec.hpp"
#include "naru/raw_json.hpp"

namespace apps {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kText = "text/plain";
constexpr std::string_view kBytes = "application/octet-stream";

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                                       static_cast<int>(bytes.size()))));
  return text;
}

std::string in_quotes(std::string_view text) {
  std::string quoted;
  std::vector<naru::Bytes> none;
  naru::ArgumentWriter(quoted, none).string(text);
  return quoted;
}

// The writer puts U+FFFD for what is no UTF-8.
bool is_utf8(std::string_view text) {
  const std::string quoted = in_quotes(text);
  return naru::Argument(quoted).get<std::string>() == text;
}

// JSON on one line: line feeds stand only between its tokens.
std::string on_one_line(std::string_view json) {
  std::string line(json);
  for (char& c : line)
    if (c == '\n' || c == '\r') c = ' ';
  return line;
}

void add(std::string& object, std::string_view name, const std::string& value) {
  if (!value.empty()) object += ",\"" + std::string(name) + "\":" + in_quotes(value);
}

}  // namespace

std::string guessed_type(std::string_view body) {
  if (naru::RawJson::parse(body)) return std::string(kJson);
  return std::string(is_utf8(body) ? kText : kBytes);
}

std::string publish_object(const Publication& publication) {
  std::string object;
  const bool is_text = publication.type.starts_with("text/") && is_utf8(publication.body);
  if (publication.type == kJson) {
    object = "{\"data\":" + on_one_line(publication.body);
  } else if (is_text) {
    object = "{\"text\":" + in_quotes(publication.body);
  } else {
    object = "{\"base64\":\"" + base64(publication.body) + "\"";
  }
  if (publication.type != kJson && publication.type != kText) add(object, "type", publication.type);
  add(object, "event", publication.event);
  add(object, "key", publication.key);
  add(object, "idempotency_key", publication.idempotency_key);
  std::string headers;
  for (const auto& [name, value] : publication.headers)
    headers += (headers.empty() ? "" : ",") + in_quotes(name) + ":" + in_quotes(value);
  if (!headers.empty()) object += ",\"headers\":{" + headers + "}";
  return object + "}";
}

std::vector<std::string> publish_fields(const Publication& publication) {
  std::vector<std::string> fields = {"Content-Type: " + publication.type};
  if (!publication.event.empty()) fields.push_back("Naru-Event: " + publication.event);
  if (!publication.key.empty()) fields.push_back("Naru-Key: " + publication.key);
  if (!publication.idempotency_key.empty())
    fields.push_back("Idempotency-Key: " + publication.idempotency_key);
  for (const auto& [name, value] : publication.headers)
    fields.emplace_back("Naru-Header-").append(name).append(": ").append(value);
  return fields;
}

std::string new_idempotency_key() {
  std::array<unsigned char, 12> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw std::runtime_error("there are no random bytes");
  return "publish-" + base64({reinterpret_cast<const char*>(random.data()), random.size()});
}

}  // namespace apps
