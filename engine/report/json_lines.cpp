#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/report/files.hpp"

namespace zoneval::report {

using results::Column;

namespace {

std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void append(const Column& column, std::uint32_t row, std::string& out) {
    if (!column.known[row])
        out += "null";
    else if (const auto* number = column.number(row))
        out += number->to_string();  // FEEL's numbers are JSON's
    else if (const auto* truths = std::get_if<Column::Truths>(&column.cells))
        out += truths->values[row] ? "true" : "false";
    else if (const auto* lists = std::get_if<Column::Lists>(&column.cells)) {
        out += '[';
        bool first = true;
        for (const auto& item : lists->dictionary[static_cast<std::size_t>(lists->codes[row])]) {
            if (!std::exchange(first, false)) out += ',';
            out += quoted(item);
        }
        out += ']';
    } else
        out += quoted(column.text(row));
}

}  // namespace

void write_json_lines(const View& view, std::ostream& out) {
    const auto& table = *view.table;
    const auto head = fmt::format("{{\"version\":1,\"year\":{},\"run\":{},\"state\":\"{}\",\"seal\":{}", table.year,
                                  table.run, store::to_string(table.standing.state), quoted(table.seal));
    std::vector<std::string> keys;
    for (const auto* column : view.columns) keys.push_back("," + quoted(column->name) + ":");
    std::string line;
    for (const auto row : view.rows) {
        line = head;
        std::string whys, imputed;
        for (std::size_t c = 0; c < keys.size(); ++c) {
            line += keys[c];
            append(*view.columns[c], row, line);
            if (const auto why = view.columns[c]->known[row] ? "" : view.columns[c]->why(row); !why.empty())
                whys += (whys.empty() ? "" : ",") + quoted(view.columns[c]->name) + ":" + quoted(why);
        }
        for (const auto* column : view.columns)
            if (column->known[row] && column->is_imputed(row))
                imputed += (imputed.empty() ? "" : ",") + quoted(column->name) + ":" +
                           nlohmann::json(column->imputed[row]).dump();
        if (!whys.empty()) line += ",\"why\":{" + whys + "}";
        if (!imputed.empty()) line += ",\"imputed\":{" + imputed + "}";
        out << (line += "}\n");
    }
}

}  // namespace zoneval::report
