// Threads that share a queue, each with a connection of its own: where blocking work on the database is done. A coroutine
// that waits for a job resumes on its own executor, never on a thread of the lane.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/connection.hpp"

namespace belay::storage {

/// The connection of one thread: opened when it is needed, opened again after it broke.
class Slot final {
 public:
  Slot(const Address& address, Connection::Use use, Milliseconds patience) : address_(address), use_(use), patience_(patience) {}

  /// Throws soci::soci_error when the database cannot be reached.
  Connection& connection();
  void drop() { connection_.reset(); }
  /// Of the connection that is there.
  void checkpoint() noexcept {
    if (connection_ && !connection_->broken()) connection_->checkpoint();
  }
  /// As of the last commit; 0 without a connection.
  [[nodiscard]] int log_pages() const { return connection_ ? connection_->log_pages() : 0; }

 private:
  const Address address_;
  const Connection::Use use_;
  const Milliseconds patience_;
  std::unique_ptr<Connection> connection_;
};

class Lane final {
 public:
  using Work = std::function<Result<void>(Slot&)>;

  Lane(const Address& address, Connection::Use use, Milliseconds patience, std::size_t threads, std::size_t depth);
  ~Lane() { close(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Waits for the jobs under way. Those in the queue are answered with `storage_unavailable`, and whoever comes later finds it full.
  void close();

  /// What `work` returned; `overloaded` when the queue is full and it was not run. Exceptions of `work` are thrown here.
  Task<Result<void>> run(Work work);

  /// For what nobody waits for. False when the queue is full and it will not be run.
  bool begin(Work work);

 private:
  struct Job {
    Work work;
    std::move_only_function<void(std::exception_ptr, Result<void>)> resume;
  };

  bool push(Job& job);
  void work_off(Slot slot);

  const std::size_t depth_;
  std::mutex mutex_;
  // Of those who wake one as well: when they do the job may be done already, and whoever waited for it may have ended the lane.
  const std::shared_ptr<std::condition_variable> available_ = std::make_shared<std::condition_variable>();
  std::deque<Job> queue_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace belay::storage
