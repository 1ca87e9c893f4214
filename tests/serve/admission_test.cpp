#include "serve/admission.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "support/fake_clock.hpp"

namespace naru::serve {
namespace {

using namespace std::chrono_literals;

struct Guests : testing::Test {
  test::FakeClock clock;
  net::TimerWheel timers{clock.now()};
  Admissions all{timers, clock};
  std::vector<AdmissionEnd> told;

  std::unique_ptr<Admission> admit(const Verdict& verdict) {
    return std::make_unique<Admission>(all, verdict, [this](AdmissionEnd why) { told.push_back(why); });
  }
  void advance(base::Duration by) {
    clock.advance(by);
    timers.advance(clock.now());
  }
};

TEST_F(Guests, AnIdentityIsEndedWhereverItIs) {
  const auto one = admit(allow.as("ann"));
  const auto two = admit(allow.as("ann"));
  const auto other = admit(allow.as("bob"));
  all.end_all("ann");
  EXPECT_EQ(told, (std::vector{AdmissionEnd::disconnected, AdmissionEnd::disconnected}));
  all.end_all("ann");
  all.end_all("nobody");
  EXPECT_EQ(told.size(), 2U);
}

TEST_F(Guests, WhoHasGoneIsNotTold) {
  admit(allow.as("ann"));
  auto two = admit(allow.as("ann"));
  two.reset();
  all.end_all("ann");
  EXPECT_TRUE(told.empty());
}

TEST_F(Guests, TheEndOfOneMayBeTheEndOfOthers) {
  std::vector<std::unique_ptr<Admission>> several(3);
  int ends = 0;
  for (auto& admission : several)
    admission = std::make_unique<Admission>(all, allow.as("ann"), [&](AdmissionEnd) {
      ++ends;
      several.clear();
    });
  all.end_all("ann");
  EXPECT_EQ(ends, 1);
}

TEST_F(Guests, TimeEndsItOnceAndNotBefore) {
  const auto guest = admit(allow.as("ann").until(clock.wall() + 10min));
  advance(10min - 1s);
  EXPECT_TRUE(told.empty());
  advance(2s);
  EXPECT_EQ(told, (std::vector{AdmissionEnd::expired}));
  all.end_all("ann");
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(Guests, WhatIsOverAlreadyEndsInTheNextTurn) {
  const auto guest = admit(allow.until(clock.wall() - 1h));
  EXPECT_TRUE(told.empty());
  advance(10ms);
  EXPECT_EQ(told, (std::vector{AdmissionEnd::expired}));
}

TEST_F(Guests, NobodyInParticularStays) {
  const auto guest = admit(allow);
  advance(100h);
  all.end_all("");
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace naru::serve
