#include "engine/audit/as_it_stands.hpp"

#include <algorithm>
#include <map>
#include <new>

#include "engine/audit/conditions.hpp"
#include "engine/exec/results/labels.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/store/torn.hpp"
#include "engine/wording/findings.hpp"
#include "engine/wording/ledger.hpp"

namespace zoneval::audit {

using wording::Ledger;

namespace {

using AsItStands = Verification::AsItStands;
using Moved = Verification::Moved;
using Torn = AsItStands::Torn;

/// By the title of its definition, where the rules have it.
std::string title_of(const graph::Graph& graph, const std::string& name, std::int32_t year,
                     wording::Language language) {
    const auto* node = graph.find(name);
    return node ? subject_of(graph, *node, year, code(language)).title : name;
}

/// A value on record as people read it; a text that is no value, as it stands.
std::string told_value(const graph::Graph& graph, const std::string& name, const std::string& text,
                       wording::Language language) {
    if (text.empty()) return text;
    const auto value = feel::from_feel(text);
    if (value.is_null()) return text == "null" ? say(Ledger::no_value, language) : text;
    const auto* node = graph.find(name);
    return node ? exec::shown(exec::labels_in(graph, *node, code(language)), value, {}, language) : value.to_string();
}

/// It is a value, null, or nothing: what was on record may be any text.
bool can_be_read(const std::string& text) { return text.empty() || text == "null" || !feel::from_feel(text).is_null(); }

/// One run on record beside what it comes to now.
class Comparison {
  public:
    /// `also_shown`: what results show is compared, too, not only looked through for tears.
    Comparison(const store::Run& stored, const assess::Assessment& made, wording::Language language, bool also_shown,
               AsItStands& out)
        : stored_(stored),
          now_(made.run),
          graph_(*made.graph),
          language_(language),
          also_shown_(also_shown),
          out_(out) {
        for (std::size_t i = 0; i < now_.records.size(); ++i) places_.emplace(now_.records[i], i);
    }

    void compare() {
        for (const auto& torn : stored_.torn) note(torn);
        for (const auto& before : stored_.decisions) {
            const auto after = std::find_if(now_.decisions.begin(), now_.decisions.end(),
                                            [&](const auto& decision) { return decision.name == before.name; });
            if (after != now_.decisions.end() && graph_.find(before.name)) compare(before, *after);
        }
        for (const auto& before : stored_.measured)
            for (const auto& after : now_.measured)
                if (after.name == before.name) compare(before, after);
    }

    /// What results show: only what differs is looked into.
    void compare(const std::vector<store::Published>& shown) {
        for (const auto& before : shown) {
            const auto after = std::find_if(now_.published.begin(), now_.published.end(),
                                            [&](const auto& column) { return column.name == before.name; });
            if (after != now_.published.end() && !same_published(before, *after)) compare(before, *after);
        }
    }

  private:
    std::string title(const std::string& name) const { return title_of(graph_, name, stored_.year, language_); }
    std::string told(const std::string& name, const std::string& text) const {
        return told_value(graph_, name, text, language_);
    }

    void note(const store::Run::Torn& torn) {
        constexpr std::size_t most = 5;
        Torn out{torn.of.empty() ? Torn::What::cohort : Torn::What::values,
                 stored_.id,
                 stored_.year,
                 torn.of.empty() ? "" : title(torn.of),
                 {},
                 torn.records.size()};
        for (std::size_t i = 0; i < std::min(most, torn.records.size()); ++i)
            out.records.push_back(name_of(torn.records[i]));
        out_.torn.push_back(std::move(out));
    }

    /// Where the name itself is torn, that of the record at the same place.
    std::string name_of(std::size_t record) const {
        const auto name = stored_.records[record];
        const bool same_size = stored_.records.size() == now_.records.size();
        return std::string(name.empty() && same_size ? now_.records[record] : name);
    }

    bool is_torn(const std::string& of, std::size_t record) const {
        return std::any_of(stored_.torn.begin(), stored_.torn.end(), [&](const store::Run::Torn& torn) {
            return torn.of == of && std::binary_search(torn.records.begin(), torn.records.end(), record);
        });
    }

    std::optional<std::size_t> place_of(std::size_t record) const {
        const auto found = places_.find(name_of(record));
        return found == places_.end() ? std::nullopt : std::optional(found->second);
    }

    void add(std::size_t record, std::string title, std::string recorded, std::string now, bool unread = false) {
        out_.moved.push_back(
            {name_of(record), std::move(title), stored_.year, std::move(recorded), std::move(now), unread});
    }

    void compare(const store::Decisions& before, const store::Decisions& after) {
        for (std::size_t i = 0; i < stored_.records.size(); ++i) {
            const auto place = place_of(i);
            if (!place) continue;
            ++out_.of;
            const auto &was = before.of(i), &is = after.of(*place);
            if (is_torn(before.name, i) || (was.value != is.value && !can_be_read(was.value)))
                add(i, title(before.name), "", told(before.name, is.value), true);
            else if (was.value != is.value)
                add(i, title(before.name), told(before.name, was.value), told(before.name, is.value));
            else if (was.because != is.because) {
                add(i, say(Ledger::reason_of, language_, {{"of", title(before.name)}}), was.because, is.because);
                out_.moved.back().reason = true;
            }
        }
    }

