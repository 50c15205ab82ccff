#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "engine/store/cell_text.hpp"
#include "engine/store/impl.hpp"
#include "engine/store/merge.hpp"

namespace zoneval::store {

namespace {

/// Everything that decides which cells pass and what they become.
std::string schema_hash(const DatasetSchema& schema) {
    const auto kinds = [](const std::map<std::string, feel::Missing>& codes) {
        auto out = nlohmann::json::object();
        for (const auto& [text, kind] : codes) out[text] = feel::to_string(kind);
        return out;
    };
    nlohmann::json out = {{"record", schema.record},   {"dataset", schema.dataset}, {"id", schema.id_header},
                          {"year", schema.year_header}, {"ignore", schema.ignore},   {"missing codes", kinds(schema.missing_codes)},
                          {"aliases", schema.aliases},  {"roster", schema.roster},   {"columns", nlohmann::json::array()}};
    for (const auto& column : schema.columns)
        out["columns"].push_back({{"name", column.name},
                                  {"header", column.header},
                                  {"type", type_name(column.type)},
                                  {"min", column.min ? column.min->to_string() : ""},
                                  {"max", column.max ? column.max->to_string() : ""},
                                  {"values", column.values},
                                  {"translate", column.translate},
                                  {"required", column.required},
                                  {"blank", feel::to_string(column.blank)},
                                  {"unit", column.unit}});
    return sha256(out.dump());
}

std::string_view blank_of(const DatasetSchema& schema, const std::string& name) {
    for (const auto& column : schema.columns)
        if (column.name == name) return feel::to_string(column.blank);
    return feel::to_string(feel::Missing::not_reported);
}

/// The texts of a batch, in the form they are stored.
struct Texts {
    std::string rows;
    std::vector<std::string> columns;
    std::string schema_hash;
};

/// The same fields in the same order as stored_batch_hash.
std::string batch_hash(const io::ImportedRows& rows, const DatasetSchema& schema, const Texts& texts) {
    Sha256 hash;
    for (const auto* text : {&schema.record, &schema.dataset, &rows.sheet, &rows.sha256, &texts.schema_hash, &texts.rows}) hash.field(*text);
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        const auto& column = rows.columns[i];
        hash.field(column.name());
        hash.field(type_name(column.type()));
        hash.field(blank_of(schema, column.name()));
        hash.field(texts.columns[i]);
    }
    return hash.hex();
}

void insert_columns(Database& database, std::int64_t revision, const io::ImportedRows& rows, const DatasetSchema& schema,
                    const Texts& texts) {
    Statement insert(database, "INSERT INTO batch_column (revision, position, name, type, blank, cells) VALUES (?, ?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        const auto& column = rows.columns[i];
        insert.bind(1, revision).bind(2, static_cast<std::int64_t>(i)).bind(3, column.name())
            .bind(4, type_name(column.type())).bind(5, blank_of(schema, column.name())).bind(6, texts.columns[i]).run();
    }
    std::map<std::int32_t, std::int64_t> years;
    for (const auto year : rows.years) ++years[year];
    Statement year_row(database, "INSERT INTO batch_year (revision, year, row_count) VALUES (?, ?, ?)");
    for (const auto& [year, count] : years) year_row.bind(1, revision).bind(2, year).bind(3, count).run();
}

constexpr std::string_view batch_columns = "revision, file, sheet, sha256, imported_at, imported_by, note";

Batch read_batch(const Statement& row) {
    return {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
            std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6))};
}

}  // namespace

