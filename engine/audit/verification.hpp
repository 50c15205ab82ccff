// Whether a store is what was recorded: every byte of it held against its hashes, every run made again; and where its
// data were altered, what they come to as they stand now.
#pragma once

#include <functional>
#include <optional>

#include "engine/audit/lines.hpp"
#include "engine/audit/replay.hpp"
#include "engine/seal/seal.hpp"

namespace zoneval::audit {

struct Verification {
    std::vector<store::Damage> damage;
    std::vector<wording::Fault> against_seal;  ///< what the store no longer says as the seal from outside did
    std::optional<seal::Seal> seal;            ///< from outside
    std::string seal_told;                     ///< which it is
    struct Moved {                             ///< what is on record beside what comes out now
        std::string record, decision;          ///< the decision or value by its title
        std::int32_t year = 0;
        std::string recorded, now;  ///< by their labels; empty: undetermined
        bool unread = false;        ///< what is on record cannot be read
        bool reason = false;        ///< of an outcome that is the same
    };
    struct Otherwise {  ///< a run that was made again and is another
        std::int64_t run = 0;
        std::int32_t year = 0;
        std::vector<Difference> differences;
        std::vector<Moved> moved;  ///< the same for people
        std::string why;           ///< what may be the reason
        std::string refused;       ///< it cannot be made again, and why
    };
    std::vector<Otherwise> otherwise;
    struct Unlike {  ///< a publication whose verdicts are not those that stand there
        std::int64_t run = 0;
        std::string approver;
    };
    std::vector<Unlike> unlike_published;
    struct Libraries {  ///< a run that comes out the same with other libraries than it was made with
        std::int64_t run = 0;
        std::string told;
    };
    std::vector<Libraries> other_libraries;
    /// Where something was altered: outcomes on record beside those that its data, as they stand, come to; the years of
    /// a rule set each on what the one before came to. nullopt: that cannot be computed, or nothing was altered.
    struct AsItStands {
        std::vector<Moved> moved;
        std::size_t of = 0;  ///< outcomes and kept values compared
        struct Torn {        ///< what of a run cannot be read, or is another though nothing more can be told
            enum class What { cohort, values, other_column } what;
            std::int64_t run = 0;
            std::int32_t year = 0;
            std::string of;                    ///< by its title
            std::vector<std::string> records;  ///< of values: the first whose are torn
            std::size_t in_all = 0;
        };
        std::vector<Torn> torn;
        struct Unmade {  ///< a run that can no longer be made on what stands there
            std::int64_t run = 0;
            std::int32_t year = 0;
            std::string why;
        };
        std::vector<Unmade> unmade;
    };
    std::optional<AsItStands> as_it_stands;
    std::size_t imports = 0, rulesets = 0, outcomes = 0, values = 0;
    std::vector<store::Run> runs;      ///< without what they decided
    std::vector<std::size_t> records;  ///< by run; empty: not looked at

    bool genuine() const {
        return damage.empty() && against_seal.empty() && otherwise.empty() && unlike_published.empty();
    }
};

struct VerifyOptions {
    unsigned threads = 1;
    wording::Language language = wording::Language::en;                              ///< of titles, labels and reasons
    std::optional<seal::Seal> seal{};                                                ///< from outside
    std::function<void(std::int64_t run, std::size_t of)> tell = [](auto, auto) {};  ///< which run is made again
};
Verification verify(const std::string& path, const VerifyOptions& options);

/// Each thing that is wrong, in a sentence, for programs.
std::vector<std::string> wrong_in(const Verification& verification);

std::string render_text(const Verification& verification, wording::Language language);
std::string render_json(const Verification& verification);

}  // namespace zoneval::audit
