#include "storage/migrations.hpp"

#include <charconv>
#include <map>
#include <stdexcept>

#include "crypto/digest.hpp"
#include "storage/connection.hpp"

namespace belay::storage {
namespace {

constexpr Query kMakeRecord{
    "create table if not exists schema_migration"
    " (version bigint not null, name text not null, checksum text not null, applied_at bigint not null, primary key (version))"};
constexpr Query kHasRecordSqlite{"select count(*) from sqlite_master where type = 'table' and name = 'schema_migration'", 1};
constexpr Query kHasRecordPostgresql{
    "select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'schema_migration'", 1};
constexpr Query kApplied{"select version, name, checksum from schema_migration order by version", 3};
constexpr Query kRecord{"insert into schema_migration (version, name, checksum, applied_at) values (:version, :name, :checksum, :applied_at)"};

struct Migration {
  std::int64_t version = 0;
  std::string name;       ///< without the engine, so that both engines record the same
  std::string file;
  std::string_view text;
  std::string checksum;
};

struct Applied {
  std::int64_t version = 0;
  std::string name;
  std::string checksum;
};

// "0002_x.sqlite.sql" -> stem "0002_x", engine "sqlite"; "0001_init.sql" -> no engine.
struct FileName {
  std::string stem;
  std::string_view engine;
  std::int64_t version = 0;
};

FileName parse_file_name(std::string_view name) {
  FileName parsed;
  auto rest = name.substr(0, name.size() - std::string_view(".sql").size());
  for (const std::string_view engine : {"sqlite", "postgres"}) {
    if (rest.size() > engine.size() && rest.ends_with(engine) && rest[rest.size() - engine.size() - 1] == '.') {
      parsed.engine = engine;
      rest.remove_suffix(engine.size() + 1);
      break;
    }
  }
  parsed.stem = std::string(rest);
  const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), parsed.version);
  if (problem != std::errc{} || end == rest.data() + rest.size() || *end != '_') throw std::logic_error("a migration begins with its number: " + std::string(name));
  return parsed;
}

std::map<std::int64_t, Migration> migrations_for(Engine engine, std::span<const MigrationFile> files) {
  const std::string_view ours = engine == Engine::sqlite ? "sqlite" : "postgres";
  std::map<std::int64_t, Migration> migrations;
  for (const auto& file : files) {
    auto name = parse_file_name(file.name);
    if (!name.engine.empty() && name.engine != ours) continue;
    Migration migration{.version = name.version, .name = std::move(name.stem), .file = std::string(file.name), .text = file.text,
                        .checksum = crypto::hex(crypto::sha256(file.text))};
    if (!migrations.emplace(name.version, std::move(migration)).second) throw std::logic_error("two migrations with one number: " + std::string(file.name));
  }
  return migrations;
}

bool has_record(Connection& connection) {
  const auto& query = connection.dialect().engine == Engine::sqlite ? kHasRecordSqlite : kHasRecordPostgresql;
  return connection.statement(query).row([](Row& row) { return row.number(); }).value_or(0) > 0;
}

std::vector<Applied> applied_migrations(Connection& connection) {
  if (!has_record(connection)) return {};
  return connection.statement(kApplied).rows([](Row& row) {
    Applied applied;
    applied.version = row.number();
    applied.name = row.text();
    applied.checksum = row.text();
    return applied;
  });
}

Result<SchemaState> compare(const std::map<std::int64_t, Migration>& known, const std::vector<Applied>& applied) {
  SchemaState state;
  state.known = known.empty() ? 0 : known.rbegin()->first;
  state.stored = applied.empty() ? 0 : applied.back().version;
  if (state.stored > state.known) {
    return fail("schema_newer", "the database has schema " + std::to_string(state.stored) + ", this program knows up to " + std::to_string(state.known),
                {{"stored", state.stored}, {"known", state.known}});
  }
  auto next = known.begin();
  for (const auto& was : applied) {
    if (next == known.end() || next->first != was.version || next->second.checksum != was.checksum) {
      return fail("schema_altered", "migration " + was.name + " in the database is not the one this program brings",
                  {{"version", was.version}, {"name", was.name}});
    }
    ++next;
  }
  for (; next != known.end(); ++next) state.pending.push_back(next->second.file);
  return state;
}

// One migration, or nothing when the schema is current. The lock is held from the look to the commit.
Result<std::optional<std::string>> apply_next(Connection& connection, const std::map<std::int64_t, Migration>& known, Time now, SchemaState& state) {
  const auto& dialect = connection.dialect();
  connection.begin(dialect.begin_migration);
  if (!dialect.migration_lock.sql.empty()) connection.statement(dialect.migration_lock).row([](Row& row) { return row.maybe_text(); });
  BELAY_TRY(looked, compare(known, applied_migrations(connection)));
  state = looked;
  if (looked.pending.empty()) {
    connection.roll_back();
    return std::nullopt;
  }
  const auto& migration = known.upper_bound(looked.stored)->second;
  connection.statement(kMakeRecord).run();
  for (const auto& statement : split_statements(migration.text)) connection.run_once(statement);
  connection.statement(kRecord)
      .with("version", migration.version)
      .with("name", migration.name)
      .with("checksum", migration.checksum)
      .with("applied_at", now)
      .run();
  connection.commit();
  return migration.file;
}

}  // namespace

std::vector<std::string> split_statements(std::string_view text) {
  std::vector<std::string> statements;
  std::string current;
  char quote = '\0';
  const auto end_statement = [&] {
    const auto first = current.find_first_not_of(" \t\r\n");
    if (first != std::string::npos) statements.push_back(current.substr(first, current.find_last_not_of(" \t\r\n") - first + 1));
    current.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '-' && i + 1 < text.size() && text[i + 1] == '-') {
      i = std::min(text.find('\n', i), text.size() - 1);
      current += '\n';
      continue;
    } else if (c == ';') {
      end_statement();
      continue;
    }
    current += c;
  }
  end_statement();
  return statements;
}

Result<SchemaState> inspect_schema(Connection& connection, std::span<const MigrationFile> files) {
  return compare(migrations_for(connection.dialect().engine, files), applied_migrations(connection));
}

Result<MigrationReport> migrate_schema(Connection& connection, std::span<const MigrationFile> files, Time now) {
  const auto known = migrations_for(connection.dialect().engine, files);
  MigrationReport report;
  SchemaState state;
  bool first = true;
  while (true) {
    auto applied = apply_next(connection, known, now, state);
    if (!applied) {
      connection.roll_back();
      return std::unexpected(std::move(applied).error());
    }
    if (first) report.from = state.stored;
    first = false;
    report.to = state.stored;
    if (!*applied) return report;
    report.applied.push_back(std::move(**applied));
  }
}

}  // namespace belay::storage
