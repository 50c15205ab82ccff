#include "engine/api/arrow.hpp"

#include <cstring>
#include <limits>
#include <memory>
#include <stdexcept>

namespace zoneval::api {

using assess::ResultColumn;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A field as it is built; `give` hands it over in the standard's form.
struct Field {
    std::string format, name;
    bool nullable = true;
    Pairs metadata;
    std::vector<Field> children;
    std::unique_ptr<Field> dictionary;
};

/// An array as it is built. Buffers hold what the format asks for, the validity bitmap first (empty: all are there).
struct Cells {
    std::int64_t length = 0, nulls = 0;
    std::vector<std::vector<std::byte>> buffers;
    std::vector<Cells> children;
    std::unique_ptr<Cells> dictionary;
};

/// Key and value lengths before each, as 32-bit integers of this machine.
std::string encoded(const Pairs& pairs) {
    std::string out;
    const auto number = [&](std::size_t n) {
        const auto value = static_cast<std::int32_t>(n);
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        out.append(bytes, sizeof value);
    };
    number(pairs.size());
    for (const auto& [key, value] : pairs) {
        number(key.size());
        out += key;
        number(value.size());
        out += value;
    }
    return out;
}

/// What a struct given away owns. A consumer may have moved children away, which it marks by clearing their `release`.
template <class Struct>
struct Owned {
    std::vector<Struct> children;
    std::vector<Struct*> places;
    std::unique_ptr<Struct> dictionary;

    Owned() = default;
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() {
        for (auto& child : children)
            if (child.release) child.release(&child);
        if (dictionary && dictionary->release) dictionary->release(dictionary.get());
    }
    void make_room(std::size_t count, bool with_dictionary) {
        children.resize(count);
        for (auto& child : children) places.push_back(&child);
        if (with_dictionary) dictionary = std::make_unique<Struct>();
    }
};

struct OwnedSchema : Owned<ArrowSchema> {
    std::string format, name, metadata;
};

void give(Field field, ArrowSchema* out) {
    auto owned = std::make_unique<OwnedSchema>();
    owned->format = std::move(field.format);
    owned->name = std::move(field.name);
    if (!field.metadata.empty()) owned->metadata = encoded(field.metadata);
    owned->make_room(field.children.size(), field.dictionary != nullptr);
    for (std::size_t i = 0; i < field.children.size(); ++i) give(std::move(field.children[i]), owned->places[i]);
    if (field.dictionary) give(std::move(*field.dictionary), owned->dictionary.get());
    *out = {owned->format.c_str(),
            owned->name.c_str(),
            owned->metadata.empty() ? nullptr : owned->metadata.data(),
            field.nullable ? ARROW_FLAG_NULLABLE : 0,
            static_cast<std::int64_t>(owned->places.size()),
            owned->places.empty() ? nullptr : owned->places.data(),
            owned->dictionary.get(),
            [](ArrowSchema* schema) {
                delete static_cast<OwnedSchema*>(schema->private_data);
                schema->release = nullptr;
            },
            nullptr};
    out->private_data = owned.release();
}

struct OwnedArray : Owned<ArrowArray> {
    std::vector<std::vector<std::byte>> buffers;
    std::vector<const void*> starts;
};

void give(Cells cells, ArrowArray* out) {
    auto owned = std::make_unique<OwnedArray>();
    owned->buffers = std::move(cells.buffers);
    for (std::size_t i = 0; i < owned->buffers.size(); ++i) {
        auto& buffer = owned->buffers[i];
        const bool no_bitmap = i == 0 && buffer.empty();
        if (buffer.empty() && !no_bitmap) buffer.resize(1);  // the others must be somewhere, even with nothing in them
        owned->starts.push_back(no_bitmap ? nullptr : buffer.data());
    }
    owned->make_room(cells.children.size(), cells.dictionary != nullptr);
    for (std::size_t i = 0; i < cells.children.size(); ++i) give(std::move(cells.children[i]), owned->places[i]);
    if (cells.dictionary) give(std::move(*cells.dictionary), owned->dictionary.get());
    *out = {cells.length,
            cells.nulls,
            0,
            static_cast<std::int64_t>(owned->starts.size()),
            static_cast<std::int64_t>(owned->places.size()),
            owned->starts.data(),
            owned->places.empty() ? nullptr : owned->places.data(),
            owned->dictionary.get(),
            [](ArrowArray* array) {
                delete static_cast<OwnedArray*>(array->private_data);
                array->release = nullptr;
            },
            nullptr};
    out->private_data = owned.release();
}

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
    const auto* begin = reinterpret_cast<const std::byte*>(values.data());
    return {begin, begin + values.size() * sizeof(T)};
}

/// One bit for each truth, the lowest first.
std::vector<std::byte> bits_of(const std::vector<std::uint8_t>& truths) {
    std::vector<std::byte> out((truths.size() + 7) / 8);
    for (std::size_t i = 0; i < truths.size(); ++i)
        if (truths[i]) out[i / 8] |= static_cast<std::byte>(1u << (i % 8));
    return out;
}

