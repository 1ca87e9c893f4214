// The flags that tail and publish share: which server, which path, which token.
#pragma once

#include <CLI/CLI.hpp>

#include "naru/client/address.hpp"

namespace apps {

inline void add_connection_flags(CLI::App& command, ChannelAddress& address) {
  command.add_option("channel", address.channel, "the channel's name")->required()->type_name("CHANNEL");
  command.add_option("--url", address.server, "the server")
      ->envname("NARU_URL")
      ->capture_default_str()
      ->check([](const std::string& url) {
        return url.starts_with("http://") || url.starts_with("https://")
                   ? ""
                   : "it begins with http:// or https://";
      });
  command.add_option("--path", address.path, "where its channels are")->capture_default_str();
  command.add_option("--token", address.token, "bearer token")->envname("NARU_TOKEN");
}

}  // namespace apps
