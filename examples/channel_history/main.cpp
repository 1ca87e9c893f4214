// A log that survives: published to over HTTP, kept on the disk, read back from any position, told to sockets
// once it is committed.
//   curl -X POST localhost:8005/news -H 'Idempotency-Key: 1' -d '"goal!"'
//   curl -i 'localhost:8005/news?since=POSITION'
#include <string>
#include <vector>

#include "naru/naru.hpp"

naru::Task<> publish(naru::Server& server, naru::Request request, naru::Response response) {
  const naru::Value story = request.json();
  if (story.is_null()) co_return response.status(400).end("JSON, please");
  naru::PublishOptions options;
  // The same key again is the same message.
  options.idempotency_key = request.header("idempotency-key").value_or("");
  naru::Channel channel = server.channel("news");
  auto publishing = channel.publish(story, options);
  const naru::Result<naru::Published> at = co_await std::move(publishing);
  if (!at) co_return response.status(503).end("try again: " + at.error().message());
  if (!at->repeated) server.io().emit("news", story);
  response.status(201).json(std::map<std::string, std::string>{{"position", at->position.text()}});
}

naru::Task<> read(naru::Server& server, naru::Request request, naru::Response response) {
  naru::HistoryQuery query;
  if (auto since = request.query("since")) query.since = naru::Position(*since);
  naru::Channel channel = server.channel("news");
  auto reading = channel.history(query);
  const naru::Result<naru::HistoryPage> page = co_await std::move(reading);
  if (!page) co_return response.status(503).end("try again: " + page.error().message());
  std::vector<naru::Value> stories;
  for (const naru::ChannelMessage& message : page->messages)
    stories.push_back(message.data);
  response.header("X-Position", page->position.text()).json(stories);
}

int main() {
  naru::Server server;
  server.channels("news", {.max_messages = 1000, .durability = naru::Durability::power});
  server.data("news-data");
  server.io();
  server.post("/news", [&](naru::Request request, naru::Response response) -> naru::Task<> {
    return publish(server, std::move(request), std::move(response));
  });
  server.get("/news", [&](naru::Request request, naru::Response response) -> naru::Task<> {
    return read(server, std::move(request), std::move(response));
  });
  server.listen({.port = 8005});
  server.run();
}
