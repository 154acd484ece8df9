#include "support/session_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace belay::support {
namespace {

using std::chrono::seconds;

std::int32_t whole(seconds length) { return static_cast<std::int32_t>(std::min<seconds::rep>(length.count(), std::numeric_limits<std::int32_t>::max())); }

seconds rounded(std::int64_t sum, std::int64_t count) { return seconds{(sum + count / 2) / count}; }

}  // namespace

std::optional<seconds> SessionFacts::waited() const {
  if (!connected_at) return std::nullopt;
  return std::chrono::floor<seconds>(waiting);
}

ProjectKey project_of(const IssueKey& issue) { return ProjectKey{issue.value.substr(0, issue.value.rfind('-'))}; }

std::optional<Spread> spread_of(std::vector<std::int32_t> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const auto count = values.size();
  const auto at = [&](std::size_t index) { return std::int64_t{values[index]}; };
  std::int64_t sum = 0;
  for (const auto value : values) sum += value;
  const auto rank = (count * 9 + 9) / 10;   // of nine tenths, rounded up
  return Spread{.count = count,
                .mean = rounded(sum, static_cast<std::int64_t>(count)),
                .median = count % 2 == 1 ? seconds{at(count / 2)} : rounded(at(count / 2 - 1) + at(count / 2), 2),
                .ninetieth = seconds{at(rank - 1)},
                .total = seconds{sum}};
}

// ---- days ----

Days::Days(const Zone& zone, Time from, Time to) : first_(zone.day_of(from)) {
  const auto many = count(zone, from, to);
  for (std::int64_t i = 0; i < many; ++i) begins_.push_back(zone.begin_of(first_ + std::chrono::days{i}));
}

std::int64_t Days::count(const Zone& zone, Time from, Time to) { return (zone.day_of(to - Milliseconds{1}) - zone.day_of(from)).count() + 1; }

std::size_t Days::index_of(Time at) const {
  const auto next = std::ranges::upper_bound(begins_, at);
  return next == begins_.begin() ? 0 : static_cast<std::size_t>(next - begins_.begin()) - 1;
}

// ---- figures ----

void FigureBook::Sums::add(const SessionFacts& facts) {
  ++figures.sessions;
  const bool came = facts.customer_came();
  if (!is_over(facts.state)) ++figures.running;
  else if (!facts.made) ++figures.not_made;
  else if (!came) ++figures.nobody;
  if (came) ++figures.came;
  if (facts.has_connection()) ++figures.connected;
  if (const auto waited = facts.waited()) waiting.push_back(whole(*waited));
  if (facts.connected) duration.push_back(whole(*facts.connected));
  if (facts.rating) {
    stars += *facts.rating;
    ++rated;
  }
}

Figures FigureBook::Sums::close() && {
  figures.waiting = spread_of(std::move(waiting));
  figures.duration = spread_of(std::move(duration));
  if (rated > 0) figures.ratings = Ratings{.count = rated, .mean = std::round(100.0 * static_cast<double>(stars) / static_cast<double>(rated)) / 100.0};
  return figures;
}

std::size_t FigureBook::Sums::held() const { return sizeof(Sums) + (waiting.capacity() + duration.capacity()) * sizeof(std::int32_t); }

FigureBook::FigureBook(Days days, FactsFilter filter) : days_(std::move(days)), filter_(std::move(filter)), by_day_(days_.size()) {}

void FigureBook::add(const SessionFacts& facts) {
  const auto project = project_of(facts.issue_key);
  auto& of_agent = by_agent_[facts.agent];
  auto& of_project = by_project_[project];
  if ((filter_.agent && *filter_.agent != facts.agent) || (filter_.project && *filter_.project != project)) return;
  total_.add(facts);
  by_day_[days_.index_of(facts.created_at)].add(facts);
  of_agent.add(facts);
  of_project.add(facts);
}

template <class Key>
FigureSheet::Groups<Key> FigureBook::close(std::map<Key, Sums>&& groups) {
  FigureSheet::Groups<Key> closed;
  for (auto& [key, sums] : groups) {
    if (sums.figures.sessions > 0) closed.emplace_back(key, std::move(sums).close());
  }
  std::ranges::sort(closed, [](const auto& a, const auto& b) {
    return a.second.sessions != b.second.sessions ? a.second.sessions > b.second.sessions : a.first < b.first;
  });
  return closed;
}

FigureSheet FigureBook::close() && {
  FigureSheet sheet;
  for (const auto& [agent, sums] : by_agent_) sheet.all_agents.push_back(agent);
  for (const auto& [project, sums] : by_project_) sheet.all_projects.push_back(project);
  sheet.total = std::move(total_).close();
  for (auto& day : by_day_) sheet.days.push_back(std::move(day).close());
  sheet.agents = close(std::move(by_agent_));
  sheet.projects = close(std::move(by_project_));
  return sheet;
}

std::size_t FigureBook::held() const {
  auto bytes = total_.held();
  for (const auto& day : by_day_) bytes += day.held();
  for (const auto& [agent, sums] : by_agent_) bytes += sums.held() + agent.value.capacity();
  for (const auto& [project, sums] : by_project_) bytes += sums.held() + project.value.capacity();
  return bytes;
}

}  // namespace belay::support
