#include "src/show_results.hpp"

namespace zoneval::command {

wording::Language language_of(const Global& global) {
    if (const auto language = wording::language_from_string(global.language)) return *language;
    throw CLI::ValidationError("--lang", "`" + global.language + "` has no words: en, zh or ja");
}

}  // namespace zoneval::command
