// naru SUBCOMMAND: what naru can do without a program of your own.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "naru/chat_command.hpp"

int main(int argc, char** argv) {
  CLI::App app("naru: a real-time server, Socket.IO in C++");
  app.require_subcommand(1);
  try {
    apps::add_chat_command(app);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& answer) {
    return app.exit(answer);
  } catch (const std::exception& failure) {
    std::cerr << "naru: " << failure.what() << '\n';
    return 1;
  }
}
