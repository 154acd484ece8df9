#include "sandbox/teamviewer/world.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace belay::sandbox::teamviewer {

std::string_view wire_name(Presence presence) {
  switch (presence) {
    case Presence::online: return "Online";
    case Presence::busy: return "Busy";
    case Presence::away: return "Away";
    case Presence::offline: return "Offline";
  }
  return "Offline";
}

std::optional<Presence> presence_from(std::string_view word) {
  if (word == "online") return Presence::online;
  if (word == "busy") return Presence::busy;
  if (word == "away") return Presence::away;
  if (word == "offline") return Presence::offline;
  return std::nullopt;
}

bool Licence::covers_reports() const {
  static constexpr std::array<std::string_view, 3> kTypes{"Premium", "Corporate", "Tensor"};
  return active && std::ranges::find(kTypes, type) != kTypes.end();
}

std::string Session::bare_code() const {
  std::string bare = code;
  std::erase(bare, '-');
  return bare;
}

Account* World::account(std::string_view id) {
  const auto found = accounts.find(std::string(id));
  return found == accounts.end() ? nullptr : &found->second;
}

const Account* World::account(std::string_view id) const {
  const auto found = accounts.find(std::string(id));
  return found == accounts.end() ? nullptr : &found->second;
}

const Account* World::account_with_email(std::string_view email) const {
  const auto found = std::ranges::find_if(accounts, [&](const auto& entry) { return same_text(entry.second.email, email); });
  return found == accounts.end() ? nullptr : &found->second;
}

Session* World::session(std::string_view code) {
  const auto found = sessions.find(std::string(code));
  return found == sessions.end() || found->second.deleted ? nullptr : &found->second;
}

Session& World::add_session(Session session) {
  codes_around_[session.creator].insert(session.code);
  note_assignee(session);
  auto code = session.code;
  return sessions.emplace(std::move(code), std::move(session)).first->second;
}

void World::note_assignee(const Session& session) { codes_around_[session.assigned].insert(session.code); }

std::vector<const Session*> World::sessions_around(std::string_view account) const {
  std::vector<const Session*> around;
  if (const auto codes = codes_around_.find(account); codes != codes_around_.end()) {
    for (const auto& code : codes->second) around.push_back(&sessions.at(code));
  }
  return around;
}

Session* World::session_of_link(std::string_view bare_code) {
  // The blocks are counted from the end: s12-345-678 and s123-456-789 both exist.
  if (bare_code.size() < 9 || bare_code.size() > 10) return nullptr;
  std::string code{bare_code};
  code.insert(code.size() - 3, "-");
  code.insert(code.size() - 7, "-");
  return session(code);
}

void World::add_record(ConnectionRecord record) {
  const auto place = std::ranges::upper_bound(records, record.ended(), {}, &ConnectionRecord::ended);
  records.insert(place, std::move(record));
}

bool World::sees(const Account& account, const Group& group) const {
  return group.owner == account.id || group.shared_with.contains(account.id);
}

bool World::writes(const Account& account, const Group& group) const {
  if (group.owner == account.id) return true;
  const auto share = group.shared_with.find(account.id);
  return share != group.shared_with.end() && share->second == "readwrite";
}

Group* World::group_named(const Account& account, std::string_view name) {
  for (auto& [id, group] : groups) {
    if (group.name == name && writes(account, group)) return &group;
  }
  return nullptr;
}

Group& World::add_group(const Account& owner, std::string name) {
  auto id = next_id('g');
  return groups.emplace(id, Group{.id = id, .name = std::move(name), .owner = owner.id, .shared_with = {}}).first->second;
}

Presence World::presence_of(const Contact& contact) const {
  const auto* behind = account(contact.user);
  return behind == nullptr ? Presence::offline : behind->presence;
}

std::string World::next_id(char prefix) { return fmt::format("{}{}", prefix, ++number_); }

void World::reserve(std::string_view id) {
  std::int64_t number = 0;
  if (id.size() > 1) std::from_chars(id.data() + 1, id.data() + id.size(), number);
  number_ = std::max(number_, number);
}

std::string World::fresh_code() const {
  while (true) {
    std::uint64_t number = 0;
    for (const char byte : crypto::random_bytes(8)) number = number * 256 + static_cast<unsigned char>(byte);
    number = 100'000'000 + number % 900'000'000;
    auto code = fmt::format("s{}-{:03}-{:03}", number / 1'000'000, number / 1'000 % 1'000, number % 1'000);
    if (!sessions.contains(code)) return code;
  }
}

std::string random_word(std::size_t length) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  std::string word;
  for (const char byte : crypto::random_bytes(length)) word += kAlphabet[static_cast<unsigned char>(byte) % kAlphabet.size()];
  return word;
}

std::string random_guid() {
  const auto digits = crypto::hex(crypto::random_bytes(16));
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

bool same_text(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

bool contains_text(std::string_view text, std::string_view part) { return lower(text).find(lower(part)) != std::string::npos; }

}  // namespace belay::sandbox::teamviewer
