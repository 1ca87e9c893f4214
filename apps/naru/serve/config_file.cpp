#include "naru/serve/config_file.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "naru/serve/nearest.hpp"
#include "naru/serve/schema.hpp"
#include "naru/serve/values.hpp"

namespace apps {
namespace {

std::string place_of(const std::string& name, const toml::source_region& source) {
  return name + ":" + std::to_string(source.begin.line);
}

// Empty for what no option can be: a table, a date, a list of anything but texts.
std::optional<OptionValue> value_of(const toml::node& node) {
  if (const auto* yes = node.as_boolean()) return OptionValue(yes->get());
  if (const auto* whole = node.as_integer()) return OptionValue(whole->get());
  if (const auto* number = node.as_floating_point()) return OptionValue(number->get());
  if (const auto* text = node.as_string()) return OptionValue(text->get());
  const auto* list = node.as_array();
  if (list == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (const toml::node& element : *list) {
    if (!element.is_string()) return std::nullopt;
    texts.push_back(element.as_string()->get());
  }
  return OptionValue(std::move(texts));
}

class Reader {
 public:
  Reader(const std::string& name, Faults& faults) : name_(name), faults_(faults) {
    for (const auto& option : server_options())
      top_.push_back(&option.facts);
    for (const auto& option : channel_options()) {
      if (!is_only_in_groups(option.facts.name)) top_.push_back(&option.facts);
      in_group_.push_back(&option.facts);
    }
  }

  GivenFile read(const toml::table& root) {
    GivenFile file;
    for (const auto& [key, node] : root) {
      if (key.str() == "channels") {
        read_groups(node, file.groups);
      } else {
        take(top_, key, node, file.values, "");
      }
    }
    return file;
  }

 private:
  using Known = std::vector<const OptionFacts*>;

  void read_groups(const toml::node& node, std::vector<GivenGroup>& groups) {
    const auto* list = node.as_array();
    if (list == nullptr || (!list->empty() && !list->is_array_of_tables())) {
      return add(node.source(), "channels are tables of their own, each begins with [[channels]]");
    }
    if (list->size() > kMaxGroups) {
      return add(node.source(), "there are more than " + std::to_string(kMaxGroups) + " [[channels]]");
    }
    for (const toml::node& element : *list) {
      GivenGroup group{place_of(name_, element.source()), {}};
      for (const auto& [key, value] : *element.as_table())
        take(in_group_, key, value, group.values, " in [[channels]]");
      groups.push_back(std::move(group));
    }
  }

  void take(const Known& known, const toml::key& key, const toml::node& node, Givens& values,
            std::string_view where) {
    const OptionFacts* facts = find(known, key.str());
    if (facts == nullptr) return add_unknown(known, key, where);
    auto value = value_of(node);
    ReadValue read = value ? checked(*facts, std::move(*value))
                           : ReadValue{.fault = std::string(facts->name) + " is " + type_of(*facts)};
    if (!read.value) return add(node.source(), read.fault);
    values.insert_or_assign(std::string(facts->name),
                            Given{std::move(*read.value), place_of(name_, node.source())});
  }

  static const OptionFacts* find(const Known& known, std::string_view name) {
    for (const OptionFacts* facts : known)
      if (facts->name == name) return facts;
    return nullptr;
  }

  void add_unknown(const Known& known, const toml::key& key, std::string_view where) {
    std::vector<std::string_view> names;
    for (const OptionFacts* facts : known)
      names.push_back(facts->name);
    if (&known == &top_) names.push_back("channels");
    std::string sentence = "there is no key `" + std::string(key.str()) + "`" + std::string(where);
    if (is_only_in_groups(key.str())) {
      sentence += "; it belongs into a [[channels]]";
    } else if (const auto near = nearest(key.str(), names); !near.empty()) {
      sentence += "; did you mean `" + std::string(near) + "`?";
    }
    add(key.source(), std::move(sentence));
  }

  void add(const toml::source_region& source, std::string sentence) {
    faults_.push_back({place_of(name_, source), std::move(sentence)});
  }

  const std::string& name_;
  Faults& faults_;
  Known top_;
  Known in_group_;
};

}  // namespace

GivenFile read_config_text(std::string_view text, const std::string& name, Faults& faults) {
  try {
    const toml::table root = toml::parse(text, name);
    return Reader(name, faults).read(root);
  } catch (const toml::parse_error& error) {
    faults.push_back({place_of(name, error.source()), std::string(error.description())});
    return {};
  }
}

GivenFile read_config_file(const std::string& path, Faults& faults) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    text.resize(kMaxConfigFile + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
  }
  if (text.size() > kMaxConfigFile) {
    faults.push_back({path, "it has more than " + std::to_string(kMaxConfigFile) + " bytes"});
    return {};
  }
  if (!file.is_open() || file.bad()) {
    faults.push_back({path, "it cannot be read"});
    return {};
  }
  return read_config_text(text, path, faults);
}

}  // namespace apps
