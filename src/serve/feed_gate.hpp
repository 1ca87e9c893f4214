// Asks whoever keeps a feed's gate whether a request may do what it wants.
//
//   pass_gate(std::move(answer), std::move(entry), enter);    // enter(answer, entry) once it may; else 403
//
// A client that hangs up meanwhile cancels the question.
#pragma once

#include "serve/feed_answer.hpp"

namespace naru::serve {

// The entry has its verdict, and its handshake where FeedEntry says so.
using EnterFeed = void (*)(FeedAnswer answer, FeedEntry entry);
void pass_gate(FeedAnswer answer, FeedEntry entry, EnterFeed enter);

// All that the request names, as the gate knows it.
FeedQuestion question_of(const FeedEntry& entry);

}  // namespace naru::serve
