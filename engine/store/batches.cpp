#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "engine/store/cell_text.hpp"
#include "engine/store/impl.hpp"
#include "engine/store/merge.hpp"
#include "engine/store/stored_cells.hpp"
#include "engine/store/torn.hpp"

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

    /// The hash of the batch, as read_head computes it.
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

/// The rows of a batch whose head is sound, while `read` runs.
template <class Read>
void with_rows(const Database& database, std::int64_t revision, const Read& read) {
    Statement rows(database, "SELECT rows FROM batch WHERE revision = ?");
    if (!rows.bind(1, revision).step()) fail_damaged(database, revision, "its rows are gone");
    try {
        read(rows.text(0));
    } catch (const std::runtime_error& error) {
        fail_damaged(database, revision, error.what());
    }
}

}  // namespace

std::int64_t Store::import(const io::ImportedRows& rows, const DatasetSchema& schema, const std::string& note,
                           const Work& work) {
    auto& database = impl_->database;
    auto writing = write();
    BatchWriter writer(database, rows, schema);
    writer.write_head(writer.write_columns(work), note);
    enter(database, "import", writer.revision());
    writing.commit();
    return writer.revision();
}

std::optional<Store::Before> Store::imported_before(const io::ImportedRows& rows, const DatasetSchema& schema) const {
    const auto hash = schema_hash(schema);
    std::optional<Before> out;
    for (const auto& head : impl_->sound_heads()) {
        if (head.record_kind != schema.record || head.dataset != schema.dataset) continue;
        if (head.batch.sha256 != rows.sha256 || head.batch.sheet != rows.sheet) continue;
        const bool same = head.schema_hash == hash;
        if (head.counts(INT64_MAX) && (same || !out || !out->same_reading)) out = Before{head.batch, same};
    }
    return out;
}

std::vector<Batch> Store::batches(const std::string& record_kind) const {
    std::vector<Batch> out;
    for (const auto& head : impl_->sound_heads())
        if (head.record_kind == record_kind) out.push_back(head.batch);
    return out;
}

Snapshot Store::latest() const { return *at(static_cast<std::int64_t>(impl_->sound_heads().size())); }

std::optional<Snapshot> Store::at(std::int64_t revision) const {
    const auto& heads = impl_->sound_heads();  // without gaps
    if (revision < 0 || static_cast<std::size_t>(revision) > heads.size()) return std::nullopt;
    std::vector<std::string> hashes;
    for (std::size_t i = 0; i < static_cast<std::size_t>(revision); ++i) hashes.push_back(heads[i].hash);
    return Snapshot{revision, snapshot_hash(hashes)};
}

std::int64_t Store::withdraw(std::int64_t revision, const std::string& by, const std::string& reason) {
    auto& database = impl_->database;
    auto writing = write();
    const auto refuse = [&](const std::string& why, const std::string& hint) {
        refuse_store(Kind::refused_withdrawal, database.path(), why, hint);
    };
    const auto& heads = impl_->sound_heads();
    if (revision < 1 || static_cast<std::size_t>(revision) > heads.size())
        refuse(fmt::format("the store has no revision {}", revision),
               "`import` names the revision that a file became, and so do explanations");
    const auto& head = heads[static_cast<std::size_t>(revision - 1)];
    if (head.withdraws != 0)
        refuse(fmt::format("revision {} is itself a withdrawal", revision),
               "to bring the figures back, import the file again");
    if (head.withdrawn_by != 0)
        refuse(fmt::format("revision {} was withdrawn before, by revision {}", revision, head.withdrawn_by), "");
    const auto rows = withdrawal_text(revision, by, reason), rows_hash = sha256(rows), time = now_utc(),
               user = user_name();
    Sha256 hash;  // as read_head computes it
    for (const auto field : {std::string_view(head.record_kind), std::string_view(head.dataset), std::string_view(),
                             std::string_view(), std::string_view(), std::string_view(rows_hash)})
        hash.field(field);
    const auto hex = hash.hex();
    Statement(
        database,
        "INSERT INTO batch (record_kind, dataset, file, sheet, sha256, schema_hash, row_count, hash, imported_at, "
        "imported_by, note, rows_hash, rows) VALUES (?, ?, ?, '', '', '', 0, ?, ?, ?, '', ?, ?)")
        .bind(1, head.record_kind)
        .bind(2, head.dataset)
        .bind(3, head.batch.file)
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
    Statement year(database, "INSERT INTO batch_year (revision, year, row_count) VALUES (?, ?, 0)");
    for (const auto of : head.years) year.bind(1, from).bind(2, of).run();
    enter(database, "import", from);
    writing.commit();
    return from;
}

