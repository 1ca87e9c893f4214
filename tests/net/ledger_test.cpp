#include "net/ledger.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace naru::net {
namespace {

TEST(Ledger, KeepsAccountsApartAndSumsThem) {
  Ledger ledger;
  ledger.add(Account::read_tails, 100);
  ledger.add(Account::logs, 50);
  ledger.add(Account::read_tails, -30);
  EXPECT_EQ(ledger.bytes(Account::read_tails), 70U);
  EXPECT_EQ(ledger.bytes(Account::logs), 50U);
  EXPECT_EQ(ledger.bytes(Account::other), 0U);
  EXPECT_EQ(ledger.total(), 120U);
}

TEST(Ledger, AHoldingIsCountedWhileItLives) {
  Ledger ledger;
  {
    Holding first(ledger, Account::messages);
    Holding second(ledger, Account::messages);
    first.set(100);
    second.set(50);
    EXPECT_EQ(ledger.bytes(Account::messages), 150U);
    first.set(30);
    EXPECT_EQ(first.bytes(), 30U);
    EXPECT_EQ(ledger.bytes(Account::messages), 80U);
  }
  EXPECT_EQ(ledger.total(), 0U);
}

TEST(Ledger, IsExactUnderManyThreads) {
  Ledger ledger;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&ledger] {
      for (int k = 0; k < 10'000; ++k) {
        ledger.add(Account::inbox, 3);
        ledger.add(Account::inbox, -2);
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(ledger.bytes(Account::inbox), 40'000U);
}

}  // namespace
}  // namespace naru::net
