#include "app/server_core.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "app/channel_words.hpp"
#include "app/feed_settings.hpp"
#include "app/user_code.hpp"
#include "hub/room_directory.hpp"
#include "naru/log.hpp"
#include "serve/peer_log.hpp"

namespace naru::app {
namespace {

constexpr std::chrono::seconds kSweepInterval{10};  // how often channels drop what is too old
// How late, at most, somebody is told to have left a channel; each time is sixteen locks when nobody has.
constexpr std::chrono::milliseconds kPresenceSweepInterval{250};
// After the deadline: work that blocks a worker is waited for so long, then named in the log and left.
constexpr std::chrono::seconds kWorkersPatience{5};
// What was meant as "however long it takes" must not overflow the clock.
constexpr std::chrono::milliseconds kLongestStop = std::chrono::hours(24 * 365);

unsigned loop_count(unsigned asked) {
  if (asked == all_cores) asked = std::max(1U, std::thread::hardware_concurrency());
  if (asked > hub::kMaxLoops) throw std::logic_error("ServerOptions::loops: at most 255");
  return asked;
}

unsigned worker_count(unsigned asked) {
  if (asked == 0)
    throw std::logic_error("ServerOptions::workers: at least 1, or offload() would wait for ever");
  return asked;
}

http::Http1Limits limits_of(const ServerOptions& options) {
  http::Http1Limits limits;
  limits.head.max_head = options.max_head;
  limits.head.max_target = options.max_target;
  limits.head.max_fields = options.max_fields;
  limits.head_timeout = options.head_timeout;
  limits.body_timeout = options.body_timeout;
  limits.idle_timeout = options.idle_timeout;
  return limits;
}

}  // namespace

std::vector<std::unique_ptr<ServerCore::Lane>> ServerCore::make_lanes(unsigned count) {
  std::vector<std::unique_ptr<Lane>> lanes;
  for (unsigned index = 0; index < count; ++index)
    lanes.push_back(std::make_unique<Lane>(index));
  return lanes;
}

std::shared_ptr<hub::LoopGroup> ServerCore::make_group(const std::vector<std::unique_ptr<Lane>>& lanes) {
  std::vector<net::Loop*> loops;
  loops.reserve(lanes.size());
  for (const auto& lane : lanes)
    loops.push_back(&lane->loop);
  return std::make_shared<hub::LoopGroup>(std::move(loops));
}

ServerCore::ServerCore(ServerOptions options)
    : options_(std::move(options)),
      workers_(
          std::make_shared<net::WorkerPool>(net::WorkerOptions{.threads = worker_count(options_.workers)})),
      lanes_(make_lanes(loop_count(options_.loops))),
      loops_(make_group(lanes_)),
      channels_(std::make_shared<hub::Channels>(workers_, loops_)),
      doors_(loops_, options_),
      shared_{.application = doors_,
              .loops = loops_,
              .workers = *workers_,
              .channels = channels_,
              .census = serve::Census({options_.max_connections_per_address, options_.max_connections}),
              .http = limits_of(options_),
              .proxies = auth::TrustedProxies(options_.trusted_proxies)},
      acceptor_(lanes_.front()->loop, shared_),
      stop_event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      agenda_(lanes_.front()->loop.timers()) {
  if (!stop_event_) throw std::system_error(net::last_error(), "no descriptor is left for the server");
  for (auto& lane : lanes_) {
    lane->server = std::make_unique<serve::LoopServer>(lane->loop, shared_);
    lane->executor = std::make_shared<LoopExecutor>(loops_, lane->server->index());
  }
  if (auto failure = lanes_.front()->loop.watch(stop_event_.get(), EPOLLIN, *this)) {
    throw std::system_error(failure, "the server cannot watch its own event");
  }
}

ServerCore::~ServerCore() {
  enter(*lanes_.front());
  acceptor_.stop();
  lanes_.front()->loop.unwatch(stop_event_.get(), *this);
  agenda_.clear();
  cut_timer_.reset();
  for (auto& lane : lanes_) {
    enter(*lane);
    wind_down(*lane);
    lane->server->channels().let_go();
    leave(*lane);
  }
  loops_->close();
  for (auto& lane : lanes_)
    lane->server.reset();
  workers_->stop(kWorkersPatience);  // of a server that did not run: what publishes calls back
}

Doors& ServerCore::doors() {
  if (is_running_) throw std::logic_error("routes and servers are set up before Server::run()");
  return doors_;
}

void ServerCore::listen(const ListenOptions& options) {
  auto listener = options.unix_path.empty() ? net::Listener::open(options.host, options.port, options.backlog)
                                            : net::Listener::open_unix(options.unix_path, options.backlog);
  if (port_ == 0) port_ = listener->port();
  acceptor_.add(std::move(listener));
}

void ServerCore::enter(Lane& lane) {
  lane.server->enter();
  thread_context() = {workers_.get(), lane.executor};
}

void ServerCore::leave(Lane& lane) {
  thread_context() = {};
  if (lane.server) {
    lane.server->leave();
  } else {
    hub::LoopGroup::leave();
  }
}

void ServerCore::run_lane(Lane& lane) {
  enter(lane);
  lane.loop.run();
  wind_down(lane);
  leave(lane);
}

// Waits that were cut short run out, and what was cut is freed, before run() returns: handlers refer to what
// its caller owns. Each wait takes a post and so a turn, and a turn may bring what another loop has handed
// over. One turn each time, since stop() was asked for already.
void ServerCore::wind_down(Lane& lane) {
  constexpr int kMostTurns = 1000;  // for a task that never stops waiting
  const net::Counter& posts = lane.loop.metrics().posts_run;
  std::uint64_t before = 0;
  for (int turn = 0; turn < 2 || (posts.value() != before && turn < kMostTurns); ++turn) {
    before = posts.value();
    lane.server->cut_all();
    doors_.tasks(lane.server->index()).cancel();
    lane.loop.stop();
    lane.loop.run();
  }
}

void ServerCore::begin() {
  if (is_running_) return;
  begin_feeds();
  is_running_ = true;
  schedule(kSweepInterval, kSweepInterval, [this] {
    serve::peer_log().flush();
    // The sweep may touch the disk.
    if (!workers_->submit("sweep", [channels = channels_] { channels->sweep(); })) return;
  });
}

// What depends on everything that was set up, in whatever order.
void ServerCore::begin_feeds() {
  Feeds& feeds = doors_.feeds();
  for (std::uint32_t feed = 0; feed < feeds.size(); ++feed) {
    if (feeds.options(feed).durability != Durability::memory && !channels_->has_store())
      throw std::logic_error("FeedOptions::durability: say with Server::data() where messages are kept");
  }
  if (doors_.io() != nullptr && feeds.has_socketio() && !channel_sockets_) {
    Namespace& nsp = doors_.io()->of(std::string(ChannelSockets::kNamespace));
    channel_sockets_ = std::make_unique<ChannelSockets>(nsp, feeds, lanes_.size());
  }
  if (!presences_->empty()) {
    schedule(kPresenceSweepInterval, kPresenceSweepInterval, [this] { presences_->sweep(); });
  }
}

void ServerCore::run() {
  begin();
  for (std::size_t i = 1; i < lanes_.size(); ++i) {
    lanes_[i]->thread = std::thread([this, &lane = *lanes_[i]] { run_lane(lane); });
  }
  run_lane(*lanes_.front());
  for (auto& lane : lanes_) {
    if (lane->thread.joinable()) lane->thread.join();
  }
  workers_->stop(kWorkersPatience);  // some of it publishes
  channels_->flush();
  // What waited for the disk or a worker goes on where it stood.
  for (auto& lane : lanes_) {
    enter(*lane);
    wind_down(*lane);
    leave(*lane);
  }
}

int ServerCore::poll_fd() {
  if (lanes_.size() != 1)
    throw std::logic_error("Server::poll_fd: embedding needs ServerOptions{.loops = 1}");
  return lanes_.front()->loop.poll_fd();
}

void ServerCore::poll() {
  if (lanes_.size() != 1) throw std::logic_error("Server::poll: embedding needs ServerOptions{.loops = 1}");
  begin();
  enter(*lanes_.front());
  lanes_.front()->loop.poll();
  if (is_finished_) lanes_.front()->server->cut_all();
  leave(*lanes_.front());
}

// Only what a signal handler may do: an atomic store and a write.
void ServerCore::stop(std::chrono::milliseconds deadline) noexcept {
  std::int64_t nobody = -1;
  stop_deadline_.compare_exchange_strong(nobody,
                                         std::clamp<std::int64_t>(deadline.count(), 0, kLongestStop.count()));
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_event_.get(), &one, sizeof one);
}

