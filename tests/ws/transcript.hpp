// What a receiver tells, as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ws/receiver.hpp"

namespace naru::ws {

// Writes one line for each event.
struct Transcript : ReceiverEvents {
  void on_message(std::string_view data, bool binary) override {
    text += (binary ? "binary " : "text ") + std::string(data) + "\n";
  }
  void on_ping(std::string_view payload) override { text += "ping " + std::string(payload) + "\n"; }
  void on_pong(std::string_view payload) override { text += "pong " + std::string(payload) + "\n"; }
  void on_close_frame(std::uint16_t code, std::string_view reason) override {
    text += "close " + std::to_string(code) + " " + std::string(reason) + "\n";
  }
  void on_failure(CloseCode code, std::string_view sentence) override {
    text += "failure " + std::to_string(number(code)) + " " + std::string(sentence) + "\n";
  }
  std::string text;
};

}  // namespace naru::ws
