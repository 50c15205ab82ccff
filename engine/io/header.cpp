#include "engine/io/header.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

namespace zoneval::io {

namespace {

class Matcher {
  public:
    Matcher(const RowSource& source, const DatasetSchema& schema, Diagnostics& diagnostics)
        : source_(source), schema_(schema), diagnostics_(diagnostics) {}

    Header match() {
        header_.width = source_.cells().size();
        for (const auto cell : source_.cells()) header_.names.emplace_back(cell);
        refuse_repeats();
        header_.id = need(schema_.id_header, fmt::format("names the {}", schema_.record));
        header_.year = need(schema_.year_header, "holds the year");
        for (const auto& column : schema_.columns) {
            if (const auto cell = find(column.header))
                header_.feeds.push_back({*cell, &column});
            else if (column.required)
                missing(column.header, fmt::format("feeds the input `{}`", column.name));
            else
                header_.absent.push_back(column.name);
        }
        warn_of_unknown();
        return std::move(header_);
    }

  private:
    std::optional<std::size_t> find(const std::string& name) const {
        const auto found = std::find(header_.names.begin(), header_.names.end(), name);
        if (found == header_.names.end() || name.empty()) return std::nullopt;
        return static_cast<std::size_t>(found - header_.names.begin());
    }

    std::optional<std::size_t> need(const std::string& name, const std::string& purpose) {
        const auto cell = find(name);
        if (!cell) missing(name, purpose);
        return cell;
    }

    void refuse_repeats() {
        std::unordered_map<std::string_view, std::size_t> first;
        for (std::size_t i = 0; i < header_.names.size(); ++i) {
            const auto& name = header_.names[i];
            const auto [earlier, is_new] = first.emplace(name, i);
            if (name.empty() || is_new) continue;
            diagnostics_.add({Kind::malformed_csv,
                              fmt::format("the header `{}`{} appears twice, first in column {}", name,
                                          source_.called(i), earlier->second + 1),
                              source_.where(i), "", "rename or remove one of the two columns"});
        }
    }

    void missing(const std::string& name, const std::string& purpose) {
        auto where = source_.where(0);
        where.column = 0;
        auto hint = did_you_mean(name, header_.names);
        if (hint.empty() && header_.names.size() == 1 && header_.names[0].find_first_of(";\t|") != std::string::npos) {
            const char delimiter = header_.names[0][header_.names[0].find_first_of(";\t|")];
            hint = fmt::format("the cells seem to be parted by {}: name it with `--delimiter`",
                               delimiter == '\t' ? "tabs" : fmt::format("`{}`", delimiter));
        }
        if (hint.empty()) hint = fmt::format("the row read as header has: {}", listed());
        diagnostics_.add({Kind::missing_column, fmt::format("no column is headed `{}`, which {}", name, purpose), where,
                          fmt::format("a column headed `{}`", name), std::move(hint)});
    }

    std::string listed() const {
        constexpr std::size_t most = 20;
        const auto shown = std::min(most, header_.names.size());
        return fmt::format(
            "`{}`{}",
            fmt::join(header_.names.begin(), header_.names.begin() + static_cast<std::ptrdiff_t>(shown), "`, `"),
            shown < header_.names.size() ? fmt::format(" and {} more", header_.names.size() - shown) : "");
    }

    /// Headers the file does not have: what a stray header may have been meant for.
    std::vector<std::string> unfed() const {
        std::vector<std::string> out;
        for (const auto& column : schema_.columns)
            if (!find(column.header)) out.push_back(column.header);
        return out;
    }

    void warn_of_unknown() {
        const auto candidates = unfed();
        for (std::size_t i = 0; i < header_.names.size(); ++i) {
            const auto& name = header_.names[i];
            const auto has_name = [&](const std::string& other) { return other == name; };
            const bool used = i == header_.id || i == header_.year || name.empty() ||
                              std::any_of(schema_.columns.begin(), schema_.columns.end(),
                                          [&](const ColumnSchema& column) { return column.header == name; }) ||
                              std::any_of(schema_.ignore.begin(), schema_.ignore.end(), has_name);
            if (used) continue;
            auto hint = did_you_mean(name, candidates);
            if (hint.empty()) hint = "if that is meant, list it under `ignore`";
            diagnostics_.add({Kind::unknown_column,
                              fmt::format("the column `{}`{} feeds no input", name, source_.called(i)),
                              source_.where(i), "", std::move(hint)});
        }
    }

    const RowSource& source_;
    const DatasetSchema& schema_;
    Diagnostics& diagnostics_;
    Header header_;
};

}  // namespace

Header read_header(const RowSource& source, const DatasetSchema& schema, Diagnostics& diagnostics) {
    return Matcher(source, schema, diagnostics).match();
}

}  // namespace zoneval::io
