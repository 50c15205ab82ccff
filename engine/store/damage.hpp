// Something in a store that is not as it was recorded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/wording/faults.hpp"

namespace zoneval::store {

struct Damage {
    enum class Part : std::uint8_t { file, data, rules, runs, rulings, publications, logbook } part;
    std::int64_t number = 0;                 ///< of the import, run, ruling or publication; 0: of none
    std::string file{}, file_sha256{};       ///< of an import; the hash empty where it may be another, too
    std::string column{};                    ///< of an import: whose cells are not those imported
    std::string recorded{}, found{};         ///< their hashes
    std::optional<wording::Fault> detail{};  ///< what is wrong, where the others do not tell it all
    std::string error{};                     ///< in English, as errors are: why nothing more could be looked at
    struct Cell {
        std::string record;
        std::int32_t year = 0;
        std::uint32_t line = 0;  ///< of the file
    };
    std::vector<Cell> unreadable{};  ///< of a column of an import: its torn cells, the first `most_unreadable`
    std::size_t unreadable_in_all = 0;
    static constexpr std::size_t most_unreadable = 20;

    std::string told() const;  ///< in English: "revision 3 (zones-2023.csv): its cells are not those imported"
};

}  // namespace zoneval::store
