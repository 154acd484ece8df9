#include "storage/lane.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace belay::storage {

namespace asio = boost::asio;

Connection& Slot::connection() {
  if (connection_ && connection_->broken()) connection_.reset();
  if (!connection_) connection_ = std::make_unique<Connection>(address_, use_, patience_);
  return *connection_;
}

Lane::Lane(const Address& address, Connection::Use use, Milliseconds patience, std::size_t threads, std::size_t depth) : depth_(depth) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, address, use, patience] { work_off(Slot{address, use, patience}); });
  }
}

void Lane::close() {
  std::deque<Job> left;
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
    left.swap(queue_);
  }
  available_->notify_all();
  for (auto& job : left) job.resume(nullptr, fail_for_now("storage_unavailable", "the storage is closing"));
  threads_.clear();   // joins
}

bool Lane::push(Job& job) {
  const auto available = available_;
  {
    const std::lock_guard lock{mutex_};
    if (ending_ || queue_.size() >= depth_) return false;
    queue_.push_back(std::move(job));
  }
  available->notify_one();   // without the lock: whoever wakes would wait for it
  return true;
}

void Lane::work_off(Slot slot) {
  std::unique_lock lock{mutex_};
  while (true) {
    available_->wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Job job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    std::exception_ptr thrown;
    Result<void> result;
    try {
      result = job.work(slot);
    } catch (...) {   // a bug in the unit of work: it belongs to whoever waits for it
      thrown = std::current_exception();
    }
    job.work = nullptr;   // what it captured dies before the waiter goes on
    job.resume(std::move(thrown), std::move(result));
    lock.lock();
  }
}

Task<Result<void>> Lane::run(Work work) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  auto begin = [this, &executor](auto handler, Work blocking) {
    Job job{.work = std::move(blocking),
            .resume = [handler = std::move(handler), guard = asio::make_work_guard(executor)](std::exception_ptr thrown, Result<void> result) mutable {
              auto to = guard.get_executor();
              asio::post(to, [handler = std::move(handler), guard = std::move(guard), thrown = std::move(thrown), result = std::move(result)]() mutable {
                std::move(handler)(std::move(thrown), std::move(result));
              });
            }};
    if (!push(job)) job.resume(nullptr, fail_for_now("overloaded", "the queue of the storage is full", std::chrono::seconds{1}));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, Result<void>)>(begin, asio::use_awaitable, std::move(work));
}

bool Lane::begin(Work work) {
  Job job{.work = std::move(work), .resume = [](std::exception_ptr, Result<void>) {}};
  return push(job);
}

}  // namespace belay::storage
