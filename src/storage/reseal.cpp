#include "storage/reseal.hpp"

#include <exception>

#include "base/log.hpp"

namespace belay::storage {
namespace {

// One sealed column: where it is, and how its row is found again. The key column `row` is '' where the installation alone is the key.
struct SealedColumn {
  std::string_view table;
  std::string_view column;   ///< as SealName has it
  bool row_has_key;
  Query stale;               ///< installation, row, envelope
  Query replace;
};

constexpr SealedColumn kSealedColumns[] = {
    {"system_token", "secret", false,
     {"select installation_id, '', sealed_secret from system_token where substr(sealed_secret, 1, :length) <> :prefix limit :most", 3},
     {"update system_token set sealed_secret = :fresh where installation_id = :installation and sealed_secret = :stale"}},
    {"user_token", "secret", true,
     {"select installation_id, account_id, sealed_secret from user_token where substr(sealed_secret, 1, :length) <> :prefix limit :most", 3},
     {"update user_token set sealed_secret = :fresh where installation_id = :installation and account_id = :row and sealed_secret = :stale"}},
    {"account_link", "access_token", true,
     {"select installation_id, id, sealed_access_token from account_link where substr(sealed_access_token, 1, :length) <> :prefix limit :most", 3},
     {"update account_link set sealed_access_token = :fresh where installation_id = :installation and id = :row and sealed_access_token = :stale"}},
    {"account_link", "refresh_token", true,
     {"select installation_id, id, sealed_refresh_token from account_link where substr(sealed_refresh_token, 1, :length) <> :prefix limit :most", 3},
     {"update account_link set sealed_refresh_token = :fresh where installation_id = :installation and id = :row and sealed_refresh_token = :stale"}},
    {"account_link", "reports_access_token", true,
     {"select installation_id, id, sealed_reports_access_token from account_link where substr(sealed_reports_access_token, 1, :length) <> :prefix limit :most", 3},
     {"update account_link set sealed_reports_access_token = :fresh where installation_id = :installation and id = :row and sealed_reports_access_token = :stale"}},
    {"account_link", "reports_refresh_token", true,
     {"select installation_id, id, sealed_reports_refresh_token from account_link where substr(sealed_reports_refresh_token, 1, :length) <> :prefix limit :most", 3},
     {"update account_link set sealed_reports_refresh_token = :fresh where installation_id = :installation and id = :row and sealed_reports_refresh_token = :stale"}},
    {"link_attempt", "code_verifier", true,
     {"select installation_id, state_hash, sealed_code_verifier from link_attempt where substr(sealed_code_verifier, 1, :length) <> :prefix limit :most", 3},
     {"update link_attempt set sealed_code_verifier = :fresh where installation_id = :installation and state_hash = :row and sealed_code_verifier = :stale"}},
    {"parked_grant", "access_token", true,
     {"select installation_id, token_hash, sealed_access_token from parked_grant where substr(sealed_access_token, 1, :length) <> :prefix limit :most", 3},
     {"update parked_grant set sealed_access_token = :fresh where installation_id = :installation and token_hash = :row and sealed_access_token = :stale"}},
    {"parked_grant", "refresh_token", true,
     {"select installation_id, token_hash, sealed_refresh_token from parked_grant where substr(sealed_refresh_token, 1, :length) <> :prefix limit :most", 3},
     {"update parked_grant set sealed_refresh_token = :fresh where installation_id = :installation and token_hash = :row and sealed_refresh_token = :stale"}},
};

struct Stale {
  std::string installation;
  std::string row;
  std::string envelope;
};

SealName name_of(const SealedColumn& column, const Stale& stale) {
  SealName name{column.table, column.column, {stale.installation}};
  if (column.row_has_key) name.row.push_back(stale.row);
  return name;
}

std::vector<Stale> stale_of(Connection& connection, const Seals& seals, const SealedColumn& column, std::size_t most) {
  const auto& prefix = seals.fresh_prefix();
  return connection.statement(column.stale).with("length", prefix.size()).with("prefix", prefix).with("most", most).rows([](Row& row) {
    Stale stale;
    stale.installation = row.text();
    stale.row = row.text();
    stale.envelope = row.text();
    return stale;
  });
}

std::size_t reseal_column(Connection& connection, const Seals& seals, const SealedColumn& column, std::size_t most) {
  const auto all_stale = stale_of(connection, seals, column, most);
  std::size_t done = 0;
  for (const auto& stale : all_stale) {
    const auto name = name_of(column, stale);
    std::string fresh;
    try {
      fresh = seals.seal(seals.open(stale.envelope, name), name);
    } catch (const std::exception& problem) {
      // Its key is gone, or it was altered. It is of no use any more, and must not keep the others from being sealed anew.
      log::warning("value_does_not_open", {{"table", column.table}, {"column", column.column}, {"installation", stale.installation}, {"reason", problem.what()}});
      continue;
    }
    auto& replace = connection.statement(column.replace).with("fresh", fresh).with("installation", stale.installation);
    if (column.row_has_key) replace.with("row", stale.row);
    replace.with("stale", stale.envelope).run();
    ++done;
  }
  return done;
}

}  // namespace

std::size_t count_unopenable(Connection& connection, const Seals& seals, std::size_t most) {
  std::size_t unopenable = 0;
  for (const auto& column : kSealedColumns) {
    for (const auto& stale : stale_of(connection, seals, column, most)) {
      try {
        static_cast<void>(seals.open(stale.envelope, name_of(column, stale)));
      } catch (const std::exception&) {
        ++unopenable;
      }
    }
  }
  return unopenable;
}

std::size_t reseal_some(Connection& connection, const Seals& seals, std::size_t most) {
  std::size_t done = 0;
  for (const auto& column : kSealedColumns) {
    if (done == most) break;
    done += reseal_column(connection, seals, column, most - done);
  }
  return done;
}

}  // namespace belay::storage
