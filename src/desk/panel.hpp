// Everything the panel on the issue shows, in one answer (docs/openapi.yaml, Panel). Never fails because Jira or the provider
// does not answer: it says what is known, and what is missing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/issue_people.hpp"
#include "desk/matching.hpp"
#include "desk/polling.hpp"

namespace belay::desk {

class Panel final {
 public:
  Panel(const Doors& doors, Admission& admission, Polling& polling, Rosters& rosters, IssuePeople& issue_people, Matching& matching)
      : doors_(doors), admission_(admission), polling_(polling), rosters_(rosters), issue_people_(issue_people), matching_(matching) {}

  /// The answer as JSON text. With `since` equal to the present version: {"changed":false,"version":…}. Errors: forbidden (wrong_module), not_found
  /// (an issue the caller may not see), and our own storage.
  Task<Result<std::string>> show(Caller caller, std::string since);

  void forget(const InstallationId& installation);
  /// Drops the answers that are over. To be called every minute: what is said of people is in them.
  void tidy();
  [[nodiscard]] std::size_t held() const { return made_.size(); }
  /// Of these, with their words.
  [[nodiscard]] std::size_t held_texts() const { return static_cast<std::size_t>(std::ranges::count_if(made_, [](const auto& entry) { return !entry.second.text.empty(); })); }

 private:
  struct Known;   // what our own database says
  struct Seen;    // what Jira and the provider said

  // An answer put together before, good until something it was made of changes.
  struct Made {
    std::uint64_t number = 0;               // of Changes
    Time at;                                // when it was put together
    Time until;                             // when Jira has to be asked again
    std::uint64_t make = 0;
    std::string version;
    std::string text;                       // without its closing brace: `now` is added each time. Empty: too old to be told to anybody who does not have it
    std::vector<AccountId> followed;
  };
  using Who = std::tuple<InstallationId, AccountId, IssueId>;

  [[nodiscard]] bool is_good(const Who& who, const Made& made) const;
  [[nodiscard]] const Made* still_good(const Who& who, const std::string& since) const;
  void keep(const Who& who, Made made);
  [[nodiscard]] std::string told(const Made& made, const std::string& since) const;
  static std::optional<Error> signed_out(const Seen& seen);
  Task<Result<Known>> know(Caller caller);
  /// Three rounds of outside calls, each at once: rights, ticket and comments; the people; their contacts. `rounds`: whether what follows from the
  /// answers about contacts is waited for.
  Task<Seen> see(Caller caller, const Known& known, Rounds rounds, std::chrono::steady_clock::time_point end);
  [[nodiscard]] json::object view(const Caller& caller, const Known& known, const Seen& seen, Time made_at) const;
  Task<void> watch(InstallationId installation, std::vector<AccountId> creators);
  /// Brings the sessions that the last answer showed up to date.
  Task<void> look_at_sessions(Who who);

  const Doors& doors_;
  Admission& admission_;
  Polling& polling_;
  Rosters& rosters_;
  IssuePeople& issue_people_;
  Matching& matching_;
  std::map<Who, Made> made_;
  std::deque<std::pair<Who, std::uint64_t>> with_text_;   // which of made_, the oldest first; some are gone
  std::uint64_t makes_ = 0;
};

}  // namespace belay::desk
