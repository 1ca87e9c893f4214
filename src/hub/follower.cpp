#include "hub/follower.hpp"

#include "hub/station.hpp"

namespace naru::hub {

Follower::~Follower() {
  if (station_ != nullptr) station_->leave(*this);
}

}  // namespace naru::hub
