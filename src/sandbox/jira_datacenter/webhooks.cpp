#include "sandbox/jira_datacenter/webhooks.hpp"

#include <boost/json/serialize.hpp>

#include "crypto/digest.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/views.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::chrono::milliseconds kPatience{10'000};
constexpr std::size_t kRemembered = 200;
constexpr std::size_t kUuidRandom = 10;

std::string issue_event_of(std::string_view comment_event) {
  return comment_event == "created" ? "issue_commented" : comment_event == "updated" ? "issue_comment_edited" : "issue_comment_deleted";
}

}  // namespace

void Webhooks::issue(const Site& site, std::string_view event, std::string_view by, const Issue& about) {
  tell(site, "jira:issue_" + std::string(event),
       {{"timestamp", to_millis(stage_.clock.now())},
        {"webhookEvent", "jira:issue_" + std::string(event)},
        {"issue_event_type_name", "issue_" + std::string(event)},
        {"user", user_or_null(site, by)},
        {"issue", issue_view(site, about, by, Fields("*all,-comment,-worklog", ""))}});
}

void Webhooks::comment(const Site& site, std::string_view event, std::string_view by, const Issue& about, const Comment& said) {
  const auto now = to_millis(stage_.clock.now());
  const auto issue_shown = issue_view(site, about, by, Fields("*all,-comment,-worklog", ""));
  const auto comment_shown = comment_view(site, about, said);
  json::object own{{"timestamp", now}, {"webhookEvent", "comment_" + std::string(event)}, {"comment", comment_shown}};
  if (site.behaviour.comment_events_name_issue) own["issue"] = issue_shown;
  tell(site, "comment_" + std::string(event), std::move(own));
  tell(site, "jira:issue_updated",
       {{"timestamp", now}, {"webhookEvent", "jira:issue_updated"}, {"issue_event_type_name", issue_event_of(event)}, {"user", user_or_null(site, by)}, {"issue", issue_shown}, {"comment", comment_shown}});
}

void Webhooks::tell(const Site& site, const std::string& event, json::object payload) {
  for (const auto& webhook : site.webhooks) {
    if (!webhook.enabled || !webhook.events.contains(event)) continue;
    Delivery delivery{.number = next_number_++, .site = site.name, .event = event, .url = webhook.url, .signature = {}, .body = boost::json::serialize(payload)};
    if (!webhook.secret.empty()) delivery.signature = "sha256=" + crypto::hex(crypto::hmac_sha256(webhook.secret, delivery.body));
    ++waiting_;
    runtime_.spawn("datacenter_webhook", deliver(std::move(delivery)));
  }
}

Task<void> Webhooks::deliver(Delivery delivery) {
  net::OutboundRequest request;
  request.method = "POST";
  request.url = delivery.url;
  request.headers.emplace("Content-Type", "application/json");
  request.headers.emplace("X-Atlassian-Webhook-Identifier", crypto::uuid_v7(to_millis(stage_.clock.now()), crypto::random_bytes(kUuidRandom)));
  if (!delivery.signature.empty()) request.headers.emplace("X-Hub-Signature", delivery.signature);
  request.body = delivery.body;
  request.deadline = kPatience;
  request.max_tries = 1;
  request.name = "datacenter.webhook";
  const auto answer = co_await client_.send(std::move(request));
  const unsigned status = answer ? answer->status : 0;
  --waiting_;
  delivered_.push_back({{"number", delivery.number},
                        {"time", to_iso8601(stage_.clock.now())},
                        {"site", delivery.site},
                        {"event", delivery.event},
                        {"url", delivery.url},
                        {"status", status},
                        {"outcome", status >= 200 && status < 300 ? "delivered" : "failed"}});
  if (delivered_.size() > kRemembered) delivered_.pop_front();
}

json::object Webhooks::state() const { return {{"waiting", waiting_}, {"deliveries", json::array(delivered_.begin(), delivered_.end())}}; }

}  // namespace belay::sandbox::jira_datacenter
