// Texts for a terminal: tables whose columns stand below each other, lines broken at a width. What data, rules and
// people said is shown and never obeyed: a name cannot write a line of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/palette.hpp"
#include "engine/store/store.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::audit {

enum class Align { left, right };
using Cells = std::vector<std::string>;

/// Rows below each other, two blanks between columns, each row indented; nothing behind the last cell.
std::string table_text(std::vector<Cells> rows, const std::vector<Align>& columns, std::size_t indent);

/// One line, broken before words that pass the width, with `hanging` blanks before what follows. Between characters
/// that are written without blanks it may be broken anywhere.
std::string wrapped(std::string_view text, std::size_t width, std::size_t first, std::size_t hanging);

/// A long hash as people compare it: its first 16 digits, in groups of four.
std::string short_seal(const std::string& hash);
/// Draft, or by whom and when it was published.
std::string state_text(const store::Standing& standing, wording::Language language);
/// A record by its id, and its label where that says more.
std::string who(const std::string& record, const std::string& label);

}  // namespace zoneval::audit