/// utf8: validity, 32-bit ends, bytes.
template <class Texts>
Cells text_cells(const Texts& texts) {
    std::vector<std::int32_t> ends{0};
    std::vector<std::byte> bytes;
    for (const std::string_view text : texts) {
        const auto* begin = reinterpret_cast<const std::byte*>(text.data());
        bytes.insert(bytes.end(), begin, begin + text.size());
        if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
            throw std::length_error("more than 2 GB of texts in one column");
        ends.push_back(static_cast<std::int32_t>(bytes.size()));
    }
    Cells out;
    out.length = static_cast<std::int64_t>(ends.size() - 1);
    out.buffers = {{}, bytes_of(ends), std::move(bytes)};
    return out;
}

struct Column {
    Field field;
    Cells cells;
};

void write(const ResultColumn::Numbers& numbers, Column& out) {
    out.field.format = "g";
    out.cells.buffers.push_back(bytes_of(numbers.nearest));
}
void write(const ResultColumn::Truths& truths, Column& out) {
    out.field.format = "b";
    out.cells.buffers.push_back(bits_of(truths.values));
}
void write(const ResultColumn::Dates& dates, Column& out) {
    out.field.format = "tdD";
    out.cells.buffers.push_back(bytes_of(dates.days));
}
void write(const ResultColumn::Texts& texts, Column& out) {
    out.field.format = "i";
    out.field.dictionary = std::make_unique<Field>(Field{"u", "", true, {}, {}, nullptr});
    out.cells.buffers.push_back(bytes_of(texts.codes));
    // Behind nulls stands code 0, and some readers look there: it must be one.
    const std::vector<std::string> something{""};
    out.cells.dictionary = std::make_unique<Cells>(text_cells(texts.dictionary.empty() ? something : texts.dictionary));
}
void write(const ResultColumn::Lists& lists, Column& out) {
    out.field.format = "+l";
    out.field.children.push_back({"u", "item", false, {}, {}, nullptr});
    std::vector<std::int32_t> ends{0};
    std::vector<std::string_view> items;
    for (const auto code : lists.codes) {
        const auto& list = lists.dictionary[static_cast<std::size_t>(code)];
        items.insert(items.end(), list.begin(), list.end());
        ends.push_back(static_cast<std::int32_t>(items.size()));
    }
    out.cells.buffers.push_back(bytes_of(ends));
    out.cells.children.push_back(text_cells(items));
}

Pairs described(const ResultColumn& column, std::string_view language) {
    Pairs out{{"zoneval.definition", column.of->name},
              {"zoneval.part", std::string(to_string(column.part))},
              {"zoneval.kind", std::string(graph::to_string(column.of->kind))}};
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) out.emplace_back(key, text);
    };
    if (const auto* definition = column.of->definition) {
        add("zoneval.title", definition->title.in(language));
        if (definition->cite) add("zoneval.cite", definition->cite->to_string());
    }
    if (column.part != ResultColumn::Part::value) return out;
    add("zoneval.unit", column.of->unit);
    if (column.of->decimals) out.emplace_back("zoneval.decimals", std::to_string(*column.of->decimals));
    return out;
}

Column column_of(const ResultColumn& column, std::string_view language) {
    Column out;
    out.field.name = column.name;
    out.field.metadata = described(column, language);
    out.cells.length = static_cast<std::int64_t>(column.known.size());
    for (const auto known : column.known) out.cells.nulls += known ? 0 : 1;
    out.cells.buffers.push_back(out.cells.nulls == 0 ? std::vector<std::byte>{} : bits_of(column.known));
    std::visit([&](const auto& cells) { write(cells, out); }, column.cells);
    return out;
}

}  // namespace

void export_results(const assess::Assessment& assessment, const std::vector<assess::ResultColumn>& columns,
                    std::string_view language, ArrowSchema* schema, ArrowArray* array) {
    const auto& run = assessment.run;
    Field all{"+s", "", false, {}, {}, nullptr};
    all.metadata = {{"zoneval.year", std::to_string(run.year)},
                    {"zoneval.run", std::to_string(run.id)},
                    {"zoneval.rule_set", run.ruleset}};
    all.children.push_back({"u", "record", false, {{"zoneval.part", "record"}}, {}, nullptr});
    Cells rows;
    rows.length = static_cast<std::int64_t>(run.records.size());
    rows.buffers.emplace_back();
    rows.children.push_back(text_cells(run.records));
    for (const auto& column : columns) {
        auto made = column_of(column, language);
        all.children.push_back(std::move(made.field));
        rows.children.push_back(std::move(made.cells));
    }
    ArrowSchema described{};
    give(std::move(all), &described);
    try {
        give(std::move(rows), array);
    } catch (...) {
        described.release(&described);
        throw;
    }
    *schema = described;
}

}  // namespace zoneval::api
