// The schema and its versions: files of db/migrations, embedded, applied in the order of their numbers, recorded with a
// checksum in schema_migration. Forward only.
#pragma once

#include <span>
#include <string_view>

#include "storage/storage.hpp"

namespace belay::storage {

class Connection;

/// As it lies in db/migrations: "0001_init.sql"; a twin "0002_x.sqlite.sql" stands for one engine only.
struct MigrationFile {
  std::string_view name;
  std::string_view text;
};

/// Those this program was built with, ordered by name.
[[nodiscard]] std::span<const MigrationFile> migration_files();

/// Errors: `schema_newer`, `schema_altered`. Throws on a broken database.
[[nodiscard]] Result<SchemaState> inspect_schema(Connection& connection, std::span<const MigrationFile> files);
[[nodiscard]] Result<MigrationReport> migrate_schema(Connection& connection, std::span<const MigrationFile> files, Time now);

/// The statements of a migration, without comments. Knows quotes; no procedural bodies.
[[nodiscard]] std::vector<std::string> split_statements(std::string_view text);

}  // namespace belay::storage
