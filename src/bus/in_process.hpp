// The bus of a single instance: whoever subscribes here is told at once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ports/bus.hpp"

namespace belay::bus {

/// Lives on the house's one thread. A listener may publish; what it subscribes during a publication hears the next one.
class InProcess final : public ports::Bus {
 public:
  void publish(std::string_view subject, std::string payload) override;
  void subscribe(std::string_view subject, std::function<void(const std::string&)> listener) override;

 private:
  using Listeners = std::vector<std::function<void(const std::string&)>>;
  std::map<std::string, Listeners, std::less<>> listeners_;
};

}  // namespace belay::bus
