#include "engine/exec/by_columns/open_records.hpp"

#include <algorithm>
#include <atomic>
#include <exception>

#include "engine/table/row_index.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::NodeId;

struct OpenRecords::Patterns {
    NodeId decision;
    OutcomeKey key;
    Shared& shared;
    RowIndex known;
    std::vector<std::uint64_t> words;  ///< of each outcome
    // Of the records at hand:
    std::vector<std::uint64_t> at_hand;
    std::vector<std::uint8_t> told;
    std::vector<std::uint32_t> first_with;  ///< the record each new outcome is found by

    std::span<const std::uint64_t> words_of(std::size_t i) const {
        return std::span(at_hand).subspan(i * key.size(), key.size());
    }
    static std::uint32_t hash(std::span<const std::uint64_t> words) {
        std::uint64_t h = 0x9E3779B97F4A7C15ull;
        for (const auto word : words) {
            h = (h ^ word) * 0xFF51AFD7ED558CCDull;
            h ^= h >> 32;
        }
        return static_cast<std::uint32_t>(h);
    }
    /// The outcome, from 0; entered if it is new.
    std::uint32_t find(std::size_t i, std::uint32_t record) {
        const auto mine = words_of(i);
        const auto next = static_cast<std::uint32_t>(shared.outcomes.size() + first_with.size());
        const auto [at, is_new] = known.insert(hash(mine), next, [&](std::uint32_t other) {
            return std::equal(mine.begin(), mine.end(),
                              words.begin() + static_cast<std::ptrdiff_t>(other * key.size()));
        });
        if (!is_new) return at;
        words.insert(words.end(), mine.begin(), mine.end());
        first_with.push_back(record);
        return at;
    }
};

/// Calls work(i) for all, by several threads, each a portion at a time; the first error in order is thrown.
template <class Work>
void OpenRecords::in_portions(std::size_t count, const Work& make_work) {
    constexpr std::size_t portion = 64;
    const auto portions = (count + portion - 1) / portion;
    std::vector<std::exception_ptr> refused(portions);
    std::atomic<std::size_t> next = 0;
    run_on_(std::min<std::size_t>(threads_, portions), [&] {
        auto work = make_work();
        for (auto p = next++; p < portions; p = next++) try {
                for (auto i = p * portion; i < std::min((p + 1) * portion, count); ++i) work(i);
            } catch (...) {
                refused[p] = std::current_exception();
            }
    });
    for (const auto& error : refused)
        if (error) std::rethrow_exception(error);
}

OpenRecords::Left OpenRecords::settle(const std::vector<NodeId>& decisions, const std::vector<std::uint32_t>& records) {
    Left left;
    if (records.empty()) return left;
    const CellProgram program(sources_, decisions);
    const auto reader = make_reader_();
    std::vector<Patterns> all;
    for (const auto id : decisions) {
        auto key = OutcomeKey::of(sources_.graph.node(id), program, reader->cells().guard());
        if (!key) {
            left.decisions.push_back(id);
            continue;
        }
        auto& shared = shared_[id];
        shared.which.resize(sources_.rows.size());
        all.push_back({id, std::move(*key), shared, {}, {}, {}, {}, {}});
    }
    if (all.empty()) return left;
    constexpr std::size_t at_once = 16'384;
    for (std::size_t first = 0; first < records.size(); first += at_once)
        settle_some(all, program, std::span(records).subspan(first, std::min(at_once, records.size() - first)),
                    left.records);
    return left;
}

void OpenRecords::find_words(std::vector<Patterns>& all, const CellProgram& program,
                             std::span<const std::uint32_t> records) {
    for (auto& p : all) {
        p.at_hand.resize(records.size() * p.key.size());
        p.told.assign(records.size(), 0);
    }
    in_portions(records.size(), [&] {
        return [&, cells = std::make_shared<RecordCells>(program),
                words = std::vector<std::uint64_t>()](std::size_t i) mutable {
            cells->read(records[i]);
            for (auto& p : all) {
                words.clear();
                p.told[i] = p.key.append(*cells, words);
                std::copy(words.begin(), words.end(),
                          p.at_hand.begin() + static_cast<std::ptrdiff_t>(i * p.key.size()));
            }
        };
    });
}

void OpenRecords::settle_some(std::vector<Patterns>& all, const CellProgram& program,
                              std::span<const std::uint32_t> records, std::vector<std::uint32_t>& left) {
    // Rules that look at exact numbers may know no pattern twice: then the words are in vain.
    constexpr std::size_t worth_trying = 4'096;
    const bool in_vain = std::any_of(all.begin(), all.end(), [&](const Patterns& p) {
        const auto done = static_cast<std::size_t>(
            std::count_if(p.shared.which.begin(), p.shared.which.begin() + records.front(), [](auto w) { return w != 0; }));
        return done > worth_trying && p.shared.outcomes.size() > done / 2;
    });
    if (in_vain) {
        left.insert(left.end(), records.begin(), records.end());
        return;
    }
    find_words(all, program, records);
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (std::any_of(all.begin(), all.end(), [&](const Patterns& p) { return !p.told[i]; })) {
            left.push_back(records[i]);
            continue;
        }
        for (auto& p : all) p.shared.which[records[i]] = p.find(i, records[i]) + 1;
    }
    ask(all);
}

