#include "bus/in_process.hpp"

namespace belay::bus {

void InProcess::publish(std::string_view subject, std::string payload) {
  const auto found = listeners_.find(subject);
  if (found == listeners_.end()) return;
  const auto listeners = found->second;   // a listener may subscribe another
  for (const auto& listener : listeners) listener(payload);
}

void InProcess::subscribe(std::string_view subject, std::function<void(const std::string&)> listener) {
  listeners_[std::string(subject)].push_back(std::move(listener));
}

}  // namespace belay::bus
