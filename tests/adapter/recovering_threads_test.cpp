#include "adapter/recovering.hpp"

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "adapter/recovering_fixture.hpp"
#include "contract/adapter_contract.hpp"

namespace naru::adapter {
namespace {

struct RecoveringFactory {
  static std::shared_ptr<Adapter> make(std::shared_ptr<const hub::LoopGroup> loops) {
    return std::make_shared<Recovering>(std::move(loops), LocalLimits{}, RecoveringOptions{});
  }
};
using TwoLoops = WithLoops<RecoveringFactory, 2>;

// Sockets on two loops are cut and come back on either, at random, while threads and loops emit numbers into
// their rooms: each hears each number once, in the order of its sender.
class RecoveringThreads : public AdapterContract<TwoLoops> {
 protected:
  static constexpr int kSenders = 4;
  static constexpr int kNumbers = 1250;
  static constexpr int kSockets = 12;

  struct Client {
    std::mutex mutex;
    std::string id;
    std::string heard;                  // of all its lives; what was lost on the way is not in it
    std::optional<std::string> offset;  // of the last that arrived
  };

  Recovering& recovering() { return static_cast<Recovering&>(*adapter_); }

  static std::string room_of(int socket) { return "room " + std::to_string(socket % 3); }

  SharedTraveller begin(Client& client, hub::LoopIndex home) {
    auto member = std::make_shared<Traveller>(client.id, home);
    member->on_abandon = [this, raw = member.get()] { end(*raw); };
    return member;
  }
  // On its loop.
  void end(Traveller& member) {
    if (std::exchange(member.is_over, true)) return;
    Session session{.pid = "pid of " + member.id(), .sid = member.id()};
    session.rooms = adapter_->rooms_of(member);
    adapter_->remove(member);
    recovering().save_session(member, std::move(session));
  }
};

TEST_F(RecoveringThreads, EverythingOnceAndInOrder) {
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<SharedTraveller> members;
  for (int i = 0; i < kSockets; ++i) {
    clients.push_back(std::make_unique<Client>());
    clients.back()->id = "s" + std::to_string(i);
    const auto home = static_cast<hub::LoopIndex>(i % 2);
    members.push_back(begin(*clients.back(), home));
    on(home, [&] {
      adapter_->add(*members.back());
      adapter_->join(members.back(), {room_of(i)});
      recovering().admit(members.back(), "pid of " + clients.back()->id);
    });
  }
  std::atomic<int> running{kSenders};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < kNumbers; ++i) {
        auto send = [this, sender, i] {
          const std::string text = std::to_string(sender) + ":" + std::to_string(i);
          for (int room = 0; room < 3; ++room)
            recovering().emit(event(text), to("room " + std::to_string(room)));
        };
        if (sender < 2) {
          send();
        } else {
          on(static_cast<hub::LoopIndex>(sender % 2), send);
        }
      }
      --running;
    });
  }
  std::mt19937 random(7);
  int lives = 0;
  const auto cut = [&](std::size_t i, bool is_noticed) {
    Client& client = *clients[i];
    SharedTraveller& member = members[i];
    std::optional<std::string> offset;
    on(member->home(), [&] {
      client.heard += std::exchange(member->heard, {});
      offset = client.offset = member->offset ? member->offset : client.offset;
      if (is_noticed) end(*member);
    });
    // Between the two it may hear more, which is lost on the way.
    const auto home = static_cast<hub::LoopIndex>(random() % 2);
    std::promise<SharedTraveller> promise;
    on(home, [&] {
      recovering().restore_session("pid of " + client.id, offset,
                                   [&, home](std::optional<Restored> restored) {
                                     if (!restored) return promise.set_value(nullptr);
                                     auto again = begin(client, home);
                                     adapter_->add(*again);
                                     adapter_->join(again, restored->session.rooms);
                                     const bool is_back = recovering().resume(again, std::move(*restored));
                                     promise.set_value(is_back ? again : nullptr);
                                   });
    });
    member = promise.get_future().get();
    ++lives;
  };
  while (running > 0) {
    const std::size_t i = random() % kSockets;
    cut(i, random() % 2 == 0);
    ASSERT_TRUE(members[i]) << "not restored";
  }
  for (auto& sender : senders)
    sender.join();
  settle();
  EXPECT_GT(lives, kSockets);
  for (int i = 0; i < kSockets; ++i) {
    const std::size_t at = static_cast<std::size_t>(i);
    on(members[at]->home(), [&] { clients[at]->heard += members[at]->heard; });
    std::array<int, kSenders> next{};
    std::istringstream words(clients[at]->heard);
    for (std::string word; words >> word;) {
      const auto sender = static_cast<std::size_t>(word[0] - '0');
      ASSERT_EQ(std::stoi(word.substr(2)), next[sender]++) << clients[at]->id;
    }
    for (const int count : next)
      EXPECT_EQ(count, kNumbers);
  }
  for (auto& member : members)
    on(member->home(), [&] {
      member->is_over = true;
      adapter_->remove(*member);
    });
  recovering().close();
}

}  // namespace
}  // namespace naru::adapter
