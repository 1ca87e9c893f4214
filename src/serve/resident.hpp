// Something that lives on one loop until it ends: an HTTP connection, a WebSocket. The loop's server owns it.
#pragma once

#include "base/intrusive_list.hpp"

namespace naru::serve {

struct Residents;  // the list's tag

class Resident : public base::ListHook<Residents> {
 public:
  virtual ~Resident() = default;
  // The server stops: finish what is under way, say goodbye in the protocol's words, end soon.
  virtual void say_goodbye() = 0;
  // Ends now, without a word. It disposes of itself during the call.
  virtual void cut() = 0;
};

}  // namespace naru::serve
