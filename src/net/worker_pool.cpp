#include "net/worker_pool.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "naru/log.hpp"

namespace naru::net {

namespace {
using SteadyClock = std::chrono::steady_clock;
// What is added to the present must not overflow.
constexpr base::Duration kMostPatience = std::chrono::hours(24);
}  // namespace

struct WorkerPool::State {
  struct Job {
    std::string_view name;
    Function<void()> work;
  };
  struct Worker {
    std::thread thread;
    std::string_view running;  // the name of the job, empty between jobs
    SteadyClock::time_point since{};
    bool has_ended = false;
  };

  explicit State(WorkerOptions chosen) : options(chosen) { workers.reserve(options.threads); }

  const WorkerOptions options;
  std::mutex mutex;
  std::condition_variable work_came;
  std::condition_variable work_ended;
  std::deque<Job> queue;
  std::vector<Worker> workers;
  std::size_t idle = 0;  // threads that wait for work
  bool is_stopped = false;
};

WorkerPool::WorkerPool(WorkerOptions options) : state_(std::make_shared<State>(options)) {
  assert(options.threads > 0);
}

WorkerPool::~WorkerPool() {
  stop(base::Duration::zero());
}

bool WorkerPool::submit(std::string_view name, Function<void()> work) {
  const std::lock_guard lock(state_->mutex);
  State& state = *state_;
  if (state.is_stopped || state.queue.size() >= state.options.queue_limit) return false;
  state.queue.push_back({name, std::move(work)});
  if (state.queue.size() > state.idle && state.workers.size() < state.options.threads) {
    const std::size_t number = state.workers.size();
    state.workers.emplace_back();
    state.workers.back().thread =
        std::thread([shared = state_, number] { WorkerPool::work(shared, number); });
  }
  state.work_came.notify_one();
  return true;
}

void WorkerPool::work(const std::shared_ptr<State>& state, std::size_t number) {
  std::unique_lock lock(state->mutex);
  State::Worker& self = state->workers[number];
  for (;;) {
    ++state->idle;
    state->work_came.wait(lock, [&] { return state->is_stopped || !state->queue.empty(); });
    --state->idle;
    if (state->queue.empty()) break;
    State::Job job = std::move(state->queue.front());
    state->queue.pop_front();
    self.running = job.name;
    self.since = SteadyClock::now();
    lock.unlock();
    job.work();
    job.work = nullptr;
    lock.lock();
    self.running = {};
  }
  self.has_ended = true;
  state->work_ended.notify_all();
}

bool WorkerPool::stop(base::Duration patience) {
  std::vector<std::thread> ended;
  std::deque<State::Job> unrun;
  bool all_done = true;
  {
    std::unique_lock lock(state_->mutex);
    state_->is_stopped = true;
    state_->work_came.notify_all();
    const auto all_ended = [this] {
      for (const State::Worker& worker : state_->workers) {
        if (!worker.has_ended) return false;
      }
      return true;
    };
    all_done = state_->work_ended.wait_for(lock, std::min(patience, kMostPatience), all_ended);
    unrun.swap(state_->queue);
    if (!all_done) log_unfinished(*state_);
    for (State::Worker& worker : state_->workers) {
      if (!worker.thread.joinable()) continue;
      if (worker.running.empty()) {
        ended.push_back(std::move(worker.thread));
      } else {
        worker.thread.detach();
      }
    }
  }
  for (std::thread& thread : ended)
    thread.join();
  return all_done && unrun.empty();
}

void WorkerPool::log_unfinished(const State& state) {
  for (const State::Worker& worker : state.workers) {
    if (worker.running.empty()) continue;
    const auto held =
        std::chrono::duration_cast<std::chrono::seconds>(SteadyClock::now() - worker.since).count();
    std::string line(worker.running);
    line += " still runs after " + std::to_string(held) + " s; it is left to itself";
    log(Level::warning, "workers", line);
  }
}

std::size_t WorkerPool::thread_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->workers.size();
}

std::size_t WorkerPool::waiting() const {
  const std::lock_guard lock(state_->mutex);
  return state_->queue.size();
}

}  // namespace naru::net
