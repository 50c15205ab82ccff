#include "engine/serve/ledger.hpp"

#include <algorithm>
#include <thread>

#include "engine/audit/replay.hpp"

namespace zoneval::serve {

State::State(const std::string& path, std::chrono::milliseconds wait)
    : store_(path, store::Store::Mode::to_read, wait), runs_((store_.require_sound(), store_.runs())) {}

const store::Run* State::head(std::int64_t run) const {
    const auto found = std::find_if(runs_.begin(), runs_.end(), [&](const auto& r) { return r.id == run; });
    return found == runs_.end() ? nullptr : &*found;
}

const store::Run* State::standing(const std::string& wanted, std::int32_t year) const {
    if (runs_.empty()) return nullptr;
    const auto& ruleset = wanted.empty() ? runs_.back().ruleset : wanted;
    const store::Run* out = nullptr;
    for (const auto& run : runs_) {
        if (run.ruleset != ruleset || (year != 0 && run.year != year)) continue;
        const bool published = run.standing.state == store::Standing::State::published;
        const bool kept = out && out->year == run.year && out->standing.state == store::Standing::State::published;
        if (!out || run.year > out->year || (run.year == out->year && (published || !kept))) out = &run;
    }
    return out;
}

const assess::Assessment& State::assessment(const store::Run& head) {
    constexpr std::size_t most = 8, most_records = 400'000;
    const auto found = std::find_if(made_.begin(), made_.end(), [&](const auto& a) { return a.run.id == head.id; });
    if (found != made_.end()) {
        made_.splice(made_.begin(), made_, found);
        return made_.front();
    }
    assess::Options how;
    how.columns.threads = std::max(1u, std::thread::hardware_concurrency());
    made_.push_front(audit::made_again(store_, *store_.run(head.id), how));
    const auto too_many = [&] {
        std::size_t records = 0;
        for (const auto& made : made_) records += made.evaluation.size();
        return made_.size() > most || records > most_records;
    };
    while (made_.size() > 1 && too_many()) made_.pop_back();
    return made_.front();
}

std::string& State::page(std::int64_t run, wording::Language language) {
    constexpr std::size_t most = 6;
    for (auto& page : pages_)
        if (page.run == run && page.language == language) return page.html;
    pages_.push_front({run, language, ""});
    if (pages_.size() > most) pages_.pop_back();
    return pages_.front().html;
}

std::optional<Ledger::Lease> Ledger::lease() {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (!lock.try_lock_for(patience)) return std::nullopt;
    for (;;) {
        if (state_) {
            auto reading = state_->store().read();
            // Of a store that is read in place nobody can commit while this is read; a copy stays as it is.
            if (watch_.state() == version_) return Lease(std::move(lock), *state_, std::move(reading));
        }
        state_.reset();
        version_ = watch_.state();
        state_.emplace(path_, patience);
    }
}

}  // namespace zoneval::serve
