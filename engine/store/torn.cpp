#include "engine/store/torn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <numeric>
#include <stdexcept>

#include "engine/feel/value/decimal.hpp"
#include "engine/feel/value/temporal.hpp"
#include "engine/store/packed_numbers.hpp"
#include "engine/store/stored_cells.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::store {

namespace {

/// Behind the item that begins there: its comma, or the bracket that closes the array; npos: neither comes.
std::size_t end_of_item(std::string_view json, std::size_t at) {
    int depth = 0;
    for (bool quoted = false; at < json.size(); ++at) {
        const char c = json[at];
        if (quoted && c == '\\')
            ++at;
        else if (c == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (depth == 0 && (c == ',' || c == ']'))
            return at;
        else
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
    }
    return std::string_view::npos;
}

/// Whether reading one thing of that text takes all of it.
template <class Read>
bool is_all(std::string_view item, const Read& read) {
    try {
        const auto array = fmt::format("[{}]", item);
        ArrayReader reader(array);
        return read(reader) && !reader.next_cell();
    } catch (const std::runtime_error&) {
        return false;
    }
}

bool is_string(std::string_view item) {
    return is_all(item, [](ArrayReader& reader) { return reader.next_string().has_value(); });
}

bool is_value(std::string_view text, std::string_view type) {
    if (type == "number") return feel::Decimal::parse(text).has_value();
    if (type == "boolean") return text == "true" || text == "false";
    if (type == "date") return feel::Date::parse(text).has_value();
    return true;
}

/// A cell of texts; of numbers or codes, one that is not a number.
bool is_cell(std::string_view item, std::string_view type) {
    return is_all(item, [&](ArrayReader& reader) {
        const auto cell = reader.next_cell();
        if (!cell) return false;
        using Kind = ArrayReader::Cell::Kind;
        if (cell->kind == Kind::missing) {
            read_missing(cell->text);
            return item.find(',') == item.npos;  // no second text
        }
        return cell->kind != Kind::text || is_value(cell->text, type);
    });
}

std::optional<std::int64_t> whole(std::string_view item) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), out);
    return error == std::errc{} && end == item.data() + item.size() && out != INT64_MIN ? std::optional(out)
                                                                                        : std::nullopt;
}

/// One more than the greatest code of `codes` below `most`.
std::size_t dictionary_size(const ItemsLeft& codes, std::size_t most) {
    std::size_t out = 0;
    for (const auto& item : codes)
        if (const auto code = item ? whole(*item) : std::nullopt)
            out = std::max(out, std::min(most, static_cast<std::size_t>(*code) + 1));
    return out;
}

bool is_code(std::string_view item, std::size_t below) {
    const auto code = whole(item);
    return code && *code >= 0 && static_cast<std::size_t>(*code) < below;
}

/// The array again, `instead` of what is torn.
std::string joined(const ItemsLeft& items, std::string_view instead, std::vector<std::size_t>& torn) {
    std::string out = "[";
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += ',';
        out += items[i].value_or(instead);
        if (!items[i]) torn.push_back(i);
    }
    return out + "]";
}

constexpr std::string_view not_reported = "[\"not reported\"]";

/// Cells of numbers or of codes: those, or what stands for a missing one.
ItemsLeft numbers_left(std::string_view array, std::size_t rows, const std::function<bool(std::string_view)>& number) {
    return items_left(array, rows, [&](std::string_view item) {
        return item.starts_with('n') || item.starts_with('[') ? is_cell(item, "") : number(item);
    });
}

Left string_cells_left(std::string_view strings, std::string_view codes, std::size_t rows) {
    auto cells = numbers_left(codes, rows, [&](std::string_view item) { return is_code(item, rows); });
    const auto words = items_left(strings, dictionary_size(cells, rows), is_string);
    for (auto& cell : cells)
        if (const auto code = cell ? whole(*cell) : std::nullopt; code && !words[static_cast<std::size_t>(*code)])
            cell.reset();
    Left out;
    std::vector<std::size_t> unread;
    const auto dictionary = joined(words, "\"\"", unread);
    out.text = fmt::format("{{\"strings\":{},\"codes\":{}}}", dictionary, joined(cells, not_reported, out.torn));
    return out;
}