std::vector<Withdrawal> Store::withdrawals() const {
    std::vector<Withdrawal> out;
    for (const auto& head : impl_->sound_heads()) {
        if (head.withdraws == 0) continue;
        with_rows(impl_->database, head.batch.revision, [&](std::string_view rows) {
            const auto said = nlohmann::json::parse(rows);
            out.push_back({head.batch.revision, head.withdraws, said.at("by").get<std::string>(),
                           said.at("reason").get<std::string>(), head.batch.imported_at});
        });
    }
    return out;
}

namespace {

/// The batches of a kind that count in a snapshot, in their order.
std::vector<const BatchHead*> counting(const std::vector<BatchHead>& heads, const std::string& record_kind,
                                       const Snapshot& snapshot) {
    std::vector<const BatchHead*> out;
    for (const auto& head : heads)
        if (head.record_kind == record_kind && head.counts(snapshot.revision)) out.push_back(&head);
    return out;
}

}  // namespace

std::vector<std::int32_t> Store::years(const std::string& record_kind, const Snapshot& snapshot) const {
    std::set<std::int32_t> out;
    for (const auto* head : counting(impl_->sound_heads(), record_kind, snapshot))
        out.insert(head->years.begin(), head->years.end());
    return {out.begin(), out.end()};
}

std::vector<std::string> Store::roster(const std::string& record_kind, std::int32_t year,
                                       const Snapshot& snapshot) const {
    std::vector<std::string> out;
    RowIndex seen;
    for (const auto* head : counting(impl_->sound_heads(), record_kind, snapshot)) {
        if (head->years.empty() || head->years.front() > year) continue;
        with_rows(impl_->database, head->batch.revision, [&](std::string_view text) {
            StoredRows rows(text);
            while (const auto row = rows.next()) {
                if (row->year > year) continue;
                const auto same = [&](std::uint32_t other) { return out[other] == row->record; };
                if (seen.insert(RowIndex::hash(row->record), static_cast<std::uint32_t>(out.size()), same).second)
                    out.emplace_back(row->record);
            }
        });
    }
    return out;
}

std::int64_t Store::last_revision(const std::string& record_kind, std::int32_t year, std::int64_t since) const {
    std::int64_t out = 0;
    for (const auto& head : impl_->sound_heads()) {
        if (head.record_kind != record_kind || head.batch.revision <= since || !head.has_year(year)) continue;
        // What came and was withdrawn since has changed nothing.
        const bool came_and_went = head.withdraws > since || (head.withdrawn_by != 0 && head.batch.revision > since);
        if (!came_and_went) out = head.batch.revision;
    }
    return out;
}

std::optional<std::int32_t> Store::last_year(const std::string& record_kind, const std::string& column,
                                             const Snapshot& snapshot) const {
    std::optional<std::int32_t> out;
    for (const auto* head : counting(impl_->sound_heads(), record_kind, snapshot))
        if (head->column(column) && !head->years.empty())
            out = std::max(out.value_or(head->years.back()), head->years.back());
    return out;
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
    const auto reading = read();
    const auto& database = impl_->database;
    const auto columns = without_row(record_kind, snapshot, declared);
    Merge merge(year, columns, database.path());
    auto batches = counting(impl_->sound_heads(), record_kind, snapshot);
    std::erase_if(batches, [&](const BatchHead* head) { return !head->has_year(year); });
    std::vector<bool> sound;  // hashed before: no need to do it again
    for (const auto* head : batches) {
        sound.push_back(impl_->is_sound(*head));
        with_rows(database, head->batch.revision, [&](std::string_view rows) { merge.add_rows(head->batch, rows); });
    }
    // SQLite lets one thread in at a time; what takes time, hashing and parsing, goes on beside it.
    const auto add_column = [&](std::size_t c) {
        for (std::size_t b = 0; b < batches.size(); ++b) {
            const auto* column = batches[b]->column(columns[c].name);
            if (!column) continue;
            Statement cells(database, "SELECT cells FROM batch_column WHERE rowid = ?");
            const bool there = cells.bind(1, column->row).step();
            auto text = cells.text(0);
            std::optional<Left> left;
            if (impl_->as_it_stands && (left = cells_left(text, type_name(columns[c].type), merge.rows_of(b))))
                text = left->text;
            try {
                if (!there || (!sound[b] && sha256(text) != column->hash))
                    throw std::runtime_error("its cells are not those imported");
                merge.add_cells(c, b, text);
            } catch (const std::runtime_error& error) {
                fail_damaged(database, batches[b]->batch.revision, error.what());
            }
        }
        return true;
    };
    in_order(columns.size(), work.threads, add_column,
             [&](std::size_t c, bool) { work.tell(merge.size() * (c + 1) / columns.size(), merge.size()); });
    return merge.take();
}

}  // namespace zoneval::store
