// What Forge tells the remote by itself: lifecycle, product events and the hourly tick. Five seconds to answer, four retries sixty
// seconds apart by the sandbox's clock, with `retryContext` in the payload (Atlassian's page "Sending events to a remote").
#pragma once

#include <deque>
#include <list>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "net/runtime.hpp"
#include "sandbox/forge/invocation.hpp"
#include "sandbox/jira_cloud/rest.hpp"

namespace belay::sandbox::forge {

class Events final {
 public:
  Events(Stage stage, net::Runtime& runtime, Invoker& invoker, Installations& installations, jira_cloud::Sites& sites, const Manifest& manifest, const Environment& environment)
      : stage_(stage), runtime_(runtime), invoker_(invoker), installations_(installations), sites_(sites), manifest_(manifest), environment_(environment) {}

  /// Runs until stop(): sends what is due, and the hourly ticks.
  Task<void> run();
  void stop() { stopped_ = true; }

  /// To every trigger that asked for the event. Nothing happens where the remote has no address.
  void lifecycle(const Installation& installation, std::string_view event);
  void product(const jira_cloud::IssueHappening& happening);
  /// To every hourly scheduled trigger, now.
  void tick(Installation& installation);
  /// Returns when the remote has answered or 55 s are over; whatever it says, the app goes.
  Task<void> before_uninstall(const Installation& installation);

  [[nodiscard]] json::object state() const;

 private:
  struct Delivery {
    std::int64_t number;
    std::string installation;     ///< ARI
    const Module* module;
    std::string event;
    json::object payload;
    int retries = 0;
    std::string reason;           ///< of the last failure
    Time due;
    bool running = false;
  };

  void enqueue(const Installation& installation, const Module& module, std::string event, json::object payload);
  Task<void> deliver(Delivery& delivery);
  void note(const Delivery& delivery, unsigned status, std::string_view outcome);

  Stage stage_;
  net::Runtime& runtime_;
  Invoker& invoker_;
  Installations& installations_;
  jira_cloud::Sites& sites_;
  const Manifest& manifest_;
  const Environment& environment_;
  std::list<Delivery> waiting_;
  std::deque<json::object> delivered_;
  std::int64_t next_number_ = 1;
  bool stopped_ = false;
};

}  // namespace belay::sandbox::forge
