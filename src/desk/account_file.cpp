#include "desk/account_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/json/serialize.hpp>

#include "desk/installation_settings.hpp"
#include "support/erasure.hpp"

namespace belay::desk {
namespace {

using support::SupportSession;

constexpr std::size_t kPieceBytes = 2 * 1024 * 1024;
constexpr std::size_t kRowsAtOnce = 200;
constexpr std::array<std::string_view, 5> kCursorNames{"s", "e", "i", "b", "c"};
constexpr std::array<std::string_view, 5> kMembers{"sessions", "auditEntries", "invitedToContacts", "invitedByAgents", "commentedOn"};
constexpr std::size_t kLongestKey = 126;

template <class Id>
void say_id(json::object& view, std::string_view key, const Id& id) {
  if (!id.empty()) view[key] = id.value;
}

void say_time(json::object& view, std::string_view key, const std::optional<Time>& time) {
  if (time) view[key] = to_iso8601(*time);
}

void say_text(json::object& view, std::string_view key, const std::string& text) {
  if (!text.empty()) view[key] = text;
}

json::object issue_view(const IssueId& id, const std::optional<IssueKey>& key) {
  json::object view{{"id", id.value}};
  if (key && !key->empty()) view["key"] = key->value;
  return view;
}

// ---- the rows ----

struct Parts {
  bool creator = false;
  bool supporter = false;
  bool customer = false;
  bool joined = false;
};

auto found_press(const SupportSession& session, const AccountId& account) {
  return std::ranges::find(session.presses, account, [](const support::BeforeConnect& press) { return press.supporter.account; });
}

Parts parts_of(const SupportSession& session, const AccountId& account) {
  return {.creator = session.creator == account,
          .supporter = session.supporter == account || found_press(session, account) != session.presses.end(),
          .customer = session.customer.account == account,
          .joined = std::ranges::find(session.joined_by, account, &support::AgentName::account) != session.joined_by.end()};
}

json::array roles_of(const Parts& parts) {
  json::array roles;
  if (parts.creator) roles.emplace_back("creator");
  if (parts.supporter) roles.emplace_back("supporter");
  if (parts.customer) roles.emplace_back("customer");
  if (parts.joined) roles.emplace_back("joined");
  return roles;
}

// What the session calls this account, and nobody else.
std::string name_of(const SupportSession& session, const AccountId& account) {
  if (session.creator == account) return session.creator_name;
  if (session.supporter == account) return session.supporter_name;
  if (session.customer.account == account) return session.customer.name;
  const auto joined = std::ranges::find(session.joined_by, account, &support::AgentName::account);
  if (joined != session.joined_by.end()) return joined->name;
  const auto press = found_press(session, account);
  return press == session.presses.end() ? std::string() : press->supporter.name;
}

json::object report_view(const support::SessionReport& report, const Parts& parts) {
  json::object view{{"connections", report.connections}, {"seconds", report.connected.count()}};
  say_time(view, "began", report.began);
  say_time(view, "ended", report.ended);
  say_text(view, "notes", report.notes);
  if (report.rating) view["rating"] = *report.rating;
  if (parts.customer) say_text(view, "comment", report.customer_comment);
  return view;
}

json::object session_row(const SupportSession& session, const AccountId& account) {
  const auto parts = parts_of(session, account);
  json::object row{{"id", session.id.value}, {"as", roles_of(parts)}, {"issue", issue_view(session.issue, session.issue_key)}, {"provider", session.provider.value}, {"state", support::to_string(session.state)}};
  if (session.made) row["code"] = session.made->code.value;
  say_time(row, "createdAt", session.created_at);
  say_time(row, "validUntil", session.valid_until);
  say_time(row, "endedAt", session.ended_at);
  say_time(row, "customerCameAt", session.first_came_at);
  say_time(row, "connectedAt", session.first_connected_at);
  say_text(row, "name", name_of(session, account));
  row["creator"] = session.creator.value;
  row["supporter"] = session.supporter.value;
  if (session.customer.account) row["customer"] = session.customer.account->value;
  if (parts.creator) say_id(row, "providerAccount", session.provider_account);
  say_text(row, "language", session.language);
  say_text(row, "description", session.description);
  say_text(row, "notes", session.notes);
  if (session.report) row["report"] = report_view(*session.report, parts);
  return row;
}

json::object entry_row(const ports::AuditEntry& entry, const AccountId& account) {
  json::object row{{"id", entry.id}, {"at", to_iso8601_millis(entry.at)}, {"action", entry.action}};
  if (entry.actor) row["actor"] = entry.actor->value;
  if (entry.person) row["person"] = entry.person->value;
  if (entry.issue) row["issue"] = issue_view(*entry.issue, entry.issue_key);
  if (entry.session) row["session"] = entry.session->value;
  // The address is that of whoever called.
  if (!entry.peer.empty() && entry.actor == account) row["peer"] = entry.peer;
  if (!entry.detail.empty()) row["detail"] = entry.detail;
  return row;
}

json::object invitation_row(const ports::ContactInvitation& invitation, bool of_them) {
  json::object row{{"provider", invitation.provider.value}, {"issue", invitation.issue.value}};
  if (of_them) row["agent"] = invitation.agent.value;
  else row["person"] = invitation.person.value;
  say_time(row, "askedAt", invitation.asked_at);
  say_time(row, "sentAt", invitation.sent_at);
  return row;
}

json::object mapping_row(const ports::PersonMapping& mapping, const AccountId& account) {
  json::object row{{"person", mapping.person.value}, {"provider", mapping.provider.value}, {"mappedBy", mapping.mapped_by.value}, {"mappedAt", to_iso8601(mapping.mapped_at)}};
  if (mapping.mapped_by == account) say_text(row, "mappedByName", mapping.mapped_by_name);
  if (mapping.person != account) return row;   // what somebody else was tied to is theirs
  say_id(row, "contact", mapping.contact);
  say_text(row, "contactName", mapping.contact_name);
  say_id(row, "contactUser", mapping.contact_user);
  say_text(row, "address", mapping.address);
  return row;
}

json::value link_view(const std::optional<ports::AccountLink>& link) {
  if (!link) return nullptr;
  const auto& account = link->at_provider;
  json::object at_provider{{"id", account.id.value}, {"name", account.name}};
  say_text(at_provider, "email", account.email);
  say_text(at_provider, "company", account.company);
  say_text(at_provider, "picture", account.picture);
  json::object view{{"provider", link->provider.value}, {"name", link->account_name}, {"linkedAt", to_iso8601(link->linked_at)}, {"checkedAt", to_iso8601(link->checked_at)}, {"providerAccount", std::move(at_provider)}};
  say_text(view, "licence", account.licence.type);
  say_text(view, "group", link->group_name);
  if (link->reports) view["reportsAllowedSince"] = to_iso8601(link->reports->since);
  return view;
}

// ---- pieces ----

struct Rows {
  std::vector<std::pair<std::string, json::object>> rows;   // with the key of each
  bool more = false;
};

template <class T, class Key, class View>
Rows rows_of(const std::vector<T>& found, Key key, View view) {
  Rows rows{.rows = {}, .more = found.size() == kRowsAtOnce};
  for (const auto& one : found) rows.rows.emplace_back(key(one), view(one));
  return rows;
}

std::optional<ports::AuditPlace> audit_place_from(std::string_view key) {
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t millis = 0;
  const auto* end = key.data() + dot;
  const auto [rest, problem] = std::from_chars(key.data(), end, millis);
  if (problem != std::errc{} || rest != end) return std::nullopt;
  return ports::AuditPlace{.at = from_millis(millis), .id = std::string(key.substr(dot + 1))};
}

Rows read(ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account, const FilePlace& place) {
  switch (place.part) {
    case FilePart::sessions: {
      auto found = unit.sessions().naming(installation, account, SessionId{place.key}, kRowsAtOnce);
      auto rows = rows_of(found, [](const SupportSession& one) { return one.id.value; }, [&](const SupportSession& one) { return session_row(one, account); });
      // SQLite's "like" does not look at capitals. The last one's key is where the next page begins, whoever it is.
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (!support::names(found[i], account)) rows.rows[i].second.clear();
      }
      return rows;
    }
    case FilePart::entries:
      return rows_of(unit.audit().naming(installation, account, audit_place_from(place.key), kRowsAtOnce),
                     [](const ports::AuditEntry& one) { return std::to_string(to_millis(one.at)) + '.' + one.id; }, [&](const ports::AuditEntry& one) { return entry_row(one, account); });
    case FilePart::invited:
      return rows_of(unit.kept().invitations_of(installation, account, false, AccountId{place.key}, kRowsAtOnce), [](const ports::ContactInvitation& one) { return one.person.value; },
                     [](const ports::ContactInvitation& one) { return invitation_row(one, false); });
    case FilePart::invited_by:
      return rows_of(unit.kept().invitations_of(installation, account, true, AccountId{place.key}, kRowsAtOnce), [](const ports::ContactInvitation& one) { return one.agent.value; },
                     [](const ports::ContactInvitation& one) { return invitation_row(one, true); });
    case FilePart::commented: break;
  }
  return rows_of(unit.kept().comments_of(installation, account, IssueId{place.key}, kRowsAtOnce), [](const ports::CommentedIssue& one) { return one.issue.value; },
                 [](const ports::CommentedIssue& one) { return json::object{{"issue", one.issue.value}, {"lastAt", to_iso8601(one.spoke_at)}}; });
}

json::object ask_row(const ports::HelpAsk& ask) {
  json::object view{{"issue", issue_view(ask.issue, {})}, {"at", to_iso8601(ask.asked_at)}};
  say_text(view, "name", ask.customer_name);
  say_time(view, "endedAt", ask.ended_at);
  return view;
}

std::string member(std::string_view name, const json::value& value) { return '"' + std::string(name) + "\": " + boost::json::serialize(value) + ",\n"; }

json::value text_value(std::string_view text) { return json::value(boost::json::string_view(text.data(), text.size())); }

std::string head(ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account, const ProviderName& provider, Time made_at) {
  const auto paired = unit.installations().find(installation);
  json::array mappings;
  for (const auto& mapping : unit.kept().mappings_of(installation, account)) mappings.push_back(mapping_row(mapping, account));
  const auto stored = unit.settings().find(installation);
  const bool is_default = stored && json::string_at(stored->document, "defaultSupporter") == account.value;
  std::string text = "{\n" + member("account", text_value(account.value)) + member("site", text_value(paired ? paired->site_url : std::string_view())) + member("madeAt", text_value(to_iso8601(made_at)));
  text += member("link", link_view(unit.links().find(installation, account, provider)));
  text += member("pairedTheSite", paired && paired->paired_by == account);
  text += member("isDefaultSupporter", is_default);
  text += member("mappings", mappings);
  json::array asks;
  for (const auto& ask : unit.asks().of_account(installation, account)) asks.push_back(ask_row(ask));
  return text + member("askedForHelp", asks);
}

void begin_part(std::string& text, FilePart part) { text += '"' + std::string(kMembers.at(static_cast<std::size_t>(part))) + "\": ["; }

void end_part(std::string& text, FilePart part) { text += part == FilePart::commented ? "\n]\n}\n" : "\n],\n"; }

}  // namespace

