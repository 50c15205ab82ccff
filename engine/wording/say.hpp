// Facts as sentences: no capital, no full stop, as they stand in lists and behind colons.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/feel/value/cause.hpp"
#include "engine/wording/catalogue.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::wording {

/// "division by zero", "`GDP` is not reported for Zone A in 2024"
std::string say(const feel::Cause& cause, Language language);
/// Of a fact without a cause: what only a cause knows (`{missing}`, `{possible}`) may not stand in its words.
std::string say(const feel::Fact& fact, Language language);
std::string say(feel::Missing kind, Language language);     ///< "not reported"
std::string say(feel::Type::Kind kind, Language language);  ///< "date and time"
/// A phrase with its placeholders filled in.
std::string say(Phrase phrase, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

/// What would settle the cause: the datum it names ("GDP", "GDP of 2021"), else what say() says and of which
/// expression:
/// "`x / y`: division by zero".
std::string awaited(const feel::Cause& cause, Language language);
/// "a, b or c"; null is said to be no rule's outcome.
std::string alternatives(const std::vector<feel::Value>& values, Language language);

/// The tree as indented lines, each with the expression it points at; what was shown before is not repeated.
std::string render(const feel::CausePtr& cause, Language language);

}  // namespace zoneval::wording
