// News between instances of belayd: "this tenant's cached facts changed", "there is work". Best effort; the truth is in the database.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace belay::ports {

class Bus {
 public:
  virtual ~Bus() = default;
  virtual void publish(std::string_view subject, std::string payload) = 0;
  /// The listener is called on the house's one thread.
  virtual void subscribe(std::string_view subject, std::function<void(const std::string&)> listener) = 0;
};

}  // namespace belay::ports
