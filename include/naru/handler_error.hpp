// What on_error is told: why an event of a client came to nothing.
//
//   io.on_error([](naru::Socket& s, const naru::HandlerError& e) { note(s.id(), e.event, e.message); });
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "naru/raw_json.hpp"

namespace naru {
inline namespace v0 {

struct HandlerError {
  enum class Source : std::uint8_t {
    handler,     // it threw, or the arguments were not what it takes
    middleware,  // Socket::use() has refused the event: `message` and `data` are the verdict's
    decoder,     // the client broke the protocol; its connection ends
  };
  Source source = Source::handler;
  std::string event = {};    // empty when it has none
  std::string message = {};  // "argument 2 does not decode", or what() of the exception
  std::optional<RawJson> data = {};
};

}  // namespace v0
}  // namespace naru
