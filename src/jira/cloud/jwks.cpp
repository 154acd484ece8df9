#include "jira/cloud/jwks.hpp"

#include <fstream>
#include <iterator>

#include "base/log.hpp"

namespace belay::jira::cloud {
namespace {

// A clock that was set back must not close the door for good.
bool is_over(Time since, Milliseconds pause, Time now) { return now < since || now - since >= pause; }

}  // namespace

KeySource::KeySource(net::Client& client, const ports::Clock& clock, KeySourceSettings settings)
    : client_(client), clock_(clock), settings_(std::move(settings)) {}

bool KeySource::read_cache() {
  if (settings_.cache_file.empty()) return false;
  std::ifstream file{settings_.cache_file, std::ios::binary};
  if (!file.is_open()) return false;
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (auto taken = text.size() <= kMaxKeySetBytes ? take(text) : fail("jwks_invalid", "too large"); !taken) {
    log::warning("jwks_cache_unusable", log::fields_of(taken.error()));
    return false;
  }
  return true;
}

Task<Result<void>> KeySource::load() {
  ++loading_;
  auto text = co_await fetch();
  --loading_;
  if (!text) {
    log::warning("jwks_not_loaded", log::fields_of(text.error()));
    co_return std::unexpected(std::move(text).error());
  }
  // Callers that share one call each come by here: the first reads it.
  if (keys_ && *text == taken_) co_return Result<void>{};
  auto taken = take(*text);
  if (!taken) {
    log::warning("jwks_not_loaded", log::fields_of(taken.error()));
    co_return taken;
  }
  write_cache(*text);
  co_return Result<void>{};
}

Task<bool> KeySource::load_for_unknown_key() {
  if (loading_ == 0) {
    const auto now = clock_.now();
    if (asked_for_unknown_key_ && !is_over(*asked_for_unknown_key_, kUnknownKeyPause, now)) co_return false;
    asked_for_unknown_key_ = now;
  }
  const auto loaded = co_await load();
  co_return loaded.has_value();
}

Task<bool> KeySource::load_first() {
  if (loading_ == 0) {
    const auto now = clock_.now();
    if (asked_first_ && !is_over(*asked_first_, kFirstLoadPause, now)) co_return false;
    asked_first_ = now;
  }
  const auto loaded = co_await load();
  co_return loaded.has_value();
}

Task<void> KeySource::keep_fresh(ports::Alarm& alarm) {
  while (true) {
    const auto loaded = co_await load();
    const Milliseconds wait = loaded ? Milliseconds{kKeySetLife} : keys_ ? Milliseconds{kUnknownKeyPause} : Milliseconds{kFirstLoadPause};
    co_await alarm.sleep(wait);
  }
}

// Callers at the same time share one call (single_flight_key) and each read its answer.
Task<Result<std::string>> KeySource::fetch() {
  net::OutboundRequest request;
  request.url = settings_.url;
  request.headers.emplace("Accept", "application/json");
  request.deadline = kKeySetDeadline;
  request.max_answer = kMaxKeySetBytes;
  request.idempotent = true;
  request.max_tries = 2;
  request.single_flight_key = "jwks";
  request.name = "forge.jwks";
  auto answer = co_await client_.send(std::move(request));
  if (!answer) co_return fail_for_now("jwks_unreachable", answer.error().code);
  if (answer->status != 200) co_return fail_for_now("jwks_unreachable", "status " + std::to_string(answer->status));
  co_return std::move(answer->body);
}

Result<void> KeySource::take(const std::string& text) {
  BELAY_TRY(keys, crypto::KeySet::parse(text));
  if (keys.size() == 0) return fail("jwks_invalid", "no usable key");
  keys_ = std::make_shared<const crypto::KeySet>(std::move(keys));
  taken_ = text;
  return {};
}

// Written beside and moved over, so that a kill leaves the old file or the new one.
void KeySource::write_cache(const std::string& text) const {
  if (settings_.cache_file.empty()) return;
  auto beside = settings_.cache_file;
  beside += ".new";
  std::error_code problem;
  // Whoever may write there decides who is let in.
  const auto folder = settings_.cache_file.parent_path();
  if (!folder.empty() && std::filesystem::create_directories(folder, problem)) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, problem);
  problem.clear();   // the file itself tells
  {
    std::ofstream file{beside, std::ios::binary | std::ios::trunc};
    file << text;
    file.flush();
    if (!file.good()) problem = std::make_error_code(std::errc::io_error);
  }
  if (!problem) std::filesystem::rename(beside, settings_.cache_file, problem);
  // The set in memory serves; only a restart during an outage would miss the file.
  if (problem) log::warning("jwks_cache_not_written", {{"reason", problem.message()}});
}

}  // namespace belay::jira::cloud
