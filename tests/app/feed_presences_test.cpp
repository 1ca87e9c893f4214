#include "app/feed_presences.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace naru::app {
namespace {

class FeedPresencesTest : public testing::Test {
 protected:
  // What the channel has behind `since`: events.
  std::vector<std::string> events(const std::string& name, const channel::Since& since) {
    std::vector<std::string> events;
    channels->read(name, since, 100, [&](Result<channel::Page> page) {
      ASSERT_TRUE(page);
      EXPECT_TRUE(page->start.recovered);
      for (const auto& message : page->messages)
        events.push_back(message->message.event);
    });
    return events;
  }

  std::shared_ptr<hub::Channels> channels =
      std::make_shared<hub::Channels>(std::make_shared<net::WorkerPool>(net::WorkerOptions{.threads = 1}),
                                      std::make_shared<hub::LoopGroup>(std::vector<net::Loop*>()));
  FeedPresences presences{channels};
};

TEST_F(FeedPresencesTest, ASnapshotsPositionStandsBeforeWhatChangesAfterIt) {
  // As durable as can be, and no store: a stream of presence needs none.
  channels->set_options("lab:", {.durability = store::Durability::power});
  hub::Presence& presence = presences.add("lab:", {.grace = {}});
  const channel::Position nobody = presence.snapshot("lab:a").position;
  hub::PresenceTicket ticket = presence.enter("lab:a", {.id = "ann"});
  const channel::Position one = presence.snapshot("lab:a").position;
  ticket.leave();
  presences.sweep();

  EXPECT_EQ(events("lab:a@presence", channel::Since::after(nobody)),
            (std::vector<std::string>{"join", "leave"}));
  EXPECT_EQ(events("lab:a@presence", channel::Since::after(one)), (std::vector<std::string>{"leave"}));
  EXPECT_EQ(presence.snapshot("lab:a").count, 0U);
}

TEST_F(FeedPresencesTest, TheLongestPrefixHasAChannel) {
  EXPECT_TRUE(presences.empty());
  EXPECT_EQ(presences.find("lab:a"), nullptr);
  hub::Presence& lab = presences.add("lab:", {});
  hub::Presence& deep = presences.add("lab:deep:", {});
  EXPECT_EQ(&presences.add("lab:", {}), &lab) << "feeds of one prefix share it";
  EXPECT_EQ(presences.find("lab:a"), &lab);
  EXPECT_EQ(presences.find("lab:deep:a"), &deep);
  EXPECT_EQ(presences.find("news"), nullptr);
  hub::Presence& only = presences.add("lab:a", {}, FeedPresences::Scope::exact);
  EXPECT_EQ(presences.find("lab:a"), &only);
  EXPECT_EQ(presences.find("lab:ab"), &lab);
  EXPECT_NE(&presences.add("lab:a", {}), &only);
  EXPECT_EQ(presences.find("lab:a"), &only) << "before a prefix of the same length";
  EXPECT_FALSE(presences.empty());
}

}  // namespace
}  // namespace naru::app
