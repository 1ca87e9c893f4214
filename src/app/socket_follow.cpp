#include "app/socket_follow.hpp"

#include <utility>

#include "app/client.hpp"
#include "app/parcels.hpp"
#include "base/json_text.hpp"
#include "channel/channel_name.hpp"
#include "channel/forms.hpp"
#include "channel/message_text.hpp"
#include "channel/notice.hpp"
#include "serve/loop_server.hpp"

namespace naru::app {
namespace {

// {"channel":…,"position":…, and what else is said about it.
std::string object_of(std::string_view channel, const channel::Position& position) {
  std::string text = R"({"channel":)";
  base::append_json_string(text, channel);
  return text.append(R"(,"position":")").append(position.text()).append("\"");
}

hub::SharedParcel event_of(const NamespaceCore& nsp, std::string_view event, std::string object) {
  return event_parcel(nsp, std::nullopt, Emission::of_event(event, RawJson{std::move(object)}), {});
}

}  // namespace

hub::SharedParcel MessageParcels::of(const NamespaceCore& nsp, std::string_view channel,
                                     const channel::PublicationRef& message) {
  const auto found = made_.find(message.get());
  if (found != made_.end()) return found->second.parcel;
  const base::Frame object = message->forms.get(channel::Form::named, [&] {
    std::string text;
    channel::append_message(text, *message, {.channel = channel});
    return base::Frame::copy(text);
  });
  hub::SharedParcel parcel = event_of(nsp, "message", std::string(object.view()));
  if (made_.size() >= kMost) made_.clear();
  made_.emplace(message.get(), Made{message, parcel});
  if (!std::exchange(is_clearing_, true)) {
    serve::LoopServer::here()->loop().at_end_of_turn([this] {
      made_.clear();
      is_clearing_ = false;
    });
  }
  return parcel;
}

SocketFollow::SocketFollow(std::shared_ptr<SocketRecord> record, std::string channel,
                           const serve::FeedSettings& settings, MessageParcels& parcels)
    : record_(std::move(record)),
      channel_(std::move(channel)),
      settings_(settings),
      parcels_(parcels),
      channels_(serve::LoopServer::here()->channels()) {}

void SocketFollow::admit(const Verdict& verdict, std::string who) {
  serve::LoopServer& server = *serve::LoopServer::here();
  if (!verdict.identity().empty() || verdict.expires()) {
    admission_ = std::make_unique<serve::Admission>(
        server.admissions(), verdict, [this](serve::AdmissionEnd why) { end(serve::reason_of(why)); });
  }
  if (settings_.presence == nullptr || channel::presence_subject(channel_)) return;
  const bool is_identity = !verdict.identity().empty() || !record_->identity.empty();
  if (is_identity) who = verdict.identity().empty() ? record_->identity : verdict.identity();
  ticket_ = settings_.presence->enter(channel_, {.id = std::move(who), .is_identity = is_identity});
}

void SocketFollow::start(const channel::Since& since, Ack ack, Function<void()> on_over) {
  ack_ = std::move(ack);
  on_over_ = std::move(on_over);
  follow(since);
}

void SocketFollow::follow(const channel::Since& since) {
  channels_.follow(follower_, channel_, since,
                   {.policy = settings_.slow, .latest_interval = settings_.latest_interval});
}

hub::Taken SocketFollow::on_start(const channel::Standing& standing) {
  if (is_answered_ && !standing.recovered) return on_gap(standing);  // which may be refused and come again
  position_ = standing.position;
  if (std::exchange(is_answered_, true)) return hub::Taken::more;
  std::string answer = R"({"position":")" + standing.position.text() + '"';
  channel::append_recovery(answer, standing.recovered, standing.missing);
  ack_(RawJson{answer += '}'});
  return record_->client == nullptr ? hub::Taken::full : hub::Taken::more;
}

hub::Taken SocketFollow::on_message(const channel::PublicationRef& message) {
  return give(*parcels_.of(*record_->nsp, channel_, message), message->position);
}

hub::Taken SocketFollow::on_gap(const channel::Standing& standing) {
  std::string object = object_of(channel_, standing.position);
  channel::append_recovery(object, standing.recovered, standing.missing);
  return give(*event_of(*record_->nsp, "gap", object += '}'), standing.position);
}

// What is refused because too much of other things waits (WhenFull::drop) is not lost: it is in the log. What
// the namespace's parser cannot say (an empty one) is left out: it would be refused for ever.
hub::Taken SocketFollow::give(const hub::Parcel& parcel, const channel::Position& behind) {
  const SendStatus status = record_->send(parcel);
  if (record_->client == nullptr) return hub::Taken::full;
  if (status == SendStatus::dropped && !parcel.empty()) {
    is_refused_ = true;
    channels_.unfollow(follower_);
    record_->owes_drain = true;
    record_->client->tell_drain_soon();
    return hub::Taken::full;
  }
  position_ = behind;
  is_full_ = status == SendStatus::buffered && record_->client->buffered() >= kMaxWaiting;
  return is_full_ ? hub::Taken::full : hub::Taken::more;
}

void SocketFollow::drained() {
  if (std::exchange(is_refused_, false)) return follow(channel::Since::after(position_));
  if (std::exchange(is_full_, false)) channels_.resume(follower_);
}

void SocketFollow::stop() noexcept {
  channels_.unfollow(follower_);
  ticket_.leave();
  admission_.reset();
  on_over_ = nullptr;
}

void SocketFollow::unfollowed() {
  stop();
  if (!is_answered_) refuse("unfollowed");
}

void SocketFollow::refuse(std::string_view reason) {
  is_answered_ = true;
  std::string answer = R"({"error":)";
  base::append_json_string(answer, reason);
  ack_(RawJson{answer += '}'});
}

void SocketFollow::on_end(hub::FollowEnd reason, const channel::Position& position) {
  position_ = position;
  end(reason == hub::FollowEnd::too_slow ? "you read more slowly than the channel grows"
                                         : "the messages cannot be read now");
}

void SocketFollow::end(std::string_view reason) {
  channels_.unfollow(follower_);
  ticket_.leave();
  if (record_->client != nullptr && is_answered_) {
    std::string object = object_of(channel_, position_);
    object += R"(,"reason":)";
    base::append_json_string(object, reason);
    const hub::SharedParcel parcel = event_of(*record_->nsp, "end", object += '}');
    // There is no room for it: rather no connection than one that waits for messages for ever.
    if (record_->send(*parcel) == SendStatus::dropped && record_->client != nullptr)
      record_->client->send_essential(*parcel);
  } else if (!is_answered_) {
    refuse(reason);
  }
  const Function<void()> on_over = std::move(on_over_);
  if (on_over) on_over();
}

}  // namespace naru::app
