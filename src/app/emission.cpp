#include "naru/emission.hpp"

#include <stdexcept>

#include "socketio/reserved.hpp"

namespace naru {
inline namespace v0 {

Emission Emission::named(std::string_view event) {
  if (socketio::is_reserved_event(event)) {
    throw std::logic_error("\"" + std::string(event) + "\" is a reserved event name: it cannot be emitted");
  }
  Emission emission;
  ArgumentWriter writer(emission.text, emission.attachments);
  writer.string(event);
  return emission;
}

}  // namespace v0
}  // namespace naru
