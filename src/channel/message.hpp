// What is published, and what it becomes once it has its number.
//
//   Message message{.kind = Kind::json, .data = base::Frame::copy(R"({"n":1})"), .event = "goal"};
//   if (auto wrong = find_fault(message)) refuse(*wrong);
//
// A Publication never changes once made and is shared by reference between threads, readers and the store.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/frame.hpp"
#include "channel/forms.hpp"
#include "channel/position.hpp"

namespace naru::channel {

// How `data` is shown to readers: as "data" (the text stands as it is), "text" or "base64".
// The numbers are stored on disk: never change them.
enum class Kind : std::uint8_t {
  json = 0,    // one JSON text that the caller has validated; it is not looked at again
  text = 1,    // valid UTF-8
  binary = 2,  // anything
};

// A peer chooses these texts, so each has a bound; they are names, not content.
inline constexpr std::size_t kMaxEventSize = 256;
inline constexpr std::size_t kMaxKeySize = 256;
inline constexpr std::size_t kMaxTypeSize = 128;     // a media type with its parameters
inline constexpr std::size_t kMaxSenderSize = 4096;  // a small JSON object of the application's
// Thirty-two headers with names of 64 and values of 256 bytes, each of which JSON may have to escape.
inline constexpr std::size_t kMaxHeadersSize = 20'480;
// What fits into one store transaction beside others; larger things belong in files with a link in the
// channel.
inline constexpr std::size_t kMaxDataSize = std::size_t{16} << 20;

// What a publisher says. An empty text means "not given".
struct Message {
  Kind kind = Kind::json;
  base::Frame data{};
  std::string event{};
  std::string key{};      // what the message is about; `latest` followers get only the newest of a key
  std::string type{};     // media type of a binary message
  std::string sender{};   // the application's note of who said it; doors do not show it
  std::string headers{};  // one JSON object of texts on one line that the caller has validated
};

// A sentence about the first limit that the message passes over; empty when all is well.
std::optional<std::string_view> find_fault(const Message& message);

struct Publication {
  // Beside the bytes themselves: this struct, its reference count, its place in the ring.
  static constexpr std::size_t kOverhead = 352;

  Position position{};
  Message message{};
  base::TimePoint appended{};                    // for the age limit
  std::chrono::system_clock::time_point wall{};  // for people; never for order
  Forms forms{};                                 // what it looks like on the wire, made when first asked for

  // Bytes of memory that keeping it costs; forms have a limit of their own.
  std::size_t cost() const noexcept {
    return kOverhead + message.data.size() + message.event.size() + message.key.size() + message.type.size() +
           message.sender.size() + message.headers.size();
  }
};

using PublicationRef = std::shared_ptr<const Publication>;

}  // namespace naru::channel
