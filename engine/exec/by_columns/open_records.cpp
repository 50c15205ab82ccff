#include "engine/exec/by_columns/open_records.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/exec/by_columns/portions.hpp"
#include "engine/exec/patterns/lane_key.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/table/row_index.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::NodeId;

namespace {

/// Beside the number of their family, the names of what an outcome waits for and of what failed, a line each; which it
/// is, its first character says.
constexpr char is_awaited = ' ', has_failed = '!';

void put_names(std::string_view beside, Outcome::Open& open) {
    open.waiting_for.clear();
    open.failed.clear();
    for (auto rest = beside.substr(beside.find(' ') + 1); !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
        (rest.front() == has_failed ? open.failed : open.waiting_for).emplace_back(rest.substr(1, rest.find('\n') - 1));
}

}  // namespace

/// A pattern without its blanks: what it comes to, but for what is waited for.
struct OpenRecords::Family {
    enum class Told : std::uint8_t {
        outcome,  ///< all there is to tell
        names,    ///< with what is waited for: the blanks behind the nodes that settle it
        blanks,   ///< only with the blanks
        alone     ///< not at all: a blank is taken apart
    } told = Told::blanks;
    std::uint32_t outcome = 0;  ///< of the record it was met with
    Guard::LeftOpen left_open{};
};

namespace {

/// Words that have been met, each with a number of its own.
class KnownWords {
  public:
    using Words = std::vector<std::uint64_t>;
    std::uint32_t size() const { return static_cast<std::uint32_t>(all_.size()); }
    /// nullopt: nobody has met them.
    std::optional<std::uint32_t> find(const Words& words) const {
        return index_.find(hash(words), [&](std::uint32_t other) { return all_[other] == words; });
    }
    /// Their number; second: whether they are new.
    std::pair<std::uint32_t, bool> meet(const Words& words) {
        const auto found =
            index_.insert(hash(words), size(), [&](std::uint32_t other) { return all_[other] == words; });
        if (found.second) all_.push_back(words);
        return found;
    }

  private:
    static std::uint32_t hash(const Words& words) {
        std::uint64_t h = 0x9E3779B97F4A7C15ull;
        for (const auto word : words) {
            h = (h ^ word) * 0xFF51AFD7ED558CCDull;
            h ^= h >> 32;
        }
        return static_cast<std::uint32_t>(h);
    }

    RowIndex index_;
    std::vector<Words> all_;
};

}  // namespace

struct OpenRecords::Patterns {
    NodeId decision;
    OutcomeKey key;
    Shared& shared;
    KnownWords known;
    std::vector<Family> families;
    std::map<std::string, std::uint32_t> told;  ///< outcomes by family and what else tells them
    // Of the records at hand:
    std::vector<std::vector<std::uint64_t>> at_hand;
    std::vector<std::uint8_t> in_reach;
    std::vector<std::uint32_t> family;
    std::vector<std::string> beside;        ///< what else tells their outcomes; empty: not yet found
    std::vector<std::uint32_t> first_with;  ///< the record each new family is met with

    /// nullptr: nobody has met it.
    const Family* known_family(std::size_t i) const {
        const auto at = known.find(at_hand[i]);
        return at && *at < families.size() ? &families[*at] : nullptr;
    }
    /// The family of a record, entered if it is new.
    void find_family(std::size_t i, std::uint32_t record) {
        const auto [at, is_new] = known.meet(at_hand[i]);
        family[i] = at;
        if (!is_new) return;
        families.emplace_back();
        first_with.push_back(record);
    }
};

/// A number that later years read.
struct OpenRecords::Numbers {
    NodeId id;
    std::vector<NodeId> makers;
    PutBack& out;
    std::optional<OutcomeKey> choice;
    KnownWords known{};                                 ///< of choices
    std::vector<std::vector<std::uint64_t>> at_hand{};  ///< of the records at hand; empty: no choice tells it

