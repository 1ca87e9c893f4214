// A client's CONNECTs that are not at their gates yet: the namespace is looked for, or the session that the
// client was before. Rare, and over soon: a Client has one of these only meanwhile. On its loop.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "app/namespace_core.hpp"
#include "app/namespace_search.hpp"
#include "app/recovery.hpp"

namespace naru::app {

struct Arrivals {
  std::vector<std::shared_ptr<NamespaceSearch>> searches;
  std::vector<std::shared_ptr<Return>> wishes;

  std::size_t size() const { return searches.size() + wishes.size(); }
  bool has(std::string_view nsp) const {
    return std::any_of(searches.begin(), searches.end(),
                       [&](const auto& each) { return each->name() == nsp; }) ||
           std::any_of(wishes.begin(), wishes.end(),
                       [&](const auto& each) { return each->nsp->name() == nsp; });
  }
  // The client has gone: nobody is told what is found.
  void abandon() const {
    for (const auto& search : searches)
      search->abandon();
    for (const auto& wish : wishes)
      wish->client = nullptr;
  }
};

}  // namespace naru::app
