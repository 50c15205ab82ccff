// Something in a store that is not as it was recorded.
#pragma once

#include <cstdint>
#include <string>

namespace zoneval::store {

struct Damage {
    enum class Part : std::uint8_t { file, data, rules, runs, rulings, publications, logbook } part;
    std::int64_t number = 0;            ///< of the import, run, ruling or publication; 0: of none
    std::string file{}, file_sha256{};  ///< of an import; the hash empty where it may be another, too
    std::string column{};               ///< of an import: whose cells are not those imported
    std::string recorded{}, found{};    ///< their hashes
    std::string detail{};               ///< in English, as SQLite's words are; empty where the others tell it all

    std::string told() const;  ///< "revision 3 (zones-2023.csv): its cells are not those imported"
};

}  // namespace zoneval::store
