#include "engine/assess/dry_run.hpp"

#include <algorithm>
#include <unordered_set>

namespace zoneval::assess {

namespace {

std::string text_of(const Column& column, std::size_t row) {
    if (column.missing(row) != feel::Missing::none) return std::string(feel::to_string(column.missing(row)));
    return column.at(row).to_string();
}

class Comparison {
  public:
    Comparison(const store::Store* store, const io::ImportedRows& file, const DatasetSchema& schema)
        : store_(store), file_(file), schema_(schema) {}

    FileChanges changes(const std::unordered_set<std::string>& known) {
        out_.file = file_.file;
        out_.sheet = file_.sheet;
        out_.rows = file_.records.size();
        out_.years = file_.years;
        std::sort(out_.years.begin(), out_.years.end());
        out_.years.erase(std::unique(out_.years.begin(), out_.years.end()), out_.years.end());
        for (const auto year : out_.years) compare(year, known);
        if (store_)
            for (const auto& batch : store_->batches(schema_.record))
                if (batch.sha256 == file_.sha256 && batch.sheet == file_.sheet) out_.same_as = batch.revision;
        return std::move(out_);
    }

  private:
    void compare(std::int32_t year, const std::unordered_set<std::string>& known) {
        const auto stored = store_ ? store_->load(schema_.record, year, store_->latest(), schema_.columns) : Table{};
        for (std::size_t row = 0; row < file_.records.size(); ++row) {
            if (file_.years[row] != year) continue;
            const std::string record(file_.records[row]);
            if (const auto before = stored.row(record)) {
                ++out_.known;
                compare_cells(row, stored, *before);
            } else if (known.contains(record)) {
                ++out_.new_rows;
            } else if (std::find(out_.added.begin(), out_.added.end(), record) == out_.added.end()) {
                out_.added.push_back(record);
            }
        }
    }

    void compare_cells(std::size_t row, const Table& stored, std::size_t before) {
        for (const auto& column : file_.columns) {
            if (column.blank(row)) {
                ++out_.blank;
                continue;
            }
            const auto* old = stored.column(column.name());
            const bool was_there = old && old->missing(before) == feel::Missing::none;
            const bool is_there = column.missing(row) == feel::Missing::none;
            const auto was = old ? text_of(*old, before) : std::string(feel::to_string(feel::Missing::not_reported));
            auto now = text_of(column, row);
            if (was_there == is_there && was == now) {
                ++out_.same;
                continue;
            }
            ++(!was_there ? out_.arriving : is_there ? out_.corrected : out_.withdrawn);
            out_.cells.push_back(
                {std::string(file_.records[row]), file_.years[row], column.name(), was, std::move(now)});
        }
    }

    const store::Store* store_;
    const io::ImportedRows& file_;
    const DatasetSchema& schema_;
    FileChanges out_;
};

}  // namespace

std::vector<FileChanges> changes(const store::Store* store, const std::vector<io::ImportedRows>& files,
                                 const DatasetSchema& schema) {
    constexpr std::int32_t any_year = 9999;
    std::unordered_set<std::string> known;
    if (store)
        for (auto& name : store->roster(schema.record, any_year, store->latest())) known.insert(std::move(name));
    std::vector<FileChanges> out;
    for (const auto& file : files) out.push_back(Comparison(store, file, schema).changes(known));
    return out;
}

}  // namespace zoneval::assess
