// naru serve: the ready-made server; naru check: what it would serve.
#pragma once

#include <CLI/CLI.hpp>

namespace apps {

// Each adds a subcommand, which runs when the command line is parsed. What cannot work throws std::exception
// with a sentence, or Exit.
void add_serve_command(CLI::App& app);
void add_check_command(CLI::App& app);

}  // namespace apps