    void compare(const store::Measured& before, const store::Measured& after) {
        const auto text = [&](const store::MeasuredReader::Cell& cell) {
            return cell.is_value ? std::string(cell.text) : "null";
        };
        std::vector<std::string> now;
        store::MeasuredReader made(after.cells), recorded(before.cells);
        while (const auto cell = made.next()) now.push_back(text(*cell));
        std::size_t i = 0;
        for (auto cell = recorded.next(); cell && i < stored_.records.size(); cell = recorded.next(), ++i) {
            const auto place = place_of(i);
            if (!place) continue;
            ++out_.of;
            const auto was = text(*cell);
            const auto& is = now[*place];
            const bool torn = is_torn(before.name, i) || (was != is && !can_be_read(was));
            if (torn || was != is)
                add(i, title(before.name), torn ? "" : told(before.name, was), told(before.name, is), torn);
        }
    }

    void compare(const store::Published& before, const store::Published& after) {
        const auto size = stored_.records.size();
        const auto was = store::published_left(before, size);
        if (!was.torn.empty()) note({before.name, was.torn});
        if (!also_shown_) return;
        const auto is = store::published_left(after, now_.records.size());
        const auto told = [&](const std::string& text) {
            return text.empty() ? say(Ledger::no_value, language_) : text;
        };
        const auto moved = out_.moved.size();
        for (std::size_t i = 0; i < size; ++i) {
            const auto place = place_of(i);
            if (!place) continue;
            ++out_.of;
            const bool torn = std::binary_search(was.torn.begin(), was.torn.end(), i);
            if (torn || was.texts[i] != is.texts[*place])
                add(i, title(before.name), torn ? "" : told(was.texts[i]), told(is.texts[*place]), torn);
        }
        if (moved == out_.moved.size())  // its unit, decimals or form
            out_.torn.push_back({Torn::What::other_column, stored_.id, stored_.year, title(before.name), {}, 0});
    }

    const store::Run& stored_;
    const store::Run& now_;
    const graph::Graph& graph_;
    wording::Language language_;
    bool also_shown_;
    AsItStands& out_;
    std::map<std::string_view, std::size_t> places_;
};

using Made = std::map<std::int64_t, std::shared_ptr<const store::Run>>;

/// On the runs as they were made here, where they were.
void replace_made(const Made& made, assess::Basis& basis) {
    const auto replace = [&](auto& runs) {
        for (auto& [of, run] : runs)
            if (const auto found = made.find(run->id); found != made.end()) run = found->second;
    };
    replace(basis.earlier);
    replace(basis.others);
}

/// A run on the data that stand there now, and on what the runs before it come to then.
void make_and_compare(const store::Store& store, const store::Run& head, const VerifyOptions& options, Made& made,
                      bool also_shown, std::vector<std::size_t>& records, AsItStands& out) {
    const auto stored = *store.run(head.id);
    records.push_back(stored.records.size());
    auto basis = assess::basis_of(stored, store);
    replace_made(made, basis);
    assess::Options how;
    how.columns.threads = options.threads;
    for (const auto& measured : stored.measured) how.also_recorded.push_back(measured.name);
    auto now = assess::assess(assess::load_stored(store.ruleset(stored.ruleset_hash)), store, stored.year, basis, how);
    Comparison comparison(stored, now, options.language, also_shown, out);
    comparison.compare();
    comparison.compare(store.published(head.id));
    now.run.id = head.id;
    made[head.id] = std::make_shared<const store::Run>(std::move(now.run));
}

}  // namespace

AsItStands as_it_stands(const store::Store& store, const VerifyOptions& options, bool only_runs,
                        std::vector<std::size_t>& records) {
    AsItStands out;
    Made made;
    const auto runs = store.runs();
    for (const auto& head : runs) {
        options.tell(head.id, runs.size());
        const auto before = records.size();
        const auto unmade = [&](std::string why) {
            records.resize(before);
            records.push_back(0);
            out.unmade.push_back({head.id, head.year, std::move(why)});
        };
        try {
            make_and_compare(store, head, options, made, only_runs, records, out);
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const InputError& error) {
            unmade(refused(error.diagnostics, options.language));
        } catch (const std::exception&) {  // torn texts may be anything
            unmade(say(Ledger::cannot_be_read, options.language));
        }
    }
    return out;
}

Moved moved(const Difference& d, const graph::Graph& graph, std::int32_t year, wording::Language language) {
    using What = Difference::What;
    Moved out{d.record, title_of(graph, d.of, year, language), year, d.before, d.now, false, d.what == What::reason};
    switch (d.what) {
        case What::cohort: out.decision = say(Ledger::cohort_differs, language); break;
        case What::rule: out.decision = say(Ledger::rule_for, language, {{"of", out.decision}}); break;
        case What::reason: out.decision = say(Ledger::reason_of, language, {{"of", out.decision}}); break;
        case What::outcome:
        case What::measure:
            out.recorded = told_value(graph, d.of, d.before, language);
            out.now = told_value(graph, d.of, d.now, language);
            break;
        case What::published: break;
        case What::decisions:
        case What::measures: out.decision = say(Ledger::another_definition, language);
    }
    return out;
}

std::string refused(const Diagnostics& found, wording::Language language) {
    if (found.all().empty()) return say(Ledger::cannot_be_read, language);
    const auto& first = found.all().front();
    const auto gist = wording::gist(first.kind, language);
    return gist.empty() ? first.message
                        : say(Ledger::refused_with, language, {{"gist", gist}, {"message", first.message}});
}

}  // namespace zoneval::audit
