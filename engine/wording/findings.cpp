#include "engine/wording/findings.hpp"

#include <array>

namespace zoneval::wording {

namespace {

struct Titles {
    Kind kind;
    std::string_view zh, ja;
};

constexpr std::array titles{
#define FINDING(kind, zh, ja) Titles{Kind::kind, zh, ja},
#include "engine/wording/findings.def"
#undef FINDING
};

constexpr bool every_kind_in_order() {
    for (std::size_t i = 0; i < titles.size(); ++i)
        if (titles[i].kind != static_cast<Kind>(i)) return false;
    return titles.back().kind == Kind::internal_error;
}
static_assert(every_kind_in_order());

}  // namespace

std::string_view title(Kind kind, Language language) {
    const auto& row = titles[static_cast<std::size_t>(kind)];
    return language == Language::zh ? row.zh : language == Language::ja ? row.ja : zoneval::title(kind);
}

std::string gist(Kind kind, Language language) {
    if (language == Language::en) return "";
    static constexpr std::string_view severities[][2] = {{"错误", "エラー"}, {"警告", "警告"}, {"提示", "注記"}};
    const auto word = severities[static_cast<std::size_t>(severity(kind))][language == Language::zh ? 0 : 1];
    return std::string(word) + "：" + std::string(title(kind, language));
}

}  // namespace zoneval::wording
