// naru tail: a channel's messages on stdout, one JSON object a line.
#pragma once

#include <CLI/CLI.hpp>

namespace apps {

// Adds the subcommand; it runs when the command line is parsed. Throws std::exception with a sentence, or
// Exit.
void add_tail_command(CLI::App& app);

}  // namespace apps
