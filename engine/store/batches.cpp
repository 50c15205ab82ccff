#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/store/cell_text.hpp"
#include "engine/store/impl.hpp"
#include "engine/store/merge.hpp"
#include "engine/store/stored_cells.hpp"

namespace zoneval::store {

namespace {

/// Everything that decides which cells pass and what they become.
std::string schema_hash(const DatasetSchema& schema) {
    const auto kinds = [](const std::map<std::string, feel::Missing>& codes) {
        auto out = nlohmann::json::object();
        for (const auto& [text, kind] : codes) out[text] = feel::to_string(kind);
        return out;
    };
    nlohmann::json out = {
        {"record", schema.record},    {"dataset", schema.dataset}, {"id", schema.id_header},
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
    // Where nothing is declared, hashes stay what they were before there were declarations.
    if (const auto shape = written(schema.shape); !shape.empty()) out["shape"] = shape;
    for (std::size_t i = 0; i < schema.columns.size(); ++i)
        if (const auto form = written(schema.columns[i].form); !form.empty()) out["columns"][i]["form"] = form;
    return sha256(out.dump());
}

std::string_view blank_of(const DatasetSchema& schema, const std::string& name) {
    for (const auto& column : schema.columns)
        if (column.name == name) return feel::to_string(column.blank);
    return feel::to_string(feel::Missing::not_reported);
}

/// Writes one batch, column after column, so that only a few of their texts are in memory at once.
class BatchWriter {
  public:
    BatchWriter(Database& database, const io::ImportedRows& rows, const DatasetSchema& schema)
        : database_(database),
          rows_(rows),
          schema_(schema),
          schema_hash_(schema_hash(schema)),
          revision_(next_revision()) {}

    std::int64_t revision() const { return revision_; }

    /// The hash of the batch, as stored_batch_hash computes it.
    std::string write_columns(const Work& work) {
        // The batch itself, which the columns refer to, is written when its hash is known.
        database_.execute("PRAGMA defer_foreign_keys = ON");
        Statement insert(database_,
                         "INSERT INTO batch_column (revision, position, name, type, blank, hash, cells) VALUES (?, ?, "
                         "?, ?, ?, ?, ?)");
        struct Text {
            std::string text, hash;
        };
        const auto make = [&](std::size_t i) {
            auto text = i == 0 ? rows_text(rows_) : cells_text(rows_.columns[i - 1]);
            auto hash = sha256(text);
            return Text{std::move(text), std::move(hash)};
        };
        in_order(rows_.columns.size() + 1, work.threads, make, [&](std::size_t i, Text text) {
            work.tell(rows_.records.size() * i / (rows_.columns.size() + 1), rows_.records.size());
            if (i == 0) {
                rows_text_ = std::move(text.text);
                rows_hash_ = std::move(text.hash);
                for (const std::string& field :
                     {schema_.record, schema_.dataset, rows_.sheet, rows_.sha256, schema_hash_, rows_hash_})
                    hash_.field(field);
                return;
            }
            const auto& column = rows_.columns[i - 1];
            const auto type = type_name(column.type()), blank = blank_of(schema_, column.name());
            for (const auto field : {std::string_view(column.name()), type, blank, std::string_view(text.hash)})
                hash_.field(field);
            insert.bind(1, revision_)
                .bind(2, static_cast<std::int64_t>(i - 1))
                .bind(3, column.name())
                .bind(4, type)
                .bind(5, blank)
                .bind(6, text.hash)
                .bind(7, text.text)
                .run();
        });
        return hash_.hex();
    }

    void write_head(const std::string& hash, const std::string& note) {
        const auto time = now_utc(), user = user_name();
        Statement(database_,
                  "INSERT INTO batch (revision, record_kind, dataset, file, sheet, sha256, schema_hash, row_count, "
                  "hash, imported_at, "
                  "imported_by, note, rows_hash, rows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(1, revision_)
            .bind(2, schema_.record)
            .bind(3, schema_.dataset)
            .bind(4, rows_.file)
            .bind(5, rows_.sheet)
            .bind(6, rows_.sha256)
            .bind(7, schema_hash_)
            .bind(8, static_cast<std::int64_t>(rows_.records.size()))
            .bind(9, hash)
            .bind(10, time)
            .bind(11, user)
            .bind(12, note)
            .bind(13, rows_hash_)
            .bind(14, rows_text_)
            .run();
        std::map<std::int32_t, std::int64_t> years;
        for (const auto year : rows_.years) ++years[year];
        Statement year_row(database_, "INSERT INTO batch_year (revision, year, row_count) VALUES (?, ?, ?)");
        for (const auto& [year, count] : years) year_row.bind(1, revision_).bind(2, year).bind(3, count).run();
    }

  private:
    std::int64_t next_revision() const {
        Statement last(database_, "SELECT seq FROM sqlite_sequence WHERE name = 'batch'");
        return last.step() ? last.integer(0) + 1 : 1;
    }

    Database& database_;
    const io::ImportedRows& rows_;
    const DatasetSchema& schema_;
    std::string schema_hash_, rows_text_, rows_hash_;
    std::int64_t revision_;
    Sha256 hash_;
};

constexpr std::string_view batch_columns = "revision, file, sheet, sha256, imported_at, imported_by, note";

Batch read_batch(const Statement& row) {
    return {row.integer(0),           std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
            std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6))};
}

}  // namespace

std::int64_t Store::import(const io::ImportedRows& rows, const DatasetSchema& schema, const std::string& note,
                           const Work& work) {
    auto& database = impl_->database;
    Transaction transaction(database);
    BatchWriter writer(database, rows, schema);
    const auto hash = writer.write_columns(work);
    {
        // Only the newest import can be repeated without effect: after others, the same file restores its figures.
        Statement newest(database,
                         "SELECT revision, hash FROM batch WHERE record_kind = ? ORDER BY revision DESC LIMIT 1");
        if (newest.bind(1, schema.record).step() && newest.text(1) == hash) return newest.integer(0);
    }
    writer.write_head(hash, note);
    transaction.commit();
    return writer.revision();
}

std::vector<Batch> Store::batches(const std::string& record_kind) const {
    std::vector<Batch> out;
    Statement statement(impl_->database,
                        fmt::format("SELECT {} FROM batch WHERE record_kind = ? ORDER BY revision", batch_columns));
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

namespace {

/// Of a batch `b`, with the snapshot's revision as the second parameter: it was there, and counts.
constexpr std::string_view counts =
    "b.revision <= ?2 AND b.revision NOT IN (SELECT withdrawn FROM batch_withdrawal WHERE revision <= ?2 UNION ALL "
    "SELECT revision FROM batch_withdrawal)";

}  // namespace

std::string withdrawal_text(std::int64_t withdrawn, const std::string& by, const std::string& reason) {
    return fmt::format(
        "{{\"withdraws\": {}, \"by\": {}, \"reason\": {}, \"year\": 0, \"first_line\": 0, \"records\": []}}", withdrawn,
        nlohmann::json(by).dump(), nlohmann::json(reason).dump());
}

std::int64_t Store::withdraw(std::int64_t revision, const std::string& by, const std::string& reason) {
    auto& database = impl_->database;
    Transaction transaction(database);
    Statement batch(database, "SELECT record_kind, dataset, file, rows FROM batch WHERE revision = ?");
    const auto refuse = [&](const std::string& why, const std::string& hint) {
        refuse_store(Kind::refused_withdrawal, database.path(), why, hint);
    };
    if (!batch.bind(1, revision).step())
        refuse(fmt::format("the store has no revision {}", revision), "`zoneval withdraw --list` shows the imports");
    if (batch.text(3).starts_with("{\"withdraws\":"))
        refuse(fmt::format("revision {} is itself a withdrawal", revision),
               "to bring the figures back, import the file again");
    Statement before(database, "SELECT revision FROM batch_withdrawal WHERE withdrawn = ?");
    if (before.bind(1, revision).step())
        refuse(fmt::format("revision {} was withdrawn before, by revision {}", revision, before.integer(0)), "");
    const auto rows = withdrawal_text(revision, by, reason), rows_hash = sha256(rows), time = now_utc(),
               user = user_name();
    Sha256 hash;  // as stored_batch_hash computes it
    for (const auto field : {batch.text(0), batch.text(1), std::string_view(), std::string_view(), std::string_view(),
                             std::string_view(rows_hash)})
        hash.field(field);
    const auto hex = hash.hex();
    Statement(
        database,
        "INSERT INTO batch (record_kind, dataset, file, sheet, sha256, schema_hash, row_count, hash, imported_at, "
        "imported_by, note, rows_hash, rows) VALUES (?, ?, ?, '', '', '', 0, ?, ?, ?, '', ?, ?)")
        .bind(1, batch.text(0))
        .bind(2, batch.text(1))
        .bind(3, batch.text(2))
        .bind(4, hex)
        .bind(5, time)
        .bind(6, user)
        .bind(7, rows_hash)
        .bind(8, rows)
        .run();
    const auto from = database.last_insert_id();
    Statement(database, "INSERT INTO batch_withdrawal (revision, withdrawn) VALUES (?, ?)")
        .bind(1, from)
        .bind(2, revision)
        .run();
    Statement(database,
              "INSERT INTO batch_year (revision, year, row_count) SELECT ?, year, 0 FROM batch_year WHERE revision = ?")
        .bind(1, from)
        .bind(2, revision)
        .run();
    transaction.commit();
    return from;
}

std::vector<Withdrawal> Store::withdrawals() const {
    std::vector<Withdrawal> out;
    Statement rows(impl_->database,
                   "SELECT w.revision, w.withdrawn, json_extract(b.rows, '$.by'), json_extract(b.rows, '$.reason'), "
                   "b.imported_at FROM batch_withdrawal w JOIN batch b ON b.revision = w.revision ORDER BY w.revision");
    while (rows.step())
        out.push_back({rows.integer(0), rows.integer(1), std::string(rows.text(2)), std::string(rows.text(3)),
                       std::string(rows.text(4))});
    return out;
}

std::vector<std::int32_t> Store::years(const std::string& record_kind, const Snapshot& snapshot) const {
    std::vector<std::int32_t> out;
    Statement statement(impl_->database,
                        fmt::format("SELECT DISTINCT y.year FROM batch_year y JOIN batch b ON b.revision = y.revision "
                                    "WHERE b.record_kind = ?1 AND {} ORDER BY y.year",
                                    counts));
    statement.bind(1, record_kind).bind(2, snapshot.revision);
    while (statement.step()) out.push_back(static_cast<std::int32_t>(statement.integer(0)));
    return out;
}

std::vector<std::string> Store::roster(const std::string& record_kind, std::int32_t year,
                                       const Snapshot& snapshot) const {
    std::vector<std::string> out;
    RowIndex seen;
    Statement batches(
        impl_->database,
        fmt::format("SELECT revision, rows FROM batch b WHERE record_kind = ?1 AND {} AND EXISTS (SELECT 1 "
                    "FROM batch_year y WHERE y.revision = b.revision AND y.year <= ?3) ORDER BY revision",
                    counts));
    batches.bind(1, record_kind).bind(2, snapshot.revision).bind(3, year);
    while (batches.step()) {
        try {
            StoredRows rows(batches.text(1));
            while (const auto row = rows.next()) {
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

std::int64_t Store::last_revision(const std::string& record_kind, std::int32_t year, std::int64_t since) const {
    // What came and was withdrawn since has changed nothing.
    Statement last(
        impl_->database,
        "SELECT max(b.revision) FROM batch b JOIN batch_year y ON y.revision = b.revision WHERE "
        "b.record_kind = ? AND y.year = ? AND b.revision > ? AND NOT EXISTS (SELECT 1 FROM batch_withdrawal w "
        "WHERE b.revision IN (w.revision, w.withdrawn) AND w.withdrawn > ?)");
    return last.bind(1, record_kind).bind(2, year).bind(3, since).bind(4, since).step() ? last.integer(0) : 0;
}

std::optional<std::int32_t> Store::last_year(const std::string& record_kind, const std::string& column,
                                             const Snapshot& snapshot) const {
    Statement last(
        impl_->database,
        fmt::format("SELECT y.year FROM batch b JOIN batch_column c ON c.revision = b.revision JOIN batch_year "
                    "y ON y.revision = b.revision WHERE b.record_kind = ?1 AND {} AND c.name = ?3 ORDER BY "
                    "y.year DESC LIMIT 1",
                    counts));
    if (!last.bind(1, record_kind).bind(2, snapshot.revision).bind(3, column).step()) return std::nullopt;
    return static_cast<std::int32_t>(last.integer(0));
}

std::vector<ColumnSchema> Store::without_row(const std::string& record_kind, const Snapshot& snapshot,
                                             std::vector<ColumnSchema> columns) const {
    for (auto& column : columns)
        if (column.no_row != feel::Missing::not_reported && !last_year(record_kind, column.name, snapshot))
            column.no_row = feel::Missing::not_reported;
    return columns;
}

Table Store::load(const std::string& record_kind, std::int32_t year, const Snapshot& snapshot,
                  const std::vector<ColumnSchema>& declared, const Work& work) const {
    const auto& database = impl_->database;
    const auto columns = without_row(record_kind, snapshot, declared);
    Merge merge(year, columns, database.path());
    Statement batches(database,
                      fmt::format("SELECT {}, hash, row_count, rows_hash, rows FROM batch b WHERE "
                                  "record_kind = ?1 AND {} AND EXISTS "
                                  "(SELECT 1 FROM batch_year y WHERE y.revision = b.revision AND y.year = ?3) "
                                  "ORDER BY revision",
                                  batch_columns, counts));
    batches.bind(1, record_kind).bind(2, snapshot.revision).bind(3, year);
    const auto reading = [&](std::int64_t revision, const auto& read) {
        try {
            read();
        } catch (const std::runtime_error& error) {
            fail_damaged(database, revision, error.what());
        }
    };
    std::vector<std::int64_t> revisions;
    std::vector<bool> sound;  // hashed before: no need to do it again
    while (batches.step()) {
        const auto revision = revisions.emplace_back(batches.integer(0));
        sound.push_back(impl_->is_sound(revision));
        if (!sound.back() && stored_batch_hash(database, revision) != batches.text(7))
            fail_damaged(database, revision, "its head is not as imported");
        reading(revision, [&] {
            if (!sound.back() && sha256(batches.text(10)) != batches.text(9))
                throw std::runtime_error("its rows are not those imported");
            merge.add_rows(read_batch(batches), static_cast<std::size_t>(batches.integer(8)), batches.text(10));
        });
    }
    // SQLite lets one thread in at a time; what takes time, hashing and parsing, goes on beside it.
    const auto add_column = [&](std::size_t c) {
        for (std::size_t b = 0; b < revisions.size(); ++b) {
            Statement cells(database, "SELECT hash, cells FROM batch_column WHERE revision = ? AND name = ?");
            if (!cells.bind(1, revisions[b]).bind(2, columns[c].name).step()) continue;
            const auto hash = cells.text(0), text = cells.text(1);
            reading(revisions[b], [&] {
                if (!sound[b] && sha256(text) != hash) throw std::runtime_error("its cells are not those imported");
                merge.add_cells(c, b, text);
            });
        }
        return true;
    };
    in_order(columns.size(), work.threads, add_column,
             [&](std::size_t c, bool) { work.tell(merge.size() * (c + 1) / columns.size(), merge.size()); });
    return merge.take();
}

}  // namespace zoneval::store
