// naru chat: the chat service from one command.
#pragma once

#include <CLI/CLI.hpp>

namespace apps {

// Adds the subcommand; it runs when the command line is parsed, and returns when the server has stopped. What
// cannot work throws std::exception with a sentence.
void add_chat_command(CLI::App& app);

}  // namespace apps
