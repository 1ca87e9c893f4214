#include "net/loop.hpp"

#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "naru/log.hpp"
#include "net/callback.hpp"

namespace naru::net {

namespace {

constexpr base::Duration kLogRefusalsEvery = std::chrono::seconds(1);

UniqueDescriptor open_epoll() {
  UniqueDescriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) throw std::system_error(last_error(), "cannot create a loop's epoll set (ulimit -n?)");
  return epoll;
}

// For the loop's own descriptors, which only have to end the wait: they have no watcher, and being
// edge-triggered they need not be read.
void watch_silently(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = nullptr;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
    throw std::system_error(last_error(), "cannot watch a loop's own descriptor");
}

// What comes next is a callback of its own.
void end_callback(Watchdog& watchdog, std::string_view stage) {
  Callback::begin();
  watchdog.check(stage);
}

}  // namespace

Loop::Loop(LoopOptions options)
    : options_(options),
      epoll_(open_epoll()),
      now_(options.clock->now()),
      timers_(now_),
      inbox_(options.inbox_limit, ledger_, wakeup_),
      watchdog_(*options.clock, options.slow_callback, options.index, metrics_.slow_callbacks),
      receive_buffer_(new char[kReceiveHeadroom + kReceiveSize]) {
  watch_silently(epoll_.get(), wakeup_.descriptor());
}

Loop::~Loop() {
  // What closures and disposed objects own may dispose, post and defer again while it goes.
  bool had_any = true;
  while (had_any) {
    had_any = inbox_.drop_all();
    had_any |= !std::exchange(end_of_turn_, std::vector<Function<void()>>()).empty();
    had_any |= free_disposed();
  }
}

bool Loop::is_here() const noexcept {
  return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

bool Loop::has_thread() const noexcept {
  return thread_.load(std::memory_order_relaxed) != std::thread::id();
}

void Loop::run() noexcept {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  do {
    turn(!stop_asked_.load(std::memory_order_acquire));
  } while (!stop_asked_.load(std::memory_order_acquire));
  stop_asked_.store(false, std::memory_order_relaxed);
  thread_.store(std::thread::id(), std::memory_order_relaxed);
}

void Loop::stop() noexcept {
  stop_asked_.store(true, std::memory_order_release);
  wakeup_.wake();
}

int Loop::poll_fd() {
  if (!timer_descriptor_) {
    timer_descriptor_.reset(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer_descriptor_)
      throw std::system_error(last_error(), "cannot create a loop's timerfd (ulimit -n?)");
    watch_silently(epoll_.get(), timer_descriptor_.get());
    wakeup_.wake();  // the first poll() arms it for what is scheduled already
  }
  return epoll_.get();
}

int Loop::poll() noexcept {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  const int handled = turn(false);
  wakeup_.fall_asleep();
  if (has_waiting_work()) wakeup_.wake();
  if (timer_descriptor_) arm_timer_descriptor();
  return handled;
}

bool Loop::has_waiting_work() const noexcept {
  return inbox_.has_work() || !again_.empty() || !flushes_.empty() || !end_of_turn_.empty();
}

int Loop::turn(bool may_wait) noexcept {
  wait(may_wait ? wait_time() : 0);
  now_ = options_.clock->now();
  metrics_.turns.add();
  watchdog_.begin();
  const std::size_t posts = inbox_.run_all([this] { end_callback(watchdog_, "posted work"); });
  const std::size_t events = batch_end_;
  handle_batch();
  again_.visit_all([this](Watcher& watcher) {
    watcher.on_again();
    end_callback(watchdog_, "reading on");
  });
  const std::size_t fired = timers_.advance(now_);
  if (fired > 0) watchdog_.check("timers");
  run_end_of_turn();
  flush_all();
  while (free_disposed()) {
  }
  log_refusals();
  metrics_.events.add(events);
  metrics_.timers_fired.add(fired);
  metrics_.posts_run.add(posts);
  return static_cast<int>(events + fired + posts);
}

int Loop::wait_time() noexcept {
  wakeup_.fall_asleep();
  if (has_waiting_work()) return 0;
  const base::TimePoint next = timers_.next_deadline();
  if (next == base::kNever) return -1;
  const base::TimePoint now = options_.clock->now();
  if (next <= now) return 0;
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
  return static_cast<int>(std::min<std::int64_t>(milliseconds, std::numeric_limits<int>::max()));
}

void Loop::wait(int milliseconds) noexcept {
  const int count = ::epoll_wait(epoll_.get(), batch_.data(), static_cast<int>(kBatch), milliseconds);
  wakeup_.rise();
  batch_next_ = 0;
  batch_end_ = count > 0 ? static_cast<std::size_t>(count) : 0;  // a signal makes an empty turn
}

void Loop::handle_batch() {
  while (batch_next_ < batch_end_) {
    const epoll_event event = batch_[batch_next_++];
    if (event.data.ptr == nullptr) continue;
    static_cast<Watcher*>(event.data.ptr)->on_events(event.events);
    end_callback(watchdog_, "readiness");
  }
}

void Loop::at_end_of_turn(Function<void()> work) {
  assert_here();
  end_of_turn_.push_back(std::move(work));
  wakeup_.wake_if_asleep();
}

void Loop::run_end_of_turn() {
  if (end_of_turn_.empty()) return;
  end_of_turn_running_.swap(end_of_turn_);
  for (const auto& work : end_of_turn_running_) {
    work();
    end_callback(watchdog_, "end of turn");
  }
  end_of_turn_running_.clear();
}

void Loop::flush_all() {
  flushes_.visit_all([this](Watcher& watcher) {
    watcher.on_flush();
    end_callback(watchdog_, "flush");
  });
}

bool Loop::free_disposed() {
  if (disposed_.empty()) return false;
  for (const Disposed& each : std::exchange(disposed_, std::vector<Disposed>()))
    each.destroy(each.object);
  return true;
}

std::error_code Loop::watch(int descriptor, std::uint32_t epoll_events, Watcher& watcher) {
  assert_here();
  epoll_event event{};
  event.events = epoll_events;
  event.data.ptr = &watcher;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) return last_error();
  return {};
}

void Loop::unwatch(int descriptor, Watcher& watcher) noexcept {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  forget(watcher);
}

void Loop::forget(Watcher& watcher) noexcept {
  assert_here();
  again_.remove(watcher);
  flushes_.remove(watcher);
  for (std::size_t i = batch_next_; i < batch_end_; ++i) {
    if (batch_[i].data.ptr == &watcher) batch_[i].data.ptr = nullptr;
  }
}

void Loop::log_refusals() {
  const std::uint64_t refused = refused_events() + refused_volatile() + refused_orders();
  if (refused == refusals_logged_) [[likely]]
    return;
  if (now_ - refusals_logged_at_ < kLogRefusalsEvery) return;
  log(Level::warning, "loop",
      "the inbox of loop " + std::to_string(index()) + " is full: " +
          std::to_string(refused - refusals_logged_) + " posts were refused since the last such line");
  refusals_logged_ = refused;
  refusals_logged_at_ = now_;
}

void Loop::arm_timer_descriptor() noexcept {
  itimerspec when{};
  const base::TimePoint next = timers_.next_deadline();
  if (next != base::kNever) {
    // At least a nanosecond: zero would disarm it.
    const auto rest = std::max(base::Duration(1), next - options_.clock->now());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(rest);
    when.it_value.tv_sec = seconds.count();
    when.it_value.tv_nsec = std::chrono::nanoseconds(rest - seconds).count();
  }
  ::timerfd_settime(timer_descriptor_.get(), 0, &when, nullptr);
}

}  // namespace naru::net
