#include "naru/serve/sources.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "naru/serve/nearest.hpp"
#include "naru/serve/schema.hpp"
#include "naru/serve/values.hpp"

namespace apps {
namespace {

constexpr std::size_t kLongName = 13;  // with NARU_

std::string help_of(const OptionFacts& facts, const OptionValue& by_default) {
  std::string help = std::string(facts.sentence) + " (" + type_of(facts);
  if (const std::string shown = show(facts, by_default); !shown.empty()) help += "; default " + shown;
  return help + "; " + environment_name(facts.name) + ")";
}

// "--chat,!--no-chat": a flag that can also be taken back, since the file may have said it.
std::string yes_no_name(std::string_view name) {
  const std::string flag = flag_name(name);
  return flag + ",!--no-" + flag.substr(2);
}

std::string meant(const std::string& option) {
  return "there is no such option; did you mean " + option + "?";
}

template <class Target>
void apply(Target& target, std::span<const Option<Target>> options, const Givens& givens) {
  for (const auto& option : options) {
    if (const auto given = givens.find(option.facts.name); given != givens.end())
      option.write(target, given->second.value);
  }
}

void apply_all(ServeSettings& settings, const Givens& givens) {
  apply(settings, server_options(), givens);
  apply(settings.channels, channel_options(), givens);
}

// A group's own tokens are instead of those of all, whichever way either was said.
void forget_replaced_tokens(ChannelGroup& group, const Givens& given) {
  const auto has = [&given](const char* name) { return given.find(name) != given.end(); };
  if (has("follow_tokens") || has("follow_tokens_file")) {
    group.follow_tokens.clear();
    group.follow_tokens_file.clear();
  }
  if (has("publish_tokens") || has("publish_tokens_file")) {
    group.publish_tokens.clear();
    group.publish_tokens_file.clear();
  }
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts)
    all += (all.empty() ? "" : ",") + text;
  return all;
}

void read_one(const OptionFacts& facts, std::string_view text, std::string where, Givens& givens,
              Faults& faults) {
  ReadValue read = read_text(facts, text);
  if (!read.value) return faults.push_back({std::move(where), std::move(read.fault)});
  givens.insert_or_assign(std::string(facts.name), Given{std::move(*read.value), std::move(where)});
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::vector<std::string> process_environment_names() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

OptionFlags::OptionFlags(CLI::App& command) {
  for_each_option([this, &command](const OptionFacts& facts, const OptionValue& by_default) {
    if (is_only_in_groups(facts.name)) return;
    const std::string name(facts.name);
    if (facts.kind == Kind::boolean) {
      command.add_flag_function(
          yes_no_name(name),
          [this, name](std::int64_t count) { texts_[name] = {count > 0 ? "true" : "false"}; },
          help_of(facts, by_default));
      return;
    }
    auto take = [this, name](const std::vector<std::string>& texts) { texts_[name] = texts; };
    auto* flag = command.add_option_function<std::vector<std::string>>(flag_name(name), take,
                                                                       help_of(facts, by_default));
    flag->type_name(facts.kind == Kind::list ? "TEXT,…" : facts.kind == Kind::text ? "TEXT" : "N");
    flag->allow_extra_args(false);  // else it would swallow the file's name behind it
  });
}

Givens OptionFlags::given(Faults& faults) const {
  Givens givens;
  for_each_option([&](const OptionFacts& facts, const OptionValue&) {
    const auto texts = texts_.find(facts.name);
    if (texts == texts_.end()) return;
    if (facts.kind != Kind::list && texts->second.size() > 1) {
      return faults.push_back(
          {flag_name(facts.name), "it is there " + std::to_string(texts->second.size()) + " times"});
    }
    read_one(facts, joined(texts->second), flag_name(facts.name), givens, faults);
  });
  return givens;
}

Givens read_environment(const Environment& environment, Faults& faults) {
  Givens givens;
  for_each_option([&](const OptionFacts& facts, const OptionValue&) {
    if (is_only_in_groups(facts.name)) return;
    const std::string name = environment_name(facts.name);
    if (const auto text = environment(name)) read_one(facts, *text, name, givens, faults);
  });
  return givens;
}

void refuse_slips(const std::vector<std::string>& names, Faults& faults) {
  std::vector<std::string> known;
  for_each_option([&known](const OptionFacts& facts, const OptionValue&) {
    if (!is_only_in_groups(facts.name)) known.push_back(environment_name(facts.name));
  });
  for (const std::string& name : names) {
    if (!name.starts_with("NARU_") || std::find(known.begin(), known.end(), name) != known.end()) continue;
    for (const std::string& option : known) {
      // Short names of strangers are two letters away from each other.
      const std::size_t slips = option.size() < kLongName ? 1 : 2;
      if (letters_apart(name, option) > slips) continue;
      faults.push_back({name, meant(option)});
      break;
    }
  }
}

ServeSettings gather(const Givens& flags, const Givens& environment, const GivenFile& file) {
  ServeSettings settings;
  apply_all(settings, file.values);
  apply_all(settings, environment);
  apply_all(settings, flags);
  for (const GivenGroup& given : file.groups) {
    ChannelGroup group = settings.channels;
    forget_replaced_tokens(group, given.values);
    apply(group, channel_options(), given.values);
    settings.groups.push_back(std::move(group));
  }
  return settings;
}

}  // namespace apps
