#include "engine/wording/show.hpp"

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
    std::string_view written, zh, ja;
};

constexpr Unit units[] = {
#define UNIT(written, zh, ja) {written, zh, ja},
#include "engine/wording/units.def"
#undef UNIT
};

}  // namespace

std::string with_unit(std::string figure, std::string_view unit, Language language) {
    if (unit.empty()) return figure;
    if (language != Language::en)
        for (const auto& known : units)
            if (known.written == unit) return figure.append(language == Language::zh ? known.zh : known.ja);
    return figure.append(" ").append(unit);
}

std::string show(const feel::Value& value, const Format& format, Language language) {
    if (value.is_null()) return say(Phrase::null, language);
    if (const auto* truth = value.boolean()) return say(*truth ? Phrase::true_ : Phrase::false_, language);
    const auto* number = value.number();
    if (number == nullptr) return value.to_string();
    return with_unit(number_text(*number, format.decimals), format.unit, language);
}

}  // namespace zoneval::wording
