// Flags, environment and file put together: flags go before the environment, the environment before the file.
//
//   OptionFlags flags(*app.add_subcommand("serve", "…"));
//   Faults faults;
//   const ServeSettings settings = gather(flags.given(faults), process_environment, file, faults);
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "naru/serve/given.hpp"
#include "naru/serve/settings.hpp"

namespace CLI {  // NOLINT: CLI11's name
class App;
}

namespace apps {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;
std::optional<std::string> process_environment(const std::string& name);

// The flags of a subcommand, as they were written. Lives as long as the subcommand is parsed.
class OptionFlags {
 public:
  explicit OptionFlags(CLI::App& command);
  OptionFlags(const OptionFlags&) = delete;
  OptionFlags& operator=(const OptionFlags&) = delete;

  Givens given(Faults& faults) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> texts_;
};

Givens read_environment(const Environment& environment, Faults& faults);
// Variables that are no option but nearly one (NARU_PROT). Others that begin with NARU_ belong to somebody
// else.
void refuse_slips(const std::vector<std::string>& names, Faults& faults);
std::vector<std::string> process_environment_names();

// What has a fault of its own is missing from it; what contradicts each other is judged by rules.hpp.
ServeSettings gather(const Givens& flags, const Givens& environment, const GivenFile& file);

}  // namespace apps
