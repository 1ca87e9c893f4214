#include "serve/feed_forms.hpp"

#include <gtest/gtest.h>

#include <string>

#include "channel/publication_fixture.hpp"
#include "ws/frame_header.hpp"

namespace naru::serve {
namespace {

using channel::Kind;

channel::PublicationRef goal() {
  channel::Message message = channel::message_of(Kind::json, "{\"n\":\n1}");
  message.event = "goal";
  return channel::publication_of(message, 42);
}
const std::string kObject = R"({"position":"eQUJDREVGR0hJSktM.42","event":"goal","data":{"n": 1}})";
const std::string kOfSeveral = R"({"channel":"news","position":"a~b","event":"goal","data":{"n": 1}})";

TEST(FeedForms, AreMadeOnceForAll) {
  const auto publication = goal();
  EXPECT_EQ(line_form(*publication).view(), kObject + "\n");
  EXPECT_EQ(sse_form(*publication).view(),
            "id: eQUJDREVGR0hJSktM.42\nevent: goal\ndata: " + kObject + "\n\n");
  const base::Frame frame = websocket_form(*publication);
  EXPECT_EQ(ws::frame_opcode(frame.view()), ws::Opcode::text);
  EXPECT_EQ(ws::frame_payload(frame.view()), kObject);

  EXPECT_EQ(line_form(*publication).data(), line_form(*publication).data());
  EXPECT_EQ(sse_form(*publication).data(), sse_form(*publication).data());
  EXPECT_EQ(websocket_form(*publication).data(), frame.data());
}

TEST(FeedForms, APublisherCannotSpeakForTheServer) {
  for (const std::string event : {"gap", "end", "open", "error"}) {
    channel::Message message = channel::message_of(Kind::json, "1");
    message.event = event;
    EXPECT_EQ(sse_form(*channel::publication_of(message)).view(),
              "id: eQUJDREVGR0hJSktM.1\ndata: {\"position\":\"eQUJDREVGR0hJSktM.1\",\"event\":\"" + event +
                  "\",\"data\":1}\n\n");
  }
}

TEST(FeedForms, OfSeveralChannelsHaveTheConnectionsPosition) {
  const auto publication = goal();
  const channel::MessageLabel label{.channel = "news", .position = "a~b"};
  EXPECT_EQ(line_block(*publication, label).view(), kOfSeveral + "\n");
  EXPECT_EQ(sse_block(*publication, label).view(), "id: a~b\nevent: goal\ndata: " + kOfSeveral + "\n\n");
  EXPECT_EQ(ws::frame_payload(websocket_block(*publication, label).view()), kOfSeveral);
}

}  // namespace
}  // namespace naru::serve