bool can_be_read(std::string_view cells, std::string_view type, std::size_t rows) {
    try {
        StoredCells reader(cells, feel::Missing::not_reported);
        std::size_t count = 0;
        if (reader.form() == StoredCells::Form::texts) {
            for (auto cell = reader.texts().next_cell(); cell; cell = reader.texts().next_cell(), ++count) {
                if (cell->kind == ArrayReader::Cell::Kind::missing) read_missing(cell->text);
                if (cell->kind == ArrayReader::Cell::Kind::text && !is_value(cell->text, type)) return false;
            }
            return count == rows;
        }
        for (auto size = reader.next_block().size; size > 0; size = reader.next_block().size) count += size;
        return count == rows;
    } catch (const std::runtime_error&) {
        return false;
    }
}

/// Of cells that can be read.
std::vector<std::string> texts_of_cells(std::string_view cells) {
    StoredCells reader(cells, feel::Missing::not_reported);
    std::vector<std::string> out;
    if (reader.form() == StoredCells::Form::texts) {
        while (const auto cell = reader.texts().next_cell())
            out.emplace_back(cell->kind == ArrayReader::Cell::Kind::text ? cell->text : "");
        return out;
    }
    const auto text = [&](std::int64_t number) {
        if (reader.form() == StoredCells::Form::strings) return reader.strings()[static_cast<std::size_t>(number)];
        return decimal(Scaled{number, reader.decimals()}).to_string();
    };
    for (const auto* block = &reader.next_block(); block->size > 0; block = &reader.next_block())
        for (std::size_t i = 0; i < block->size; ++i)
            out.push_back(block->states[i] == 0 ? text(block->numbers[i]) : "");
    return out;
}

}  // namespace

ItemsLeft items_left(std::string_view array, std::size_t expected,
                     const std::function<bool(std::string_view item)>& is_item) {
    ItemsLeft found;
    std::size_t at = array.starts_with('[') ? 1 : 0;
    const auto item_at = [&](std::size_t from) {
        const auto end = end_of_item(array, from);
        const bool whole_item = end != std::string_view::npos && is_item(array.substr(from, end - from));
        return whole_item ? end : std::string_view::npos;
    };
    while (at < array.size() && array.substr(at) != "]") {
        auto end = item_at(at);
        if (end != std::string_view::npos) {
            found.emplace_back(array.substr(at, end - at));
        } else {  // on to the next that can be read
            found.emplace_back();
            end = array.find(',', at);
            while (end != std::string_view::npos && item_at(end + 1) == std::string_view::npos)
                end = array.find(',', end + 1);
            if (end == std::string_view::npos) break;
        }
        if (array[end] == ']') break;
        at = end + 1;
    }
    if (found.size() == expected) return found;
    const auto is_torn = [](const auto& item) { return !item; };
    const auto before = std::find_if(found.begin(), found.end(), is_torn) - found.begin();
    const auto behind = std::find_if(found.rbegin(), found.rend(), is_torn) - found.rbegin();
    ItemsLeft out(expected);
    const auto first = std::min(expected, static_cast<std::size_t>(before));
    std::copy_n(found.begin(), first, out.begin());
    if (static_cast<std::size_t>(before) < found.size() && first + static_cast<std::size_t>(behind) <= expected)
        std::copy_n(found.rbegin(), behind, out.rbegin());
    return out;
}

