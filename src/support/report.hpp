// What came of a support session: the provider's records of single connections, summed (docs/sessions.md, "The report").
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace belay::support {

/// One connection of a supporter to the customer.
struct Connection {
  Time start;
  std::optional<Time> end;              ///< absent: still running, or never told
  std::string supporter;                ///< a name; may be empty
  std::string notes;
  std::optional<int> rating;            ///< the customer's
  std::string customer_comment;         ///< beside the rating; written by a stranger
};

/// Texts are cut to these lengths, in characters: they come from people at the provider.
inline constexpr std::size_t kReportNotesLimit = 8'000;
inline constexpr std::size_t kReportCommentLimit = 1'000;
inline constexpr std::size_t kReportSupporters = 20;

struct SessionReport {
  int connections = 0;
  std::chrono::seconds connected{0};    ///< the lengths of all connections, one after the other; one whose end was never told counts nothing
  std::optional<Time> began;            ///< of the first
  std::optional<Time> ended;            ///< of the last one that ended
  std::vector<std::string> supporters;  ///< each once, who came first first
  std::string notes;                    ///< of all connections, and what was typed in Belay; lines
  std::optional<int> rating;            ///< the latest that was given
  std::string customer_comment;         ///< given with that rating
  [[nodiscard]] bool nobody() const { return connections == 0; }
  friend bool operator==(const SessionReport&, const SessionReport&) = default;
};

/// `notes`: typed in Belay. They are said once, also where the provider has them by now.
[[nodiscard]] SessionReport sum_up(std::vector<Connection> connections, std::string_view notes);
[[nodiscard]] bool is_running(const std::vector<Connection>& connections);

[[nodiscard]] json::object to_json(const SessionReport& report);
[[nodiscard]] std::optional<SessionReport> report_from_json(const json::object& from);

/// Without what the provider's records say of people; `ours`: what was typed in Belay since.
[[nodiscard]] SessionReport without_people(SessionReport report, const std::string& ours);

/// Notes of a record with ours among them, however often it is asked for: `ours` in the place of what we wrote there before, else behind what the supporter typed. The text as it is
/// when there is nothing to do.
[[nodiscard]] std::string with_notes(const std::string& there, const std::string& before, const std::string& ours);

/// Do these lines of ours stand in the notes of a record?
[[nodiscard]] bool holds_notes(const std::string& there, const std::string& ours);

// ---- when to look: records come late, by minutes or hours, and nobody tells us ----

inline constexpr std::chrono::minutes kFirstReportLook{2};
inline constexpr std::chrono::minutes kLastReportLook{24 * 60};
/// The next look after `now` at a session that ended then; nothing after the last one.
[[nodiscard]] std::optional<Time> next_report_look(Time ended, Time now);

/// Is what is known to be written down? A connection that runs may end soon; with no record at all we wait: a while where nobody was ever seen, else
/// to the last look.
[[nodiscard]] bool is_ready(const std::vector<Connection>& connections, bool somebody_was_seen, Time ended, Time now);

}  // namespace belay::support