void ServerCore::on_events(std::uint32_t) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(stop_event_.get(), &count, sizeof count);
  if (!std::exchange(is_stopping_, true)) begin_stop();
}

void ServerCore::begin_stop() {
  acceptor_.stop();
  lanes_left_ = lanes_.size();
  net::Loop& first = lanes_.front()->loop;
  cut_timer_ = std::make_unique<net::FunctionTimer>([this] { cut_what_is_left(); });
  first.timers().schedule(*cut_timer_, first.now() + std::chrono::milliseconds(stop_deadline_.load()));
  auto when_empty = [this] {
    loops_->post(
        0, [this] { lane_is_empty(); }, 0, net::PostKind::control);
  };
  // Half of the time for telling, half for those who were told to go.
  const base::Duration pace = std::chrono::milliseconds(stop_deadline_.load()) / 2;
  for (auto& lane : lanes_) {
    loops_->post(
        lane->server->index(),
        [when_empty, pace, server = lane->server.get()] { server->stop_gently(pace, when_empty); }, 0,
        net::PostKind::control);
  }
}

void ServerCore::lane_is_empty() {
  if (lanes_left_ > 0 && --lanes_left_ == 0) finish();
}

void ServerCore::cut_what_is_left() {
  if (lanes_left_ == 0) return;
  log(Level::warning, "server", "the deadline of stop() has come: what is left is cut off");
  finish();
}

