// naru publish: messages from arguments, a file or stdin into a channel.
#pragma once

#include <CLI/CLI.hpp>

namespace apps {

// Adds the subcommand; it runs when the command line is parsed. Throws std::exception with a sentence, or
// Exit.
void add_publish_command(CLI::App& app);

}  // namespace apps
