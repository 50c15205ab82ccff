#include "engine/assess/dry_run.hpp"

#include <algorithm>
#include <unordered_set>

#include "engine/wording/say.hpp"

namespace zoneval::assess {

namespace {

/// What stands where no file has said anything.
constexpr auto nothing_said = feel::Missing::not_reported;

class Comparison {
  public:
    Comparison(const store::Store* store, const io::ImportedRows& file, const DatasetSchema& schema, Listed listed,
               wording::Language language)
        : store_(store), file_(file), schema_(schema), listed_(listed == Listed::cells), language_(language) {}

    FileChanges changes() {
        out_.file = file_.file;
        out_.sheet = file_.sheet;
        out_.rows = file_.records.size();
        out_.years = file_.years;
        std::sort(out_.years.begin(), out_.years.end());
        out_.years.erase(std::unique(out_.years.begin(), out_.years.end()), out_.years.end());
        if (store_) out_.before = store_->imported_before(file_, schema_);
        for (const auto year : out_.years) compare(year);
        if (listed_) list_added();
        return std::move(out_);
    }

  private:
    void compare(std::int32_t year) {
        std::optional<Table> stored;
        if (store_) {
            const auto now = store_->latest();
            const auto known = store_->years(schema_.record, now);
            if (std::binary_search(known.begin(), known.end(), year))
                stored = store_->load(schema_.record, year, now, schema_.columns);
        }
        for (std::size_t row = 0; row < file_.records.size(); ++row) {
            if (file_.years[row] != year) continue;
            if (const auto before = stored ? stored->row(file_.records[row]) : std::nullopt) {
                ++out_.known;
                compare_cells(row, *stored, *before);
            } else {
                ++out_.new_rows;
                for (const auto& column : file_.columns) out_.new_cells += column.blank(row) ? 0 : 1;
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
            const auto was = old ? old->missing(before) : nothing_said, is = column.missing(row);
            const bool was_there = was == feel::Missing::none, is_there = is == feel::Missing::none;
            if (was == is && (!is_there || feel::identical(old->at(before), column.at(row)))) {
                ++out_.same;
                continue;
            }
            ++(!was_there ? out_.arriving : is_there ? out_.corrected : out_.withdrawn);
            if (listed_)
                out_.cells.push_back({std::string(file_.records[row]), file_.years[row], column.name(),
                                      old ? text_of(*old, before) : say(nothing_said, language_),
                                      text_of(column, row)});
        }
    }

    std::string text_of(const Column& column, std::size_t row) const {
        const auto missing = column.missing(row);
        return missing != feel::Missing::none ? say(missing, language_) : column.at(row).to_string();
    }

    void list_added() {
        constexpr std::int32_t any_year = 9999;
        std::unordered_set<std::string> known;
        if (store_)
            for (auto& name : store_->roster(schema_.record, any_year, store_->latest())) known.insert(std::move(name));
        for (const auto& record : file_.records)
            if (known.insert(std::string(record)).second) out_.added.emplace_back(record);
    }

    const store::Store* store_;
    const io::ImportedRows& file_;
    const DatasetSchema& schema_;
    bool listed_;
    wording::Language language_;
    FileChanges out_;
};

}  // namespace

FileChanges changes(const store::Store* store, const io::ImportedRows& file, const DatasetSchema& schema, Listed listed,
                    wording::Language language) {
    return Comparison(store, file, schema, listed, language).changes();
}

}  // namespace zoneval::assess
