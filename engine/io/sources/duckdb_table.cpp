#include "engine/io/sources/duckdb_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "engine/io/sources/csv.hpp"
#include "engine/io/sources/duckdb_command.hpp"

namespace zoneval::io {

namespace {

using namespace std::string_view_literals;

using Trouble = DuckdbTrouble;

/// What the command prints as CSV, row by row; the first names the columns.
template <class Take>  // void(const std::vector<std::string_view>&)
void each_row(const std::string& file, std::string_view csv, const Take& take) {
    constexpr std::size_t any_part = 1 << 20;
    CsvRows rows(file, csv, ',', any_part);
    Diagnostics found;
    while (rows.next(found)) take(rows.cells());
    if (found.has_errors()) throw Trouble{found.all().front().message, found.all().front().hint};
}

/// How a column's values come to be texts.
enum class Form { as_is, floating, timestamp, no_text };

Form form_of(std::string_view type) {
    constexpr std::array as_they_are = {"BOOLEAN",  "TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",
                                        "HUGEINT",  "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
                                        "UHUGEINT", "VARCHAR",  "DATE",      "UUID",     "TIME",
                                        "INTERVAL", "JSON",     "BIGNUM",    "VARINT"};
    if (type.ends_with(']')) return Form::no_text;
    if (type == "DOUBLE" || type == "FLOAT") return Form::floating;
    if (type.starts_with("TIMESTAMP")) return Form::timestamp;
    if (type.starts_with("DECIMAL(") || type.starts_with("ENUM(")) return Form::as_is;
    return std::find(as_they_are.begin(), as_they_are.end(), type) != as_they_are.end() ? Form::as_is : Form::no_text;
}

/// `2024-05-01 00:00:00` is the day; other times keep their clock, as ISO 8601 has them.
std::string timestamp(std::string_view text) {
    constexpr std::size_t day = 10;
    if (text.size() > day && text[day] == ' ') {
        if (text.substr(day) == " 00:00:00") return std::string(text.substr(0, day));
        return std::string(text.substr(0, day)) + "T" + std::string(text.substr(day + 1));
    }
    return std::string(text);
}

void add(SourceTable& out, std::string_view text, Form form) {
    if (text.empty() || form == Form::as_is) return out.add(text);
    if (form == Form::no_text) return out.add("a list, a structure or binary data", fact::no_text);
    if (form == Form::timestamp) return out.add(timestamp(text));
    // The command has chosen the shortest digits of its own type, double or float; only `2024.0` and `1e+22` are
    // written otherwise here.
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = text.ends_with(".0") || text.find('e') != std::string_view::npos;
    Facts facts = 0;
    const bool read = error == std::errc{} && end == text.data() + text.size();
    const auto shortest = read ? decimal_of(value, facts) : std::string(text);
    out.add(whole || !read ? shortest : std::string(text), facts);
}

SourceTable table_of(const std::string& file, std::string_view described, std::string_view csv) {
    SourceTable out;
    std::vector<Form> forms;
    bool first = true;
    each_row(file, described, [&](const auto& cells) {
        if (!first && cells.size() >= 2) {
            out.headings.emplace_back(cells[0]);
            forms.push_back(form_of(cells[1]));
        }
        first = false;
    });
    first = true;
    each_row(file, csv, [&](const auto& cells) {
        if (!first && cells.size() != forms.size() + 1) throw Trouble{"the command `duckdb` printed an odd row", ""};
        for (std::size_t i = 0; i < forms.size() && !first; ++i) add(out, cells[i + 1], forms[i]);
        first = false;
    });
    return out;
}

SourceTable read(std::string_view bytes, const std::string& file, bool database, const std::string& from) {
    // The first cell is never empty, so that a row of nulls is a row.
    return table_of(
        file, ask_duckdb(bytes, database, "DESCRIBE SELECT * FROM " + from),
        ask_duckdb(
            bytes, database,
            fmt::format("COPY (SELECT 0, * FROM {}) TO '/dev/stdout' (FORMAT csv, HEADER, FORCE_QUOTE *)", from)));
}

template <class Read>
auto reading(const std::string& file, Diagnostics& diagnostics, const Read& read_it) -> decltype(read_it()) {
    try {
        return read_it();
    } catch (const Trouble& trouble) {
        Location where;
        where.file = file;
        diagnostics.add({Kind::unreadable_file, trouble.message, std::move(where), "", trouble.hint});
        return {};
    }
}

struct Named {
    std::string schema, table, shown;
};

std::vector<Named> tables_of(std::string_view bytes, const std::string& file) {
    std::error_code none;
    if (const auto size = std::filesystem::file_size(file + ".wal", none); !none && size > 0)
        throw Trouble{fmt::format("changes to the database still wait in `{}.wal`", file),
                      "close the program that has it open"};
    std::vector<Named> out;
    bool first = true;
    const auto listed = ask_duckdb(bytes, true,
                                   "SELECT table_schema, table_name FROM information_schema.tables "
                                   "WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY ALL");
    each_row(file, listed, [&](const auto& cells) {
        if (!first && cells.size() == 2) {
            const std::string schema(cells[0]), table(cells[1]);
            out.push_back({schema, table, schema == "main" ? table : schema + "." + table});
        }
        first = false;
    });
    return out;
}

std::vector<std::string> shown_names(const std::vector<Named>& tables) {
    std::vector<std::string> out;
    for (const auto& one : tables) out.push_back(one.shown);
    return out;
}

}  // namespace

bool is_parquet(std::string_view bytes) { return bytes.starts_with("PAR1"); }

bool is_duckdb(std::string_view bytes) {
    constexpr std::size_t after_checksum = 8;
    return bytes.size() > after_checksum && bytes.substr(after_checksum).starts_with("DUCK");
}

std::vector<std::string> duckdb_tables(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
    return reading(file, diagnostics, [&] { return shown_names(tables_of(bytes, file)); });
}

SourceTable read_duckdb(std::string_view bytes, const std::string& file, const std::string& table,
                        Diagnostics& diagnostics) {
    return reading(file, diagnostics, [&]() -> SourceTable {
        const auto tables = tables_of(bytes, file);
        const auto chosen = choose_table(shown_names(tables), table, file, diagnostics);
        for (const auto& one : tables) {
            if (one.shown != chosen) continue;
            auto out = read(bytes, file, true, sql_name(one.schema) + "." + sql_name(one.table));
            out.name = chosen;
            return out;
        }
        return {};
    });
}

SourceTable read_answers(std::string_view described, std::string_view csv, const std::string& file,
                         Diagnostics& diagnostics) {
    return reading(file, diagnostics, [&] { return table_of(file, described, csv); });
}

SourceTable read_parquet(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
    return reading(file, diagnostics, [&] { return read(bytes, file, false, "read_parquet('/dev/fd/3')"); });
}

}  // namespace zoneval::io
