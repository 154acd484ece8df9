#include "sandbox/forge/automation.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "sandbox/clock.hpp"

namespace belay::sandbox::forge {
namespace {

// What Automation says of an action that failed without a word.
constexpr std::string_view kGeneric = "Action failed with an unexpected error.";
constexpr std::size_t kLargestConfiguration = 100 * 1024;

std::unexpected<Error> not_to_be_saved(std::string_view input, std::string cause) { return fail("invalid_field", std::move(cause), {{"field", "inputs." + std::string(input)}}); }

bool is_of(const json::value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64();
  return value.is_number();
}

Result<void> check(const Module& action, const json::object& inputs) {
  if (boost::json::serialize(inputs).size() > kLargestConfiguration) return not_to_be_saved("", "larger than 100 kilobytes");
  for (const auto& [name, value] : inputs) {
    const auto declared = action.inputs.find(std::string(name));
    if (declared == action.inputs.end()) return not_to_be_saved(name, "not declared in the manifest");
    if (!is_of(value, declared->second.type)) return not_to_be_saved(name, "not a " + declared->second.type);
  }
  for (const auto& [name, input] : action.inputs) {
    const auto* given = inputs.if_contains(name);
    const bool empty = given == nullptr || (given->is_string() && given->get_string().empty());
    if (input.required && empty) return not_to_be_saved(name, name + " is required");
  }
  return {};
}

void fill_in(std::string& text, std::string_view value, const std::string& filling) {
  for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at + filling.size())) text.replace(at, value.size(), filling);
}

// The few that rules about issues use.
json::object with_smart_values(json::object inputs, const jira_cloud::Issue* issue) {
  for (auto& input : inputs) {
    if (!input.value().is_string()) continue;
    auto text = std::string(input.value().get_string());
    fill_in(text, "{{issue.key}}", issue == nullptr ? "" : issue->key);
    fill_in(text, "{{issue.id}}", issue == nullptr ? "" : issue->id);
    fill_in(text, "{{issue.summary}}", issue == nullptr ? "" : issue->summary);
    fill_in(text, "{{issue.reporter.accountId}}", issue == nullptr ? "" : issue->reporter);
    input.value() = text;
  }
  return inputs;
}

json::array errors_of(const json::object& output) {
  json::array sentences;
  const auto* errors = json::array_at(output, "errors");
  if (errors == nullptr) return sentences;
  for (const auto& one : *errors) {
    auto message = one.is_object() ? json::string_at(one.get_object(), "message") : std::nullopt;
    sentences.emplace_back(message.value_or(std::string(kGeneric)));
  }
  return sentences;
}

}  // namespace

const Module* Automation::shown_action(const std::string& key) const {
  const auto providers = manifest_.of_type("automation:actionProvider");
  const bool shown = std::ranges::any_of(providers, [&](const Module* provider) { return std::ranges::find(provider->actions, key) != provider->actions.end(); });
  const auto* action = shown ? manifest_.module(key) : nullptr;
  return action != nullptr && action->type == "action" ? action : nullptr;
}

Task<Result<json::object>> Automation::run(RuleRun run) {
  const auto* action = shown_action(run.action);
  if (action == nullptr) co_return fail("invalid_field", "automation shows no such action", {{"field", "action"}});
  BELAY_CO_CHECK(check(*action, run.inputs));
  const json::object body{{"payload", with_smart_values(std::move(run.inputs), run.issue)}, {"context", json::object{{"cloudId", run.installation->cloud_id}, {"moduleKey", action->key}}}};
  const Occasion occasion{.installation = run.installation, .site = run.site, .module = action, .account = {}, .actor = run.actor, .issue = nullptr, .request = nullptr, .project = nullptr, .local_id = {}};
  const auto answer = co_await invoker_.call_for_event(occasion, boost::json::serialize(body), kEventDeadline);
  const unsigned status = answer ? answer->status : 0;
  const auto output = answer ? json::parse_or_null(answer->body) : json::value(nullptr);
  const bool answered = status >= 200 && status < 300;
  auto errors = answered && output.is_object() ? errors_of(output.get_object()) : json::array{};
  if (!answered) errors.emplace_back(kGeneric);
  co_return json::object{{"time", to_iso8601(stage_.clock.now())},
                         {"installation", run.installation->id},
                    {"action", action->key},
                    {"actor", run.actor},
                    {"outcome", errors.empty() ? "success" : "failure"},
                    {"errors", std::move(errors)},
                    {"status", status},
                    {"output", output}};
}

}  // namespace belay::sandbox::forge
