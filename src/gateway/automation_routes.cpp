// What Jira's automation calls. It shows a rule's owner what stands under `errors` of an answer that succeeded, and of any other answer nothing: so a
// refusal is told there, in words (Atlassian's page "Action" of the Forge modules, "Communicating errors").
#include <algorithm>
#include <array>
#include <charconv>

#include "base/log.hpp"
#include "gateway/gateway.hpp"
#include "gateway/parameters.hpp"
#include "gateway/problem.hpp"

namespace belay::gateway {
namespace {

constexpr std::size_t kIssueLimit = 255;
constexpr std::size_t kTextBytes = 64 * 1024;
constexpr std::array<std::string_view, 3> kInvitations{"public", "internal", "none"};

// A field that was left empty in the rule comes as an empty text.
std::optional<std::string> filled(std::optional<std::string> text) { return text && text->empty() ? std::nullopt : std::move(text); }

// A smart value that a rule's form has for a number comes as text; one that is no number is refused as what it is.
void number_from_text(json::object& inputs, std::string_view key) {
  const auto text = json::string_at(inputs, key);
  if (!text) return;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (text->empty()) inputs.erase(key);
  else if (error == std::errc{} && end == text->data() + text->size()) inputs[key] = number;
}

Result<desk::RuleWish> read_wish(const json::object& inputs) {
  json::Reader reader{inputs};
  desk::RuleWish wish;
  wish.issue = reader.required_string("issueKey", kIssueLimit);
  if (auto account = filled(reader.optional_string("customer", kAccountLimit))) wish.customer = AccountId{std::move(*account)};
  wish.description = filled(reader.optional_string("description", kTextBytes));
  if (const auto minutes = reader.optional_integer("validityMinutes", support::kLeastValidity.count(), support::kMostValidity.count())) wish.validity = std::chrono::minutes{*minutes};
  const auto invitation = filled(reader.optional_string("invitation", 16));
  if (invitation && std::ranges::find(kInvitations, *invitation) == kInvitations.end()) {
    reader.refuse("invitation", FieldRule::choice, {{"choices", json::array(kInvitations.begin(), kInvitations.end())}});
  } else if (invitation) {
    wish.invitation = support::invitation_from(*invitation);
  }
  BELAY_CHECK(reader.finish());
  return wish;
}

// Forge wraps the inputs in `payload`, beside its own context, and may put a context among them as well.
json::object inputs_of(json::object body) {
  if (const auto* wrapped = json::object_at(body, "payload")) {
    auto inner = *wrapped;
    body = std::move(inner);
  }
  for (const auto* own : {"context", "retryContext"}) body.erase(own);
  number_from_text(body, "validityMinutes");
  return body;
}

Task<Result<json::object>> carry_out(desk::Automation& automation, RouteCall call, json::object inputs) {
  BELAY_CO_TRY(wish, read_wish(inputs));
  const auto trace = trace_of(call.request);
  co_return co_await automation.create_session(std::move(call.verified), trace, call.request.peer, std::move(wish));
}

Task<Result<Answer>> create_session(desk::Automation& automation, const Catalogue& words, RouteCall call) {
  if (call.verified.page != support::Page::backend) co_return fail("forbidden", "a page is no rule", {{"reason", "wrong_module"}});
  const auto installation = call.verified.installation;
  const auto inputs = inputs_of(std::move(call.body));
  auto done = co_await carry_out(automation, std::move(call), inputs);
  if (done) co_return plain(std::move(*done));
  auto error = done.error();
  if (!error.detail.contains("issue")) error.detail["issue"] = json::string_at(inputs, "issueKey").value_or("");
  const auto language = co_await automation.language_of(installation);
  log::info("rule_refused", log::fields_of(done.error(), {{"installation", installation.value}}));
  co_return plain({{"errors", json::array{json::object{{"code", error.code}, {"message", rule_sentence(error, language, words)}}}}});
}

}  // namespace

void add_automation_routes(Router& router, desk::Automation& automation, const Catalogue& words) {
  router.add("POST", "/v1/automation/create-session", Door::for_rules, [&automation, &words](RouteCall call) { return create_session(automation, words, std::move(call)); });
}

}  // namespace belay::gateway
