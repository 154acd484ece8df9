#include <boost/json/serialize.hpp>

#include "storage/stores.hpp"

namespace belay::storage {
namespace {

constexpr Query kFind{"select document, version from settings where installation_id = :installation", 2};
constexpr Query kInsert{
    "insert into settings (installation_id, document, version) values (:installation, :document, 1) on conflict (installation_id) do nothing"};
constexpr Query kUpdate{
    "update settings set document = :document, version = version + 1 where installation_id = :installation and version = :version"};

}  // namespace

std::optional<ports::SettingsStore::Stored> SqlSettings::find(const InstallationId& installation) {
  return connection_.statement(kFind).with("installation", installation).row([](Row& row) {
    Stored stored;
    stored.document = row.object();
    stored.version = row.number();
    return stored;
  });
}

bool SqlSettings::put(const InstallationId& installation, const json::object& document, std::int64_t expected_version) {
  connection_.touch(installation);
  const auto text = boost::json::serialize(document);
  if (expected_version == 0) return connection_.statement(kInsert).with("installation", installation).with("document", text).run() == 1;
  return connection_.statement(kUpdate).with("document", text).with("installation", installation).with("version", expected_version).run() == 1;
}

}  // namespace belay::storage
