// What may not be served together, and what has to be said.
//
// Loopback and open, or public and closed: where other machines reach the server, who may follow and who may
// publish has to be said, and that everybody may publish has to be said twice (`public_and_open`).
#pragma once

#include "naru/serve/given.hpp"
#include "naru/serve/settings.hpp"

namespace apps {

// Fills in what follows from the rest (`follow` and `publish` where nobody said them), and adds a fault for
// every contradiction. Faults in a group begin with its place in `file`.
void settle(ServeSettings& settings, const GivenFile& file, Faults& faults);

}  // namespace apps
