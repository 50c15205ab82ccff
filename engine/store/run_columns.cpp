#include "engine/store/run_columns.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/store/cell_text.hpp"
#include "engine/store/json_reader.hpp"

namespace zoneval::store {

namespace {

constexpr std::string_view endings[] = {"fired", "default", "nothing", "open", "conflict"};

Outcome::Ending ending_of(std::string_view word) {
    const auto* const found = std::find(std::begin(endings), std::end(endings), word);
    if (found == std::end(endings)) throw std::runtime_error("an outcome ends as none can");
    return static_cast<Outcome::Ending>(found - std::begin(endings));
}

/// Before version 4 outcomes had five fields: the rule id `otherwise` was reserved, and an open outcome with a reason
/// was a conflict.
Outcome::Ending ending_in_version_3(const Outcome& o) {
    using enum Outcome::Ending;
    if (o.value.empty()) return o.because.empty() ? open : conflict;
    if (o.rule == "otherwise") return by_default;
    return o.rule.empty() ? nothing_fired : fired;
}

Outcome outcome_of(std::vector<std::string>& f) {
    Outcome out{{}, std::move(f[0]), std::move(f[1]), std::move(f[2]), std::move(f[3]), std::move(f[4])};
    out.ending = f.size() > 5 ? ending_of(f[5]) : ending_in_version_3(out);
    if (f.size() > 6) out.failed = std::move(f[6]);
    if (f.size() > 7) out.with_blanks = std::move(f[7]);
    if (f.size() <= 5 && out.ending == Outcome::Ending::by_default) out.rule.clear();
    return out;
}

std::uint32_t hash_of(const Outcome& o) {
    auto out = static_cast<std::uint32_t>(o.ending);
    for (const auto* text : {&o.value, &o.rule, &o.because, &o.possible, &o.waiting_for, &o.failed, &o.with_blanks})
        out = RowIndex::hash(*text, static_cast<std::int32_t>(out));
    return out;
}

std::string outcomes_text(const std::vector<Outcome>& outcomes) {
    std::string out = "[";
    for (const auto& o : outcomes) {
        out += out.size() > 1 ? ",[" : "[";
        append_quoted(out, o.value);
        for (const auto* text : {&o.rule, &o.because, &o.possible, &o.waiting_for}) {
            out += ',';
            append_quoted(out, *text);
        }
        out += ",\"";
        out += endings[static_cast<std::size_t>(o.ending)];
        out += '"';
        if (!o.failed.empty() || !o.with_blanks.empty()) {
            out += ',';
            append_quoted(out, o.failed);
        }
        if (!o.with_blanks.empty()) {
            out += ',';
            append_quoted(out, o.with_blanks);
        }
        out += ']';
    }
    return out + ']';
}

/// Makes room for one more item of an array; the caller closes it again.
void open_item(std::string& cells) {
    const bool first = cells.size() == 2;
    cells.pop_back();
    if (!first) cells += ',';
}

}  // namespace

std::uint32_t Decisions::code(Outcome outcome) {
    const auto next = static_cast<std::uint32_t>(outcomes.size());
    const auto same = [&](std::uint32_t other) { return outcomes[other] == outcome; };
    const auto [code, is_new] = index_.insert(hash_of(outcome), next, same);
    if (is_new) outcomes.push_back(std::move(outcome));
    return code;
}

void Measured::append(std::string_view value) {
    open_item(cells);
    append_quoted(cells, value);
    cells += ']';
}

void Measured::append(std::string_view value, std::string_view with_blanks) {
    open_item(cells);
    cells += '[';
    append_quoted(cells, value);
    cells += ',';
    append_quoted(cells, with_blanks);
    cells += "]]";
}

void Measured::append(Scaled number) {
    open_item(cells);
    cells += '"';
    append_text(cells, number);
    cells += "\"]";
}

void Measured::append(Scaled number, std::string_view with_blanks) {
    std::string text;
    append_text(text, number);
    append(text, with_blanks);
}

void Measured::append_null(std::string_view cause) {
    open_item(cells);
    cells += '[';
    append_quoted(cells, cause);
    cells += "]]";
}

MeasuredReader::MeasuredReader(std::string_view cells) : reader_(std::make_unique<ArrayReader>(cells)) {}
MeasuredReader::~MeasuredReader() = default;

std::optional<MeasuredReader::Cell> MeasuredReader::next() {
    const auto cell = reader_->next_cell();
    if (!cell) return std::nullopt;
    return Cell{cell->kind == ArrayReader::Cell::Kind::text || !cell->more.empty(), cell->text, cell->more};
}

const Decisions* Run::decision(std::string_view name) const {
    const auto found =
        std::find_if(decisions.begin(), decisions.end(), [&](const Decisions& d) { return d.name == name; });
    return found == decisions.end() ? nullptr : &*found;
}

RunTexts texts_of(const Run& run) {
    RunTexts out;
    out.records = strings_text(run.records);
    for (const auto& d : run.decisions)
        out.decisions.push_back({d.name, outcomes_text(d.outcomes), codes_text(d.codes)});
    for (const auto& m : run.measured) out.measures.push_back({m.name, m.cells});
    return out;
}

Texts read_records(std::string_view json) {
    Texts out;
    ArrayReader reader(json);
    while (const auto id = reader.next_string()) out.push_back(*id);
    return out;
}

Decisions read_decision(std::string name, std::string_view outcomes, std::string_view cells, std::size_t records) {
    Decisions out(std::move(name));
    ArrayReader dictionary(outcomes);
    while (auto fields = dictionary.next_list(5, 8)) {
        const auto next = out.outcomes.size();
        if (out.code(outcome_of(*fields)) != next) throw std::runtime_error("an outcome is written twice");
    }
    ArrayReader codes(cells);
    out.codes.reserve(records);
    while (const auto code = codes.next_code()) {
        if (*code >= out.outcomes.size()) throw std::runtime_error("a record has an outcome that is not there");
        out.codes.push_back(*code);
    }
    if (out.codes.size() != records) throw std::runtime_error("a decision has not one outcome for each record");
    return out;
}

}  // namespace zoneval::store
