// A JSON object that is written once and has no type of its own.
//
//   ack(chat::json_object([&](naru::ArgumentWriter& out) { out.member("ok", true); out.member("id", id); }));
#pragma once

#include "naru/argument.hpp"
#include "naru/codec.hpp"
#include "naru/raw_json.hpp"

namespace chat {

template <class Fill>
naru::RawJson json_object(Fill&& fill) {
  naru::RawJson json;
  naru::ArgumentWriter out(json.text, json.attachments);
  out.begin_object();
  fill(out);
  out.end_object();
  return json;
}

inline naru::RawJson just_ok() {
  return naru::RawJson{R"({"ok":true})"};
}

}  // namespace chat