    static std::array<Filled, 2> found(const Cell& now, const std::optional<bool>& say, const Cell& of_scores,
                                       const Cell& all) {
        std::array<Filled, 2> both{};
        auto& [by_scores, by_all] = both;
        if (now.is == Cell::Is::beyond || !say) {
            by_all.is = Filled::Is::beyond;
        } else if (now.is != Cell::Is::open && *say) {
            by_all = Filled::of(all, now);
            if (by_all.is != Filled::Is::as_now) by_scores = Filled::of(of_scores, now);
        }
        return both;
    }
    /// The i-th at hand.
    void find(const RecordCells& cells, std::size_t i) {
        const auto& both = out.found[*out.place(cells.record())] =
            found(cells.cell(RecordCells::now, id), has_say(makers, cells), cells.cell(RecordCells::of_scores, id),
                  cells.cell(RecordCells::all, id));
        at_hand[i].clear();
        const bool told = both[0].is != Filled::Is::beyond && both[1].is != Filled::Is::beyond;
        if (!told && choice && !choice->append(cells, at_hand[i])) at_hand[i].clear();
    }
    /// The same of a record that lanes tell all of; false: it is not known exactly.
    bool find(const LaneProgram& program, const Lanes& lanes, std::size_t i, std::size_t place) {
        const auto step = static_cast<std::size_t>(program.step_of()[at(id)]);
        const auto cell = [&](RecordCells::Reading reading) {
            return lanes.lane(reading, step, i).cell(program.steps()[step].scale);
        };
        out.found[place] = found(cell(RecordCells::now), lanes.has_say(makers, i), cell(RecordCells::of_scores),
                                 cell(program.readings().back()));
        return std::none_of(out.found[place].begin(), out.found[place].end(),
                            [](const Filled& filled) { return filled.is == Filled::Is::beyond; });
    }
};

struct OpenRecords::Task {
    const CellProgram& program;
    std::vector<Patterns> decisions;
    std::vector<Numbers> numbers;
};

/// Records that lanes show to be alike: of them one is read, and the others come to the same. What numbers come to is
/// each record's own.
class OpenRecords::Alike {
  public:
    Alike(Task& task, std::unique_ptr<LaneKey> key) : task_(task), key_(std::move(key)) {}

    /// Records, the first of which has place `first` among all.
    void read(std::size_t first, std::span<const std::uint32_t> records, unsigned threads) {
        if (words_.size() < records.size()) words_.resize(records.size());
        const auto make_reader = [&] {
            return [&, lanes = std::make_shared<Lanes>(key_->program())](std::size_t block) {
                const auto start = block * lanes_at_once;
                lanes->read(records.subspan(start, std::min(lanes_at_once, records.size() - start)));
                const auto words = std::span(words_).subspan(start, lanes->size());
                key_->words(*lanes, words);
                for (std::size_t i = 0; i < words.size(); ++i)
                    for (auto& n : task_.numbers)
                        if (!words[i].empty() && !n.find(key_->program(), *lanes, i, first + start + i))
                            words[i].clear();
            };
        };
        in_portions((records.size() + lanes_at_once - 1) / lanes_at_once, threads, make_reader, 1);
    }
    /// The first record that is like one that has been read: it may be the same.
    std::uint32_t like(std::size_t i, std::uint32_t record) {
        const auto& mine = words_[i];
        if (mine.empty()) return record;
        const auto [group, is_new] = known_.meet(mine);
        if (!is_new) return first_[group];
        first_.push_back(record);
        return record;
    }

  private:
    Task& task_;
    std::unique_ptr<LaneKey> key_;
    std::vector<std::vector<std::uint64_t>> words_;  ///< of the records at hand
    KnownWords known_;                               ///< of groups of records that are alike
    std::vector<std::uint32_t> first_;               ///< of each group
};

/// What blanks are called by those who wait for them; for one thread.
class OpenRecords::BlankNames {
  public:
    explicit BlankNames(std::unique_ptr<RecordEvaluator> reader) : reader_(std::move(reader)) {}

