// What the yearly page is made of, gathered from a store.
#pragma once

#include <optional>

#include "engine/report/page.hpp"

namespace zoneval::report {

struct Yearly {
    results::Table table;
    std::optional<results::Changes> changes;  ///< since the year before, where it was assessed
    PageData data;                            ///< points to the rest, and to the assessment

    /// `store_name` as commands name it. Throws as audit::made_again does.
    Yearly(const store::Store& store, const assess::Assessment& assessment, const std::string& store_name,
           wording::Language language, const assess::Options& how);
    Yearly(const Yearly&) = delete;
    Yearly& operator=(const Yearly&) = delete;
};

}  // namespace zoneval::report
