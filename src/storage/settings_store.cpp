#include <boost/json/serialize.hpp>

#include "storage/stores.hpp"

namespace belay::storage {
namespace {

constexpr Query kFind{"select document, version from settings where installation_id = :installation", 2};
constexpr Query kInsert{
    "insert into settings (installation_id, document, version) values (:installation, :document, 1) on conflict (installation_id) do nothing"};
constexpr Query kUpdate{
    "update settings set document = :document, version = version + 1 where installation_id = :installation and version = :version"};

constexpr Query kFindOfProject{"select document, version from project_settings where installation_id = :installation and project_id = :project", 2};
constexpr Query kInsertOfProject{
    "insert into project_settings (installation_id, project_id, document, version) values (:installation, :project, :document, 1)"
    " on conflict (installation_id, project_id) do nothing"};
constexpr Query kUpdateOfProject{
    "update project_settings set document = :document, version = version + 1"
    " where installation_id = :installation and project_id = :project and version = :version"};

ports::SettingsStore::Stored stored_from(Row& row) {
  ports::SettingsStore::Stored stored;
  stored.document = row.object();
  stored.version = row.number();
  return stored;
}

}  // namespace

std::optional<ports::SettingsStore::Stored> SqlSettings::find(const InstallationId& installation) {
  return connection_.statement(kFind).with("installation", installation).row(stored_from);
}

bool SqlSettings::put(const InstallationId& installation, const json::object& document, std::int64_t expected_version) {
  connection_.touch(installation);
  const auto text = boost::json::serialize(document);
  if (expected_version == 0) return connection_.statement(kInsert).with("installation", installation).with("document", text).run() == 1;
  return connection_.statement(kUpdate).with("document", text).with("installation", installation).with("version", expected_version).run() == 1;
}

std::optional<ports::SettingsStore::Stored> SqlSettings::find(const InstallationId& installation, const ProjectId& project) {
  return connection_.statement(kFindOfProject).with("installation", installation).with("project", project).row(stored_from);
}

bool SqlSettings::put(const InstallationId& installation, const ProjectId& project, const json::object& document, std::int64_t expected_version) {
  connection_.touch(installation);
  const auto text = boost::json::serialize(document);
  if (expected_version == 0) return connection_.statement(kInsertOfProject).with("installation", installation).with("project", project).with("document", text).run() == 1;
  return connection_.statement(kUpdateOfProject).with("document", text).with("installation", installation).with("project", project).with("version", expected_version).run() == 1;
}

}  // namespace belay::storage