/// The reference evaluator, for one record with each new pattern.
void OpenRecords::ask(std::vector<Patterns>& all) {
    struct Question {
        Patterns* patterns;
        std::size_t outcome;
        std::uint32_t record;
    };
    std::vector<Question> questions;
    const auto later = read_later(sources_.graph);
    for (auto& p : all) {
        const auto before = p.shared.outcomes.size();
        p.shared.outcomes.resize(before + p.first_with.size());
        for (std::size_t i = 0; i < p.first_with.size(); ++i) questions.push_back({&p, before + i, p.first_with[i]});
        p.first_with.clear();
    }
    std::stable_sort(questions.begin(), questions.end(),
                     [](const Question& a, const Question& b) { return a.record < b.record; });
    in_portions(questions.size(), [&] {
        return [&, reader = std::shared_ptr<RecordEvaluator>(make_reader_())](std::size_t i) {
            const auto& [p, outcome, record] = questions[i];
            auto& out = p->shared.outcomes[outcome];
            out.outcome = reader->outcome(p->decision, record);
            if (out.outcome.settled()) out.value = reader->get(p->decision, record);
            out.own_reason = !out.outcome.because.empty();
            out.outcome.because.clear();
            if (!std::binary_search(later.begin(), later.end(), p->decision)) return;
            auto reopened = reader->reopened_values({p->decision}, record);
            if (!reopened.empty()) out.reopened = std::move(reopened.begin()->second);
        };
    });
}

OpenRecords::Filled OpenRecords::Filled::of(const Cell& filled, const Cell& now) {
    Filled out;
    if (filled.is == Cell::Is::beyond || now.is == Cell::Is::beyond) {
        out.is = Is::beyond;
        return out;
    }
    if (same(filled, now)) return out;
    const bool exact = (!filled.has_low || filled.low.exact()) && (!filled.has_high || filled.high.exact());
    out.is = filled.is == Cell::Is::open ? Is::open : filled.is == Cell::Is::value ? Is::other : Is::beyond;
    if (!exact || (out.is == Is::other && !now.low.exact())) out.is = Is::beyond;
    out.there = filled.there, out.certainly_null = filled.certainly_null;
    out.has_low = filled.has_low, out.has_high = filled.has_high;
    if (out.is == Is::beyond) return out;
    if (out.has_low) out.low = filled.low.decimal();
    if (out.has_high) out.high = filled.high.decimal();
    return out;
}

std::optional<AbstractValue> OpenRecords::Filled::value() const {
    if (is == Is::as_now) return std::nullopt;
    if (is == Is::other) return AbstractValue{Value(low), {}, {}, {}};
    static const Value open = Value::missing(feel::Missing::not_reported, feel::reasons::open());
    AbstractValue out{open, {}, {}, {}};
    if (has_low) out.low = low;
    if (has_high) out.high = high;
    out.there = there, out.certainly_null = certainly_null;
    return out;
}

void OpenRecords::put_back(NodeId number, std::vector<std::uint32_t> records) {
    if (records.empty()) return;
    const CellProgram program(sources_, {number});
    if (!program.step(number)) return;
    const auto makers = fact_makers(sources_.graph, sources_.graph.node(number));
    auto& out = put_back_[number];
    out.found.resize(records.size());
    in_portions(records.size(), [&] {
        return [&, cells = std::make_shared<RecordCells>(program)](std::size_t i) {
            cells->read(records[i]);
            auto& [of_scores, all] = out.found[i];
            const auto& now = cells->cell(RecordCells::now, number);
            const auto say = has_say(makers, program, *cells);
            if (now.is == Cell::Is::beyond || !say) {
                all.is = Filled::Is::beyond;
                return;
            }
            if (now.is != Cell::Is::value || !*say) return;
            all = Filled::of(cells->cell(RecordCells::all, number), now);
            if (all.is != Filled::Is::as_now) of_scores = Filled::of(cells->cell(RecordCells::of_scores, number), now);
        };
    });
    out.records = std::move(records);
}

std::optional<std::optional<Reopened>> OpenRecords::reopened(NodeId number, std::size_t record) const {
    const auto found = put_back_.find(number);
    if (found == put_back_.end()) return std::nullopt;
    const auto& records = found->second.records;
    const auto place = std::lower_bound(records.begin(), records.end(), record);
    if (place == records.end() || *place != record) return std::nullopt;
    const auto& [of_scores, all] = found->second.found[static_cast<std::size_t>(place - records.begin())];
    if (all.is == Filled::Is::beyond || of_scores.is == Filled::Is::beyond) return std::nullopt;
    if (all.is == Filled::Is::as_now) return std::optional<Reopened>();
    return Reopened{of_scores.value(), all.value()};
}

}  // namespace zoneval::exec