std::string to_cursor(const FilePlace& place) { return std::string(kCursorNames.at(static_cast<std::size_t>(place.part))) + '.' + place.key; }

std::optional<FilePlace> file_place_from(std::string_view cursor) {
  if (cursor.empty()) return FilePlace{};
  const auto dot = cursor.find('.');
  const auto name = std::ranges::find(kCursorNames, cursor.substr(0, dot));
  if (dot == std::string_view::npos || name == kCursorNames.end()) return std::nullopt;
  FilePlace place{.part = static_cast<FilePart>(name - kCursorNames.begin()), .key = std::string(cursor.substr(dot + 1))};
  if (place.key.empty() || place.key.size() > kLongestKey) return std::nullopt;
  if (place.part == FilePart::entries && !audit_place_from(place.key)) return std::nullopt;
  return place;
}

FilePiece account_file_piece(ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account, const ProviderName& provider, const FilePlace& place, Time made_at) {
  FilePiece piece;
  auto at = place;
  bool is_first = at.key.empty();   // of its part
  if (is_first) {
    piece.text = head(unit, installation, account, provider, made_at);
    begin_part(piece.text, at.part);
  }
  for (;;) {
    auto page = read(unit, installation, account, at);
    for (const auto& [key, row] : page.rows) {
      at.key = key;
      if (row.empty()) continue;
      piece.text += (is_first ? "\n" : ",\n") + boost::json::serialize(row);
      is_first = false;
      ++piece.count;
      // One row may be large, and a page of them larger than what Forge lets through.
      if (piece.text.size() < kPieceBytes) continue;
      piece.next = at;
      return piece;
    }
    if (page.more) {
      continue;
    }
    end_part(piece.text, at.part);
    if (at.part == FilePart::commented) return piece;
    at = {.part = static_cast<FilePart>(static_cast<int>(at.part) + 1), .key = {}};
    begin_part(piece.text, at.part);
    is_first = true;
  }
}

}  // namespace belay::desk