    RecordEvaluator& reader() { return *reader_; }
    /// Good until the next question.
    const Names& of(const RecordCells& cells, const RecordCells::Blank& blank) {
        const auto likeness = cells.likeness(blank);
        auto& out = likeness ? known_[{blank.node, *likeness}] : one_;
        if (!likeness || out.empty()) out = ask(cells, blank);
        return out;
    }

  private:
    Names ask(const RecordCells& cells, const RecordCells::Blank& blank) {
        const auto too_small = cells.why_too_small(blank.node);
        const auto& value = too_small ? *too_small : reader_->get(blank.node, cells.record());
        const auto& missing = blank.element < 0 ? value : (*value.list())[static_cast<std::size_t>(blank.element)];
        Names out;
        for (const auto& leaf : feel::leaves(missing.cause()))
            if (leaf->missing != feel::Missing::not_applicable)
                out.push_back({wording::awaited(*leaf, wording::Language::en), nobody_can_report(*leaf)});
        return out;
    }

    std::unique_ptr<RecordEvaluator> reader_;
    std::map<std::pair<NodeId, std::uint32_t>, Names> known_;
    Names one_;
};

OpenRecords::Left OpenRecords::settle(const std::vector<NodeId>& decisions, const std::vector<NodeId>& numbers,
                                      const std::vector<std::uint32_t>& records) {
    Left left;
    if (records.empty() || decisions.size() + numbers.size() == 0) return left;
    auto wanted = decisions;
    wanted.insert(wanted.end(), numbers.begin(), numbers.end());
    const CellProgram program(sources_, wanted);
    Task task{program, {}, {}};
    const auto reader = make_reader_();
    for (const auto id : decisions) {
        auto key = OutcomeKey::of(sources_.graph.node(id), program, reader->cells().guard());
        if (!key) {
            left.decisions.push_back(id);
            continue;
        }
        auto& shared = shared_[id];
        shared.which.resize(sources_.rows.size());
        task.decisions.push_back({id, std::move(*key), shared, {}, {}, {}, {}, {}, {}, {}, {}});
    }
    for (const auto id : numbers) {
        if (!program.step(id)) continue;
        auto& put_back = put_back_[id];
        put_back.records = records;
        put_back.found.resize(records.size());
        task.numbers.push_back({id, fact_makers(sources_.graph, sources_.graph.node(id)), put_back,
                                OutcomeKey::of_choice(sources_.graph.node(id), program)});
        if (task.numbers.back().choice) put_back.which.assign(records.size(), 0), put_back.shared.clear();
    }
    if (task.decisions.empty() && task.numbers.empty()) return left;
    count_.records += records.size();
    std::vector<const OutcomeKey*> keys;
    for (const auto& p : task.decisions) keys.push_back(&p.key);
    auto lane_key = LaneKey::of(program, keys);
    std::optional<Alike> alike;
    if (lane_key) alike.emplace(task, std::move(lane_key));
    // The first few meet most families: those after them are read once, their families known.
    constexpr std::size_t few = 256, most = 16'384;
    for (std::size_t first = 0, at_once = few; first < records.size();) {
        const auto some = std::span(records).subspan(first, std::min(at_once, records.size() - first));
        if (alike)
            settle_alike(task, *alike, first, some, left.records);
        else
            settle_some(task, some, left.records);
        first += some.size();
        at_once = std::min(4 * at_once, most);
    }
    std::sort(left.records.begin(), left.records.end());
    return left;
}

void OpenRecords::settle_alike(Task& task, Alike& alike, std::size_t first, std::span<const std::uint32_t> records,
                               std::vector<std::uint32_t>& left) {
    alike.read(first, records, threads_);
    std::vector<std::uint32_t> by_themselves;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> others;  // and who is like them
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto like = alike.like(i, records[i]);
        if (like == records[i])
            by_themselves.push_back(like);
        else
            others.emplace_back(records[i], like);
    }
    settle_some(task, by_themselves, left);
    for (const auto& [record, like] : others) {
        bool settled = true;
        for (auto& p : task.decisions) {
            p.shared.which[record] = p.shared.which[like];
            settled = settled && p.shared.which[like] != 0;
        }
        if (!settled) left.push_back(record);
    }
}

