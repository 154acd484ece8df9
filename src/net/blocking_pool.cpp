#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/runtime.hpp"

namespace belay::net {

namespace asio = boost::asio;

namespace {

// One piece of blocking work and the coroutine that waits for it. `resume` is called on the io_context's thread only.
struct Job {
  std::function<void()> work;
  std::move_only_function<void(std::exception_ptr)> resume;
};

}  // namespace

struct BlockingPool::Implementation {
  using Executor = asio::io_context::executor_type;

  Implementation(asio::io_context& io, std::size_t depth) : executor(io.get_executor()), max_queue(depth) {}

  void work_off() {
    std::unique_lock lock{mutex};
    while (true) {
      available.wait(lock, [&] { return ending || !queue.empty(); });
      if (ending) return;
      Job job = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      carry_out(std::move(job));
      lock.lock();
    }
  }

  void carry_out(Job job) {
    std::exception_ptr thrown;
    try {
      job.work();
    } catch (...) {
      thrown = std::current_exception();
    }
    job.work = nullptr;  // what it captured dies before the waiter goes on
    asio::post(executor, [resume = std::move(job.resume), thrown = std::move(thrown)]() mutable { resume(std::move(thrown)); });
  }

  Executor executor;
  const std::size_t max_queue;
  std::mutex mutex;
  std::condition_variable available;
  std::deque<Job> queue;
  bool ending = false;
  std::vector<std::jthread> threads;
};

BlockingPool::BlockingPool(asio::io_context& io, std::size_t threads, std::size_t depth)
    : implementation_(std::make_unique<Implementation>(io, depth)) {
  for (std::size_t i = 0; i < threads; ++i) implementation_->threads.emplace_back([state = implementation_.get()] { state->work_off(); });
}

BlockingPool::~BlockingPool() {
  {
    const std::lock_guard lock{implementation_->mutex};
    implementation_->ending = true;
  }
  implementation_->available.notify_all();
  implementation_->threads.clear();  // joins: what has begun is ended, what has not is dropped with its waiter
}

Task<bool> BlockingPool::run(std::function<void()> work) {
  auto& state = *implementation_;
  {
    const std::lock_guard lock{state.mutex};
    if (state.queue.size() >= state.max_queue || state.ending) co_return false;
  }
  auto enqueue = [&state](auto handler, std::function<void()> blocking) {
    Job job{.work = std::move(blocking),
            .resume = [handler = std::move(handler), guard = asio::make_work_guard(state.executor)](std::exception_ptr thrown) mutable {
              std::move(handler)(std::move(thrown));
            }};
    {
      const std::lock_guard lock{state.mutex};
      state.queue.push_back(std::move(job));
    }
    state.available.notify_one();
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(enqueue, asio::use_awaitable, std::move(work));
  co_return true;
}

}  // namespace belay::net
