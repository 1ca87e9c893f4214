// What is published to a channel and what comes out of it.
//
//   std::vector<naru::Draft> batch;
//   batch.push_back(naru::Draft::json(move, {.event = "move", .key = player}));
//   batch.push_back(naru::Draft::binary(jpeg, {.type = "image/jpeg"}));
//   auto publishing = channel.publish_all(std::move(batch));
//
// Values.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "naru/bytes.hpp"
#include "naru/codec.hpp"
#include "naru/value.hpp"

namespace naru {
inline namespace v0 {

// Where a message stands: opaque text of [A-Za-z0-9_.~-], at most 64 bytes. Compare for equality only.
class Position {
 public:
  Position() = default;
  explicit Position(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Position&, const Position&) = default;

 private:
  std::string text_;
};

// What the data of a message is.
enum class Content {
  json,
  text,    // UTF-8
  binary,  // anything
};

struct PublishOptions {
  std::string event = {};  // a name, at most 256 bytes
  std::string key = {};    // what the message is about; `latest` followers get the newest of each key
  std::string idempotency_key = {};  // the same one again is the same message
  // At most 32: names of [A-Za-z0-9_-]{1,64}, values of at most 256 bytes without control characters.
  std::map<std::string, std::string> headers = {};
  std::string type = {};  // of text and binary: its media type, when it is no text/plain
};

struct Published {
  Position position = {};
  bool repeated = false;
};

// A message that is yet to be published.
struct Draft {
  Content content = Content::json;
  std::string body = {};  // JSON that is known to be valid, text, or bytes
  PublishOptions options = {};

  // (Overloads, as in Channel: no default argument.)
  template <class T>
  static Draft json(const T& value) {
    return json(value, PublishOptions());
  }
  template <class T>
  static Draft json(const T& value, PublishOptions options) {
    Draft draft{.content = Content::json, .body = {}, .options = std::move(options)};
    std::vector<Bytes> none;
    ArgumentWriter writer(draft.body, none);
    encode_arguments(writer, value);
    return draft;
  }
  static Draft text(std::string text) { return Draft::text(std::move(text), PublishOptions()); }
  static Draft text(std::string text, PublishOptions options) {
    return {.content = Content::text, .body = std::move(text), .options = std::move(options)};
  }
  static Draft binary(std::string bytes) { return Draft::binary(std::move(bytes), PublishOptions()); }
  static Draft binary(std::string bytes, PublishOptions options) {
    return {.content = Content::binary, .body = std::move(bytes), .options = std::move(options)};
  }
};

struct ChannelMessage {
  Position position = {};
  std::string event = {};
  std::string key = {};
  std::map<std::string, std::string> headers = {};
  Content content = Content::json;
  Value data = {};                                  // of JSON; else null
  std::string body = {};                            // of text and binary
  std::string type = {};                            // their media type; empty: text/plain
  std::chrono::system_clock::time_point time = {};  // when it was published; for people, not for order
};

}  // namespace v0
}  // namespace naru