void OpenRecords::read(Task& task, std::span<const std::uint32_t> records) {
    for (auto& p : task.decisions) {
        p.at_hand.resize(records.size());
        p.in_reach.assign(records.size(), 0);
        p.family.assign(records.size(), 0);
        p.beside.assign(records.size(), {});
    }
    for (auto& n : task.numbers) n.at_hand.resize(records.size());
    in_portions(records.size(), threads_, [&] {
        return [&, cells = std::make_shared<RecordCells>(task.program),
                names = std::make_shared<BlankNames>(make_reader_())](std::size_t i) {
            cells->read(records[i]);
            for (auto& p : task.decisions) {
                p.at_hand[i].clear();
                p.in_reach[i] = p.key.append(*cells, p.at_hand[i]);
                if (p.in_reach[i]) name_blanks(p, i, *cells, *names);
            }
            for (auto& n : task.numbers) n.find(*cells, i);
        };
    });
}

/// Of a record whose family is known and waits for its blanks; it stays without names where they cannot be told.
void OpenRecords::name_blanks(Patterns& p, std::size_t i, const RecordCells& cells, BlankNames& known) const {
    const auto* family = p.known_family(i);
    if (!family || family->told != Family::Told::names) return;
    const auto names = names_of(*family, cells, known);
    if (!names) return;
    p.beside[i] = fmt::format("{} ", family - p.families.data());
    for (const auto& [name, failed] : *names) p.beside[i] += (failed ? has_failed : is_awaited) + name + '\n';
}

void OpenRecords::settle_some(Task& task, std::span<const std::uint32_t> records, std::vector<std::uint32_t>& left) {
    count_.read_alone += records.size();
    read(task, records);
    choose(task, records);
    auto& all = task.decisions;
    std::vector<std::size_t> here;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (std::any_of(all.begin(), all.end(), [&](const Patterns& p) { return !p.in_reach[i]; })) {
            left.push_back(records[i]);
            continue;
        }
        here.push_back(i);
        for (auto& p : all) p.find_family(i, records[i]);
    }
    meet_families(task);
    std::vector<std::size_t> more;  // whose family does not tell all
    for (const auto i : here) {
        if (std::any_of(all.begin(), all.end(),
                        [i](const Patterns& p) { return p.families[p.family[i]].told == Family::Told::alone; })) {
            left.push_back(records[i]);
            continue;
        }
        bool told = true;
        for (auto& p : all) {
            const auto& family = p.families[p.family[i]];
            told = told && family.told == Family::Told::outcome;
            if (told) p.shared.which[records[i]] = family.outcome + 1;
        }
        if (!told) more.push_back(i);
    }
    tell_apart(task, records, more, left);
}

/// What numbers come to that may be one of several values: by the reference evaluator, once for each that is new.
void OpenRecords::choose(Task& task, std::span<const std::uint32_t> records) {
    std::unique_ptr<RecordEvaluator> reader;
    for (auto& n : task.numbers) {
        for (std::size_t i = 0; n.choice && i < records.size(); ++i) {
            if (n.at_hand[i].empty()) continue;
            const auto [at, is_new] = n.known.meet(n.at_hand[i]);
            n.out.which[*n.out.place(records[i])] = at + 1;
            if (!is_new) continue;
            if (!reader) reader = make_reader_();
            auto found = reader->reopened_values({n.id}, records[i]);
            n.out.shared.push_back(found.empty() ? std::nullopt : std::optional(std::move(found.begin()->second)));
        }
    }
}

