// The coroutine type of the house. One thread runs all of them (belayd/ decides which), so plain members need no lock;
// what blocks (the database) runs on threads of its own and comes back.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace belay {

/// Lazy: nothing runs until it is awaited. Parameters of a coroutine are taken by value.
template <class T>
using Task = boost::asio::awaitable<T>;

/// Runs all of them at the same time and returns when the last has ended. Tasks report through what they capture by
/// reference from the awaiting frame, which outlives them. An exception of one is thrown after all have ended.
Task<void> all_of(std::vector<Task<void>> tasks);

/// For all_of: keeps what a task gives.
template <class T>
Task<void> answer_into(std::optional<T>& place, Task<T> task) {
  place.emplace(co_await std::move(task));
}

/// Two different results, asked for at the same time.
template <class A, class B>
Task<std::pair<A, B>> both(Task<A> a, Task<B> b) {
  std::optional<A> first;
  std::optional<B> second;
  std::vector<Task<void>> tasks;
  tasks.push_back(answer_into(first, std::move(a)));
  tasks.push_back(answer_into(second, std::move(b)));
  co_await all_of(std::move(tasks));
  co_return std::pair<A, B>(std::move(*first), std::move(*second));
}

}  // namespace belay
