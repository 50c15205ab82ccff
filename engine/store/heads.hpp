// What the store's batches say of themselves, read from texts that their hashes cover and checked against those hashes:
// which batches, years and columns are read follows from this alone, not from tables and indexes beside them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/database.hpp"
#include "engine/table/table.hpp"
#include "engine/wording/faults.hpp"

namespace zoneval::store {

struct BatchHead {
    Batch batch;
    std::string record_kind, dataset, schema_hash, hash;
    std::vector<std::int32_t>
        years;                      ///< that it has rows of, or, of a withdrawal, that the withdrawn one has; ascending
    std::int64_t withdraws = 0;     ///< a withdrawal: of that revision; else 0
    std::int64_t withdrawn_by = 0;  ///< the revision that withdraws this one; 0: none
    struct Column {
        std::string name, hash;
        std::int64_t row = 0;  ///< of the table batch_column
    };
    std::vector<Column> columns;           ///< in the order of the schema
    std::optional<wording::Fault> damage;  ///< why it is not as it was imported; nullopt: it is

    const Column* column(std::string_view name) const;
    bool has_year(std::int32_t year) const;
    /// In a snapshot of that revision: it was there, has rows, and was not withdrawn.
    bool counts(std::int64_t revision) const {
        return batch.revision <= revision && withdraws == 0 && (withdrawn_by == 0 || withdrawn_by > revision);
    }
};

/// Adds the heads of all batches behind those that are in `heads` already, in order of revision. `damage` tells of a
/// revision that is missing before it, too.
void read_heads(const Database& database, std::vector<BatchHead>& heads);

/// The number of rows that a table was given, removed ones too (AUTOINCREMENT).
std::int64_t last_id_given(const Database& database, std::string_view table);

/// What the rows of a withdrawal say; and of which revision, 0: these rows are no withdrawal.
std::string withdrawal_text(std::int64_t withdrawn, const std::string& by, const std::string& reason);
std::int64_t withdrawn_in(std::string_view rows);

}  // namespace zoneval::store