/// The reference evaluator, for one record of each new family.
void OpenRecords::meet_families(Task& task) {
    struct Question {
        Patterns* patterns;
        std::size_t family;
        std::uint32_t record;
    };
    std::vector<Question> questions;
    for (auto& p : task.decisions) {
        const auto before = p.families.size() - p.first_with.size();
        for (std::size_t i = 0; i < p.first_with.size(); ++i) {
            p.families[before + i].outcome = static_cast<std::uint32_t>(p.shared.outcomes.size() + i);
            questions.push_back({&p, before + i, p.first_with[i]});
        }
        p.shared.outcomes.resize(p.shared.outcomes.size() + p.first_with.size());
        p.first_with.clear();
    }
    std::stable_sort(questions.begin(), questions.end(),
                     [](const Question& a, const Question& b) { return a.record < b.record; });
    in_portions(questions.size(), threads_, [&] {
        return [&, known = std::make_shared<BlankNames>(make_reader_()),
                cells = std::make_shared<RecordCells>(task.program)](std::size_t i) {
            auto& reader = known->reader();
            const auto& [p, at, record] = questions[i];
            auto& family = p->families[at];
            auto& out = p->shared.outcomes[family.outcome] = ask(reader, p->decision, record);
            const auto* open = out.outcome.open();
            cells->read(record);
            const bool apart =
                p->key.may_be_taken_apart(*cells) &&
                std::any_of(p->key.decisions().begin(), p->key.decisions().end(),
                            [&, of = record](NodeId decision) { return reader.outcome(decision, of).taken_apart; });
            if (apart) family.told = Family::Told::alone;
            if (apart || p->key.asks_why()) return;
            if (!open) family.told = Family::Told::outcome;
            const auto* left_open = reader.cells().guard().left_open(sources_.graph.node(p->decision));
            if (!open || !left_open) return;
            family.left_open = *left_open;
            const auto names = names_of(family, *cells, *known);
            if (names && are_those_of(*names, *open)) family.told = Family::Told::names;
        };
    });
}

void OpenRecords::settle_alone(NodeId decision, const std::vector<std::uint32_t>& records) {
    if (records.empty()) return;
    auto& shared = shared_[decision];
    shared.which.resize(sources_.rows.size());
    const auto first = shared.outcomes.size();
    shared.outcomes.resize(first + records.size());
    in_portions(records.size(), threads_, [&] {
        return [&, reader = std::shared_ptr<RecordEvaluator>(make_reader_())](std::size_t i) {
            shared.outcomes[first + i] = ask(*reader, decision, records[i]);
            shared.which[records[i]] = static_cast<std::uint32_t>(first + i + 1);
        };
    });
}

CodedOutcomes::Plain OpenRecords::ask(RecordEvaluator& reader, NodeId decision, std::uint32_t record) const {
    reader.cells().guard().keep_settling();
    CodedOutcomes::Plain out;
    out.outcome = reader.outcome(decision, record);
    if (out.outcome.settled()) out.value = reader.get(decision, record);
    out.own_reason = !out.outcome.because.empty();
    out.outcome.because.clear();
    if (!std::binary_search(read_later_.begin(), read_later_.end(), decision)) return out;
    auto reopened = reader.reopened_values({decision}, record);
    if (!reopened.empty()) out.reopened = std::move(reopened.begin()->second);
    return out;
}

