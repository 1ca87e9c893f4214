#include "socketio/packet.hpp"

#include "base/json_text.hpp"

namespace naru::socketio {

std::string_view event_name(std::string_view element, std::string& space) {
  if (element.empty() || element.front() != '"') return element;
  std::string_view inside = element.substr(1, element.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return inside;
  space.clear();
  return base::decode_json_string(element, space) ? std::string_view(space) : std::string_view();
}

}  // namespace naru::socketio
