// What the sessions of a time come to: how many there were, how long customers waited, how long they were helped, by day, agent and project
// (docs/reports.md). Pure, and bounded: of each session it keeps a few numbers, never its texts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "support/session.hpp"
#include "support/time_zone.hpp"

namespace belay::support {

/// Of one session, what figures are made of.
struct SessionFacts {
  SessionId id;
  Time created_at;
  IssueKey issue_key;                              ///< as of creation
  AccountId agent;                                 ///< whose it is: who created it, or took it over
  SessionState state = SessionState::intended;
  bool made = false;                               ///< it existed at the provider
  std::optional<Time> came_at;                     ///< the customer, for the first time
  std::optional<Time> connected_at;                ///< an agent to a customer who was there, for the first time
  Milliseconds waiting{0};                         ///< the customer, until then: all visits together
  std::optional<int> connections;                  ///< by the provider's records; absent: they are not known (yet)
  std::optional<std::chrono::seconds> connected;   ///< of those, together; absent: no record, or none that says when it ended
  std::optional<int> rating;                       ///< the customer's

  /// By what Belay saw, or by what the records say of a connection that Belay did not see.
  [[nodiscard]] bool has_connection() const { return connected_at.has_value() || connections.value_or(0) > 0; }
  [[nodiscard]] bool customer_came() const { return came_at.has_value() || has_connection(); }
  /// How long the customer was kept waiting; nothing unless Belay saw both come.
  [[nodiscard]] std::optional<std::chrono::seconds> waited() const;
};

/// The key's part before the number.
[[nodiscard]] ProjectKey project_of(const IssueKey& issue);

/// Several lengths of time in a few figures, to the second. There is at least one.
struct Spread {
  std::size_t count = 0;
  std::chrono::seconds mean{0};
  std::chrono::seconds median{0};                  ///< of an even number the mean of the two in the middle
  std::chrono::seconds ninetieth{0};               ///< nine of ten are not longer: the nearest rank
  std::chrono::seconds total{0};
  friend bool operator==(const Spread&, const Spread&) = default;
};
/// Nothing of nothing.
[[nodiscard]] std::optional<Spread> spread_of(std::vector<std::int32_t> seconds);

struct Ratings {
  std::size_t count = 0;
  double mean = 0;
  friend bool operator==(const Ratings&, const Ratings&) = default;
};

/// What there is no figure for is absent, never zero.
struct Figures {
  std::size_t sessions = 0;                        ///< asked for
  std::size_t running = 0;                         ///< of these, not over yet
  std::size_t not_made = 0;                        ///< over, and never made at the provider
  std::size_t nobody = 0;                          ///< made and over, and nobody joined
  std::size_t came = 0;                            ///< customers were there
  std::size_t connected = 0;                       ///< and somebody of the team with them
  std::optional<Spread> waiting;
  std::optional<Spread> duration;
  std::optional<Ratings> ratings;
  friend bool operator==(const Figures&, const Figures&) = default;
};

/// The days that a time touches, one after the other.
class Days final {
 public:
  /// `from` is earlier than `to`.
  Days(const Zone& zone, Time from, Time to);

  [[nodiscard]] std::size_t size() const { return begins_.size(); }
  [[nodiscard]] std::chrono::local_days day(std::size_t index) const { return first_ + std::chrono::days{static_cast<std::int64_t>(index)}; }
  /// The day of a moment between `from` and `to`.
  [[nodiscard]] std::size_t index_of(Time at) const;
  /// How many there are, without making a list of them.
  [[nodiscard]] static std::int64_t count(const Zone& zone, Time from, Time to);

 private:
  std::chrono::local_days first_;
  std::vector<Time> begins_;
};

struct FigureSheet {
  template <class Key>
  using Groups = std::vector<std::pair<Key, Figures>>;

  Figures total;
  std::vector<Figures> days;                       ///< one for each of the Days
  Groups<AccountId> agents;                        ///< who had most sessions first
  Groups<ProjectKey> projects;                     ///< the same
  // Of the same time, whatever was filtered: what there is to choose from, in order.
  std::vector<AccountId> all_agents;
  std::vector<ProjectKey> all_projects;
};

/// Whatever is absent does not count.
struct FactsFilter {
  std::optional<AccountId> agent = {};
  std::optional<ProjectKey> project = {};
};

/// Takes sessions one by one, in any order, and gives the figures in the end.
class FigureBook final {
 public:
  FigureBook(Days days, FactsFilter filter);

  void add(const SessionFacts& facts);
  [[nodiscard]] FigureSheet close() &&;
  /// Bytes, nearly.
  [[nodiscard]] std::size_t held() const;

 private:
  struct Sums {
    Figures figures;
    std::vector<std::int32_t> waiting;             // seconds
    std::vector<std::int32_t> duration;
    std::int64_t stars = 0;
    std::size_t rated = 0;
    void add(const SessionFacts& facts);
    [[nodiscard]] Figures close() &&;
    [[nodiscard]] std::size_t held() const;
  };
  template <class Key>
  [[nodiscard]] static FigureSheet::Groups<Key> close(std::map<Key, Sums>&& groups);

  Days days_;
  FactsFilter filter_;
  Sums total_;
  std::vector<Sums> by_day_;
  std::map<AccountId, Sums> by_agent_;             // who fits no filter is there as well, with nothing
  std::map<ProjectKey, Sums> by_project_;
};

}  // namespace belay::support
