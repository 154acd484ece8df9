#include "sandbox/forge/events.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "sandbox/clock.hpp"

namespace belay::sandbox::forge {
namespace {

constexpr int kMostRetries = 4;
constexpr std::chrono::seconds kBetweenRetries{60};
constexpr std::chrono::hours kBetweenTicks{1};
constexpr std::chrono::milliseconds kLookEvery{100};
constexpr std::size_t kRemembered = 200;

bool listens(const Module& module, std::string_view event) { return std::ranges::find(module.events, event) != module.events.end(); }

}  // namespace

void Events::enqueue(const Installation& installation, const Module& module, std::string event, json::object payload) {
  const auto* endpoint = manifest_.endpoint(module.endpoint);
  if (endpoint == nullptr || invoker_.address_of(installation, *endpoint).empty()) return;
  waiting_.push_back({next_number_++, installation.id, &module, std::move(event), std::move(payload), 0, {}, stage_.clock.now(), false});
}

void Events::lifecycle(const Installation& installation, std::string_view event) {
  for (const auto* trigger : manifest_.of_type("trigger")) {
    if (!listens(*trigger, event)) continue;
    enqueue(installation, *trigger, std::string(event),
            {{"id", installation.id},
             {"installerAccountId", installation.installer},
             {"eventType", event},
             {"app", json::object{{"id", manifest_.app_id}, {"version", environment_.version}, {"name", environment_.app_name}}},
             {"environment", json::object{{"id", environment_.id}}}});
  }
}

void Events::product(const jira_cloud::IssueHappening& happening) {
  auto* installation = installations_.of_site(happening.cloud_id);
  if (installation == nullptr || !installation->installed) return;
  for (const auto* trigger : manifest_.of_type("trigger")) {
    if (!listens(*trigger, happening.event) || (trigger->ignore_self && happening.by_app)) continue;
    json::object payload{{"eventType", happening.event},
                         {"selfGenerated", happening.by_app},
                         {"atlassianId", happening.account},
                         {"issue", json::object{{"id", happening.issue_id},
                                                {"key", happening.issue_key},
                                                {"fields", json::object{{"project", json::object{{"id", happening.project_id}, {"key", happening.project_key}}}}}}}};
    if (!happening.comment.empty()) payload["comment"] = happening.comment;
    enqueue(*installation, *trigger, happening.event, std::move(payload));
  }
}

void Events::tick(Installation& installation) {
  for (const auto* trigger : manifest_.of_type("scheduledTrigger")) {
    if (trigger->interval == "hour") enqueue(installation, *trigger, "scheduledTrigger", {});
  }
  installation.next_tick = stage_.clock.now() + kBetweenTicks;
}

Task<void> Events::run() {
  while (!stopped_) {
    const auto now = stage_.clock.now();
    for (auto& installation : installations_.all) {
      if (installation.installed && installation.next_tick <= now) tick(installation);
    }
    for (auto& delivery : waiting_) {
      if (delivery.running || delivery.due > now) continue;
      delivery.running = true;
      runtime_.spawn("forge_event", deliver(delivery));
    }
    co_await net::sleep_for(kLookEvery);
  }
}

// `delivery` stays in the list until this coroutine takes it out.
Task<void> Events::deliver(Delivery& delivery) {
  auto* installation = installations_.by_id(delivery.installation);
  const auto* site = installation == nullptr ? nullptr : sites_.by_cloud(installation->cloud_id);
  const auto forget = [&] { waiting_.remove_if([&](const Delivery& one) { return &one == &delivery; }); };
  if (site == nullptr || !installation->installed) {
    note(delivery, 0, "dropped");
    forget();
    co_return;
  }
  auto payload = delivery.payload;
  if (delivery.retries > 0) payload["retryContext"] = json::object{{"retryCount", delivery.retries}, {"retryReason", delivery.reason}, {"retryData", nullptr}};
  const json::object body{{"payload", std::move(payload)}, {"context", json::object{{"cloudId", installation->cloud_id}, {"moduleKey", delivery.module->key}}}};
  const auto answer = co_await invoker_.call_for_event({.installation = installation, .site = site, .module = delivery.module, .account = {}, .issue = nullptr, .request = nullptr, .project = nullptr, .local_id = {}},
                                                       boost::json::serialize(body), kEventDeadline);
  const unsigned status = answer ? answer->status : 0;
  if (status >= 200 && status < 300) {
    note(delivery, status, "delivered");
    forget();
    co_return;
  }
  delivery.reason = !answer && answer.error().code == "no_answer" ? "TIMEOUT_ERROR" : status == 401 ? "INVALID_FORGE_INVOCATION_TOKEN" : "INVALID_REMOTE_INVOCATION_ERROR";
  if (delivery.retries == kMostRetries) {
    note(delivery, status, "given_up");
    forget();
    co_return;
  }
  note(delivery, status, "failed");
  ++delivery.retries;
  delivery.due = stage_.clock.now() + kBetweenRetries;
  delivery.running = false;
}

Task<void> Events::before_uninstall(const Installation& installation) {
  const auto* site = sites_.by_cloud(installation.cloud_id);
  for (const auto* module : manifest_.of_type("preUninstall")) {
    const auto* endpoint = manifest_.endpoint(module->endpoint);
    if (endpoint == nullptr || invoker_.address_of(installation, *endpoint).empty()) continue;
    const json::object body{{"payload", json::object{{"id", installation.id}, {"eventType", "avi:forge:preUninstall:app"}}}, {"context", json::object{{"cloudId", installation.cloud_id}, {"moduleKey", module->key}}}};
    const auto answer = co_await invoker_.call_for_event({.installation = &installation, .site = site, .module = module, .account = {}, .issue = nullptr, .request = nullptr, .project = nullptr, .local_id = {}},
                                                         boost::json::serialize(body), kUninstallDeadline);
    note({next_number_++, installation.id, module, "preUninstall", {}, 0, {}, stage_.clock.now(), false}, answer ? answer->status : 0, answer && answer->status < 300 ? "delivered" : "failed");
  }
}

void Events::note(const Delivery& delivery, unsigned status, std::string_view outcome) {
  delivered_.push_back({{"number", delivery.number},
                        {"time", to_iso8601(stage_.clock.now())},
                        {"installation", delivery.installation},
                        {"module", delivery.module->key},
                        {"event", delivery.event},
                        {"retryCount", delivery.retries},
                        {"status", status},
                        {"outcome", outcome}});
  if (delivered_.size() > kRemembered) delivered_.pop_front();
}

json::object Events::state() const {
  json::array done(delivered_.begin(), delivered_.end());
  return {{"waiting", waiting_.size()}, {"deliveries", std::move(done)}};
}

}  // namespace belay::sandbox::forge
