#include "engine/io/inspect/known_words.hpp"

#include <algorithm>
#include <set>

#include "engine/io/cells/characters.hpp"
#include "engine/io/cells/rows.hpp"

namespace zoneval::io {

namespace {

using Words = std::set<std::string, std::less<>>;

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Without blanks and the colon behind it, ASCII in lower case: `合 计`, `Total:`.
std::string packed(std::string_view text) {
    auto out = without_unseen_blanks(replaced(replaced(text, " ", ""), "：", ":"));
    if (out.ends_with(':')) out.pop_back();
    for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

const Words totals = {
    // Chinese, Japanese, Korean
    "合计", "总计", "总和", "全国", "全国合计", "全国总计", "全省", "全省合计", "全市", "全市合计", "全区", "全部",
    "总体", "合計", "總計", "總和", "全國", "総計", "総数", "総合計", "計", "全国計", "県計", "都計", "府計", "全体",
    "합계", "총계", "계", "전국", "전체",
    // English, German, French, Spanish, Italian, Portuguese, Dutch
    "total", "totals", "alltotal", "sum", "grandtotal", "overall", "nationaltotal", "national", "insgesamt", "gesamt",
    "summe", "gesamtsumme", "ensemble", "totalgénéral", "totalgeneral", "sumatotal", "totale", "totalegenerale",
    "totalgeral", "totaal",
    // Russian, Polish, Czech, Turkish, Swedish, Finnish
    "итого", "всего", "Итого", "Всего", "ИТОГО", "ВСЕГО", "razem", "ogółem", "celkem", "toplam", "geneltoplam",
    "samtliga", "totalt", "yhteensä"};
constexpr std::string_view parts[] = {"合计", "总计", "小计", "合計",     "總計",
                                      "総計", "小計", "소계", "subtotal", "total"};

const std::vector<std::string_view> notes = {
    "注",        "备注",       "附注",   "说明",   "数据来源", "资料来源",  "来源",     "填表人",   "审核人",
    "制表人",    "填报人",     "備註",   "說明",   "資料來源", "來源",      "出典",     "出所",     "資料",
    "備考",      "（注",       "(注",    "주",     "자료",     "출처",      "비고",     "Note",     "note",
    "NOTE",      "Source",     "source", "SOURCE", "Last up",  "Data from", "Footnote", "footnote", "Quelle",
    "Anmerkung", "Hinweis",    "Stand",  "Fuente", "Nota",     "Remarque",  "Fonte",    "Champ",    "Bron",
    "Источник",  "Примечание", "Źródło", "Uwaga",  "Zdroj",    "Pozn",      "Kaynak",   "Källa",    "Lähde"};
/// What no name of a record begins with.
const std::vector<std::string_view> note_marks = {"※", "①", "②", "③", "1)", "*"};

const Words units = {
    "%",        "％",     "‰",        "元",     "千元",    "万元",    "百万元",  "亿元",     "十亿元",      "美元",
    "万美元",   "亿美元", "人",       "万人",   "人年",    "个",      "家",      "件",       "项",          "台",
    "套",       "公顷",   "平方公里", "平方米", "亩",      "吨",      "万吨",    "吨标准煤", "万吨标准煤",  "千瓦时",
    "万千瓦时", "分",     "天",       "年",     "元/人",   "万元/人", "万元/亩", "千元",     "萬元",        "億元",
    "CNY",      "USD",    "EUR",      "person", "persons", "people",  "percent", "number",   "million CNY", "円",
    "千円",     "百万円", "億円",     "戸",     "억원",    "백만원",  "천원",    "명",       "개"};

/// Chinese and what else is no ASCII letter, without the English behind it: `全国 National`.
std::string_view without_english(std::string_view text) {
    const auto* const letter = std::find_if(text.begin(), text.end(), is_ascii_letter);
    const auto before = trimmed(text.substr(0, static_cast<std::size_t>(letter - text.begin())));
    const bool wide = !before.empty() && static_cast<unsigned char>(before.back()) >= 0x80;
    return wide && letter != text.end() ? before : text;
}

bool begins_with_any(std::string_view text, const std::vector<std::string_view>& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}

/// The place of the first colon, wide or not, and how long it is.
std::pair<std::size_t, std::size_t> colon(std::string_view text) {
    const auto narrow = text.find(':'), wide = text.find("：");
    return wide < narrow ? std::pair{wide, std::string_view("：").size()} : std::pair{narrow, std::size_t{1}};
}

bool is_one_of(std::string_view text, const Words& words) { return words.contains(text); }

}  // namespace

bool is_total(std::string_view text) {
    const auto plain = without_english(text);
    if (plain.size() == text.size()) return totals.contains(packed(text));
    return totals.contains(packed(plain)) && totals.contains(packed(text.substr(plain.size())));
}

std::string_view sum_of_part(std::string_view text) {
    const auto name = packed(text);
    for (const auto sum : parts)
        if (name.ends_with(sum)) return text.size() >= sum.size() ? text.substr(text.size() - sum.size()) : text;
    return {};
}

bool is_note(std::string_view text, bool thin) {
    if (begins_with_any(text, note_marks)) return thin || text.starts_with("※") || text.starts_with("*");
    if (!begins_with_any(text, notes)) return false;
    constexpr std::size_t longest = 40;
    return thin || colon(text).first <= longest;
}

std::string note_word(std::string_view text) {
    constexpr std::size_t longest = 30;
    if (const auto at = colon(text).first; at != std::string_view::npos && at > 0 && at <= longest)
        return std::string(text.substr(0, at));
    for (const auto mark : note_marks)
        if (text.starts_with(mark)) return std::string(mark);
    return std::string(text.substr(0, text.size() <= longest ? text.size() : text.find(' ')));
}

bool is_unit_word(std::string_view text) {
    auto unit = std::string(trimmed(text));
    for (const std::string_view word : {"单位：", "单位:", "（", "(", "）", ")"}) unit = replaced(unit, word, "");
    return units.contains(unit);
}

bool is_missing_word(std::string_view text) {
    static const Words words = {
        "-",        "--",  "---",    "–",    "—",    "——",     "…",      "……",     "..",       "...",     "/",
        "//",       ":",   "x",      "X",    "*",    "**",     "***",    "n/a",    "N/A",      "n.a.",    "NA",
        "NaN",      "nan", "null",   "NULL", "#N/A", "k. A.",  "k.A.",   "nd",     "n.d.",     "ND",      "（空）",
        "无",       "無",  "缺",     "暂无", "未报", "未上报", "不适用", "不適用", "保密",     "秘匿",    "欠測",
        "該当なし", "・",  "・・・", "－",   "―",    "×",      "м.",     "б/д",    "해당없음", "자료없음"};
    return words.contains(trimmed(text));
}

std::string unit_in_line(std::string_view text) {
    for (const std::string_view word : {"单位", "單位", "単位", "计量单位", "Unit", "unit", "단위"}) {
        const auto at = text.find(word);
        if (at == std::string_view::npos) continue;
        auto rest = text.substr(at + word.size());
        const auto [place, length] = colon(rest);
        if (place != 0) continue;
        rest = trimmed(rest.substr(length));
        for (const std::string_view end : {"）", ")", " ", "\u3000"}) rest = rest.substr(0, rest.find(end));
        // `百万円、％`: which column is in which, only a person knows.
        const bool several = rest.find("、") != std::string_view::npos || rest.find("，") != std::string_view::npos ||
                             rest.find(',') != std::string_view::npos;
        return several ? "" : std::string(rest);
    }
    return "";
}

const std::vector<std::string_view>& year_headings() {
    static const std::vector<std::string_view> out = {
        "year", "Year", "YEAR", "年份", "年度",  "统计年度", "年",  "TIME_PERIOD", "TIME", "Time", "Year(s)", "調査年",
        "西暦", "연도", "년도", "Jahr", "Année", "Annee",    "Año", "Ano",         "Anno", "Jaar", "Rok",     "Год"};
    return out;
}

const std::vector<std::string_view>& code_headings() {
    static const std::vector<std::string_view> out = {
        "zone",     "id",       "ID",           "Id",       "code",     "Code",         "geo",      "GEO",
        "REF_AREA", "LOCATION", "Country Code", "园区代码", "地区代码", "行政区划代码", "机构代码", "统一社会信用代码",
        "代码",     "编号",     "園區代碼",     "代碼",     "コード",   "団体コード",   "番号",     "코드"};
    return out;
}

const std::vector<std::string_view>& name_headings() {
    static const std::vector<std::string_view> out = {
        "园区",     "园区名称",    "开发区",   "开发区名称", "单位名称", "企业名称",
        "机构名称", "省份",        "省市",     "城市",       "地区",     "地区名称",
        "地區",     "縣市",        "Zone",     "Country",    "country",  "Country or Area",
        "Region",   "region",      "province", "Province",   "都道府県", "市区町村",
        "市町村",   "地域",        "区分",     "지역",       "시도",     "Gemeinde",
        "Kreis",    "Département", "Commune",  "Municipio",  "Comune",   "Gmina",
        "Регион"};
    return out;
}

bool is_indicator_heading(std::string_view text) {
    static const Words words = {"indicator", "Indicator",      "INDICATOR",   "指标",      "指标名称", "指標",
                                "指標名",    "Indicator Name", "variable",    "variables", "Variable", "项目",
                                "項目",      "Item",           "Series Name", "지표",      "항목"};
    return is_one_of(text, words);
}

bool is_value_heading(std::string_view text) {
    static const Words words = {"value",  "Value", "values",    "VALUE", "数值", "数据", "值",
                                "指标值", "數值",  "OBS_VALUE", "値",    "数値", "값"};
    return is_one_of(text, words);
}

bool is_unit_heading(std::string_view text) {
    static const Words words = {"unit", "Unit", "units", "单位", "计量单位", "單位", "計量単位", "単位", "단위"};
    return is_one_of(text, words);
}

}  // namespace zoneval::io
