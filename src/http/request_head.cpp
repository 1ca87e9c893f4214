#include "http/request_head.hpp"

#include "http/grammar.hpp"

namespace naru::http {

std::string_view RequestHead::host() const noexcept {
  return authority_.size > 0 ? view(authority_) : find("host").value_or(std::string_view());
}

bool RequestHead::wants_upgrade(std::string_view protocol) const noexcept {
  if (minor_version_ == 0 || body_ != BodyKind::none) return false;
  bool connection_says_so = false;
  bool upgrade_names_it = false;
  for (const Field field : fields()) {
    if (equal_names(field.name, "connection")) {
      connection_says_so = connection_says_so || list_names(field.value, "upgrade");
    } else if (equal_names(field.name, "upgrade")) {
      upgrade_names_it = upgrade_names_it || list_names(field.value, protocol);
    }
  }
  return connection_says_so && upgrade_names_it;
}

}  // namespace naru::http