std::int64_t Store::import(const io::ImportedRows& rows, const DatasetSchema& schema, const std::string& note) {
    Texts texts{rows_text(rows), {}, schema_hash(schema)};
    for (const auto& column : rows.columns) texts.columns.push_back(cells_text(column));
    const auto hash = batch_hash(rows, schema, texts);

    auto& database = impl_->database;
    Transaction transaction(database);
    {
        // Only the newest import can be repeated without effect: after others, the same file restores its figures.
        Statement newest(database, "SELECT revision, hash FROM batch WHERE record_kind = ? ORDER BY revision DESC LIMIT 1");
        if (newest.bind(1, schema.record).step() && newest.text(1) == hash) return newest.integer(0);
    }
    const auto time = now_utc(), user = user_name();
    Statement(database,
              "INSERT INTO batch (record_kind, dataset, file, sheet, sha256, schema_hash, row_count, rows, hash, imported_at, "
              "imported_by, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(1, schema.record).bind(2, schema.dataset).bind(3, rows.file).bind(4, rows.sheet).bind(5, rows.sha256)
        .bind(6, texts.schema_hash).bind(7, static_cast<std::int64_t>(rows.records.size())).bind(8, texts.rows).bind(9, hash)
        .bind(10, time).bind(11, user).bind(12, note).run();
    const auto revision = database.last_insert_id();
    insert_columns(database, revision, rows, schema, texts);
    transaction.commit();
    return revision;
}

std::vector<Batch> Store::batches(const std::string& record_kind) const {
    std::vector<Batch> out;
    Statement statement(impl_->database, fmt::format("SELECT {} FROM batch WHERE record_kind = ? ORDER BY revision", batch_columns));
    statement.bind(1, record_kind);
    while (statement.step()) out.push_back(read_batch(statement));
    return out;
}

Snapshot Store::latest() const {
    Statement last(impl_->database, "SELECT max(revision) FROM batch");
    return *at(last.step() ? last.integer(0) : 0);
}

std::optional<Snapshot> Store::at(std::int64_t revision) const {
    std::vector<std::string> hashes;
    Statement statement(impl_->database, "SELECT hash, revision FROM batch WHERE revision <= ? ORDER BY revision");
    statement.bind(1, revision);
    std::int64_t last = 0;
    while (statement.step()) {
        hashes.emplace_back(statement.text(0));
        last = statement.integer(1);
    }
    if (last != revision) return std::nullopt;
    return Snapshot{revision, snapshot_hash(hashes)};
}

std::vector<std::int32_t> Store::years(const std::string& record_kind, const Snapshot& snapshot) const {
    std::vector<std::int32_t> out;
    Statement statement(impl_->database,
                        "SELECT DISTINCT y.year FROM batch_year y JOIN batch b ON b.revision = y.revision "
                        "WHERE b.record_kind = ? AND b.revision <= ? ORDER BY y.year");
    statement.bind(1, record_kind).bind(2, snapshot.revision);
    while (statement.step()) out.push_back(static_cast<std::int32_t>(statement.integer(0)));
    return out;
}

std::vector<std::string> Store::roster(const std::string& record_kind, std::int32_t year, const Snapshot& snapshot) const {
    std::vector<std::string> out;
    RowIndex seen;
    Statement batches(impl_->database,
                      "SELECT revision, rows FROM batch b WHERE record_kind = ? AND revision <= ? AND EXISTS "
                      "(SELECT 1 FROM batch_year y WHERE y.revision = b.revision AND y.year <= ?) ORDER BY revision");
    batches.bind(1, record_kind).bind(2, snapshot.revision).bind(3, year);
    while (batches.step()) {
        try {
            ArrayReader rows(batches.text(1));
            while (const auto row = rows.next_row()) {
                if (row->year > year) continue;
                const auto same = [&](std::uint32_t other) { return out[other] == row->record; };
                if (seen.insert(RowIndex::hash(row->record), static_cast<std::uint32_t>(out.size()), same).second)
                    out.emplace_back(row->record);
            }
        } catch (const std::runtime_error& error) {
            fail_damaged(impl_->database, batches.integer(0), error.what());
        }
    }
    return out;
}

std::int64_t Store::last_revision(const std::string& record_kind, std::int32_t year) const {
    Statement last(impl_->database, "SELECT max(b.revision) FROM batch b JOIN batch_year y ON y.revision = b.revision WHERE b.record_kind = ? AND y.year = ?");
    return last.bind(1, record_kind).bind(2, year).step() ? last.integer(0) : 0;
}

std::optional<std::int32_t> Store::last_year(const std::string& record_kind, const std::string& column, const Snapshot& snapshot) const {
    Statement last(impl_->database, "SELECT y.year FROM batch b JOIN batch_column c ON c.revision = b.revision JOIN batch_year y ON y.revision = b.revision "
                                    "WHERE b.record_kind = ? AND b.revision <= ? AND c.name = ? ORDER BY y.year DESC LIMIT 1");
    if (!last.bind(1, record_kind).bind(2, snapshot.revision).bind(3, column).step()) return std::nullopt;
    return static_cast<std::int32_t>(last.integer(0));
}

std::vector<ColumnSchema> Store::without_row(const std::string& record_kind, const Snapshot& snapshot, std::vector<ColumnSchema> columns) const {
    for (auto& column : columns)
        if (column.no_row != feel::Missing::not_reported && !last_year(record_kind, column.name, snapshot))
            column.no_row = feel::Missing::not_reported;
    return columns;
}

Table Store::load(const std::string& record_kind, std::int32_t year, const Snapshot& snapshot,
                  const std::vector<ColumnSchema>& declared) const {
    const auto& database = impl_->database;
    const auto columns = without_row(record_kind, snapshot, declared);
    Merge merge(year, columns, database.path());
    Statement batches(database, fmt::format("SELECT {}, rows FROM batch b WHERE record_kind = ? AND revision <= ? AND EXISTS "
                                            "(SELECT 1 FROM batch_year y WHERE y.revision = b.revision AND y.year = ?) "
                                            "ORDER BY revision", batch_columns));
    batches.bind(1, record_kind).bind(2, snapshot.revision).bind(3, year);
    std::vector<std::int64_t> revisions;
    while (batches.step()) {
        revisions.push_back(batches.integer(0));
        try {
            merge.add_rows(read_batch(batches), batches.text(7));
        } catch (const std::runtime_error& error) {
            fail_damaged(database, revisions.back(), error.what());
        }
    }
    Statement cells(database, "SELECT cells FROM batch_column WHERE revision = ? AND name = ?");
    for (std::size_t c = 0; c < columns.size(); ++c)
        for (std::size_t b = 0; b < revisions.size(); ++b) {
            cells.reset();
            if (!cells.bind(1, revisions[b]).bind(2, columns[c].name).step()) continue;
            try {
                merge.add_cells(c, b, cells.text(0));
            } catch (const std::runtime_error& error) {
                fail_damaged(database, revisions[b], error.what());
            }
        }
    return merge.take();
}

}  // namespace zoneval::store
