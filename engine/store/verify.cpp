// The search for what no longer agrees with its hashes.
#include <fmt/format.h>

#include <map>

#include "engine/store/impl.hpp"

namespace zoneval::store {

namespace {

std::string snapshot_hash_now(const std::vector<BatchHead>& heads, std::int64_t revision) {
    std::vector<std::string> seen;
    for (const auto& head : heads)
        if (head.batch.revision <= revision) seen.push_back(head.hash);
    return snapshot_hash(seen);
}

}  // namespace

std::optional<std::int64_t> Store::first_broken_run(bool alone) const {
    const auto reading = read();
    const auto& database = impl_->database;
    const auto& heads = impl_->heads();
    std::size_t looked_at = 0;  // batches are looked at once, and only those that a run saw
    const auto sound_batches = [&](std::int64_t revision) {
        for (; looked_at < heads.size() && heads[looked_at].batch.revision <= revision; ++looked_at)
            if (!impl_->is_sound(heads[looked_at])) return false;
        return true;
    };
    std::map<std::int64_t, std::string> hashes;  // of the runs so far
    std::string previous;
    std::int64_t expected = 1;
    for (const auto& head : runs()) {
        if (head.id != expected) return expected;  // removed
        std::vector<std::string> built_on;
        for (const auto earlier : head.built_on) built_on.push_back(hashes[earlier]);
        bool sound = head.previous_hash == previous && head.hash == stored_run_hash(database, head, built_on);
        if (sound && !alone) {
            const auto rules = ruleset_if_there(database, head.ruleset_hash);
            sound = head.snapshot.hash == snapshot_hash_now(heads, head.snapshot.revision) &&
                    sound_batches(head.snapshot.revision) && rules && rules->hash() == head.ruleset_hash &&
                    rules->id == head.ruleset;
        }
        if (!sound) return head.id;
        previous = head.hash;
        hashes.emplace(head.id, head.hash);
        ++expected;
    }
    // The id the next run would have had if none had been removed from the end.
    if (expected - 1 != last_id_given(database, "run")) return expected;
    return std::nullopt;
}

void Store::require_sound() const {
    const auto reading = read();
    if (impl_->as_it_stands || impl_->found_sound()) return;
    const auto refuse = [&](const std::string& what) {
        refuse_store(Kind::store_error, impl_->database.path(), "the store was altered: " + what,
                     "restore the store from a copy; nothing in it can be relied on");
    };
    if (const auto broken = first_broken_ruling()) refuse(fmt::format("ruling {} is not what was recorded", *broken));
    if (const auto broken = first_broken_publication())
        refuse(fmt::format("publication {} is not what was recorded", *broken));
    if (const auto broken = first_broken_run()) refuse(fmt::format("run {} is not what was recorded", *broken));
    impl_->sound_heads();
    constexpr auto en = wording::Language::en;
    if (const auto foreign = foreign_structure(impl_->database)) refuse(say(*foreign, en));
    if (const auto wrong = wrong_in_logbook(impl_->database)) refuse(say(*wrong, en));
    impl_->mark_sound();
}

}  // namespace zoneval::store