// Each loop cuts what it still has when its run() has returned.
void ServerCore::finish() {
  is_finished_ = true;
  lanes_left_ = 0;
  cut_timer_.reset();
  for (auto& lane : lanes_)
    lane->loop.stop();
}

void ServerCore::feed(std::string_view pattern, FeedOptions options) {
  const std::uint32_t number = doors().add_feed(pattern, std::move(options));
  const FeedOptions& added = doors_.feeds().options(number);
  const std::string names = added.prefix + added.channel;
  const auto scope = added.channel.empty() ? hub::Channels::Scope::prefix : hub::Channels::Scope::exact;
  channels_->set_options(names, to_log_options(channel_options_of(added)), scope);
  if (!added.presence.enabled) return;
  doors_.feeds().settings(number).presence = &presences_->add(
      names, {.grace = added.presence.grace, .max_followers = added.presence.max_followers}, scope);
}

void ServerCore::disconnect_identity(const std::string& identity) {
  if (IoCore* io = doors_.io()) io->of("/").disconnect_identity(identity);
  for (std::size_t loop = 0; loop < loops_->size(); ++loop) {
    auto end_all = [identity] { serve::LoopServer::here()->admissions().end_all(identity); };
    if (loops_->post(static_cast<hub::LoopIndex>(loop), std::move(end_all), identity.size(),
                     net::PostKind::order)) {
      continue;
    }
    log(Level::error, "server",
        "disconnect_identity: a loop is overloaded, its connections of that identity are still there");
  }
}

bool ServerCore::defer(Function<void()> work) {
  auto guarded = [work = std::move(work)] { guard_user_code("server", "deferred work", [&] { work(); }); };
  return loops_->post(0, std::move(guarded), 0, net::PostKind::order);
}

void ServerCore::after(std::chrono::milliseconds delay, Function<void()> work) {
  schedule(delay, base::Duration::zero(), std::move(work));
}

void ServerCore::every(std::chrono::milliseconds interval, Function<void()> work) {
  interval = std::max(interval, kShortestInterval);
  schedule(interval, interval, std::move(work));
}

void ServerCore::schedule(std::chrono::milliseconds delay, base::Duration interval, Function<void()> work) {
  const base::TimePoint due = lanes_.front()->loop.clock().now() + std::min(delay, kLongestDelay);
  auto add = [this, due, interval, work = std::move(work)]() mutable {
    agenda_.add(due, interval, [this, work = std::move(work)] {
      if (!is_stopping_) guard_user_code("server", "timed work", work);
    });
  };
  loops_->post(0, std::move(add), 0, net::PostKind::control);
}

}  // namespace naru::app
