// Who is who, on each loop: the sockets that a gate's verdict has given a name. Each loop touches its own
// part.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/handlers.hpp"
#include "base/text_map.hpp"
#include "hub/loop_group.hpp"

namespace naru::app {

class Identities {
 public:
  explicit Identities(std::size_t loops) : here_(loops) {}

  void add(const std::string& identity, SocketRecord& socket) { here()[identity].push_back(&socket); }
  void remove(std::string_view identity, const SocketRecord& socket) {
    auto found = here().find(identity);
    if (found == here().end()) return;
    std::erase(found->second, &socket);
    if (found->second.empty()) here().erase(found);
  }
  // On this loop.
  std::vector<SocketRecord*> find(std::string_view identity) const {
    const Table& table = here_[hub::LoopGroup::current_loop()];
    auto found = table.find(identity);
    return found == table.end() ? std::vector<SocketRecord*>() : found->second;
  }

 private:
  using Table = base::TextMap<std::vector<SocketRecord*>>;
  Table& here() { return here_[hub::LoopGroup::current_loop()]; }
  std::vector<Table> here_;
};

}  // namespace naru::app