/// The shortest list that settles an open outcome, as possible_answers() finds it.
std::optional<OpenRecords::Names> OpenRecords::names_of(const Family& family, const RecordCells& cells,
                                                        BlankNames& known) const {
    const auto reading = family.left_open.blanks == Blanks::all ? RecordCells::all : RecordCells::of_scores;
    const auto behind = [&](const std::vector<NodeId>& nodes) -> std::optional<Names> {
        std::vector<RecordCells::Blank> blanks;
        for (const auto node : nodes)
            if (cells.cell(reading, node).is == Cell::Is::open && !cells.blanks_behind(reading, node, blanks))
                return std::nullopt;
        Names out;
        for (const auto& blank : blanks)
            for (const auto& one : known.of(cells, blank))
                if (std::none_of(out.begin(), out.end(), [&](const Named& n) { return n.name == one.name; }))
                    out.push_back(one);
        return out;
    };
    auto best = behind(family.left_open.settling.front());
    for (std::size_t s = 1; s < family.left_open.settling.size() && best; ++s) {
        auto names = behind(family.left_open.settling[s]);
        if (!names) return std::nullopt;
        if (names->size() < best->size()) best = std::move(names);
    }
    return best;
}

bool OpenRecords::are_those_of(const Names& names, const Outcome::Open& open) {
    std::vector<std::string> waiting_for, failed;
    for (const auto& one : names) (one.failed ? failed : waiting_for).push_back(one.name);
    return waiting_for == open.waiting_for && failed == open.failed;
}

/// Records whose outcomes their families do not tell: by what they wait for, or by their blanks.
void OpenRecords::tell_apart(Task& task, std::span<const std::uint32_t> records, const std::vector<std::size_t>& more,
                             std::vector<std::uint32_t>& left) {
    auto& all = task.decisions;
    std::vector<std::uint8_t> lost(more.size());
    in_portions(more.size(), threads_, [&] {
        return [&, names = std::make_shared<BlankNames>(make_reader_()),
                cells = std::make_shared<RecordCells>(task.program)](std::size_t m) {
            const auto i = more[m];
            const bool known = std::all_of(all.begin(), all.end(), [i](const Patterns& p) {
                return p.families[p.family[i]].told == Family::Told::outcome || !p.beside[i].empty();
            });
            if (known) return;
            cells->read(records[i]);
            for (auto& p : all) {
                if (!p.beside[i].empty()) continue;
                const auto& family = p.families[p.family[i]];
                if (family.told == Family::Told::names) {
                    name_blanks(p, i, *cells, *names);
                    lost[m] = lost[m] || p.beside[i].empty();
                    continue;
                }
                auto& beside = p.beside[i] = fmt::format("{} ", p.family[i]);
                if (family.told == Family::Told::blanks) {
                    std::vector<std::uint64_t> words;
                    if (!p.key.append_blanks(*cells, words)) lost[m] = 1;
                    beside.append(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(words[0]));
                }
            }
        };
    });
    struct Question {
        Patterns* patterns;
        std::uint32_t outcome, record;
    };
    std::vector<Question> questions;
    for (std::size_t m = 0; m < more.size(); ++m) {
        const auto i = more[m];
        if (lost[m]) {
            left.push_back(records[i]);
            for (auto& p : all) p.shared.which[records[i]] = 0;
            continue;
        }
        for (auto& p : all) {
            const auto& family = p.families[p.family[i]];
            if (family.told == Family::Told::outcome) {
                p.shared.which[records[i]] = family.outcome + 1;
                continue;
            }
            auto& outcomes = p.shared.outcomes;
            const auto [place, is_new] = p.told.try_emplace(p.beside[i], static_cast<std::uint32_t>(outcomes.size()));
            p.shared.which[records[i]] = place->second + 1;
            if (!is_new) continue;
            outcomes.emplace_back();
            if (family.told == Family::Told::blanks) {
                questions.push_back({&p, place->second, records[i]});
                continue;
            }
            auto& out = outcomes.back() = outcomes[family.outcome];
            put_names(p.beside[i], std::get<Outcome::Open>(out.outcome.ending));
        }
    }
    in_portions(questions.size(), threads_, [&] {
        return [&, reader = std::shared_ptr<RecordEvaluator>(make_reader_())](std::size_t q) {
            const auto& [p, outcome, record] = questions[q];
            p->shared.outcomes[outcome] = ask(*reader, p->decision, record);
        };
    });
}

}  // namespace zoneval::exec
