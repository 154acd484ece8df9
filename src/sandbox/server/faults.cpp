#include "sandbox/server/faults.hpp"

#include <array>

#include <boost/json/serialize.hpp>

#include "sandbox/server/answers.hpp"

namespace belay::sandbox {
namespace {

// Nothing a test holds is waited for longer.
constexpr std::chrono::milliseconds kLongestHold = std::chrono::minutes{10};
constexpr std::array<std::string_view, 2> kMoments{"before", "after"};

std::string_view name_of(Moment moment) { return moment == Moment::before ? "before" : "after"; }

std::optional<Moment> moment_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return *text == "before" ? Moment::before : Moment::after;
}

Result<net::Response> read_answer(const json::object& from) {
  json::Reader reader{from};
  net::Response answer;
  answer.status = static_cast<unsigned>(reader.optional_integer("status", 100, 599).value_or(500));
  const auto headers = reader.optional_object("headers");
  const auto text = reader.optional_string("text", 1'000'000);
  const auto body = reader.optional_object("body");
  BELAY_CHECK(reader.finish());
  answer.body = text ? *text : body ? boost::json::serialize(*body) : std::string{};
  if (headers) {
    for (const auto& [name, value] : *headers) {
      answer.headers.emplace(std::string(name), value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));
    }
  }
  if (!answer.headers.contains("Content-Type")) answer.headers.emplace("Content-Type", text ? "text/plain;charset=UTF-8" : "application/json;charset=UTF-8");
  return answer;
}

Result<void> read_match(const json::object& from, FaultRule& rule) {
  json::Reader reader{from};
  rule.party = reader.optional_string("party", 32).value_or("");
  rule.method = reader.optional_string("method", 16).value_or("");
  rule.path = reader.optional_string("path", 512).value_or("");
  rule.body_has = reader.optional_string("bodyHas", 4096).value_or("");
  return reader.finish();
}

Result<FaultRule> read_rule(const json::value& from, std::size_t position) {
  if (!from.is_object()) return fail("invalid_field", "a rule is an object", {{"field", "rules"}});
  FaultRule rule;
  json::Reader reader{from.get_object()};
  rule.id = reader.optional_string("id", 64).value_or("rule-" + std::to_string(position + 1));
  const auto match = reader.optional_object("match");
  rule.skip = reader.optional_integer("skip", 0, 1'000'000).value_or(0);
  rule.times = reader.optional_integer("times", 0, 1'000'000);
  if (const auto delay = reader.optional_integer("delayMs", 0, 600'000)) rule.delay = std::chrono::milliseconds{*delay};
  rule.hold = moment_of(reader.optional_choice("hold", kMoments));
  rule.drop = moment_of(reader.optional_choice("drop", kMoments));
  const auto answer = reader.optional_object("answer");
  rule.answer_moment = moment_of(reader.optional_choice("answerMoment", kMoments));
  rule.garbage = reader.optional_bool("garbage").value_or(false);
  BELAY_CHECK(reader.finish());
  if (match) BELAY_CHECK(read_match(*match, rule));
  if (answer) {
    BELAY_TRY(read, read_answer(*answer));
    rule.answer = std::move(read);
  }
  return rule;
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.starts_with("**")) {
    for (std::size_t taken = 0; taken <= text.size(); ++taken) {
      if (matches_glob(pattern.substr(2), text.substr(taken))) return true;
    }
    return false;
  }
  if (pattern.front() == '*') {
    for (std::size_t taken = 0; taken <= text.size(); ++taken) {
      if (matches_glob(pattern.substr(1), text.substr(taken))) return true;
      if (taken < text.size() && text[taken] == '/') return false;
    }
    return false;
  }
  return !text.empty() && text.front() == pattern.front() && matches_glob(pattern.substr(1), text.substr(1));
}

Result<void> Faults::replace(const json::array& rules) {
  std::vector<FaultRule> fresh;
  for (const auto& rule : rules) {
    BELAY_TRY(read, read_rule(rule, fresh.size()));
    fresh.push_back(std::move(read));
  }
  rules_ = std::move(fresh);
  release(std::nullopt, false);
  return {};
}

json::object Faults::show() const {
  json::array rules;
  for (const auto& rule : rules_) {
    rules.push_back(json::object{{"id", rule.id}, {"party", rule.party}, {"method", rule.method}, {"path", rule.path}, {"seen", rule.seen}, {"hits", rule.hits}});
  }
  json::array holding;
  for (const auto& [number, held] : held_) {
    holding.push_back(json::object{{"hold", number}, {"rule", held->rule}, {"party", held->party}, {"method", held->method}, {"path", held->path}, {"moment", name_of(held->moment)}});
  }
  return {{"rules", std::move(rules)}, {"holding", std::move(holding)}};
}

std::size_t Faults::release(std::optional<std::int64_t> number, bool discard) {
  std::size_t count = 0;
  for (const auto& [held_number, held] : held_) {
    if (number && *number != held_number) continue;
    held->discard = discard;
    held->released->notify();
    ++count;
  }
  return count;
}

FaultRule* Faults::matching(std::string_view party, const net::Request& request, std::string_view path) {
  for (auto& rule : rules_) {
    if (!rule.party.empty() && rule.party != party) continue;
    if (!rule.method.empty() && rule.method != request.method) continue;
    if (!rule.path.empty() && !matches_glob(rule.path, path)) continue;
    if (!rule.body_has.empty() && !request.body.contains(rule.body_has)) continue;
    if (rule.times && rule.hits >= *rule.times) continue;
    ++rule.seen;
    if (rule.seen <= rule.skip) continue;
    ++rule.hits;
    return &rule;
  }
  return nullptr;
}

Task<bool> Faults::hold(std::string rule, std::string party, std::string method, std::string path, Moment moment) {
  auto held = std::make_shared<Held>(Held{next_number_++, std::move(rule), std::move(party), std::move(method), std::move(path), moment, false, std::make_unique<net::Signal>(io_)});
  held_.emplace(held->number, held);
  co_await held->released->wait(kLongestHold);
  held_.erase(held->number);
  co_return !held->discard;
}

Task<net::Response> Faults::apply(std::string party, net::Request request, std::string path, Effect effect) {
  const auto* found = matching(party, request, path);
  if (found == nullptr) co_return co_await effect(std::move(request));

  const FaultRule rule = *found;  // a test may replace the rules while this one waits
  const auto method = request.method;
  const net::Response dropped{.status = kDropConnection, .headers = {}, .body = {}};
  if (rule.delay) co_await net::sleep_for(*rule.delay);
  if (rule.hold == Moment::before) {
    const bool goes_on = co_await hold(rule.id, party, method, path, Moment::before);
    if (!goes_on) co_return dropped;
  }
  if (rule.drop == Moment::before) co_return dropped;
  if (rule.answer && rule.answer_moment != Moment::after) co_return *rule.answer;
  if (rule.garbage) co_return text_answer(200, "application/json", "{\"garbage\": \xff\xfe, <html>");

  auto answer = co_await effect(std::move(request));
  if (rule.hold == Moment::after) {
    const bool goes_on = co_await hold(rule.id, party, method, path, Moment::after);
    if (!goes_on) co_return dropped;
  }
  if (rule.drop == Moment::after) co_return dropped;
  if (rule.answer) co_return *rule.answer;
  co_return answer;
}

}  // namespace belay::sandbox
