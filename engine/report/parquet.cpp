// Parquet: what each column is stays what it is.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/diag/diagnostic.hpp"
#include "engine/io/sources/duckdb_command.hpp"
#include "engine/io/sources/table_rows.hpp"
#include "engine/report/files.hpp"
#include "engine/report/whole_file.hpp"

namespace zoneval::report {

using results::Column;

namespace {

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

/// What a number needs so that all its digits are kept.
struct Digits {
    int scale = 0, whole = 1;

    void see(const feel::Decimal& number) {
        const auto text = number.to_string();
        if (text.find_first_of("eE") != std::string::npos) {
            scale = whole = most;  // then no decimal column holds it
            return;
        }
        const auto begin = text.starts_with('-') ? std::size_t{1} : std::size_t{0};
        const auto point = std::min(text.find('.'), text.size());
        whole = std::max(whole, static_cast<int>(point - begin));
        if (point < text.size()) scale = std::max(scale, static_cast<int>(text.size() - point - 1));
    }
    static constexpr int most = 38;
    /// Doubles only where no decimal of 38 digits holds every number.
    std::string type() const {
        constexpr int digits_of_bigint = 18;
        if (scale == 0 && whole <= digits_of_bigint) return "BIGINT";
        return whole + scale <= most ? fmt::format("DECIMAL({}, {})", whole + scale, scale) : "DOUBLE";
    }
};

std::string number_type(const Column& column, const std::vector<std::uint32_t>& rows) {
    Digits digits;
    if (column.decimals) digits.scale = std::max(0, *column.decimals);
    for (const auto row : rows)
        if (const auto* number = column.number(row)) digits.see(*number);
    return digits.type();
}

/// How the texts of a column become values again.
std::string selected(const Column& column, const std::string& name, const std::vector<std::uint32_t>& rows) {
    if (column.is_number()) return fmt::format("CAST({} AS {})", name, number_type(column, rows));
    if (std::holds_alternative<Column::Truths>(column.cells)) return fmt::format("CAST({} AS BOOLEAN)", name);
    if (std::holds_alternative<Column::Dates>(column.cells)) return fmt::format("CAST({} AS DATE)", name);
    if (std::holds_alternative<Column::Lists>(column.cells)) return fmt::format("from_json({}, '[\"VARCHAR\"]')", name);
    return name;
}

/// Nothing where there is no value: an empty text is `""`.
void append_cell(const Column& column, std::uint32_t row, std::string& out) {
    if (!column.known[row]) return;
    if (const auto* lists = std::get_if<Column::Lists>(&column.cells)) {
        const auto& items = lists->dictionary[static_cast<std::size_t>(lists->codes[row])];
        return append_quoted(out, nlohmann::json(items).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    append_quoted(out, column.exact_text(row));
}

/// Where the table comes from, and what its columns are: kept in the file beside them.
std::string metadata(const View& view) {
    auto columns = nlohmann::ordered_json::object();
    for (const auto* c : view.columns) {
        auto& of = columns[c->name] = {{"title", c->title}};
        if (!c->unit.empty()) of["unit"] = c->unit;
        if (c->decimals) of["decimals"] = *c->decimals;
        if (!c->cite.empty()) of["cite"] = c->cite;
    }
    const auto& t = *view.table;
    return fmt::format("{{ruleset: {}, ruleset_hash: {}, year: '{}', run: '{}', seal: {}, columns: {}}}",
                       io::sql_text(t.graph->rules->id), io::sql_text(t.ruleset_hash), t.year, t.run,
                       io::sql_text(t.seal),
                       io::sql_text(columns.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
}

}  // namespace

void write_parquet(const View& view, const std::string& path) {
    WholeFile file(path);
    std::string csv, select, names = "'row': 'VARCHAR'";  // which is never empty, so that a row of nulls is a row
    for (std::size_t c = 0; c < view.columns.size(); ++c) {
        const auto raw = fmt::format("c{}", c);
        names += fmt::format(", '{}': 'VARCHAR'", raw);
        select += fmt::format("{}{} AS {}", c > 0 ? ", " : "", selected(*view.columns[c], raw, view.rows),
                              io::sql_name(view.columns[c]->name));
    }
    for (const auto row : view.rows) {
        csv += '0';
        for (const auto* column : view.columns) {
            csv += ',';
            append_cell(*column, row, csv);
        }
        csv += '\n';
    }
    const auto source = fmt::format(
        "read_csv('/dev/fd/3', header = false, columns = {{{}}}, auto_detect = false, delim = ',', quote = '\"', "
        "escape = '\"', nullstr = '', allow_quoted_nulls = false, max_line_size = 67108864, buffer_size = 268435456, "
        "parallel = false)",
        names);
    try {
        io::ask_duckdb(
            csv, false,
            fmt::format("COPY (SELECT {} FROM {}) TO {} (FORMAT parquet, USE_TMP_FILE false, KV_METADATA {})", select,
                        source, io::sql_text(file.beside()), metadata(view)),
            file.beside());
    } catch (const io::DuckdbTrouble& trouble) {
        throw InputError(Diagnostic{Kind::cannot_write, trouble.message, {}, "", trouble.hint});
    }
    file.finish();
}

}  // namespace zoneval::report