std::optional<Left> cells_left(std::string_view cells, std::string_view type, std::size_t rows) {
    if (can_be_read(cells, type, rows)) return std::nullopt;
    constexpr std::string_view decimals = "{\"decimals\":", numbers = ",\"numbers\":", strings = "{\"strings\":",
                               codes = ",\"codes\":";
    if (const auto at = cells.find(codes); cells.starts_with(strings) && at != std::string_view::npos)
        return string_cells_left(cells.substr(strings.size(), at - strings.size()), cells.substr(at + codes.size()),
                                 rows);
    Left out;
    if (const auto at = cells.find(numbers); cells.starts_with(decimals) && at != std::string_view::npos) {
        const auto places = cells.substr(decimals.size(), at - decimals.size());
        const bool known = is_code(places, most_decimals + 1);
        const auto items = numbers_left(cells.substr(at + numbers.size()), rows,
                                        [&](std::string_view item) { return known && whole(item).has_value(); });
        out.text =
            fmt::format("{}{}{}{}}}", decimals, known ? places : "0", numbers, joined(items, not_reported, out.torn));
        return out;
    }
    const auto items = items_left(cells, rows, [&](std::string_view item) { return is_cell(item, type); });
    out.text = joined(items, not_reported, out.torn);
    return out;
}

std::optional<Left> measured_left(std::string_view cells, std::size_t records) {
    try {
        MeasuredReader reader(cells);
        std::size_t count = 0;
        while (reader.next()) ++count;
        if (count == records) return std::nullopt;
    } catch (const std::runtime_error&) {
    }
    const auto is_measured = [](std::string_view item) {
        return is_all(item, [](ArrayReader& reader) {
            const auto cell = reader.next_cell();
            return cell && cell->kind != ArrayReader::Cell::Kind::blank;
        });
    };
    Left out;
    out.text = joined(items_left(cells, records, is_measured), "[\"\"]", out.torn);
    return out;
}

ShownLeft published_left(const Published& published, std::size_t records) {
    ShownLeft out;
    if (!published.packed.empty()) {
        try {
            const auto column = unpack(published.name, published.cells, published.packed);
            for (std::size_t i = 0; i < column.size(); ++i)
                out.texts.push_back(column.missing(i) == feel::Missing::none ? column.at(i).to_string() : "");
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception&) {  // whatever its reader meets
            out.texts.clear();
        }
    } else {
        auto left = cells_left(published.cells, "", records);
        if (left) out.torn = std::move(left->torn);
        out.texts = texts_of_cells(left ? left->text : published.cells);
    }
    if (out.texts.size() == records) return out;
    out.torn.resize(records);
    std::iota(out.torn.begin(), out.torn.end(), std::size_t{0});
    out.texts.assign(records, "");
    return out;
}

std::vector<std::size_t> read_records_left(std::string_view json, std::size_t expected, Texts& out) {
    std::vector<std::size_t> torn;
    const auto text = joined(items_left(json, expected, is_string), "\"\"", torn);
    out = read_records(text);
    return torn;
}

std::vector<std::size_t> read_decision_left(std::string_view outcomes, std::string_view cells, std::size_t records,
                                            Decisions& out) {
    const auto codes = items_left(cells, records, [&](std::string_view item) { return is_code(item, records); });
    const auto size = dictionary_size(codes, records);
    const auto entry = [](std::string_view item) -> std::optional<Outcome> {
        try {
            return read_decision("", fmt::format("[{}]", item), "[0]", 1).outcomes.front();
        } catch (const std::runtime_error&) {
            return std::nullopt;
        }
    };
    std::vector<std::optional<Outcome>> dictionary;
    for (const auto& item : items_left(outcomes, size, [&](std::string_view text) { return entry(text).has_value(); }))
        dictionary.push_back(item ? entry(*item) : std::nullopt);
    Outcome unread;
    unread.ending = Outcome::Ending::open;
    std::vector<std::size_t> torn;
    for (std::size_t i = 0; i < records; ++i) {
        const auto& known = codes[i] ? dictionary[static_cast<std::size_t>(*whole(*codes[i]))] : std::nullopt;
        if (!known) torn.push_back(i);
        out.append(known.value_or(unread));
    }
    return torn;
}

}  // namespace zoneval::store
