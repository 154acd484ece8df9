// Faults on demand: rules that tests set by `PUT control/faults` (docs/sandbox/faults.schema.json), tried in order on every request to
// a party. The first rule that matches decides; a request that none matches goes through untouched.
//
// "Before" means that the party never sees the request (unless a hold ends), "after" that its effect is done and journalled while the
// answer is kept back: the two sides of every window in which belayd may be stopped.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/message.hpp"
#include "net/runtime.hpp"

namespace belay::sandbox {

/// A net::Response with this status closes the connection without an answer.
inline constexpr unsigned kDropConnection = 0;

enum class Moment { before, after };

struct FaultRule {
  std::string id;
  // What it matches; empty matches everything.
  std::string party;
  std::string method;
  std::string path;          ///< glob: * within one segment, ** across; Jira's without /ex/jira/<cloudId>
  std::string body_has;      ///< a text that must be in the body
  std::int64_t skip = 0;     ///< matches let through first
  std::optional<std::int64_t> times;  ///< matches acted on; none: all
  // What it does, in this order.
  std::optional<std::chrono::milliseconds> delay;
  std::optional<Moment> hold;
  std::optional<Moment> drop;
  std::optional<net::Response> answer;  ///< in the party's place; the effect does not happen
  std::optional<Moment> answer_moment;  ///< after: the effect happens, this is the answer nevertheless
  bool garbage = false;      ///< status 200, JSON content type, and a body that is no JSON

  std::int64_t seen = 0;
  std::int64_t hits = 0;
};

class Faults final {
 public:
  explicit Faults(boost::asio::io_context& io) : io_(io) {}

  /// The whole new list; what is held now is released. Error `invalid_field`; then nothing has changed.
  Result<void> replace(const json::array& rules);
  /// Rules with hits, and what is being held.
  [[nodiscard]] json::object show() const;

  /// Lets held requests go on: the one with this number, or all. `discard` drops their connection instead (and before the effect, the effect).
  /// Returns how many.
  std::size_t release(std::optional<std::int64_t> number, bool discard);

  using Effect = std::function<Task<net::Response>(net::Request)>;
  /// Runs `effect` under the rules.
  Task<net::Response> apply(std::string party, net::Request request, std::string path, Effect effect);

 private:
  struct Held {
    std::int64_t number;
    std::string rule, party, method, path;
    Moment moment;
    bool discard = false;
    std::unique_ptr<net::Signal> released;
  };

  FaultRule* matching(std::string_view party, const net::Request& request, std::string_view path);
  /// False: discarded.
  Task<bool> hold(std::string rule, std::string party, std::string method, std::string path, Moment moment);

  boost::asio::io_context& io_;
  std::vector<FaultRule> rules_;
  std::map<std::int64_t, std::shared_ptr<Held>> held_;
  std::int64_t next_number_ = 1;
};

/// * matches within one segment, ** anything.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace belay::sandbox
