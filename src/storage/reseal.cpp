#include "storage/reseal.hpp"

#include <iterator>

#include "base/log.hpp"
#include "storage/failure.hpp"

namespace belay::storage {
namespace {

// One sealed column: where it is, and how its row is found again. The key column `row` is '' where the installation alone is the key.
struct SealedColumn {
  std::string_view table;
  std::string_view column;   ///< as SealName has it
  bool row_has_key;
  Query others;              ///< installation, row, envelope; those behind a row that do not begin with a prefix
  Query replace;
};

constexpr SealedColumn kSealedColumns[] = {
    {"system_token", "secret", false,
     {"select installation_id, '', sealed_secret from system_token where substr(sealed_secret, 1, :length) <> :prefix and (installation_id, '') > (:installation, :row) order by installation_id limit :most", 3},
     {"update system_token set sealed_secret = :fresh where installation_id = :installation and sealed_secret = :stale"}},
    {"user_token", "secret", true,
     {"select installation_id, account_id, sealed_secret from user_token where substr(sealed_secret, 1, :length) <> :prefix and (installation_id, account_id) > (:installation, :row) order by installation_id, account_id limit :most", 3},
     {"update user_token set sealed_secret = :fresh where installation_id = :installation and account_id = :row and sealed_secret = :stale"}},
    {"account_link", "access_token", true,
     {"select installation_id, id, sealed_access_token from account_link where substr(sealed_access_token, 1, :length) <> :prefix and (installation_id, id) > (:installation, :row) order by installation_id, id limit :most", 3},
     {"update account_link set sealed_access_token = :fresh where installation_id = :installation and id = :row and sealed_access_token = :stale"}},
    {"account_link", "refresh_token", true,
     {"select installation_id, id, sealed_refresh_token from account_link where substr(sealed_refresh_token, 1, :length) <> :prefix and (installation_id, id) > (:installation, :row) order by installation_id, id limit :most", 3},
     {"update account_link set sealed_refresh_token = :fresh where installation_id = :installation and id = :row and sealed_refresh_token = :stale"}},
    {"account_link", "reports_access_token", true,
     {"select installation_id, id, sealed_reports_access_token from account_link where substr(sealed_reports_access_token, 1, :length) <> :prefix and (installation_id, id) > (:installation, :row) order by installation_id, id limit :most", 3},
     {"update account_link set sealed_reports_access_token = :fresh where installation_id = :installation and id = :row and sealed_reports_access_token = :stale"}},
    {"account_link", "reports_refresh_token", true,
     {"select installation_id, id, sealed_reports_refresh_token from account_link where substr(sealed_reports_refresh_token, 1, :length) <> :prefix and (installation_id, id) > (:installation, :row) order by installation_id, id limit :most", 3},
     {"update account_link set sealed_reports_refresh_token = :fresh where installation_id = :installation and id = :row and sealed_reports_refresh_token = :stale"}},
    {"link_attempt", "code_verifier", true,
     {"select installation_id, state_hash, sealed_code_verifier from link_attempt where substr(sealed_code_verifier, 1, :length) <> :prefix and (installation_id, state_hash) > (:installation, :row) order by installation_id, state_hash limit :most", 3},
     {"update link_attempt set sealed_code_verifier = :fresh where installation_id = :installation and state_hash = :row and sealed_code_verifier = :stale"}},
    {"parked_grant", "access_token", true,
     {"select installation_id, token_hash, sealed_access_token from parked_grant where substr(sealed_access_token, 1, :length) <> :prefix and (installation_id, token_hash) > (:installation, :row) order by installation_id, token_hash limit :most", 3},
     {"update parked_grant set sealed_access_token = :fresh where installation_id = :installation and token_hash = :row and sealed_access_token = :stale"}},
    {"parked_grant", "refresh_token", true,
     {"select installation_id, token_hash, sealed_refresh_token from parked_grant where substr(sealed_refresh_token, 1, :length) <> :prefix and (installation_id, token_hash) > (:installation, :row) order by installation_id, token_hash limit :most", 3},
     {"update parked_grant set sealed_refresh_token = :fresh where installation_id = :installation and token_hash = :row and sealed_refresh_token = :stale"}},
    {"sign_in_attempt", "code_verifier", true,
     {"select installation_id, state_hash, sealed_code_verifier from sign_in_attempt where substr(sealed_code_verifier, 1, :length) <> :prefix and (installation_id, state_hash) > (:installation, :row) order by installation_id, state_hash limit :most", 3},
     {"update sign_in_attempt set sealed_code_verifier = :fresh where installation_id = :installation and state_hash = :row and sealed_code_verifier = :stale"}},
    {"jira_grant", "access_token", true,
     {"select installation_id, account_id, sealed_access_token from jira_grant where substr(sealed_access_token, 1, :length) <> :prefix and (installation_id, account_id) > (:installation, :row) order by installation_id, account_id limit :most", 3},
     {"update jira_grant set sealed_access_token = :fresh where installation_id = :installation and account_id = :row and sealed_access_token = :stale"}},
    {"jira_grant", "refresh_token", true,
     {"select installation_id, account_id, sealed_refresh_token from jira_grant where substr(sealed_refresh_token, 1, :length) <> :prefix and (installation_id, account_id) > (:installation, :row) order by installation_id, account_id limit :most", 3},
     {"update jira_grant set sealed_refresh_token = :fresh where installation_id = :installation and account_id = :row and sealed_refresh_token = :stale"}},
};

constexpr std::string_view kNoPrefix = "-";   // no envelope begins with it

struct Sealed {
  std::string installation;
  std::string row;
  std::string envelope;
};

SealName name_of(const SealedColumn& column, const Sealed& sealed) {
  SealName name{column.table, column.column, {sealed.installation}};
  if (column.row_has_key) name.row.push_back(sealed.row);
  return name;
}

// The next of a column whose envelope does not begin with `prefix`.
std::vector<Sealed> sealed_behind(Connection& connection, const SealedPlace& place, std::string_view prefix, std::size_t most) {
  auto& query = connection.statement(kSealedColumns[place.column].others).with("length", prefix.size()).with("prefix", prefix);
  return query.with("installation", place.installation).with("row", place.row).with("most", most).rows([](Row& row) {
    Sealed sealed;
    sealed.installation = row.text();
    sealed.row = row.text();
    sealed.envelope = row.text();
    return sealed;
  });
}

// False: its key is gone, or it was altered. It is of no use any more, and must not keep the others from being sealed anew.
bool reseal_one(Connection& connection, const Seals& seals, const SealedColumn& column, const Sealed& sealed) {
  const auto name = name_of(column, sealed);
  std::string plain;
  try {
    plain = seals.open(sealed.envelope, name);
  } catch (const Failure& failure) {
    log::warning("sealed_value_does_not_open", log::fields_of(failure.error, {{"table", column.table}, {"column", column.column}, {"installation", sealed.installation}}));
    return false;
  }
  auto& replace = connection.statement(column.replace).with("fresh", seals.seal(plain, name)).with("installation", sealed.installation);
  if (column.row_has_key) replace.with("row", sealed.row);
  replace.with("stale", sealed.envelope).run();
  return true;
}

bool opens(const Seals& seals, const SealedColumn& column, const Sealed& sealed) {
  try {
    static_cast<void>(seals.open(sealed.envelope, name_of(column, sealed)));
    return true;
  } catch (const Failure&) {   // to be counted, and nothing else
    return false;
  }
}

// Behind what was read; nothing: that was the end of the last column.
std::optional<SealedPlace> behind(const SealedPlace& place, const std::vector<Sealed>& read, std::size_t most) {
  if (read.size() == most) return SealedPlace{.column = place.column, .installation = read.back().installation, .row = read.back().row};
  if (place.column + 1 == std::size(kSealedColumns)) return std::nullopt;
  return SealedPlace{.column = place.column + 1, .installation = {}, .row = {}};
}

}  // namespace

Resealed reseal_some(Connection& connection, const Seals& seals, const SealedPlace& place, std::size_t most) {
  const auto stale = sealed_behind(connection, place, seals.fresh_prefix(), most);
  Resealed done;
  for (const auto& one : stale) ++(reseal_one(connection, seals, kSealedColumns[place.column], one) ? done.sealed : done.unopenable);
  done.next = behind(place, stale, most);
  return done;
}

std::size_t count_unopenable(Connection& connection, const Seals& seals, std::size_t at_once) {
  std::size_t unopenable = 0;
  for (std::optional<SealedPlace> place = SealedPlace{}; place;) {
    const auto all = sealed_behind(connection, *place, kNoPrefix, at_once);
    for (const auto& one : all) {
      if (!opens(seals, kSealedColumns[place->column], one)) ++unopenable;
    }
    place = behind(*place, all, at_once);
  }
  return unopenable;
}

}  // namespace belay::storage
