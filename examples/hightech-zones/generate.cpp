// Makes the invented data of this example: zones, applicants and cities, none of which exist.
//
//     generate_hightech_zones DIRECTORY
//
// Only integers and one hash are used, no floating point and no library distribution: every machine writes the same
// bytes. The 2020 figures are shares of the plan's national totals, handed out by largest remainder, so they add up to
// those totals exactly. Later years grow from them. Whether a zone does well depends on a hidden quality.
//
// An act answers a proposed verdict and a rectification finding answers an act, and verdicts are proposed by the rules,
// not here. Acts and findings were therefore written year by year after running the assessment of the year before; the
// pack's `report findings` say so when they no longer fit.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Int = std::int64_t;

constexpr std::uint64_t seed = 20220921;
constexpr int first_year = 2020, last_year = 2024;

// -- chance
// ------------------------------------------------------------------------------------------------------------

std::uint64_t mix(std::uint64_t x) {  // splitmix64
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/// A number from 0 to `limit` - 1 that depends only on its name: (purpose, zone, year).
Int draw(std::uint64_t purpose, Int zone, Int year, Int limit) {
    auto x = mix(seed ^ mix(purpose));
    x = mix(x ^ static_cast<std::uint64_t>(zone));
    x = mix(x ^ static_cast<std::uint64_t>(year));
    return static_cast<Int>((x >> 33) % static_cast<std::uint64_t>(limit));
}

/// Bell-shaped between -1000 and 1000: the mean of three draws.
Int bell(std::uint64_t purpose, Int zone, Int year) {
    const auto part = [&](std::uint64_t i) { return draw(purpose * 8 + i, zone, year, 2001) - 1000; };
    return (part(0) + part(1) + part(2)) / 3;
}

// -- what is reported
// ------------------------------------------------------------------------------------------------------

enum class Places { whole, two };  // digits after the point; amounts are kept in hundredths

/// A reported figure: its total over the 169 zones of 2020, and how zones differ and grow.
struct Figure {
    std::string_view header;
    Places places;
    Int total;                  ///< 2020, in hundredths for amounts, in units for counts
    Int by_quality;             ///< per mille that the best zone has more than the middle one
    Int by_chance;              ///< per mille
    Int east;                   ///< per cent of its size that an eastern zone has
    std::array<Int, 4> growth;  ///< 2021 to 2024, per ten thousand
    Int growth_by_quality;      ///< per ten thousand, for the best zone
};

// Totals: the plan, 一(一) and 表1. GDP 13.6, revenue 42.8, output 25.6, profit 3.0 trillion CNY; R&D 6.8 % of GDP;
// 1240 R&D staff per 10,000 employees; 36.6 (10 thousand CNY) of value added per employee; 34.2 % of 433,771 domestic
// patents; 101,000 high-tech enterprises; 1,684 listed companies; 748,000 new firms; contracts of 801.74 billion CNY;
// more than 2,000 R&D institutions abroad. Employees: 23,835,165, a journal article's figure for 2020.
// Totals of R&D institutions, exports and energy are invented: the plan has none.
enum FigureId {
    gdp,
    value_added,
    revenue,
    output,
    profit,
    employees,
    rd_spending,
    rd_staff,
    institutions,
    patents,
    contracts,
    enterprises,
    listed,
    new_firms,
    exports,
    overseas,
    energy,
    figure_count
};
constexpr std::array<Figure, figure_count> figures = {{
    {"GDP", Places::two, 136000'00, 0, 150, 105, {1250, 850, 650, 620}, 260},
    {"value added of firms", Places::two, 87236'70, 80, 80, 105, {1180, 830, 650, 640}, 320},
    {"revenue", Places::two, 428000'00, 0, 150, 105, {1250, 600, 520, 560}, 260},
    {"industrial output", Places::two, 256000'00, -40, 220, 95, {1150, 520, 420, 450}, 200},
    {"net profit", Places::two, 30000'00, 280, 220, 105, {1250, 350, 300, 500}, 400},
    {"employees", Places::whole, 23835165, -150, 100, 105, {480, 330, 250, 240}, 110},
    {"R&D expenditure", Places::two, 9248'00, 350, 180, 110, {1480, 1150, 980, 940}, 330},
    {"R&D personnel", Places::whole, 2955560, 260, 140, 105, {720, 590, 480, 470}, 190},
    {"R&D institutions", Places::whole, 4600, 420, 240, 100, {900, 800, 700, 600}, 300},
    {"invention patents", Places::whole, 148350, 420, 240, 115, {3380, 2250, 1900, 1000}, 400},
    {"technology contracts", Places::two, 8017'40, 380, 300, 105, {2600, 2500, 1900, 1600}, 500},
    {"high-tech enterprises", Places::whole, 101000, 260, 160, 115, {1900, 1750, 1500, 1200}, 450},
    {"listed companies", Places::whole, 1684, 300, 260, 125, {750, 620, 420, 250}, 260},
    {"new firms", Places::whole, 748000, 180, 200, 110, {1500, 700, 1300, 900}, 400},
    {"exports", Places::two, 40000'00, 200, 320, 140, {1400, 700, -150, 600}, 350},
    {"overseas R&D institutions", Places::whole, 2050, 420, 320, 130, {800, 600, 600, 500}, 350},
    {"energy use", Places::two, 39256'52, -240, 200, 90, {830, 540, 360, 330}, -210},
}};

const std::array<std::string_view, 4> regions = {"East", "Central", "West", "Northeast"};

struct Zone {
    Int index = 0;  ///< 0-based over all zones
    std::string id, name;
    int region = 0;
    int approved = 0;  ///< year it became national
    Int size = 0, quality = 0;
    std::string_view stage, endowment;
    Int leading_share = 0, green_rate = 0, city_share = 0;  ///< hundredths of a per cent
    std::map<int, std::array<Int, figure_count>> figures;   ///< by year, in hundredths (counts too)
};

// -- the script: what happens to some zones
// ----------------------------------------------------------------------------------

#include "script.hpp"

// -- making zones
// ---------------------------------------------------------------------------------------------------------------

std::string name_of(Int index) {
    static const std::array<std::string_view, 20> first = {"青", "碧", "苍", "绛", "皓", "澄", "霁", "岚", "曦", "璟",
                                                           "煦", "瀚", "沐", "栖", "翊", "朔", "逸", "沁", "彦", "霖"};
    static const std::array<std::string_view, 12> second = {"屿", "汀", "墟", "阙", "霄", "渚",
                                                            "麓", "陌", "澜", "岑", "垣", "坞"};
    if (index == 0) return "虚构中关村对应园区 (invented)";  // so that the plan's named candidate has a counterpart
    const auto i = static_cast<std::size_t>((index * 7) % 240);
    return "虚构" + std::string(first[i % 20]) + std::string(second[i / 20]) + "高新区 (invented)";
}

Zone make_zone(Int index, int region, int number, int approved) {
    static const std::array<std::string_view, 4> letters = {"E", "C", "W", "N"};
    static const std::array<Int, 4> size_of_region = {115, 95, 92, 80}, quality_of_region = {120, 20, -60, -110};
    const auto r = static_cast<std::size_t>(region);
    Zone z;
    z.index = index;
    z.id = "Invented-" + std::string(letters[r]) + (number < 10 ? "0" : "") + std::to_string(number);
    z.name = name_of(index);
    z.region = region;
    z.approved = approved;
    const Int u = draw(1, index, 0, 1000);
    z.size = (90 + u * u * u / 1000000 * 3 / 2) * size_of_region[r];
    z.quality =
        std::clamp<Int>(bell(2, index, 0) * 13 / 10 + quality_of_region[r] + (z.size / 115 - 450) / 8, -1000, 1000);
    if (index == 0) {
        z.size = 6000 * size_of_region[r];
        z.quality = 950;
    }
    const Int age = 2020 - approved;
    z.stage = age < 3 ? "building" : age >= 18 || z.size > 110000 ? "mature" : "growing";
    const Int e = draw(3, index, 0, 100);
    z.endowment = e < 30 + z.quality / 50 ? "science and education"
                  : e < 75                ? "industry"
                  : e < 88                ? "trade and location"
                                          : "natural resources";
    z.leading_share = 1800 + draw(4, index, 0, 3600);
    z.green_rate = 3300 + z.quality * 3 / 10 + bell(5, index, 0) * 8 / 10;
    z.city_share = 500 + draw(6, index, 0, 2600) + z.quality / 2;
    return z;
}

std::vector<Zone> make_zones() {
    std::vector<Zone> out;
    static const std::array<int, 4> counts = {70, 44, 39, 16};  // 一(一)
    static const std::array<int, 4> in_2022 = {1, 3, 3, 1};
    std::array<int, 4> next = {1, 1, 1, 1};
    const auto add = [&](int region, int approved) {
        const auto r = static_cast<std::size_t>(region);
        out.push_back(make_zone(static_cast<Int>(out.size()), region, next[r]++, approved));
    };
    for (int region = 0; region < 4; ++region)
        for (int i = 0; i < counts[static_cast<std::size_t>(region)]; ++i) {
            const Int u = draw(7, static_cast<Int>(out.size()), 0, 100);
            add(region, u < 32   ? 1988 + static_cast<int>(u) / 8
                        : u < 55 ? 2007 + static_cast<int>(u) % 5
                                 : 2012 + static_cast<int>(u) % 8);
        }
    for (int region = 0; region < 4; ++region)
        for (int i = 0; i < in_2022[static_cast<std::size_t>(region)]; ++i) add(region, 2022);
    add(2, 2023);
    return out;
}

Int quality_in(const Zone& z, int year) {
    Int q = z.quality;
    for (int y = 2021; y <= year; ++y) q += bell(8, z.index, y) / 6;
    for (const auto& turn : turns)
        if (turn.zone == z.id && turn.year <= year) q += turn.quality;
    return std::clamp<Int>(q, -1300, 1300);
}

Int share_weight(const Zone& z, int f, int year) {
    const auto& figure = figures[static_cast<std::size_t>(f)];
    const Int q = quality_in(z, year);
    const Int factor = 1000 + figure.by_quality * q / 1000 +
                       figure.by_chance * bell(100 + static_cast<std::uint64_t>(f), z.index, 0) / 500;
    return z.size * std::max<Int>(factor, 120) * (z.region == 0 ? figure.east : 100) / 1000;
}

/// Hands out `total` in proportion to the weights: rounded down, and the rest to the largest remainders.
std::vector<Int> hand_out(Int total, const std::vector<Int>& weights) {
    const Int sum = std::accumulate(weights.begin(), weights.end(), Int{0});
    std::vector<Int> out(weights.size());
    std::vector<std::pair<Int, std::size_t>> remainders;
    Int given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Int product = total * weights[i];  // below 10^17 for these totals and weights
        out[i] = product / sum;
        remainders.emplace_back(-(product % sum), i);
        given += out[i];
    }
    std::sort(remainders.begin(), remainders.end());
    for (std::size_t i = 0; given < total; ++i, ++given) ++out[remainders[i].second];
    return out;
}

void fill_base_year(std::vector<Zone>& zones) {
    for (int f = 0; f < figure_count; ++f) {
        const auto& figure = figures[static_cast<std::size_t>(f)];
        std::vector<Int> weights;
        for (const auto& z : zones)
            if (z.approved <= first_year) weights.push_back(share_weight(z, f, first_year));
        const auto shares = hand_out(figure.total, weights);
        std::size_t i = 0;
        for (auto& z : zones)
            if (z.approved <= first_year)
                z.figures[first_year][static_cast<std::size_t>(f)] =
                    shares[i++] * (figure.places == Places::two ? 1 : 100);
    }
}

/// A zone that enters later starts from what a zone of its size had in 2020, grown by the common rate.
void fill_entry_year(Zone& z, const std::vector<Zone>& zones) {
    for (int f = 0; f < figure_count; ++f) {
        const auto& figure = figures[static_cast<std::size_t>(f)];
        Int sum = 0;
        for (const auto& other : zones)
            if (other.approved <= first_year) sum += share_weight(other, f, first_year);
        Int value = figure.total * (figure.places == Places::two ? 1 : 100) * share_weight(z, f, first_year) / sum;
        for (int year = 2021; year <= z.approved; ++year)
            value += value * figure.growth[static_cast<std::size_t>(year - 2021)] / 10000;
        z.figures[z.approved][static_cast<std::size_t>(f)] = value;
    }
}

void grow(Zone& z, int year) {
    const auto& before = z.figures.at(year - 1);
    auto& now = z.figures[year];
    const Int q = quality_in(z, year);
    for (int f = 0; f < figure_count; ++f) {
        const auto& figure = figures[static_cast<std::size_t>(f)];
        const Int rate = figure.growth[static_cast<std::size_t>(year - 2021)] + figure.growth_by_quality * q / 1000 +
                         figure.by_chance * bell(200 + static_cast<std::uint64_t>(f), z.index, year) / 800;
        const auto i = static_cast<std::size_t>(f);
        now[i] = before[i] + before[i] * rate / 10000;
    }
}

// -- writing
// ----------------------------------------------------------------------------------------------------------------------

std::string hundredths(Int v) {
    const Int a = v < 0 ? -v : v;
    const auto cents = std::to_string(a % 100);
    return (v < 0 ? "-" : "") + std::to_string(a / 100) + "." + (cents.size() == 1 ? "0" : "") + cents;
}

std::string whole(Int v) { return std::to_string((v + 50) / 100); }

using Row = std::vector<std::pair<std::string, std::string>>;  // header, cell

std::string_view land_use(const Zone& z, int year) {
    const Int u = draw(9, z.index, year, 100) + quality_in(z, year) / 40;
    return u < 6 ? "wasteful" : u < 60 ? "adequate" : "intensive";
}

std::string_view finding(const Zone& z, int year) {
    for (const auto& f : findings)
        if (f.zone == z.id && f.year == year) return f.finding;
    return "none required";
}

Row row_of(const Zone& z, int year) {
    Row row = {{"year", std::to_string(year)},
               {"zone", z.id},
               {"zone name", z.name},
               {"region", std::string(regions[static_cast<std::size_t>(z.region)])},
               {"approved year", std::to_string(z.approved)},
               {"stage", std::string(z.stage)},
               {"endowment", std::string(z.endowment)}};
    const auto& now = z.figures.at(year);
    for (int f = 0; f < figure_count; ++f) {
        const auto& figure = figures[static_cast<std::size_t>(f)];
        const Int v = now[static_cast<std::size_t>(f)];
        row.emplace_back(figure.header, figure.places == Places::two ? hundredths(v) : whole(v));
    }
    const Int years = year - first_year;
    const Int city_share = std::clamp<Int>(z.city_share + quality_in(z, year) * years / 10, 200, 6000);
    row.emplace_back("city GDP", hundredths(now[gdp] * 10000 / city_share));
    row.emplace_back("leading industry share", hundredths(std::clamp<Int>(z.leading_share + years * 20, 0, 9000)));
    row.emplace_back("green space rate",
                     hundredths(std::clamp<Int>(z.green_rate + years * 15 + bell(10, z.index, year) / 10, 1500, 6500)));
    row.emplace_back("land use assessment", std::string(land_use(z, year)));
    row.emplace_back("rectification", std::string(finding(z, year)));
    row.emplace_back("special type area", draw(13, z.index, 0, 100) < 12 ? "true" : "false");
    row.emplace_back("scope of figures", "approved area");
    row.emplace_back("development model", draw(14, z.index, 0, 100) < 65 ? "outstanding" : "ordinary");
    row.emplace_back("report status", "complete");
    return row;
}

/// Cells that had not arrived when the year's file was closed. 2020, the base, is complete.
void leave_gaps(Row& row, const Zone& z, int year) {
    static const std::set<std::string_view> always = {"year",
                                                      "zone",
                                                      "zone name",
                                                      "region",
                                                      "approved year",
                                                      "stage",
                                                      "endowment",
                                                      "employees",
                                                      "rectification",
                                                      "special type area",
                                                      "scope of figures",
                                                      "development model",
                                                      "report status"};
    if (year == first_year || z.index == 0) return;
    std::uint64_t column = 300;
    for (auto& [header, cell] : row) {
        ++column;
        if (always.contains(header)) continue;
        if (draw(column, z.index, year, 1000) < 6) cell = header == "city GDP" ? "suppressed" : "";
    }
    for (const auto& gap : gaps)
        if (gap.zone == z.id && gap.year == year)
            for (auto& [header, cell] : row)
                if (gap.header == header) cell.clear();
    for (const auto& report : reports)
        if (report.zone == z.id && report.year == year) {
            const bool nothing = report.status == "not filed";
            for (std::size_t i = 5; i < row.size(); ++i)
                if (nothing && row[i].first != "report status" && row[i].first != "rectification")
                    row[i].second.clear();
            row.back().second = report.status;
        }
    for (const auto& wide : wider)
        if (wide.zone == z.id && wide.year == year) row[row.size() - 3].second = "wider";
}

std::ofstream open(const std::string& directory, const std::string& name) {
    std::ofstream out(directory + "/" + name, std::ios::binary);
    if (!out) {
        std::cerr << "generate_hightech_zones: cannot write " << directory << "/" << name << "\n";
        std::exit(1);
    }
    return out;
}

void write(std::ostream& out, const std::vector<Row>& rows) {
    const auto line = [&](const Row& row, bool headers) {
        for (std::size_t i = 0; i < row.size(); ++i) out << (i ? "," : "") << (headers ? row[i].first : row[i].second);
        out << "\n";
    };
    line(rows.front(), true);
    for (const auto& row : rows) line(row, false);
}

/// Figures that came, or were put right, after the file of 2021 was closed; all other cells stay blank, which changes
/// nothing.
void write_revision(const std::string& directory, const std::vector<Zone>& zones) {
    std::vector<Row> rows;
    for (const auto& z : zones) {
        if (!z.figures.contains(2021)) continue;
        Row full = row_of(z, 2021), reported = full;
        leave_gaps(reported, z, 2021);
        Row row = full;
        bool any = false;
        for (std::size_t i = 2; i < row.size(); ++i) {
            auto& [header, cell] = row[i];
            if (header == "zone name" || header == "region") continue;
            const bool late = reported[i].second.empty() &&
                              (draw(11, z.index, static_cast<Int>(i), 100) < 60 || late_zones.contains(z.id));
            bool corrected = false;
            for (const auto& c : corrections)
                if (c.zone == z.id && c.header == header) {
                    cell = c.cell;
                    corrected = true;
                }
            if (!late && !corrected) cell.clear();
            any = any || late || corrected;
        }
        if (any) rows.push_back(std::move(row));
    }
    auto out = open(directory, "revision-2021.csv");
    write(out, rows);
}

/// The acts of the authority, by the day they were issued; who a verdict was proposed for is in the script.
void write_acts(const std::string& directory) {
    std::vector<Row> rows;
    for (const auto& act : acts)
        rows.push_back(
            {{"act", "Invented-act-" + std::string(rows.size() < 9 ? "0" : "") + std::to_string(rows.size() + 1)},
             {"zone", std::string(act.zone)},
             {"issued", std::string(act.issued)},
             {"kind", std::string(act.kind)},
             {"served", std::string(act.served)},
             {"annulled", std::string(act.annulled)},
             {"ground", std::string(act.ground)},
             {"document", "虚构文号" + std::to_string(rows.size() + 1) + " (invented)"}});
    auto out = open(directory, "acts.csv");
    write(out, rows);
}

void write_applicants(const std::string& directory) {
    std::vector<Row> rows;
    for (Int i = 0; i < 14; ++i) {
        const auto region = static_cast<std::size_t>(draw(20, i, 0, 4));
        const auto yes = [&](std::uint64_t purpose, Int per_cent) {
            return draw(purpose, i, 0, 100) < per_cent ? "true" : "false";
        };
        rows.push_back({{"year", "2024"},
                        {"applicant", "Invented-applicant-" + std::string(i < 9 ? "0" : "") + std::to_string(i + 1)},
                        {"applicant name", "虚构省级" + name_of(40 + i * 3).substr(6)},
                        {"rank of the zone", i == 11 ? "other" : "provincial"},
                        {"region", std::string(regions[region])},
                        {"area of special type", yes(21, 25)},
                        {"meets the conditions", i == 4 ? "" : yes(22, 75)},
                        {"has advantages and features", yes(23, 70)},
                        {"review score", hundredths(4500 + draw(24, i, 0, 5000))}});
    }
    auto out = open(directory, "applicants-2024.csv");
    write(out, rows);
}

void write_cities(const std::string& directory) {
    static const std::array<Int, 4> counts = {60, 50, 60, 30};  // invented too: no list of cities was at hand
    std::vector<Row> rows;
    Int number = 0;
    for (std::size_t region = 0; region < 4; ++region)
        for (Int i = 0; i < counts[region]; ++i, ++number) {
            const Int u = draw(30, number, 0, 100);
            const bool important = i < counts[region] / 3;
            const Int zones = u < (region == 0 ? 72 : important ? 80 : 35) ? 1 + (u < 6) : 0;
            rows.push_back({{"year", "2024"},
                            {"city", "Invented-city-" + std::to_string(number + 1)},
                            {"city name", "虚构市" + std::to_string(number + 1) + " (invented)"},
                            {"region", std::string(regions[region])},
                            {"important city", region == 0 ? ""
                                               : important ? "true"
                                                           : "false"},
                            {"national zones", std::to_string(zones)}});
        }
    auto out = open(directory, "cities-2024.csv");
    write(out, rows);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: generate_hightech_zones DIRECTORY\n";
        return 2;
    }
    const std::string directory = argv[1];
    auto zones = make_zones();
    fill_base_year(zones);
    for (auto& z : zones) {
        if (z.approved > first_year) fill_entry_year(z, zones);
        for (int year = std::max(z.approved, first_year) + 1; year <= last_year; ++year) grow(z, year);
    }
    for (int year = first_year; year <= last_year; ++year) {
        std::vector<Row> rows;
        for (const auto& z : zones) {
            if (!z.figures.contains(year)) continue;
            rows.push_back(row_of(z, year));
            leave_gaps(rows.back(), z, year);
        }
        auto out = open(directory, "zones-" + std::to_string(year) + ".csv");
        write(out, rows);
    }
    write_revision(directory, zones);
    write_acts(directory);
    write_applicants(directory);
    write_cities(directory);
    return 0;
}
