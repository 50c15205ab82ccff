#include "engine/wording/show.hpp"

#include <algorithm>

#include "engine/wording/say.hpp"

namespace zoneval::wording {

namespace {

std::string number_text(const feel::Decimal& number, const std::optional<int>& decimals) {
    constexpr int shown_places = 6;  // where nobody said how many
    if (decimals) return number.to_fixed(*decimals);
    const auto rounded = number.rounded(shown_places, feel::Rounding::half_even);
    return rounded == number ? number.to_string() : rounded.to_string() + "…";
}

struct Unit {
    std::string_view written, of_several, zh, ja;
};

constexpr Unit units[] = {
#define UNIT(written, of_several, zh, ja) {written, of_several, zh, ja},
#include "engine/wording/units.def"
#undef UNIT
};

/// "2010": a year of the calendar, and no number of years.
bool is_calendar_year(std::string_view figure) {
    return figure.size() == 4 && (figure.starts_with("19") || figure.starts_with("20")) &&
           figure.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string with_unit(std::string figure, std::string_view unit, Language language) {
    if (unit.empty()) return figure;
    const auto* const known =
        std::find_if(std::begin(units), std::end(units), [&](const Unit& u) { return u.written == unit; });
    if (known == std::end(units)) return figure.append(" ").append(unit);
    if (language != Language::en) return figure.append(language == Language::zh ? known->zh : known->ja);
    if (known->written == "year" && is_calendar_year(figure)) return figure;
    const bool several = figure != "1" && figure != "-1" && !figure.empty();
    return figure.append(" ").append(several ? known->of_several : known->written);
}

std::string show(const feel::Value& value, const Format& format, Language language) {
    if (value.is_null()) return say(Phrase::null, language);
    if (const auto* truth = value.boolean()) return say(*truth ? Phrase::true_ : Phrase::false_, language);
    const auto* number = value.number();
    if (number == nullptr) return value.to_string();
    return with_unit(number_text(*number, format.decimals), format.unit, language);
}

std::string with_commas(std::size_t number) {
    auto out = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
        out.insert(static_cast<std::size_t>(at), ",");
    return out;
}

}  // namespace zoneval::wording
