// naru SUBCOMMAND: what naru can do without a program of your own.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "naru/chat_command.hpp"
#include "naru/exit_codes.hpp"
#include "naru/publish_command.hpp"
#include "naru/serve_command.hpp"
#include "naru/tail_command.hpp"

int main(int argc, char** argv) {
  CLI::App app("naru: a real-time server: one channel, one address, every transport; Socket.IO in C++");
  app.require_subcommand(1);
  try {
    apps::add_serve_command(app);
    apps::add_check_command(app);
    apps::add_publish_command(app);
    apps::add_tail_command(app);
    apps::add_chat_command(app);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& answer) {
    return app.exit(answer) == 0 ? apps::kDone : apps::kWronglyCalled;
  } catch (const apps::Exit& exit) {
    return exit.code;
  } catch (const std::exception& failure) {
    std::cerr << "naru: " << failure.what() << '\n';
    return apps::kFailed;
  }
}
