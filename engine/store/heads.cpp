#include "engine/store/heads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/io/bytes/sha256.hpp"
#include "engine/store/stored_cells.hpp"

namespace zoneval::store {

using wording::Fault;
using wording::Flaw;

namespace {

constexpr std::string_view opens_withdrawal = "{\"withdraws\": ";

/// The columns of a batch, whose hash so far goes on over them.
std::vector<BatchHead::Column> columns_of(const Database& database, std::int64_t revision, Sha256& hash) {
    std::vector<BatchHead::Column> out;
    Statement rows(database,
                   "SELECT name, type, blank, hash, rowid FROM batch_column WHERE revision = ? ORDER BY position");
    rows.bind(1, revision);
    while (rows.step()) {
        for (int i = 0; i < 4; ++i) hash.field(rows.text(i));
        out.push_back({std::string(rows.text(0)), std::string(rows.text(3)), rows.integer(4)});
    }
    return out;
}

BatchHead read_head(const Database& database, const Statement& row) {
    const auto text = [&](int column) { return std::string(row.text(column)); };
    BatchHead out;
    out.batch = {row.integer(0), text(1), text(2), text(3), text(4), text(5), text(6)};
    out.record_kind = text(7);
    out.dataset = text(8);
    out.schema_hash = text(9);
    out.hash = text(11);
    Sha256 hash;
    for (const int i : {7, 8, 2, 3, 9, 10}) hash.field(row.text(i));
    out.columns = columns_of(database, out.batch.revision, hash);
    const auto rows = row.text(12);
    if (hash.hex() != out.hash)
        out.damage = Fault{Flaw::head_changed};
    else if (sha256(rows) != row.text(10))
        out.damage = Fault{Flaw::rows_changed};
    out.withdraws = withdrawn_in(rows);
    try {
        if (out.withdraws == 0) out.years = years_of(rows);
    } catch (const std::runtime_error&) {
        if (!out.damage) out.damage = Fault{Flaw::rows_unreadable};
    }
    return out;
}

/// A withdrawal speaks of the years of what it withdraws.
void note_withdrawal(std::vector<BatchHead>& heads, BatchHead& by) {
    const auto place = std::find_if(heads.begin(), heads.end(),
                                    [&](const BatchHead& head) { return head.batch.revision == by.withdraws; });
    if (place == heads.end() || place->withdraws != 0 || place->withdrawn_by != 0) {
        if (!by.damage) by.damage = Fault{Flaw::withdraws_nothing, {{"n", by.withdraws}}};
        return;
    }
    place->withdrawn_by = by.batch.revision;
    by.years = place->years;
}

}  // namespace

const BatchHead::Column* BatchHead::column(std::string_view name) const {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

bool BatchHead::has_year(std::int32_t year) const { return std::binary_search(years.begin(), years.end(), year); }

void read_heads(const Database& database, std::vector<BatchHead>& heads) {
    auto last = heads.empty() ? 0 : heads.back().batch.revision;
    Statement rows(database,
                   "SELECT revision, file, sheet, sha256, imported_at, imported_by, note, record_kind, dataset, "
                   "schema_hash, rows_hash, hash, rows FROM batch WHERE revision > ? ORDER BY revision");
    rows.bind(1, last);
    while (rows.step()) {
        auto head = read_head(database, rows);
        if (head.batch.revision != last + 1 && !head.damage)
            head.damage = Fault{Flaw::one_before_gone, {{"n", last + 1}}};
        last = head.batch.revision;
        if (head.withdraws != 0) note_withdrawal(heads, head);
        heads.push_back(std::move(head));
    }
}

std::int64_t last_id_given(const Database& database, std::string_view table) {
    Statement sequence(database, "SELECT seq FROM sqlite_sequence WHERE name = ?");
    return sequence.bind(1, table).step() ? sequence.integer(0) : 0;
}

std::string withdrawal_text(std::int64_t withdrawn, const std::string& by, const std::string& reason) {
    return fmt::format("{}{}, \"by\": {}, \"reason\": {}, \"year\": 0, \"first_line\": 0, \"records\": []}}",
                       opens_withdrawal, withdrawn, nlohmann::json(by).dump(), nlohmann::json(reason).dump());
}

std::int64_t withdrawn_in(std::string_view rows) {
    std::int64_t out = 0;
    if (rows.starts_with(opens_withdrawal))
        std::from_chars(rows.data() + opens_withdrawal.size(), rows.data() + rows.size(), out);
    return out;
}

}  // namespace zoneval::store
